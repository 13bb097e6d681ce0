"""Measures of letters: what is kept, invented, turned round, misplaced; for benchmarks only."""

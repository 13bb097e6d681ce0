"""Checks of a statement against the utterances it rests on: deterministic, no model, two languages."""

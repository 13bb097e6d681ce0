"""The tables, as a list of named steps that only ever grows."""

"""Use cases. The only callers of ports."""

"""Which statements do harm when they are wrong."""

from __future__ import annotations

from scribe_app.domain.checks.reading import read


def is_high_risk(text: str, language: str) -> bool:
    """Whether a statement has an amount, a medicine or a side, or denies something."""
    reading = read(text, language, False)
    denies = any(True in senses and False not in senses for senses in reading.polarity.values())
    return bool(reading.amounts or reading.drugs or reading.sides or denies)

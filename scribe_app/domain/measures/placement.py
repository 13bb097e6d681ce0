"""Whether statements stand in the part of the letter in which a person put the same."""

from __future__ import annotations

from collections.abc import Sequence

from scribe_app.domain.checks.reading import Reading, read
from scribe_app.domain.measures.notes import NoteLine
from scribe_app.domain.measures.shares import Share, share_of

_ALIKE = 0.5
"""Share of the shorter one's content words from which on two sentences tell the same."""
_FEWEST = 2


def placed_as(written: Sequence[NoteLine], reference: Sequence[NoteLine], language: str) -> Share:
    """Of statements that a person wrote, too, those that stand in the same part.

    What a person wrote in two parts (history, then assessment) is right in either.
    """
    ours = [(line, read(line.text, language, False)) for line in written if line.division]
    theirs = [(line, read(line.text, language, False)) for line in reference if line.division]
    judged = []
    for line, reading in ours:
        likeness = [_likeness(reading, other) for _, other in theirs]
        best = max(likeness, default=0.0)
        if best >= _ALIKE:
            parts = {
                other.division for (other, _), like in zip(theirs, likeness, strict=True) if like == best
            }
            judged.append(line.division in parts)
    return share_of(judged)


def _likeness(one: Reading, other: Reading) -> float:
    """Share in common of the shorter sentence's content; ties go to the longer overlap."""
    ours, theirs = _content(one), _content(other)
    shared = len(ours & theirs)
    if shared < _FEWEST:
        return 0.0
    return shared / min(len(ours), len(theirs)) + shared / 1000


def _content(reading: Reading) -> frozenset[object]:
    """Content words, medicines and numbers."""
    return frozenset((*reading.stems, *reading.drugs, *(quantity.value for quantity in reading.amounts)))

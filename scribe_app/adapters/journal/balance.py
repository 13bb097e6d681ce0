"""How much louder one of two channels was, per record: what is left of two microphones in a mono journal."""

from __future__ import annotations

import math
from collections import deque

_MIDDLE = 128
_STEPS_PER_DB = 2
_MOST_DB = 63.0
_SILENT = 1.0
"""Mean square, in steps of 16 bit, below which a channel says nothing."""


class Balance:
    """Collects energies as audio comes and gives each record its share of them."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[int, float, float]] = deque()

    def add(self, samples: int, sides: tuple[float, float] | None) -> None:
        """So many samples (of the journal) whose two channels had these mean squares."""
        first, second = sides or (0.0, 0.0)
        if samples:
            self._waiting.append((samples, first, second))

    def take(self, samples: int) -> int:
        """The next so many samples' balance, as it stands in a record's flags."""
        first = second = 0.0
        while samples > 0 and self._waiting:
            there, one, other = self._waiting.popleft()
            used = min(there, samples)
            first, second = first + used * one, second + used * other
            samples -= used
            if there > used:
                self._waiting.appendleft((there - used, one, other))
        return _packed(first, second)


def _packed(first: float, second: float) -> int:
    if max(first, second) < _SILENT:
        return 0
    db = 10 * math.log10((first + _SILENT) / (second + _SILENT))
    return _MIDDLE + round(_STEPS_PER_DB * max(-_MOST_DB, min(_MOST_DB, db)))


def decibels(flags: int) -> float | None:
    """How much louder the first channel was; None where there was one channel, or silence."""
    return (flags - _MIDDLE) / _STEPS_PER_DB if flags else None

"""When a word of a transcript that is decoded over and over counts as final: once two readings agree on it.

LocalAgreement-2 of WhisperStreaming (Macháček et al., arXiv 2307.14743), written from the paper, to compare
with. Times are seconds of the recording.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

OVERLAP_WORDS = 5
"""Words of the last final ones that a new reading may begin with once more, since times are inexact."""
SLACK = 0.1
"""Seconds by which a word may begin before the last final one ended."""


class TimedWord(NamedTuple):
    """One word of a reading."""

    text: str
    start: float
    end: float

    @property
    def bare(self) -> str:
        """Without case and punctuation: what two readings are compared by."""
        return "".join(letter for letter in self.text.casefold() if letter.isalnum())


class Agreement:
    """Readings of one recording, one after the other; each tells which of its words are final now."""

    def __init__(self) -> None:
        self.until = 0.0
        """Where the last final word ends."""
        self._final: list[TimedWord] = []
        self._before: list[TimedWord] = []

    def read(self, words: Sequence[TimedWord]) -> list[TimedWord]:
        """A new reading of what is not final yet, perhaps with final words in front."""
        fresh = [word for word in words if word.start >= self.until - SLACK]
        fresh = fresh[self._repeated(fresh) :]
        pairs = takewhile(lambda pair: pair[0].bare == pair[1].bare, zip(fresh, self._before, strict=False))
        agreed = [word for word, _ in pairs]
        self._before = fresh
        return self._settle(len(agreed))

    def settle(self) -> list[TimedWord]:
        """Nothing more will be read here: the rest of the last reading is final."""
        return self._settle(len(self._before))

    def _settle(self, count: int) -> list[TimedWord]:
        settled, self._before = self._before[:count], self._before[count:]
        if settled:
            self._final = (self._final + settled)[-OVERLAP_WORDS:]
            self.until = max(self.until, settled[-1].end)
        return settled

    def _repeated(self, fresh: Sequence[TimedWord]) -> int:
        """How many words at the beginning are the last final ones once more."""
        for count in range(min(len(self._final), len(fresh)), 0, -1):
            if [word.bare for word in self._final[-count:]] == [word.bare for word in fresh[:count]]:
                return count
        return 0

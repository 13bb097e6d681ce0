"""Texts that can be found by what they say: no long visit is held against every line of a letter."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from scribe_app.domain.checks.reading import Reading
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.quantities import Quantity, amount_keys

_PART = 4
"""Letters from which on a word counts as part of a compound (see meaning.said_somehow)."""
_STEM = range(5, 8)
"""Lengths of stems that count within longer words; no stem is longer."""

Key = tuple[str, str | float]


class Findable:
    """Readings with the utterances that they cite; grows one by one.

    `nearest` names every reading that can say what another says, and few beside: those with its medicines
    and amounts, or with one of its rarest words. A search costs as much as the rarest of them occurs, not as
    much as there are readings.
    """

    def __init__(self, readings: Iterable[tuple[Reading, Iterable[UtteranceId]]] = ()) -> None:
        self._readings: list[Reading] = []
        self._having: dict[Key, list[int]] = {}
        self._citing: dict[UtteranceId, list[int]] = {}
        self._containing: dict[str, list[str]] = {}
        for reading, evidence in readings:
            self.add(reading, evidence)

    def add(self, reading: Reading, evidence: Iterable[UtteranceId] = ()) -> None:
        """Take one more."""
        number = len(self._readings)
        self._readings.append(reading)
        for id in evidence:
            self._citing.setdefault(id, []).append(number)
        for word in reading.words:
            if len(word) >= _PART and ("word", word) not in self._having:
                for part in {word[at : at + n] for n in _STEM for at in range(len(word) - n + 1)}:
                    self._containing.setdefault(part, []).append(word)
        keys: set[Key] = {("stem", stem) for stem in reading.polarity}
        keys |= {("drug", key) for key in reading.drugs}
        keys |= {("word", word) for word in reading.words if len(word) >= _PART}
        keys |= {key for quantity in reading.amounts for key in amount_keys(quantity)}
        for key in keys:
            self._having.setdefault(key, []).append(number)

    def citing(self, ids: Iterable[UtteranceId]) -> list[Reading]:
        """Those that cite one of these utterances."""
        numbers = {number for id in ids for number in self._citing.get(id, ())}
        return [self._readings[number] for number in sorted(numbers)]

    def nearest(self, told: Reading, amounts: Sequence[Quantity], enough: float) -> list[Reading]:
        """All that may have every medicine, each of these amounts and `enough` (a share) of the words."""
        ways: list[Sequence[Key]] = [[("drug", key)] for key in told.drugs]
        ways += [amount_keys(quantity) for quantity in amounts]
        words = [self._keys_of(stem, told.shown[stem]) for stem in told.stems]
        fewest = min((self._found(keys) for keys in ways), key=len, default=None)
        needed = math.ceil(enough * len(words))
        if needed:  # whoever has that many of them has one of the rarest
            rare = sorted((self._found(keys) for keys in words), key=len)[: len(words) - needed + 1]
            if fewest is None or sum(map(len, rare)) < len(fewest):
                fewest = set().union(*rare)
        numbers = range(len(self._readings)) if fewest is None else sorted(fewest)
        return [self._readings[number] for number in numbers]

    def _found(self, keys: Iterable[Key]) -> set[int]:
        return set().union(*(self._having.get(key, ()) for key in keys))

    def _keys_of(self, stem: str, word: str) -> list[Key]:
        """Where a stem may stand: whole, as part of a compound, or within a longer word."""
        keys: list[Key] = [("stem", stem)]
        if len(stem) < _STEM.start:
            return keys
        lengths = range(_PART, len(word) + 1)
        parts = {word[:n] for n in lengths} | {word[-n:] for n in lengths}
        begin = stem[:6]
        parts |= {other for other in self._containing.get(begin, ()) if other.startswith(begin)}
        parts |= set(self._containing.get(stem, ()))
        return keys + [("word", part) for part in parts if ("word", part) in self._having]

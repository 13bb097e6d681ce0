"""Which word of a transcript stands for which word of its reference: the fewest edits (Levenshtein)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Pair = tuple[int | None, int | None]
"""Index in the reference and in the transcript; None: left out there."""


def aligned(said: Sequence[str], heard: Sequence[str]) -> list[Pair]:
    """Pairs in order; unequal words may be paired (substituted).

    Memory: a byte for each pair of words, 80 MB for an hour of talk.
    """
    numbers = {word: number for number, word in enumerate(dict.fromkeys([*said, *heard]))}
    other = np.array([numbers[word] for word in heard], np.int32)
    count = np.arange(len(heard) + 1, dtype=np.int32)
    row = count.copy()
    steps = np.empty((len(said), len(heard) + 1), np.uint8)
    for index, word in enumerate(said):
        corner = row[:-1] + (other != numbers[word])
        above = row + 1
        best = above.copy()
        np.minimum(best[1:], corner, out=best[1:])
        row = np.minimum.accumulate(best - count) + count  # an insertion costs one more for each step right
        steps[index] = np.where(row == above, _DELETED, _INSERTED)
        steps[index, 1:][row[1:] == corner] = _PAIRED
    return _back(steps, len(said), len(heard))


_PAIRED, _DELETED, _INSERTED = range(3)


def _back(steps: np.ndarray[tuple[int, int], np.dtype[np.uint8]], said: int, heard: int) -> list[Pair]:
    pairs: list[Pair] = []
    while said or heard:
        step = steps[said - 1, heard] if said else _INSERTED
        said -= step != _INSERTED
        heard -= step != _DELETED
        pairs.append((None if step == _INSERTED else said, None if step == _DELETED else heard))
    return pairs[::-1]

"""ROUGE: shared words with a note by a person (Lin 2004). For comparison with published figures only.

It rewards copying and plausible invention: read the other measures first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Rouge:
    """F1 of single words, of pairs, and of the longest common subsequence by line (Lsum); 0 to 1."""

    one: float
    two: float
    longest: float


def rouge(written: Sequence[str], reference: Sequence[str]) -> Rouge:
    """Compare a note with a person's, both as lines or sentences. No stemming, case and marks away."""
    ours, theirs = [_words(line) for line in written], [_words(line) for line in reference]
    return Rouge(_shared(ours, theirs, 1), _shared(ours, theirs, 2), _longest(ours, theirs))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _shared(ours: list[list[str]], theirs: list[list[str]], length: int) -> float:
    """F1 over runs of `length` words; runs go on over the ends of lines, as in published figures."""
    a, b = _runs(ours, length), _runs(theirs, length)
    return _f1((a & b).total(), a.total(), b.total())


def _runs(lines: list[list[str]], length: int) -> Counter[tuple[str, ...]]:
    words = [word for line in lines for word in line]
    return Counter(zip(*(words[shift:] for shift in range(length)), strict=False))


def _longest(ours: list[list[str]], theirs: list[list[str]]) -> float:
    """F1 of the words of each reference line that are in order in any one of our lines, each counted once."""
    left = Counter(word for line in ours for word in line)
    total, wanted, hits = left.total(), sum(map(len, theirs)), 0
    for line in theirs:
        found: set[int] = set()
        for other in ours:
            if set(line) & set(other):
                found |= _common(line, other)
        for place in sorted(found):
            if left[line[place]] > 0:
                left[line[place]] -= 1
                hits += 1
    return _f1(hits, total, wanted)


def _common(line: list[str], other: list[str]) -> set[int]:
    """Places in `line` of one longest common subsequence with `other`."""
    width = len(other)
    table = [[0] * (width + 1)]
    for word in line:
        above, row = table[-1], [0]
        for place, candidate in enumerate(other):
            row.append(above[place] + 1 if word == candidate else max(above[place + 1], row[place]))
        table.append(row)
    places, i, j = set[int](), len(line), width
    while i and j:
        if line[i - 1] == other[j - 1]:
            places.add(i - 1)
            i, j = i - 1, j - 1
        elif table[i - 1][j] >= table[i][j - 1]:
            i -= 1
        else:
            j -= 1
    return places


def _f1(hits: int, ours: int, theirs: int) -> float:
    return 2 * hits / (ours + theirs) if hits else 0.0

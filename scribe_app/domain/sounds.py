"""How words sound, roughly and for English and Dutch alike: enough to see which name was meant."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"[^a-z0-9]", ""),
        (r"ph", "f"), (r"([tdgr])h", r"\1"), (r"sch|sh", "s"), (r"ch|ck|q", "k"), (r"x", "ks"),
        (r"c(?=[eiy])", "s"), (r"c", "k"), (r"z", "s"), (r"w", "v"), (r"h", ""), (r"dg|j", "g"),
        (r"ij|ei|ie|ee|ea|ey|y", "i"), (r"ae|oe", "e"), (r"ou|oo|eu|ui", "u"), (r"au", "o"),
        (r"(.)\1+", r"\1"), (r"(?<=..)e$", ""),
    )
)  # fmt: skip
_VOWELS = frozenset("aeiou")
HALF = 0.5
"""Cost of one vowel heard as another: unstressed ones all sound alike."""


@lru_cache(maxsize=65_536)
def sound(text: str) -> str:
    """A spelling by ear, spaces and accents away: "am lodi peen" and "amlodipine" are both "amlodipin"."""
    key = unicodedata.normalize("NFKD", text.lower())
    for pattern, by in _RULES:
        key = pattern.sub(by, key)
    return key


def likeness(one: str, other: str, least: float = 0.0) -> float:
    """How alike two sounds are: 1 the same, 0 nothing in common (weighted Levenshtein over the longer).

    Below `least` the answer is 0, found early.
    """
    longest = max(len(one), len(other))
    if one == other:
        return 1.0
    most = longest * (1 - least)
    if abs(len(one) - len(other)) > most:
        return 0.0
    row = [float(place) for place in range(len(other) + 1)]
    for number, letter in enumerate(one, 1):
        corner, row[0] = row[0], float(number)
        for place, against in enumerate(other, 1):
            changed = corner + _cost(letter, against)
            corner = row[place]
            row[place] = min(changed, corner + 1, row[place - 1] + 1)
        if min(row) > most:
            return 0.0
    found = 1 - row[-1] / longest
    return found if found >= least else 0.0


def _cost(letter: str, against: str) -> float:
    if letter == against:
        return 0.0
    return HALF if letter in _VOWELS and against in _VOWELS else 1.0

"""Left, right, both: the sides of the body that a text names, and where "right" and "left" are no side."""

from __future__ import annotations

import re

from scribe_app.domain.lexicon.polarity import BODY, NO_SIDE, SIDES
from scribe_app.domain.words import phrase_pattern, plain

_SIDE_NAMES = phrase_pattern(tuple(f"{word}*" if word in ("linker", "rechter") else word for word in SIDES))
_HARMLESS_SIDES = re.compile(
    "|".join(re.escape(phrase) for phrase in NO_SIDE)
    + rf"|^right\b(?!-?\s*(?:\w+ )?(?:{'|'.join(BODY)}))|\bright$"
)


_SIDED = re.compile(rf"\b(left|right|linker|rechter)[ -]?(?:\w+ )?({'|'.join(BODY)})s?\b")


def sided_in(text: str) -> frozenset[tuple[str, str]]:
    return frozenset((side, body) for side, body, _ in sided_passages(text))


_AROUND = 70
"""Characters before and after a side in which the words stand that belong to it."""


def sided_passages(text: str) -> list[tuple[str, str, str]]:
    """Every side with its part of the body and the words around: ("left", "knee", "… left knee clicks …")."""
    text = plain(text)
    return [
        (SIDES[match[1]], match[2], text[max(0, match.start() - _AROUND) : match.end() + _AROUND])
        for match in _SIDED.finditer(text)
    ]


_RIGHT_OF_NOTHING = re.compile(
    rf"(?<!on the )(?<!on your )(?<!on my )(?<!to the )(?<!or )(?<!and )(?<!your )(?<!my )\bright\b"
    rf"(?! (?:\w+ )?(?:{'|'.join(BODY)})s?\b)(?! (?:or|and) (?:the )?left)"
)


def sides_in(text: str, lenient: bool = False) -> frozenset[str]:
    """left, right, both: the sides of the body that a text names.

    In speech (`lenient`) "right" is mostly no side: there it counts only beside a part of the body.
    """
    cleaned = _HARMLESS_SIDES.sub(" ", plain(text).strip())
    if lenient:
        cleaned = _RIGHT_OF_NOTHING.sub(" ", cleaned)
    found = set()
    for word in _SIDE_NAMES.findall(cleaned):
        side = SIDES.get(word) or (
            "left" if word.startswith("linker") else "right" if word.startswith("rechter") else ""
        )
        if side:
            found.add(side)
    return frozenset(found)

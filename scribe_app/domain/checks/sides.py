"""Left, right, both: the sides of the body that a text names, and where "right" and "left" are no side."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scribe_app.domain.lexicon.polarity import BODY, NO_SIDE, SIDES
from scribe_app.domain.words import phrase_pattern, plain

_SIDE_NAMES = phrase_pattern(tuple(f"{word}*" if word in ("linker", "rechter") else word for word in SIDES))
_HARMLESS_SIDES = re.compile(
    "|".join(re.escape(phrase) for phrase in NO_SIDE)
    + rf"|^right\b(?!-?\s*(?:\w+ )?(?:{'|'.join(BODY)}))|\bright$"
)


_PARTS = "|".join(sorted(BODY, key=len, reverse=True))
_SIDED = re.compile(
    r"\b(left|right|linker|rechter|both|bilateral|beide)[ -]{0,2}(?:sided |-sided )?"
    r"(?:(?!(?:a|across|along|through|over|around|above|below|behind|down|up|in|on|at|to|the)\b)\w+ )?"
    rf"({_PARTS})(?:s|en|ën)?\b"
)
_HANDED = re.compile(
    r"\b(left|right)[- ](?:handed(?:ness)?|hand[- ]dominant|hand dominance)\b|\b(links|rechts)handig\w*"
)
"""Which hand somebody writes with is no side of an illness."""
HANDED = "handed"
_AFTERWARDS = re.compile(
    rf"\b({_PARTS})(?:s|en|ën)?(?: \w+)?,? (links|rechts|on the left|on the right)\b"
    rf"(?! (?:\w+ )?(?:{_PARTS})\b)"
)
"""The part of the body first: "pijn in mijn knie rechts", "the knee on the left"."""
_AT_THE_END = re.compile(rf"\b({_PARTS})(?: \w+)? (left|right)\s*[.,;]?\s*$")
"""As notes have it: "elbow swelling left"."""
_IN_SHORT = re.compile(
    rf"\b((?!(?:back|one|base|side|upper|lower)\b)(?:{_PARTS})) (li|re)\b(?!-)\.?"
    rf"|\b(li|re)\.? ({_PARTS})\b"
)
"""As Dutch notes have it: "knie li", "re oor"."""
_SHORT_SIDES = {"li": "left", "re": "right"}
_OF_IT = r"(?:(?:on|in|of|at|your|my|the|op|in|van|aan|uw|mijn|de|het) ){1,6}"
"""Also said twice: "on the right on your on your flank"."""
_BEFORE_ITS_PART = re.compile(
    rf"\b(links|rechts|on the left|on the right) (?:{_OF_IT}|(?:(?!(?:en|and|or|of|maar|but)\b)\w+ ){{1,3}})"
    rf"({_PARTS})\b"
)
"""The side first: "links is de long schoon", "on the left of my tummy"."""


@dataclass(frozen=True, slots=True)
class SideMention:
    """A side where a text names it, with the part of the body it stands by; [start, end) in characters."""

    side: str
    """left, right or both."""
    body: str
    """Empty where it stands by none ("worse on the left")."""
    start: int
    end: int


def side_mentions(text: str, lenient: bool) -> list[SideMention]:
    """Every side of a text from the left; in speech (`lenient`) "right" alone is mostly no side."""
    text = plain(text)
    found = [SideMention(SIDES[m[1] or m[2]], HANDED, m.start(), m.end()) for m in _HANDED.finditer(text)]
    for m in _SIDED.finditer(text):
        if not _taken(m, found):
            found.append(SideMention(SIDES[m[1]], m[2], m.start(), m.end()))
    patterns = (_AFTERWARDS,) if lenient else (_AFTERWARDS, _AT_THE_END)
    for m in (match for pattern in patterns for match in pattern.finditer(text)):
        if not _taken(m, found):
            found.append(SideMention(SIDES[m[2].split()[-1]], m[1], m.start(), m.end()))
    for m in () if lenient else _IN_SHORT.finditer(text):
        found.append(SideMention(_SHORT_SIDES[m[2] or m[3]], m[1] or m[4], m.start(), m.end()))
    for m in _BEFORE_ITS_PART.finditer(text):
        if not _taken(m, found):
            found.append(SideMention(SIDES[m[1].split()[-1]], m[2], m.start(), m.end()))
    cleaned = _cleaned(text, lenient)
    for m in _SIDE_NAMES.finditer(cleaned):
        side = _side_of(m[0])
        if side and not _taken(m, found):
            found.append(SideMention(side, "", m.start(), m.end()))
    return sorted(found, key=lambda mention: mention.start)


def _taken(match: re.Match[str], found: list[SideMention]) -> bool:
    return any(match.start() < mention.end and mention.start < match.end() for mention in found)


_RIGHT_OF_NOTHING = re.compile(
    rf"(?<!on the )(?<!on your )(?<!on my )(?<!to the )(?<!or )(?<!and )(?<!your )(?<!my )\bright\b"
    rf"(?! (?:\w+ )?(?:{_PARTS})s?\b)(?! (?:or|and) (?:the )?left)"
)


def _cleaned(text: str, lenient: bool) -> str:
    """The text with what is no side blanked, place for place."""
    cleaned = _HARMLESS_SIDES.sub(lambda m: m[0] if _is_place(m) else " " * len(m[0]), text)
    return _RIGHT_OF_NOTHING.sub(lambda m: " " * len(m[0]), cleaned) if lenient else cleaned


_ON_THE = re.compile(r"\b(?:on|to) (?:the|your|my|his|her) $")


def _is_place(match: re.Match[str]) -> bool:
    """Whether "right" follows "on the": then it is a side, whatever comes after it."""
    return bool(_ON_THE.search(match.string[: match.start()]))


def _side_of(word: str) -> str:
    return SIDES.get(word) or (
        "left" if word.startswith("linker") else "right" if word.startswith("rechter") else ""
    )


def sides_in(text: str, lenient: bool = False) -> frozenset[str]:
    """left, right, both: the sides of the body that a text names.

    In speech (`lenient`) "right" is mostly no side: there it counts only beside a part of the body.
    """
    words = _SIDE_NAMES.findall(_cleaned(plain(text).strip(), lenient))
    return frozenset(side for word in words if (side := _side_of(word)))

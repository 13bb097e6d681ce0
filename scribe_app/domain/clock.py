"""Times of the clock in spoken and written text: "half past two", "half drie", "14:30"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scribe_app.domain.lexicon.numerals import EN_ATOMS, dutch_number
from scribe_app.domain.words import plain

_HALF_DAY = 720
_EN = "|".join(sorted((w for w, v in EN_ATOMS.items() if 0 < v < 13), key=len, reverse=True))
_NL = "een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf"
_FIVES, _QUARTERS = "five|ten|twenty|twenty five", "fifteen|thirty|forty[ -]five"
_AM = r"(?:\s?(?:a\.?m\.?|p\.?m\.?)\b| (?:in the|at) (?:morning|afternoon|evening|night)\b)"
_DAGDEEL = r"(?: uur)? 's (?:ochtends|middags|avonds|nachts|morgens)\b"
_PATTERNS = {
    "en": (
        re.compile(rf"\b(?P<to>half past|quarter past|quarter to|(?:{_FIVES}|\d\d?) (?:minutes )?past)"
                   rf" (?P<hour>\d\d?|{_EN})\b"),
        re.compile(rf"\b(?:at|around|by|until|from) (?P<to>(?:{_FIVES}) (?:minutes )?to)"
                   rf" (?P<hour>{_EN})\b(?! [a-z]+s\b)"),
        re.compile(rf"\b(?P<hour>\d\d?|{_EN}) ?o'? ?clock\b"),
        re.compile(rf"\b(?:at|around|about|by|until) (?P<hour>{_EN}) (?P<minutes>{_QUARTERS})\b"),
        re.compile(rf"\b(?P<hour>\d\d?)(?:[:.](?P<minutes>[0-5]\d))?{_AM}"),
        re.compile(rf"\b(?P<hour>{_EN})(?: (?P<minutes>{_QUARTERS}))?{_AM}"),
        re.compile(r"(?<![\d:])(?P<hour>[01]?\d|2[0-3]):(?P<minutes>[0-5]\d)(?![\d:])"),
    ),
    "nl": (
        re.compile(r"\b(?P<to>(?:vijf|tien|kwart|\d\d?) (?:minuten )?(?:over|voor)(?: half)?|half)"
                   rf" (?P<hour>\d\d?|{_NL})\b(?! (?:tablet|milligram|mg))"),
        re.compile(rf"\b(?:om|rond|tegen|vanaf) (?P<hour>\d\d?|{_NL})(?:[:.](?P<minutes>[0-5]\d))? uur\b"),
        re.compile(rf"\b(?P<hour>\d\d?|{_NL})(?:[:.](?P<minutes>[0-5]\d))?{_DAGDEEL}"),
        re.compile(r"(?<![\d:])(?P<hour>[01]?\d|2[0-3])(?::|\.)(?P<minutes>[0-5]\d) uur\b"),
        re.compile(r"(?<![\d:])(?P<hour>[01]?\d|2[0-3]):(?P<minutes>[0-5]\d)(?![\d:])"),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClockTime:
    """Minutes after midnight or noon; [start, end) in characters."""

    minutes: int
    start: int
    end: int


def clock_times(text: str, language: str) -> list[ClockTime]:
    """Every time of the clock in a text, from the left."""
    text, language = plain(text), "nl" if language.startswith("nl") else "en"
    found: list[ClockTime] = []
    for pattern in _PATTERNS[language]:
        for m in pattern.finditer(text):
            minutes = _minutes(m.groupdict(), language)
            taken = any(m.start() < other.end and other.start < m.end() for other in found)
            if minutes is not None and not taken:
                found.append(ClockTime(minutes % _HALF_DAY, m.start(), m.end()))
    return sorted(found, key=lambda time: time.start)


def _minutes(parts: dict[str, str | None], language: str) -> int | None:
    hour = _value(parts["hour"] or "", language)
    if hour is None or hour > 24:
        return None
    return (
        hour * 60 + (_value(parts.get("minutes") or "", language) or 0) + _offset(parts.get("to"), language)
    )


def _offset(words: str | None, language: str) -> int:
    """Minutes that "quarter to" or "tien over half" put before or after the hour."""
    if not words:
        return 0
    if words == "half past":
        return 30
    half = language == "nl" and words.endswith("half")
    first = words.split()[0]
    count = 15 if first in ("quarter", "kwart") else 0 if first == "half" else _value(first, language) or 0
    sign = -1 if " to" in words or " voor" in words else 1
    return sign * count - (30 if half else 0)


def _value(word: str, language: str) -> int | None:
    if word.isdigit():
        return int(word)
    if language == "nl":
        return dutch_number(word)
    parts = [EN_ATOMS.get(part) for part in re.split(r"[ -]", word)]
    return sum(part for part in parts if part is not None) if parts and None not in parts else None

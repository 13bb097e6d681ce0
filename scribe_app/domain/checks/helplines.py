"""A number to call that is no number to call: misheard, and dangerous in a letter."""

from __future__ import annotations

import re

from scribe_app.domain.checks.findings import Finding, finding
from scribe_app.domain.letter import Support
from scribe_app.domain.words import plain

_KNOWN = frozenset({
    "999", "112", "111", "911", "101", "105", "119", "000", "1800", "113", "144", "116117", "116123",
    "116111", "09008844", "08000113",
})  # fmt: skip
"""Emergency and help lines of English- and Dutch-speaking countries, without spaces."""
_CALL = {
    "en": re.compile(
        r"\b(?:call|ring|dial|phone|calling|ringing|dialling|phoning)\s+(\d+(?:[\s-]\d+)*)(?![\w:.,]*\d)"
    ),
    "nl": re.compile(
        r"\b(?:bel|belt|bellen|draai|toets|kies)\s+(?:\w+\s+){0,2}?(\d+(?:[\s-]\d+)*)(?![\w:.,]*\d)"
    ),
}
_SHORT = 7
"""Digits from which on it is a telephone number of somebody."""
_NO_NUMBER = re.compile(
    r"\s*(?:times|days?|weeks?|hours?|minutes?|months?|people|keer|maal|dag(?:en)?|weken|week|uur|minuten|maand)"
)


def helpline_findings(text: str, language: str) -> list[Finding]:
    """A finding where a short number to call is not one that exists: "call 99999"."""
    language = "nl" if language.startswith("nl") else "en"
    words = plain(text)
    return [
        finding(Support.INFERRED, "helpline_unknown", language, claimed=match[1])
        for match in _CALL[language].finditer(words)
        if not _is_number_to_call(re.sub(r"\D", "", match[1])) and not _NO_NUMBER.match(words, match.end())
    ]


def _is_number_to_call(digits: str) -> bool:
    return digits in _KNOWN or len(digits) >= _SHORT or len(digits) < len("999")

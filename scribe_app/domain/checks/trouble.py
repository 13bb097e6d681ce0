"""What a body does and people can do, against the trouble with it: "doesn't sleep", "trouble sleeping"."""

from __future__ import annotations

import re

from scribe_app.domain.checks.evidence import Spoken
from scribe_app.domain.checks.reading import Reading, stems_by_language
from scribe_app.domain.words import plain

_PRESENT, _ABSENT = frozenset({False}), frozenset({True})
_CAN = {
    "en": re.compile(r"\b(?:can|could|able to|manage to)\b(?!'t| not)"),
    "nl": re.compile(r"\b(?:kan|kunt|kun|kon|lukt|in staat)\b(?! (?:\w+ )?niet)"),
}
_FUNCTIONS = stems_by_language({
    "en": "sleep eat walk swallow breathe hear vision urinate speak stand find",
    "nl": "slapen slaap eten lopen slikken ademen horen zien plassen praten staan",
})  # fmt: skip
"""Stems of what a body does: "trouble sleeping" and "doesn't sleep" are one."""
_DIFFICULTY = {
    "en": re.compile(r"\b(?:difficult\w*|trouble|problems?|issues?|hard)\b"),
    "nl": re.compile(r"\b(?:moeite|problemen|moeilijk\w*|lastig|moeizaam)\b"),
}
"""Trouble that may be denied: "no difficulty swallowing"."""
_ILL = {
    "en": re.compile(
        r"\b(?:unable|impair\w+|poor\w*|disturb\w+|interrupt\w+|fractured|disrupt\w+|awak\w+|wak\w+|lack|loss"
        r"|less|restless|barely)\b"
    ),
    "nl": re.compile(
        r"\b(?:slecht\w*|stoornis\w*|verstoord\w*|onderbroken|wakker|gebrek|minder|onrustig\w*|nauwelijks)\b"
    ),
}
_BESIDE = 45
"""Characters around a word of what the body does in which the trouble with it stands."""


def is_troubled(stem: str, claim: Reading, context: list[Spoken], language: str) -> bool:
    """Whether one of claim and passage denies what the patient can do, and the other has trouble with it."""
    if _is_of_ability(stem, claim, context, language):
        return True
    if stem not in _FUNCTIONS:
        return False
    said = [_beside(spoken.reading, stem) for spoken in context if stem in spoken.reading.shown]
    if claim.polarity[stem] == _ABSENT:
        own = _DIFFICULTY[language].search(_beside(claim, stem))
        return not own and any(_DIFFICULTY[language].search(text) for text in said)
    troubled = (
        _DIFFICULTY[language].search(text) or _ILL[language].search(text) for text in (_beside(claim, stem),)
    )
    return any(troubled) and not all(_DIFFICULTY[language].search(text) for text in said)


def _is_of_ability(stem: str, claim: Reading, context: list[Spoken], language: str) -> bool:
    """Whether trouble is written where "can you?" was answered no, or no trouble where somebody can."""
    own = _beside(claim, stem)
    if not _DIFFICULTY[language].search(own):
        return False
    asked = claim.polarity[stem] == _PRESENT
    said = (spoken for spoken in context if stem in spoken.reading.shown and spoken.asks_only == asked)
    return any(_CAN[language].search(_beside(spoken.reading, stem)) for spoken in said)


def _beside(reading: Reading, stem: str) -> str:
    text = plain(reading.text)
    at = max(0, text.find(reading.shown[stem]))
    before = re.split(r"[,.;?!]", text[max(0, at - _BESIDE) : at])[-1]
    return before + re.split(r"[,.;?!]", text[at : at + _BESIDE])[0]

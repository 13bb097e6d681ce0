"""The same said in fewer words: findings in telegram style, no words that only fill or lead in."""

from __future__ import annotations

import re

from scribe_app.domain.house_style import says_the_same

_FOUND = {
    "en": r"blood pressure|bp|pulse|heart rate|oxygen saturation|saturation|sats|temperature|respiratory rate"
    r"|weight|heart sounds|breath sounds|heart|chest|lungs|abdomen|belly|tummy|throat|ears?|legs|reflexes"
    r"|ecg",
    "nl": r"bloeddruk|pols|hartslag|saturatie|temperatuur|ademfrequentie|gewicht|harttonen|ademgeruis|hart"
    r"|longen|borst|buik|keel|oren|oor|benen|reflexen|ecg",
}
"""What telegram style tells without its verb."""
_VERB = {"en": r"(?:is|are|was|were)", "nl": r"(?:is|zijn|was|waren)"}
_ARTICLE = {"en": r"(?:the |your )?", "nl": r"(?:de |het |uw )?"}
_AND = {"en": "and", "nl": "en"}
_FILLING = {
    "en": re.compile(r",? \b(?:actually|basically|really|mind you|you know|I mean|of course)\b,?"),
    "nl": re.compile(r",? \b(?:gewoon|eigenlijk|natuurlijk|zeg maar|weet u|hoor)\b(?! (?:wel|niet|geen))"),
}
_LEADING_IN = {
    "en": (
        (re.compile(r"^You told us: (?=\S)"), ""),
        (re.compile(r"^We asked: (“[^”]*”) You said: (?=\S)"), r"\1 – "),
        (re.compile(r"^(?:I'd|I would) (?:also )?like you to (?=\w)"), ""),
        (re.compile(r"^(I'll|I will|We'll|We will) (?:also|just) (?=\w)"), r"\1 "),
    ),
    "nl": (
        (re.compile(r"^U vertelde ons: (?=\S)"), ""),
        (re.compile(r"^Wij vroegen: (“[^”]*”) U zei: (?=\S)"), r"\1 – "),
        (re.compile(r"^(Ik|We|Wij) (\w+)( u)? (?:ook|dan|wel)(?: even)? (?=\w)"), r"\1 \2\3 "),
    ),
}
"""What a letter to the patient puts before words whose heading says whose they are, or politeness does."""
_SOME = re.compile(r"\bsome (?=blood|test)")
_NOT_BEFORE = {
    "en": r"(?!(?:where|what|when|why|how|the|an?|not)\b)",
    "nl": r"(?!(?:waar|wat|wanneer|waarom|hoe|de|het|een|niet)\b)",
}
"""The verb is more than a link there: "the chest is where it hurts"."""


def _finding(language: str) -> re.Pattern[str]:
    begins = rf"(^|[.,;:] (?:{_AND[language]} )?| {_AND[language]} )"
    said = rf"{_ARTICLE[language]}({_FOUND[language]}) {_VERB[language]} {_NOT_BEFORE[language]}(?=[^?]*$)"
    return re.compile(begins + said, re.IGNORECASE)


_FINDING = {language: _finding(language) for language in _FOUND}


def tightened(text: str, language: str, *, sentences: bool = False) -> str:
    """A statement in fewer words; each step that would change what it says is left out.

    Args:
        sentences: whole sentences stay, as in letters to patients; what leads in to them goes.
    """
    language = "nl" if language.startswith("nl") else "en"
    new = text
    steps: list[tuple[re.Pattern[str], str]] = [*_LEADING_IN[language]] if sentences else []
    if "“" not in text:
        steps += [(_FILLING[language], ""), (_SOME, "")]
        steps += [] if sentences else [(_FINDING[language], r"\1\2 ")]
    for pattern, by in steps:
        tried = pattern.sub(by, new)
        tried = tried[:1].upper() + tried[1:] if text[:1].isupper() else tried
        if tried != new and says_the_same(new, tried, language):
            new = tried
    return new

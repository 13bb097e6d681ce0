"""Trouble that is written of what was called well: "bowel symptoms" where the bowels work fine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scribe_app.domain.checks.clinical import clinical_stems
from scribe_app.domain.checks.evidence import Spoke, Spoken
from scribe_app.domain.checks.findings import Finding, finding
from scribe_app.domain.checks.reading import Reading, read
from scribe_app.domain.letter import Support
from scribe_app.domain.lexicon.polarity import NEGATIONS
from scribe_app.domain.words import is_question, plain, sentences, words_in

TROUBLE = {
    "en": re.compile(
        r"\b(?:sx|symptoms?|problems?|issues?|troubles?|difficult(?:y|ies)|disturbances?|dysfunction|changes?"
        r"|abnormal\w*|extra|irregular\w*)\b"
    ),
    "nl": re.compile(
        r"\b(?:klachten|problemen|moeite|\w*stoorniss?e?n?|\w*afwijking(?:en)?|afwijkend|veranderingen?|abnormale?"
        r"|extra|onregelmatig\w*|\w+(?:klachten|problemen))\b"
    ),
}
_WELL = {
    "en": re.compile(
        r"\b(?:ok|okay|fine|normal|normally|good|great|well|clear|regular|all ?right|alright|perfect(?:ly)?"
        r"|unremarkable|like a (?:log|rock|baby))\b"
    ),
    "nl": re.compile(
        r"\b(?:goed|prima|normaal|normale|gewoon|in orde|oké|uitstekend|regelmatig|schoon|zoals altijd"
        r"|niks (?:aan|mis)|als een (?:roos|blok))\b"
    ),
}
_UNWELL = re.compile(r"\b(?:not|n't|isn't|aren't|doesn't|less|niet|minder|slecht|geen)\b")
_BETTER = re.compile(
    r"\b(?:improv\w+|better|reliev\w+|helps?|helped|resolv\w+|alleviat\w+|eases?|beter|verlicht\w*|helpt|hielp|over)\b"
)
"""A letter that says what helps writes of no new trouble."""
_LISTS = re.compile(r"\b(?:includ\w+|are|were|waaronder|zoals)\b|:")
"""What follows are the symptoms themselves."""
_AROUND = 45
"""Characters before and after a word within which it is called well."""
_SHORT = 4
"""Content words of a claim up to which its trouble is what it is about."""
_FUNCTIONS = frozenset({"sleep", "eat", "slap", "slaap", "eet", "eten"})
"""Stems of what the body does: no symptom without a word of trouble."""
_PRESENT, _ABSENT = frozenset({False}), frozenset({True})


def well_findings(claim: Reading, context: list[Spoken], transcript: Spoke) -> list[Finding]:
    """A finding where something is written to be wrong that was asked about or looked at, and is well."""
    language = transcript.language
    if not TROUBLE[language].search(plain(claim.text)) or len(claim.stems) > _SHORT:
        return []
    if _LISTS.search(plain(claim.text)) or _BETTER.search(plain(claim.text)):
        return []
    if NEGATIONS[language] & set(words_in(claim.text)):
        return []
    if claim.stems & clinical_stems(language) - _FUNCTIONS or any(
        claim.polarity[s] != _PRESENT for s in claim.stems
    ):
        return []
    well = ""
    for spoken in context:
        for part, stem in _about(claim, spoken, language):
            told = _called(part, stem, spoken, transcript)
            if told is None:
                continue
            if not told:
                return []
            well = well or part
    if not well:
        return []
    return [finding(Support.CONFLICTING, "called_well", language, said=well.strip()[:_SHOWN])]


_SHOWN = 90
"""Characters of what was said that the reason quotes."""


def _about(claim: Reading, spoken: Spoken, language: str) -> Iterator[tuple[str, str]]:
    """Each sentence that names something of the claim, with the stem."""
    for part in sentences(spoken.utterance.text):
        named = claim.stems & read(part, language, True).polarity.keys()
        yield from ((part, stem) for stem in sorted(named) if not TROUBLE[language].search(stem))


def _called(part: str, stem: str, spoken: Spoken, transcript: Spoke) -> bool | None:
    """Whether a sentence says that this is well; None where it says neither."""
    language = transcript.language
    reading = read(part, language, True)
    text = plain(part)
    at = max(0, text.find(reading.shown[stem]))
    near = text[max(0, at - _AROUND) : at + _AROUND]
    reply = transcript.reply(spoken) if is_question(part, language) and spoken.ends_asking else None
    if TROUBLE[language].search(near):
        if is_question(part, language):
            return None if reply is None or reply.yes is None else not reply.yes
        return reading.polarity[stem] == _ABSENT
    if not _WELL[language].search(near) or _UNWELL.search(near):
        return None
    return None if reply is not None and reply.yes is False else True

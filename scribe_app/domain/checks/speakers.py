"""Who said it, whether it was only asked, and whether it was taken back."""

from __future__ import annotations

import re

from scribe_app.domain.checks.amounts import carries
from scribe_app.domain.checks.evidence import Spoke, Spoken
from scribe_app.domain.checks.findings import Finding, finding
from scribe_app.domain.checks.meaning import said_somehow
from scribe_app.domain.checks.reading import Reading, read
from scribe_app.domain.letter import Support
from scribe_app.domain.lexicon.drugs import drug_key, drugs_in
from scribe_app.domain.lexicon.polarity import TAKEN_BACK
from scribe_app.domain.numbers import numbers_in
from scribe_app.domain.template import SectionSpec
from scribe_app.domain.transcript import SpeakerRole
from scribe_app.domain.words import is_question, plain, sentences

_TAKEN_BACK = {language: re.compile(pattern) for language, pattern in TAKEN_BACK.items()}
_REACH = 80
"""Characters before and after the words of correction in which the two values stand."""


def speaker_findings(
    claim: Reading, context: list[Spoken], spec: SectionSpec, transcript: Spoke
) -> list[Finding]:
    """A finding where only the patient spoke, or where something was asked and never answered.

    An answer confirms a plan that the clinician asked about, but never a finding: history is no examination.
    """
    language = transcript.language
    if context and all(spoken.asks_only for spoken in context):
        return [finding(Support.UNSUPPORTED, "only_asked", language)]
    if not spec.clinician_only:
        return []
    if any(_states(spoken, claim, language) for spoken in context) or (
        "examination" not in spec.topics and _confirmed(context, transcript)
    ):
        return []
    return [finding(Support.UNSUPPORTED, "clinician_did_not_say", language)]


def _states(spoken: Spoken, claim: Reading, language: str) -> bool:
    """Whether the clinician says, not only asks, something of the claim."""
    if spoken.utterance.speaker is not SpeakerRole.CLINICIAN or spoken.asks_only:
        return False
    if spoken.answers >= 0 and spoken.yes is not None:
        return True  # "Do I need antibiotics?" – "No, not now."
    told = [part for part in sentences(spoken.utterance.text) if not is_question(part, language)]
    reading = read(" ".join(told), language, True)
    if claim.stems & reading.stems or set(claim.drugs) & set(reading.drugs):
        return True
    return any(said_somehow(stem, claim.shown[stem], [reading]) for stem in claim.stems) or any(
        carries(quantity, reading) for quantity in claim.amounts
    )


def _confirmed(context: list[Spoken], transcript: Spoke) -> bool:
    """Whether a clinician's question was answered with a plain yes or no."""
    for spoken in context:
        reply = transcript.reply(spoken)
        if spoken.utterance.speaker is SpeakerRole.CLINICIAN and reply is not None and reply.yes is not None:
            return True
    return False


def withdrawn_findings(claim: Reading, context: list[Spoken], language: str) -> list[Finding]:
    """A finding where the statement has a number or medicine that the speaker took back."""
    text = " ".join(spoken.utterance.text for spoken in context)
    lowered = plain(text)
    for cue in _TAKEN_BACK[language].finditer(lowered):
        before, after = text[max(0, cue.start() - _REACH) : cue.start()], text[cue.end() : cue.end() + _REACH]
        doubt = _number_withdrawn(claim, before, after, language) or _drug_withdrawn(
            claim, before, after, language
        )
        if doubt:
            return [doubt]
    return []


def _number_withdrawn(claim: Reading, before: str, after: str, language: str) -> Finding | None:
    earlier, later = numbers_in(before, language, True), numbers_in(after, language, True)
    if not earlier or not later:
        return None
    old, new = earlier[-1], later[0]
    if old.unit and new.unit and old.unit != new.unit:
        return None
    unit = old.unit or new.unit
    claimed = [q for q in claim.amounts if not q.unit or not unit or q.unit == unit]
    values = {quantity.value for quantity in claimed}
    if old.value == new.value or old.value not in values or new.value in values:
        return None
    return finding(
        Support.CONFLICTING,
        "value_withdrawn",
        language,
        claimed=before[old.start : old.end].strip(),
        said=after[new.start : new.end].strip(),
    )


def _drug_withdrawn(claim: Reading, before: str, after: str, language: str) -> Finding | None:
    earlier, later = drugs_in(before), drugs_in(after)
    if not earlier or not later or drug_key(earlier[-1]) == drug_key(later[0]):
        return None
    if drug_key(earlier[-1]) not in claim.drugs or drug_key(later[0]) in claim.drugs:
        return None
    return finding(Support.CONFLICTING, "value_withdrawn", language, claimed=earlier[-1], said=later[0])


def withdrawn_values(text: str, language: str) -> frozenset[float]:
    """Numbers that a speaker takes back within one text: "three weeks. No, sorry, four weeks" → 3."""
    found = set()
    for cue in _TAKEN_BACK[language].finditer(plain(text)):
        earlier = numbers_in(text[max(0, cue.start() - _REACH) : cue.start()], language, True)
        later = numbers_in(text[cue.end() : cue.end() + _REACH], language, True)
        if earlier and later and earlier[-1].value != later[0].value:
            found.add(earlier[-1].value)
    return frozenset(found)

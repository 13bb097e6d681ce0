"""Who said it, whether it was only asked, and whether it was taken back."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from scribe_app.domain.checks.amounts import carries
from scribe_app.domain.checks.evidence import Spoke, Spoken
from scribe_app.domain.checks.findings import Finding, finding
from scribe_app.domain.checks.laterality import SHOWN_SIDES
from scribe_app.domain.checks.meaning import said_somehow
from scribe_app.domain.checks.pairing import told_first_in
from scribe_app.domain.checks.reading import Reading, read
from scribe_app.domain.letter import Support
from scribe_app.domain.lexicon.drugs import drug_key, drugs_in
from scribe_app.domain.lexicon.polarity import TAKEN_BACK
from scribe_app.domain.numbers import Quantity, numbers_in
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
    if context and all(
        spoken.asks_only
        and not transcript.says_no_itself(spoken, None)
        and not transcript.says_yes_itself(spoken, transcript.reply(spoken))
        and not told_first_in(spoken.utterance.text, language) & claim.stems
        for spoken in context
    ):
        return [finding(Support.UNSUPPORTED, "only_asked", language)]
    if not spec.clinician_only:
        return []
    if "examination" in spec.topics and transcript.by_telephone:
        return [finding(Support.UNSUPPORTED, "telephone", language)]
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


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One value that a speaker took back, and what they said instead."""

    old: str
    new: str
    amount: Quantity | None = None
    """The amount taken back; None for medicines and sides."""
    drug: str = ""
    """The medicine taken back, under the name it is compared by."""
    side: str = ""
    """left or right, taken back."""
    instead: float | str = ""

    def hits(self, reading: Reading) -> bool:
        """Whether a text has what was taken back, and not what was said instead."""
        if self.amount is not None:
            unit = self.amount.unit
            values = {q.value for q in reading.amounts if not q.unit or not unit or q.unit == unit}
            return self.amount.value in values and self.instead not in values
        if self.drug:
            return self.drug in reading.drugs and self.instead not in reading.drugs
        return self.side in reading.sides and not reading.sides & {self.instead, "both"}


def withdrawn_findings(claim: Reading, context: list[Spoken], language: str) -> list[Finding]:
    """A finding where the statement has a number, medicine or side that the speaker took back."""
    text = " ".join(spoken.utterance.text for spoken in context)
    for taken_back in withdrawals(text, language):
        if taken_back.hits(claim):
            return [
                finding(
                    Support.CONFLICTING,
                    "value_withdrawn",
                    language,
                    claimed=taken_back.old,
                    said=taken_back.new,
                )
            ]
    return []


@lru_cache(maxsize=1024)
def withdrawals(text: str, language: str) -> list[Withdrawal]:
    """Everything that is taken back in a text: "three weeks. No, sorry, four weeks"."""
    found = []
    for cue in _TAKEN_BACK[language].finditer(plain(text)):
        before, after = text[max(0, cue.start() - _REACH) : cue.start()], text[cue.end() : cue.end() + _REACH]
        for maker in (_number_withdrawn, _drug_withdrawn, _side_withdrawn):
            taken_back = maker(before, after, language)
            if taken_back is not None:
                found.append(taken_back)
                break
    return found


def _number_withdrawn(before: str, after: str, language: str) -> Withdrawal | None:
    earlier, later = numbers_in(before, language, True), numbers_in(after, language, True)
    if not earlier or not later:
        return None
    old, new = earlier[-1], later[0]
    if old.value == new.value or (old.unit and new.unit and old.unit != new.unit):
        return None
    shown = before[old.start : old.end].strip(), after[new.start : new.end].strip()
    return Withdrawal(*shown, amount=old if old.unit else replace(old, unit=new.unit), instead=new.value)


def _drug_withdrawn(before: str, after: str, language: str) -> Withdrawal | None:
    earlier, later = drugs_in(before), drugs_in(after)
    if not earlier or not later or drug_key(earlier[-1]) == drug_key(later[0]):
        return None
    return Withdrawal(earlier[-1], later[0], drug=drug_key(earlier[-1]), instead=drug_key(later[0]))


def _side_withdrawn(before: str, after: str, language: str) -> Withdrawal | None:
    earlier, later = _last_side(before), _first_side(after)
    if not earlier or not later or earlier == later:
        return None
    names = SHOWN_SIDES[language]
    return Withdrawal(names[earlier], names[later], side=earlier, instead=later)


_SIDE = re.compile(r"\b(left|right|links?|linker\w*|rechts?|rechter\w*)\b")


def _last_side(text: str) -> str:
    found = _SIDE.findall(plain(text))
    return _side_of(found[-1]) if found else ""


def _first_side(text: str) -> str:
    found = _SIDE.findall(plain(text)[:_SOON])
    return _side_of(found[0]) if found else ""


_SOON = 40
"""Characters after the words of correction within which the right side stands."""


def _side_of(word: str) -> str:
    return "left" if word.startswith("l") else "right"


def withdrawn_values(text: str, language: str) -> frozenset[float]:
    """Numbers that a speaker takes back within one text: "three weeks. No, sorry, four weeks" → 3."""
    return frozenset(w.amount.value for w in withdrawals(text, language) if w.amount is not None)

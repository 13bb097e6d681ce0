"""What a consultation tells, one fact at a time, each with the utterances that say it. Rules, no model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from scribe_app.domain.checks.clinical import clinical_stems
from scribe_app.domain.checks.evidence import Spoke, Spoken
from scribe_app.domain.checks.kin import relatives_in
from scribe_app.domain.checks.reading import read
from scribe_app.domain.checks.speakers import Withdrawal, withdrawals
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.lexicon.polarity import HEDGES
from scribe_app.domain.numbers import NumberKind, numbers_in
from scribe_app.domain.passages import course, last_question, readable
from scribe_app.domain.steps import next_step
from scribe_app.domain.template import SectionSpec
from scribe_app.domain.topics import topics_of
from scribe_app.domain.transcript import UNCLEAR, SpeakerRole, Transcript, Utterance
from scribe_app.domain.words import phrase_pattern, plain, sentences, words_in

KINDS = (
    "allergy", "safety_net", "family", "concern", "examination", "assessment", "plan", "procedure", "result",
    "medication", "social", "history", "symptom", "advice",
)  # fmt: skip
"""Kinds of facts. Of several that fit, the first in this order decides."""
PATIENT = "patient"
_FEW_WORDS = 4
"""An answer this short says nothing without its question."""
_NEAR = 3
"""Utterances after a fact within which its speaker may take it back."""
_MOMENTS = {
    "en": re.compile(
        r"\b(?:since (?:last |the )?\w+|yesterday|today|tonight|this (?:morning|afternoon|evening|week)"
        r"|last (?:night|week|month|year|\w+day)|(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day"
        r"|in (?:19|20)\d\d)\b"
    ),
    "nl": re.compile(
        r"\b(?:sinds (?:vorige |de )?\w+|gisteren|vandaag|vanmorgen|vanochtend|vanmiddag|vannacht"
        r"|vorige (?:week|maand|nacht)|vorig jaar|(?:maan|dins|woens|donder|vrij|zater|zon)dag"
        r"|in (?:19|20)\d\d)\b"
    ),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was said."""

    id: str
    """Stable as long as its utterance's words are: "U12.1" is the first fact of utterance 12."""
    kind: str
    """One of KINDS, which are the topics of SectionSpec."""
    text: str
    """As said, with numbers in figures; an answer that needs it comes with its question."""
    utterances: tuple[UtteranceId, ...]
    said_by: SpeakerRole
    who: str = PATIENT
    """Whom it is about: the patient, or a relative by the English name (father, sister …)."""
    negated: bool = False
    uncertain: bool = False
    when: str = ""
    """Durations and moments in it, as said; empty for none."""
    retracted: bool = False
    """The speaker took it back, in the same breath or soon after."""


def facts_in(transcript: Transcript) -> tuple[Fact, ...]:
    """Every fact of a transcript in the order in which it was said. Milliseconds for a consultation.

    Small talk, bare acknowledgements, unanswered questions and what could not be understood are none.
    """
    said = Spoke(transcript)
    found: list[Fact] = []
    for position, spoken in enumerate(said.spoken):
        next_step()
        if not spoken.asks_only:
            taken_back = _taken_back(position, said)
            for number, fact in enumerate(_facts_of(spoken, said), start=1):
                numbered = replace(fact, id=f"U{spoken.utterance.id}.{number}")
                found.append(replace(numbered, retracted=_is_retracted(numbered, taken_back, said.language)))
    return tuple(found)


class FactsSoFar:
    """The facts of a consultation while it goes on: only what is near a change is read again."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._heard: dict[UtteranceId, Utterance] = {}
        self._facts: dict[UtteranceId, tuple[Fact, ...]] = {}

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All so far, in the order in which they were said."""
        return tuple(fact for id in self._heard for fact in self._facts.get(id, ()))

    def take(self, utterances: Iterable[Utterance]) -> tuple[Fact, ...]:
        """Read new or corrected utterances; returns the facts that are new or changed by them."""
        taken = {utterance.id: utterance for utterance in utterances}
        return self.settle(Transcript(tuple((self._heard | taken).values()), self._language))

    def settle(self, transcript: Transcript) -> tuple[Fact, ...]:
        """Take a whole transcript in place of what was heard; returns the facts that are new or changed."""
        known = self._heard
        self._heard = {utterance.id: utterance for utterance in transcript}
        stale = [at for at, now in enumerate(transcript) if known.get(now.id) != now]
        changed: list[Fact] = []
        for start, end in _stretches(stale, len(transcript)):
            window = transcript.utterances[max(0, start - _BEFORE) : end + _BEFORE]
            found: dict[UtteranceId, list[Fact]] = {}
            for fact in facts_in(replace(transcript, utterances=window)):
                found.setdefault(fact.utterances[-1], []).append(fact)
            for utterance in transcript.utterances[start:end]:
                new = tuple(found.get(utterance.id, ()))
                changed += set(new) - set(self._facts.get(utterance.id, ()))
                self._facts[utterance.id] = new
        return tuple(sorted(changed, key=lambda fact: fact.utterances[-1]))


_BEFORE = 6
"""Utterances around a change that are read with it: a question before, a correction after."""


def _stretches(stale: list[int], length: int) -> Iterator[tuple[int, int]]:
    """[start, end) of what is to be read again: each change with the utterances that it may bear on."""
    start = end = -1
    for at in stale:
        if at - _NEAR > end and end >= 0:
            yield start, end
            start = -1
        start = max(0, at - _NEAR) if start < 0 else start
        end = min(length, at + 1 + _NEAR)
    if end >= 0:
        yield start, end


def facts_for(spec: SectionSpec, facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts that belong under a heading and still hold."""
    return tuple(
        fact
        for fact in facts
        if fact.kind in spec.topics
        and not fact.retracted
        and (not spec.clinician_only or fact.said_by is SpeakerRole.CLINICIAN)
    )


def _facts_of(spoken: Spoken, said: Spoke) -> list[Fact]:
    language, utterance = said.language, spoken.utterance
    question = said.spoken[spoken.answers].utterance if spoken.answers >= 0 else None
    asked = last_question(question.text, language) if question is not None else ""
    found: list[Fact] = []
    for part in sentences(utterance.text):
        if course(part, language) or UNCLEAR in part:
            continue
        alone = topics_of(replace(utterance, text=part), None, language)
        answers = bool(asked) and not found
        topics = topics_of(replace(utterance, text=part), question, language) if answers else alone
        if not topics and found and numbers_in(part, language):
            topics = frozenset({found[-1].kind})  # "No, sorry, closer to four weeks."
        kind = next((kind for kind in KINDS if kind in topics), "")
        if not kind:
            continue
        bare = len(words_in(part)) <= _FEW_WORDS
        leans = answers and (bare or not alone or spoken.yes is not None)
        text, ids = readable(part, language), [utterance.id]
        if leans and question is not None:
            ids.insert(0, question.id)
            if bare or not alone or spoken.yes is False:
                text = f"“{readable(asked, language)}” – “{text}”"
        denied = spoken.yes is False if leans and spoken.yes is not None else _denies(part, language)
        about = next(iter(sorted(relatives_in(part))), PATIENT)
        doubtful = bool(phrase_pattern(HEDGES[language]).search(plain(part)))
        when = _when(part, language)
        found.append(Fact("", kind, text, tuple(ids), utterance.speaker, about, denied, doubtful, when))
    return found


def _denies(text: str, language: str) -> bool:
    """Whether all that is clinical in a sentence is denied."""
    polarity = read(text, language, True).polarity
    clinical = [senses for stem, senses in polarity.items() if stem in clinical_stems(language)]
    return bool(clinical) and all(senses == frozenset({True}) for senses in clinical)


def _when(text: str, language: str) -> str:
    spans = [
        (quantity.start, text[quantity.start : quantity.end].strip())
        for quantity in numbers_in(text, language)
        if quantity.kind is NumberKind.DURATION
    ]
    spans += [(match.start(), match[0]) for match in _MOMENTS[language].finditer(plain(text))]
    return ", ".join(dict.fromkeys(shown for _, shown in sorted(spans)))


def _taken_back(position: int, said: Spoke) -> list[Withdrawal]:
    """What the speaker of an utterance takes back in it or in their next few."""
    speaker = said.spoken[position].utterance.speaker
    following = [
        spoken.utterance.text
        for spoken in said.spoken[position : position + 1 + _NEAR]
        if spoken.utterance.speaker is speaker
    ]
    return withdrawals(" ".join(following), said.language)


def _is_retracted(fact: Fact, taken_back: list[Withdrawal], language: str) -> bool:
    if not taken_back:
        return False
    reading = read(fact.text, language, False)
    return any(withdrawal.hits(reading) for withdrawal in taken_back)

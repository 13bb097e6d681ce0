"""Which statements a shorter letter can do without, and which it never loses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from scribe_app.domain.checks.reading import Reading, read
from scribe_app.domain.checks.risk import is_high_risk
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.instructions import topics_named
from scribe_app.domain.letter import Letter, Section, Statement, Support
from scribe_app.domain.lexicon.question_words import CONCEPTS
from scribe_app.domain.template import LetterTemplate, SectionSource
from scribe_app.domain.topics import topics_in, topics_of
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.domain.words import plain
from scribe_app.language import later

NEVER: dict[str, str] = {
    "allergy": later("allergies"),
    "medication": later("medicines"),
    "safety_net": later("when to seek help"),
    "plan": later("the plan"),
    "procedure": later("the plan"),
}
"""Topics that no shortening drops, and how that is told."""
_HEDGES = re.compile(
    r"\b(?:possibl|probabl|likely|may|might|could|suspect|perhaps|mogelijk|waarschijnlijk|misschien|verdenking"
    r"|lijkt|denk)"
)


@dataclass(slots=True)
class Shortened:
    """By statement id."""

    removed: dict[str, str] = field(default_factory=dict)
    """Why each goes."""
    kept: dict[str, str] = field(default_factory=dict)
    """Why each stays that would otherwise go, or may never go."""


def shortened(letter: Letter, template: LetterTemplate, transcript: Transcript) -> Shortened:
    """What says again what stands elsewhere, what is only inferred, and what is small talk goes.

    Unsettled statements, the clinician's own, medicines, allergies, the plan, safety net and, of what is only
    inferred, numbers, sides and denials stay. No heading loses its last line.
    """
    found = Shortened()
    told = topics_in(transcript)
    fixed = {spec.key for spec in template.sections if spec.source is SectionSource.APPLICATION}
    for section in letter.sections:
        if section.key in fixed:
            continue
        for statement in section.statements:
            why = _surplus(statement, letter, told, transcript, found)
            stays = _protection(statement, section, template, told, transcript)
            if why == _INFERRED and not stays and is_high_risk(statement.text, letter.language):
                stays = later("a number, medicine, side or denial")
            if stays:
                found.kept[statement.id] = stays
            elif why and all(one.id in found.removed for one in section.statements if one is not statement):
                found.kept[statement.id] = later("the only line under its heading")
            elif why:
                found.removed[statement.id] = why
    return found


def about(words: str, statements: Sequence[Statement], transcript: Transcript) -> list[Statement]:
    """The statements that are about a topic by name, or that have these words."""
    language = "nl" if transcript.language.startswith("nl") else "en"
    topics = topics_named(words)
    told = [
        concept.told for name in ("en", "nl") for concept in CONCEPTS[name].values()
        if re.fullmatch(rf"(?:{concept.asked})[^\W\d_]*", words)
    ]  # fmt: skip
    wanted = read(words, language, True)
    found = [s for s in statements if topics & _topics_of_text(s.text, transcript)]
    found += [s for s in statements if any(re.search(rf"\b(?:{one})", plain(s.text)) for one in told)]
    stems, drugs = wanted.stems, set(wanted.drugs)
    for statement in statements if (stems or drugs) and not topics else ():
        has = read(statement.text, language, False)
        if stems <= has.stems and drugs <= set(has.drugs):
            found.append(statement)
    ids = {statement.id for statement in found}
    if not ids and topics:
        by_evidence = topics_in(transcript)
        ids = {s.id for s in statements if any(topics & by_evidence.get(u, frozenset()) for u in s.evidence)}
    return [statement for statement in statements if statement.id in ids]


_INFERRED = later("only inferred")
_SMALL_TALK = later("nothing clinical in it")


def _surplus(
    statement: Statement,
    letter: Letter,
    told: dict[UtteranceId, frozenset[str]],
    transcript: Transcript,
    so_far: Shortened,
) -> str:
    """Why the letter can do without it; empty where it cannot."""
    again = _says_it_too(statement, letter, so_far)
    if again is not None:
        return later(f"said again under {again.heading}")
    if statement.support is Support.INFERRED:
        return _INFERRED
    topics = _topics_of_text(statement.text, transcript).union(
        *(told.get(id, frozenset()) for id in statement.evidence)
    )
    reading = read(statement.text, letter.language, False)
    clinical = topics or reading.amounts or reading.drugs or reading.sides or not statement.evidence
    return "" if clinical else _SMALL_TALK


def _protection(
    statement: Statement,
    section: Section,
    template: LetterTemplate,
    told: dict[UtteranceId, frozenset[str]],
    transcript: Transcript,
) -> str:
    """Why it must stay; empty where it need not."""
    if statement.needs_settling:
        return later("still to settle")
    if statement.support is Support.CLINICIAN_ADDED:
        return later("your own words")
    spec = next((spec for spec in template.sections if spec.key == section.key), None)
    topics = set(_topics_of_text(statement.text, transcript))
    topics |= set(spec.topics[:2]) if spec is not None else set()
    for id in statement.evidence:
        topics |= told.get(id, frozenset())
    if read(statement.text, transcript.language, False).drugs:
        topics.add("medication")
    return next((why for topic, why in NEVER.items() if topic in topics), "")


def _says_it_too(statement: Statement, letter: Letter, so_far: Shortened) -> Section | None:
    """The section of another, carried statement that says the same, or in the same section more."""
    seen = False
    for section in letter.sections:
        for other in section.statements:
            if other.id == statement.id:
                seen = True
                continue
            if other.id in so_far.removed or other.needs_settling or other.support is Support.INFERRED:
                continue
            if not set(other.evidence) & set(statement.evidence):
                continue
            more = _covers(other.text, statement.text, letter.language)
            same = more and _covers(statement.text, other.text, letter.language)
            here = statement in section.statements  # what a heading is read for stays under it
            if (more and here and not same) or (
                same and not seen
            ):  # of two that say the same, the first stays
                return section
    return None


def _covers(wide: str, narrow: str, language: str) -> bool:
    """Whether one text says all that the other says, as certain and as denied."""
    first, second = read(wide, language, False), read(narrow, language, False)
    if bool(_HEDGES.search(plain(wide))) != bool(_HEDGES.search(plain(narrow))):
        return False
    senses = all(first.polarity.get(stem) == sense for stem, sense in second.polarity.items())
    return bool(second.stems or second.drugs) and senses and _particulars(second) <= _particulars(first)


def _particulars(reading: Reading) -> set[object]:
    amounts = {(amount.value, amount.unit, amount.second) for amount in reading.amounts}
    return {*reading.stems, *reading.drugs, *amounts, *reading.sides}


def _topics_of_text(text: str, transcript: Transcript) -> frozenset[str]:
    spoken = Utterance(UtteranceId(0), text, 0.0, 0.0, SpeakerRole.UNKNOWN)
    return topics_of(spoken, None, transcript.language)

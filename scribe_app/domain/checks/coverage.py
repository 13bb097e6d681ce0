"""What was said, is clinically relevant, and stands in no statement of the letter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scribe_app.domain.checks.evidence import Spoke, Spoken, spoke
from scribe_app.domain.checks.meaning import clinical_stems, said_somehow
from scribe_app.domain.checks.reading import Reading, read
from scribe_app.domain.checks.speakers import withdrawn_values
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import CoverageItem, Section, Support
from scribe_app.domain.lexicon import topics_en, topics_nl
from scribe_app.domain.numbers import Quantity, same_amount
from scribe_app.domain.passages import course, last_question, readable
from scribe_app.domain.template import LetterTemplate, SectionSource, SectionSpec
from scribe_app.domain.topics import topics_of
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.domain.words import phrase_pattern, plain, sentences, words_in

_PLACES = (
    "allergy", "safety_net", "family", "concern", "examination", "assessment", "plan", "procedure", "result",
    "medication", "social", "history", "symptom", "advice",
)  # fmt: skip
"""Of an utterance's topics, the one that decides where it belongs: first in this order."""
_CARRIED = frozenset({Support.SUPPORTED, Support.INFERRED, Support.CLINICIAN_ADDED})
_ENOUGH, _ENOUGH_CITED = 0.7, 0.34
"""Share of an utterance's content words that the letter must have, cited or not, for it to be carried."""
_FEWEST = 2
"""Content words below which an utterance without numbers, medicines and symptoms is not worth listing."""
_THE_COMPLAINT = frozenset({"symptom"})
_CLOSING = re.compile(
    r"\b(?:sound(?:s)? (?:to you|okay|good|alright|all right|like a plan)|that sound|make sense"
    r"|any questions?"
    r"|questions? for me|happy with|is that (?:clear|okay|ok|all right|alright|fine)|hear me|your name"
    r"|come in"
    r"|how are you|akkoord|duidelijk|nog vragen|uw naam|hoe gaat het)\b|anything else (?:you|i can)"
)
"""Questions that end a matter or open the visit."""
_OPEN_QUESTION = re.compile(
    r"^\W*(?:(?:and|so|okay|um|uh|en|dus)\W+)*(?:what|how|in what|which|wat|hoe|welke)\b"
)
_FEW_WORDS = 4
"""An answer this short says nothing without its question."""


@dataclass(frozen=True)
class _Told:
    """What one utterance tells, with its topics and the words in which a list shows it."""

    spoken: Spoken
    reading: Reading
    topics: frozenset[str]
    text: str
    taken_back: frozenset[float]
    """Numbers that the speaker corrected in the same breath."""


def find_coverage(
    sections: Sequence[Section], template: LetterTemplate, transcript: Transcript
) -> tuple[CoverageItem, ...]:
    """One item for each relevant utterance that no statement carries, in the order in which it was said.

    Doubted statements carry nothing, nor do those from prior letters: what was said today is told as today's.
    What an earlier item says already is not listed again.
    """
    said = spoke(transcript)
    written = [
        (read(statement.text, said.language, False), frozenset(statement.evidence))
        for section in sections
        for statement in section.statements
        if (statement.support in _CARRIED or statement.settled) and not statement.prior
    ]
    items = []
    for spoken in said.spoken:
        told = None if spoken.asks_only else _told(spoken, said)
        if told is None or _is_carried(told, said, written):
            continue
        place = _place(told, template)
        if place:
            spec, topic = place
            items.append(CoverageItem(spoken.utterance.id, told.text, spec.key, topic))
            written.append((told.reading, frozenset()))
    return tuple(items)


def _told(spoken: Spoken, said: Spoke) -> _Told | None:
    """What it tells, with its question if it is a bare answer; None when there is nothing to list."""
    language = said.language
    kept = [part for part in sentences(spoken.utterance.text) if not course(part, language)]
    own = read(" ".join(kept), language, False)
    question = said.spoken[spoken.answers].utterance if spoken.answers >= 0 else None
    topics = topics_of(replace(spoken.utterance, text=" ".join(kept)), question, language)
    if not topics and question is not None and _is_asked_of_patient(spoken, question, language):
        topics = _THE_COMPLAINT
    if not topics:
        return None
    text = readable(" ".join(kept), language)
    asked = last_question(question.text, language) if question else ""
    if asked and spoken.yes is not None and len(own.stems) < _FEWEST:
        own = read(f"{asked} {' '.join(kept)}", language, False)
    if asked and (spoken.yes is False or len(words_in(text)) <= _FEW_WORDS):
        text = f"“{readable(asked, language)}” – “{text}”"
    worth = own.amounts or own.drugs or own.stems & clinical_stems(language) or len(own.stems) >= _FEWEST
    return (
        _Told(spoken, own, topics, text, withdrawn_values(spoken.utterance.text, language)) if worth else None
    )


def _is_asked_of_patient(spoken: Spoken, question: Utterance, language: str) -> bool:
    """Whether a patient answers a clinician's question that is no small talk: then it matters, cue or not."""
    lexicon = topics_nl if language == "nl" else topics_en
    asked = plain(last_question(question.text, language))
    if _CLOSING.search(asked) or phrase_pattern(lexicon.SMALL_TALK).search(plain(question.text)):
        return False
    if len(words_in(spoken.utterance.text)) <= _FEW_WORDS // 2 and _OPEN_QUESTION.search(asked):
        return False  # "What have you eaten?" – "Yep."
    return (
        question.speaker is SpeakerRole.CLINICIAN
        and spoken.utterance.speaker is not SpeakerRole.CLINICIAN
        and len(read(asked, language, False).stems | spoken.reading.stems) >= _FEWEST
    )


def _is_carried(told: _Told, said: Spoke, written: list[tuple[Reading, frozenset[UtteranceId]]]) -> bool:
    """Whether statements that cite an utterance, or any one statement, say what it tells."""
    spoken = told.spoken
    ids = {spoken.utterance.id}
    if spoken.answers >= 0:
        ids.add(said.spoken[spoken.answers].utterance.id)
    citing = [reading for reading, evidence in written if evidence & ids]
    if citing and _says(citing, told, _ENOUGH_CITED):
        return True
    return any(_says([reading], told, _ENOUGH) for reading, _ in written)


def _says(readings: list[Reading], told: _Told, enough: float) -> bool:
    written = [quantity for reading in readings for quantity in reading.amounts]
    for quantity in told.reading.amounts:
        if quantity.value not in told.taken_back and not any(_alike(quantity, other) for other in written):
            return False
    if set(told.reading.drugs) - {key for reading in readings for key in reading.drugs}:
        return False
    shown = told.reading.shown
    stems = told.reading.stems
    have = sum(said_somehow(stem, shown[stem], readings) for stem in stems)
    return have >= enough * len(stems)


def _alike(said: Quantity, written: Quantity) -> bool:
    return same_amount(said, written) or (said.value == written.value and said.second == written.second)


def _place(told: _Told, template: LetterTemplate) -> tuple[SectionSpec, str] | None:
    """The section an utterance belongs to, and the topic that decides it."""
    topics = [topic for topic in _PLACES if topic in told.topics]
    clinician = told.spoken.utterance.speaker is SpeakerRole.CLINICIAN
    open_sections = [
        spec
        for spec in template.sections
        if spec.source is SectionSource.CONVERSATION and (clinician or not spec.clinician_only)
    ]
    for topic in topics:
        for spec in open_sections:
            if topic in spec.topics:
                return spec, topic
    return (open_sections[0], topics[0]) if open_sections and topics else None

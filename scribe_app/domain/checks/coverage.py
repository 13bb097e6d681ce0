"""What was said, is clinically relevant, and stands in no statement of the letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scribe_app.domain.checks.evidence import Spoke, spoke
from scribe_app.domain.checks.findable import Findable
from scribe_app.domain.checks.meaning import said_somehow
from scribe_app.domain.checks.reading import Reading, read
from scribe_app.domain.checks.telling import Told, tellings
from scribe_app.domain.letter import CoverageItem, Section, Support
from scribe_app.domain.numbers import Quantity, same_amount
from scribe_app.domain.steps import next_step
from scribe_app.domain.template import LetterTemplate, SectionSource, SectionSpec
from scribe_app.domain.transcript import SpeakerRole, Transcript

_PLACES = (
    "allergy", "safety_net", "family", "concern", "examination", "assessment", "plan", "procedure", "result",
    "medication", "social", "history", "symptom", "advice",
)  # fmt: skip
"""Of an utterance's topics, the one that decides where it belongs: first in this order."""
_CARRIED = frozenset({Support.SUPPORTED, Support.INFERRED, Support.CLINICIAN_ADDED})
_ENOUGH, _ENOUGH_CITED = 0.7, 0.34
"""Share of an utterance's content words that the letter must have, cited or not, for it to be carried."""


def find_coverage(
    sections: Sequence[Section], template: LetterTemplate, transcript: Transcript
) -> tuple[CoverageItem, ...]:
    """One item for each relevant utterance that no statement carries, in the order in which it was said.

    Doubted statements carry nothing, nor do those from prior letters: what was said today is told as today's.
    What an earlier item says already is not listed again.
    """
    said = spoke(transcript)
    written = Findable(
        (read(statement.text, said.language, False), statement.evidence)
        for section in sections
        for statement in section.statements
        if (statement.support in _CARRIED or statement.settled) and not statement.prior
    )
    items: list[CoverageItem] = []
    for told in tellings(said):
        next_step()
        place = None if _is_carried(told, said, written) else _place(told, template)
        if place:
            spec, topic = place
            item = CoverageItem(told.spoken.utterance.id, told.text, spec.key, topic)
            if items and items[-1].utterance == item.utterance:  # one entry an utterance: it is added as one
                items[-1] = replace(items[-1], text=f"{items[-1].text} {item.text}")
            else:
                items.append(item)
            written.add(told.reading)
    return tuple(items)


def _is_carried(told: Told, said: Spoke, written: Findable) -> bool:
    """Whether statements that cite an utterance, or any one statement, say what it tells."""
    spoken = told.spoken
    citing = written.citing({spoken.utterance.id})
    if citing and _says(citing, told, _ENOUGH if told.asks else _ENOUGH_CITED):
        return True
    if spoken.answers >= 0:  # who cites the question may tell something else of it
        beside = written.citing({spoken.utterance.id, said.spoken[spoken.answers].utterance.id})
        if beside and _says(beside, told, _ENOUGH):
            return True
    near = written.nearest(told.reading, _lasting(told), _ENOUGH)
    return any(_says([reading], told, _ENOUGH) for reading in near)


def _lasting(told: Told) -> list[Quantity]:
    """Its amounts without those that were corrected in the same breath."""
    return [quantity for quantity in told.reading.amounts if quantity.value not in told.taken_back]


def _says(readings: list[Reading], told: Told, enough: float) -> bool:
    written = [quantity for reading in readings for quantity in reading.amounts]
    if not all(any(_alike(quantity, other) for other in written) for quantity in _lasting(told)):
        return False
    if set(told.reading.drugs) - {key for reading in readings for key in reading.drugs}:
        return False
    shown = told.reading.shown
    stems = told.reading.stems
    have = sum(said_somehow(stem, shown[stem], readings) for stem in stems)
    return have >= enough * len(stems)


def _alike(said: Quantity, written: Quantity) -> bool:
    return same_amount(said, written) or (said.value == written.value and said.second == written.second)


def _place(told: Told, template: LetterTemplate) -> tuple[SectionSpec, str] | None:
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

"""A letter, section by section, in reading order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from scribe_app.adapters.llama.candidates import Candidates
from scribe_app.adapters.llama.messages import Write
from scribe_app.adapters.llama.strategies import Drafting
from scribe_app.domain.checks.risk import is_high_risk
from scribe_app.domain.dictation import dictated
from scribe_app.domain.events import (
    DraftFinished,
    Event,
    SectionDrafted,
    StatementDrafted,
    StatementJudged,
    TranscriptRead,
)
from scribe_app.domain.facts import FactsSoFar
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.letter import Statement, Support
from scribe_app.domain.prior_letters import Passage, background, statement_of
from scribe_app.domain.steps import next_step
from scribe_app.domain.template import LetterTemplate, SectionSource, SectionSpec
from scribe_app.domain.transcript import Utterance
from scribe_app.domain.typed_notes import heading_for
from scribe_app.domain.words import sentences
from scribe_app.errors import Cancelled

MOST_SECOND_LOOKS = 12
"""Statements of one letter that are looked at twice: each costs a small model a second or two."""


class LetterWriter:
    """Finds facts, reads along and writes letters with one way of drafting."""

    def __init__(
        self,
        consultation: ConsultationId,
        drafting: Drafting,
        language: str,
        second_look: bool = False,
        corrected: Callable[[], Sequence[Utterance]] = tuple,
    ) -> None:
        """`corrected` says which utterances of the letter under way tell something else by now."""
        self._consultation, self._drafting, self._corrected = consultation, drafting, corrected
        self._second_look = second_look
        self._facts = FactsSoFar(language)
        self._unread: list[Utterance] = []
        self._read_until = 0.0

    @property
    def has_unread(self) -> bool:
        """Whether reading along is behind."""
        return bool(self._unread) or self._drafting.behind

    def take(self, utterances: Sequence[Utterance]) -> None:
        """Put settled utterances in line to be read, and find the facts that they bring."""
        self._unread.extend(utterances)
        self._facts.take(utterances)

    def read_on(self) -> TranscriptRead:
        """Read one utterance of those in line, so that a request to write need not wait for all."""
        following = self._unread[:1]
        self._drafting.read(following)
        del self._unread[:1]
        self._read_until = max([self._read_until, *(utterance.end for utterance in following)])
        return self._told_read()

    def write(self, request: Write) -> Iterator[Event]:
        """The events of one letter; the last is DraftFinished, also after a cancellation."""
        self._unread.clear()  # the transcript of the request holds them all
        self._read_until = 0.0
        try:
            self._prepare(request)
            yield self._told_read()
            yield from self._sections(request)
        except Cancelled:
            pass  # what was drafted stays
        yield DraftFinished(self._consultation, self._read_until, self._drafting.facts_until)

    def _prepare(self, request: Write) -> None:
        """Read what is missing of the transcript, and what was corrected in it."""
        self._facts.settle(request.transcript)
        self._read_until = self._drafting.prepare(request.transcript, self._facts.facts)

    def _told_read(self) -> TranscriptRead:
        drafting = self._drafting
        return TranscriptRead(self._consultation, self._read_until, drafting.tokens, drafting.facts_until)

    def _sections(self, request: Write) -> Iterator[Event]:
        candidates = Candidates(request.template, request.transcript)
        notes = typed_notes(request.notes, request.template)
        drafted: list[Statement] = []
        for spec in _wanted(request.template, request.sections):
            if changed := {utterance.id: utterance for utterance in self._corrected()}:
                now = tuple(changed.get(said.id, said) for said in request.transcript)
                request = replace(request, transcript=replace(request.transcript, utterances=now))
                self._prepare(request)
                candidates = Candidates(request.template, request.transcript)
            for statement in notes.get(spec.key, []):
                yield StatementDrafted(self._consultation, spec.key, statement)
            before = background(spec, request.template, request.prior, request.transcript)
            for statement in self._statements(spec, request, candidates, before):
                next_step()
                drafted.append(statement)
                yield StatementDrafted(self._consultation, spec.key, statement)
            yield SectionDrafted(self._consultation, spec.key)
        if self._second_look:
            yield from self._looked_at_again(drafted, request.template.language)

    def _looked_at_again(self, drafted: Sequence[Statement], language: str) -> Iterator[Event]:
        """The model's yes or no on what would do harm if it were wrong; quotes need none."""
        risky = [s for s in drafted if not s.quoted and s.evidence and is_high_risk(s.text, language)]
        for statement in risky[:MOST_SECOND_LOOKS]:
            agreement = self._drafting.agreement(statement.text, statement.evidence)
            if agreement is not None:
                yield StatementJudged(self._consultation, statement.id, agreement)

    def _statements(
        self, spec: SectionSpec, request: Write, candidates: Candidates, before: Sequence[Passage]
    ) -> Iterator[Statement]:
        """What was said today, then what prior letters tell: word for word, unless the model wrote of it."""
        if request.template.verbatim:
            yield from dictated(request.transcript)
            return
        told = set()
        for statement in self._drafting.statements(spec, request.template, candidates.section(spec), before):
            told |= set(statement.prior)
            yield statement
        for passage in before:
            if passage.place not in told:
                yield statement_of(passage)


def typed_notes(notes: str, template: LetterTemplate) -> dict[str, list[Statement]]:
    """What the clinician typed, as their own statements under the heading that fits each sentence best.

    A sentence that fits none goes under the first heading: typed words are never dropped.
    """
    sections = _wanted(template, ())
    found: dict[str, list[Statement]] = {}
    for line in notes.splitlines():
        for sentence in sentences(line.strip(" -•*\t")):
            spec = heading_for(sentence, sections, template.language)
            if spec is not None:
                own = Statement(sentence, support=Support.CLINICIAN_ADDED, quoted=True)
                found.setdefault(spec.key, []).append(own)
    return found


def _wanted(template: LetterTemplate, only: tuple[str, ...]) -> list[SectionSpec]:
    """Sections to write: identity and dates come from the application, never from speech."""
    return [
        spec
        for spec in template.sections
        if spec.source is SectionSource.CONVERSATION and (not only or spec.key in only)
    ]

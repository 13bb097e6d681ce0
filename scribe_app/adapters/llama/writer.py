"""A letter, section by section, in reading order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scribe_app.adapters.llama.candidates import Candidates
from scribe_app.adapters.llama.messages import Write
from scribe_app.adapters.llama.strategies import Drafting
from scribe_app.domain.events import DraftFinished, Event, SectionDrafted, StatementDrafted, TranscriptRead
from scribe_app.domain.ids import ConsultationId, UtteranceId
from scribe_app.domain.letter import Statement, Support
from scribe_app.domain.template import LetterTemplate, SectionSource, SectionSpec
from scribe_app.domain.topics import topics_of
from scribe_app.domain.transcript import SpeakerRole, Utterance
from scribe_app.domain.words import sentences
from scribe_app.errors import Cancelled

_NOT_SPOKEN = UtteranceId(0)


class LetterWriter:
    """Reads along and writes letters with one way of drafting."""

    def __init__(self, consultation: ConsultationId, drafting: Drafting) -> None:
        self._consultation, self._drafting = consultation, drafting
        self._unread: list[Utterance] = []

    @property
    def has_unread(self) -> bool:
        """Whether reading along is behind."""
        return bool(self._unread)

    def take(self, utterances: Sequence[Utterance]) -> None:
        """Put settled utterances in line to be read."""
        self._unread.extend(utterances)

    def read_on(self) -> TranscriptRead:
        """Read one utterance of those in line, so that a request to write need not wait for all."""
        utterance = self._unread.pop(0)
        self._drafting.read([utterance])
        return TranscriptRead(self._consultation, utterance.end, self._drafting.tokens)

    def write(self, request: Write) -> Iterator[Event]:
        """The events of one letter; the last is DraftFinished, also after a cancellation."""
        self._unread.clear()  # the transcript of the request holds them all
        read_until = 0.0
        try:
            read_until = self._drafting.prepare(request.transcript)
            yield TranscriptRead(self._consultation, read_until, self._drafting.tokens)
            yield from self._sections(request)
        except Cancelled:
            pass  # what was drafted stays
        yield DraftFinished(self._consultation, read_until)

    def _sections(self, request: Write) -> Iterator[Event]:
        candidates = Candidates(request.template, request.transcript)
        notes = typed_notes(request.notes, request.template)
        for spec in _wanted(request.template, request.sections):
            for statement in notes.get(spec.key, []):
                yield StatementDrafted(self._consultation, spec.key, statement)
            for statement in self._drafting.statements(spec, request.template, candidates.section(spec)):
                yield StatementDrafted(self._consultation, spec.key, statement)
            yield SectionDrafted(self._consultation, spec.key)


def typed_notes(notes: str, template: LetterTemplate) -> dict[str, list[Statement]]:
    """What the clinician typed, as their own statements under the heading that fits each sentence best.

    A sentence that fits none goes under the first heading: typed words are never dropped.
    """
    sections = _wanted(template, ())
    found: dict[str, list[Statement]] = {}
    for line in notes.splitlines():
        for sentence in sentences(line.strip(" -•*\t")):
            spoken = Utterance(_NOT_SPOKEN, sentence, 0.0, 0.0, SpeakerRole.CLINICIAN)
            topics = topics_of(spoken, None, template.language)
            fitting = [spec for spec in sections if topics & frozenset(spec.topics)] or sections
            if fitting:
                own = Statement(sentence, support=Support.CLINICIAN_ADDED, quoted=True)
                found.setdefault(fitting[0].key, []).append(own)
    return found


def _wanted(template: LetterTemplate, only: tuple[str, ...]) -> list[SectionSpec]:
    """Sections to write: identity and dates come from the application, never from speech."""
    return [
        spec
        for spec in template.sections
        if spec.source is SectionSource.CONVERSATION and (not only or spec.key in only)
    ]

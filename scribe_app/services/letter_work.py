"""Letters of one consultation: written, one section written again, kept also when the model dies half-way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scribe_app.domain.consultation import Consultation, ConsultationState
from scribe_app.domain.events import (
    ConsultationFailed,
    DraftFinished,
    Event,
    FactsCorrected,
    UtteranceSettled,
)
from scribe_app.domain.ids import ConsultationId, LetterId
from scribe_app.domain.letter import Letter
from scribe_app.domain.template import LetterTemplate, SectionSource
from scribe_app.errors import ScribeError, SigningError, UsageError
from scribe_app.ports import ActiveRecording, AuditAction, ConsultationStore, TemplateLibrary
from scribe_app.services.coordinator import Coordinator
from scribe_app.services.engines import Engines
from scribe_app.services.transcribing import Transcribing
from scribe_app.services.voices import Voices
from scribe_app.services.writing import Writing

if TYPE_CHECKING:
    from scribe_app.services.line import Line, LineParts
    from scribe_app.services.recovery import Recovery

S = ConsultationState
WHOLE = frozenset({S.IN_REVIEW, S.SIGNED, S.AMENDED})
"""States in which everything that was recorded has been transcribed, and in which there is a letter."""


@dataclass(frozen=True, slots=True)
class SaidCorrected(Event):
    """Utterances of a consultation were corrected while its letter is written. Nobody else hears of it."""


class LetterLine:
    """The half of a Line that writes letters."""

    consultation: Consultation
    recording: ActiveRecording | None
    _parts: LineParts
    _engines: Engines
    _writing: Writing
    _transcribing: Transcribing
    _voices: Voices
    _before_writing: ConsultationState
    _go: Callable[[ConsultationState], None]
    fail: Callable[[ScribeError], None]

    @property
    def writes(self) -> bool:
        """Whether a letter is under way. Any thread may ask."""
        return self._writing.under_way

    def write(self, template: LetterTemplate) -> None:
        """Draft one letter from the transcript as it stands."""
        self._refuse_busy()
        self._before_writing = self.consultation.state
        self._go(S.DRAFTING)
        try:
            self._writing.begin(template, self.consultation.notes)
        except ScribeError as error:
            self._on_drafting_failed(error)

    def redo(self, letter: Letter, template: LetterTemplate, section: str) -> None:
        """Draft one section of a letter anew; SectionRedrafted tells, and nothing is stored.

        The consultation stays in its state: the letter is there all the time, and may be worked on.
        """
        self._refuse_busy()
        self._before_writing = self.consultation.state
        try:
            self._writing.begin(template, self.consultation.notes, letter, section)
        except ScribeError as error:
            self._on_drafting_failed(error)

    def _refuse_busy(self) -> None:
        if self._writing.under_way:
            raise UsageError("A letter is being written.", "It goes on.", "Wait for it, or cancel it first.")
        judges = self._voices.asked or self._transcribing.judging
        if self.recording is not None or self._engines.transcribing or judges:
            raise UsageError(
                "This consultation is still being recorded or transcribed.",
                "That goes on.",
                "A letter follows by itself after Stop; write another one then.",
            )

    def cancel_writing(self) -> None:
        """Stop the drafter; DraftFinished follows with what there is."""
        self._writing.cancel()

    def _on_draft_finished(self, event: DraftFinished) -> None:
        if self._writing.under_way:
            self._complete_letter(event.read_until, event.facts_until)

    def _complete_letter(self, read_until: float, facts_until: float = 0.0) -> None:
        self._engines.end_drafting()  # the checks need no model

        def complete() -> None:
            self._writing.complete(read_until, facts_until, self._keep_letter)

        self._writing.after_checks(complete)

    def _keep_letter(self, letter: Letter) -> None:
        if self._writing.redoes:
            self._writing.finish_section(letter)
            return
        letter = self._writing.finish(letter)
        self._parts.trail.note(AuditAction.DRAFTED, self.consultation.id, letter.template)
        self._go(S.IN_REVIEW)
        self._writing.announce(letter)

    def _on_drafting_failed(self, error: ScribeError) -> None:
        """What was written stays; the rest of the letter quotes what was said."""
        self._engines.end_drafting()
        if self._writing.under_way:
            self._writing.after_checks(lambda: self._take_over(error))
        else:
            self._take_over(error)

    def _take_over(self, error: ScribeError) -> None:
        try:
            if self._writing.take_over_from(error):
                return
        except ScribeError as another:
            error = another
        if self._writing.has_written:
            self._parts.bus.publish(ConsultationFailed(self.consultation.id, error))
            self._complete_letter(self._writing.seconds)
        elif self._writing.under_way:
            self._give_up_letter(error)

    def _give_up_letter(self, error: ScribeError) -> None:
        """Nothing of this letter was written; those that there are stay as they were."""
        told = self._writing.given_up(error)
        if told is None:
            self.fail(error)
            return
        self._engines.end_drafting()
        self._go(self._before_writing if self._before_writing in WHOLE else S.IN_REVIEW)
        self._parts.bus.publish(ConsultationFailed(self.consultation.id, told))


class LetterWork:
    """The half of the ConsultationService that writes letters."""

    _coordinator: Coordinator
    _store: ConsultationStore
    _templates: TemplateLibrary
    _recovery: Recovery
    _lines: dict[ConsultationId, Line]
    _new_line: Callable[[Consultation], Line]
    _has_audio: Callable[[ConsultationId], bool]
    _settle: Callable[[ConsultationId], None]
    _handle: Callable[[Event], None]
    _to_follow: set[ConsultationId]
    """Consultations whose letter is about to hear that something in its transcript was corrected."""

    def _hear(self, event: Event) -> None:
        """What was said of facts and of utterances reaches the letter that is being written.

        Swapping speakers tells each of thousands of utterances: the letter hears of all of them at once.
        """
        id = event.consultation
        if isinstance(event, FactsCorrected):
            self._coordinator.post(lambda: self._handle(event))
        elif isinstance(event, UtteranceSettled) and id not in self._to_follow:
            line = self._lines.get(id)
            if line is not None and line.writes:
                self._to_follow.add(id)
                self._coordinator.post(lambda: self._follow(id))

    def _follow(self, id: ConsultationId) -> None:
        self._to_follow.discard(id)  # first: what is stored from here on is told once more
        self._handle(SaidCorrected(id))

    def write(self, id: ConsultationId, template: str) -> None:
        """Draft a letter from the transcript, the first or another one.

        After a failure, what of the recording is not transcribed yet comes first.
        """
        self._coordinator.call(lambda: self._write(id, template))

    def cancel_writing(self, id: ConsultationId) -> None:
        """Stop drafting; what was written so far becomes the draft. Without any drafting, nothing happens."""
        self._coordinator.call(lambda: self._lines[id].cancel_writing() if id in self._lines else None)

    def redo_section(self, letter: LetterId, section: str) -> None:
        """Draft one section of a letter anew, from what was said and given until now.

        SectionRedrafted brings the statements; the letter stays as it is until they are accepted.

        Raises:
            SigningError: the letter is signed.
            UsageError: the section is not drafted, or something is being written or recorded.
        """
        self._coordinator.call(lambda: self._redo_section(letter, section))

    def _write(self, id: ConsultationId, template_name: str) -> None:
        template = self._templates.template(template_name)
        line = self._lines.get(id)
        try:
            if line is not None:
                line.write(template)
                return
            consultation = self._store.consultation(id)
            line = self._lines[id] = self._new_line(consultation)
            if consultation.state in WHOLE or not self._has_audio(id):
                line.write(template)
            else:
                self._recovery.take_up(line, template)
        finally:
            self._settle(id)

    def _redo_section(self, letter_id: LetterId, section: str) -> None:
        letter = self._store.letter(letter_id)
        if letter.signature is not None:
            raise SigningError(
                "This letter is signed and cannot be changed.",
                "The signed letter is unchanged.",
                "Amend it first.",
            )
        version = letter.provenance.template_version if letter.provenance else 0
        template = self._templates.template(letter.template, version)
        spec = next((one for one in template.sections if one.key == section), None)
        if spec is None or spec.source is SectionSource.APPLICATION:
            raise UsageError(
                f"“{spec.heading if spec else section}” is not drafted from what was said.",
                "The letter is unchanged.",
            )
        id = letter.consultation
        line = self._lines.get(id)
        try:
            if line is None:
                line = self._lines[id] = self._new_line(self._store.consultation(id))
            line.redo(letter, template, section)
        finally:
            self._settle(id)

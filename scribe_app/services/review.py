"""What the clinician does with a draft: settle, edit, add, correct, sign, amend, take out."""

from __future__ import annotations

from dataclasses import replace

from scribe_app.domain.consultation import UNFINISHED, ConsultationState
from scribe_app.domain.documents import LetterPage, plain_text
from scribe_app.domain.events import Event, LetterReady, PatientChanged, StateChanged, UtteranceSettled
from scribe_app.domain.fact_corrections import corrected_utterances
from scribe_app.domain.ids import ConsultationId, LetterId, StatementId, UtteranceId
from scribe_app.domain.letter import (
    Letter,
    LetterStatus,
    Statement,
    Support,
)
from scribe_app.domain.transcript import SpeakerRole
from scribe_app.errors import SigningError, UsageError
from scribe_app.ports import (
    AuditAction,
    Clock,
    ConsultationStore,
    ExportFormat,
    LetterExporter,
    TemplateLibrary,
)
from scribe_app.services.auditing import FAILED, AuditTrail
from scribe_app.services.drafting import readdressed
from scribe_app.services.events import EventBus
from scribe_app.services.evidence import check_statement
from scribe_app.services.fact_review import FactReview, since
from scribe_app.services.signing import anchored, signed
from scribe_app.services.styling import reworded, section_of

SWAPPED = {SpeakerRole.CLINICIAN: SpeakerRole.PATIENT, SpeakerRole.PATIENT: SpeakerRole.CLINICIAN}


class ReviewService(FactReview):
    """Changes to drafts, one at a time. Every change is stored and audited before it is returned."""

    def __init__(
        self,
        store: ConsultationStore,
        templates: TemplateLibrary,
        exporter: LetterExporter,
        bus: EventBus,
        trail: AuditTrail,
        clock: Clock,
    ) -> None:
        super().__init__(store, templates, trail, clock, bus)
        self._exporter = exporter
        self._clock = clock
        bus.subscribe(self._on_event)

    # --- statements ---------------------------------------------------------------------------------

    def edit(self, id: LetterId, statement: StatementId, text: str) -> Letter:
        """The clinician's own words for a statement: theirs from then on, and settled."""
        text = text.strip()
        if not text:
            return self.remove(id, statement)
        return self._change_statement(
            id,
            statement,
            lambda old: (
                replace(old, text=text, support=Support.CLINICIAN_ADDED, flags=(), settled=True, quoted=False)
                if text != old.text
                else old
            ),
        )

    def settle(self, id: LetterId, statement: StatementId) -> Letter:
        """Keep a doubted statement as the clinician's own."""
        return self._change_statement(
            id, statement, lambda old: replace(old, support=Support.CLINICIAN_ADDED, settled=True)
        )

    def remove(self, id: LetterId, statement: StatementId) -> Letter:
        """Take a statement out."""
        return self._change_statement(id, statement, lambda _: None)

    def reword(self, id: LetterId, statement: StatementId, text: str) -> Letter:
        """Other words for the same thing (a term explained, a kinder word), at the clinician's click."""
        letter = self._store.letter(id)
        template, transcript = self._template_of(letter), self._store.transcript(letter.consultation)

        def change(old: Statement) -> Statement:
            return reworded(old, text, section_of(letter, old, template), transcript)

        return self._change_statement(id, statement, change, noted=False)

    def add(self, id: LetterId, section: str, text: str) -> Letter:
        """A statement of the clinician's own under a heading."""
        statement = Statement(text.strip(), support=Support.CLINICIAN_ADDED, settled=True)
        return self._change(id, lambda letter: self._with_statement(letter, section, statement))

    def undo(self, id: LetterId) -> Letter:
        """The letter as it was before the last change in this run of the program."""
        with self._lock:
            history = self._undo.get(id, [])
            if not history:
                raise UsageError("There is nothing to undo.", "The letter is unchanged.")
            letter = self._checked_anew(history[-1])  # the transcript may have been corrected since
            self._store.save_letter(letter)
            history.pop()
            self._note(letter, AuditAction.EDITED, "undo")
            return letter

    # --- what was said but is not written -----------------------------------------------------------

    def add_covered(self, id: LetterId, utterance: UtteranceId) -> Letter:
        """Write what was said into the section where it belongs, quoted, with its evidence."""

        def change(letter: Letter) -> Letter:
            item = self._covered(letter, utterance)
            spec = self._template_of(letter).section(item.section)
            transcript = self._store.transcript(letter.consultation)
            statement = Statement(item.text, evidence=(utterance,), quoted=True)
            if utterance in corrected_utterances(transcript, self._store.corrections(letter.consultation)):
                own = replace(statement, support=Support.CLINICIAN_ADDED, settled=True, quoted=False)
                return self._with_statement(letter, item.section, own)
            return self._with_statement(letter, item.section, check_statement(statement, spec, transcript))

        return self._change(id, change)

    def dismiss_covered(self, id: LetterId, utterance: UtteranceId) -> Letter:
        """Not for this letter; it stays in the transcript."""

        def change(letter: Letter) -> Letter:
            self._covered(letter, utterance)
            items = tuple(
                replace(item, dismissed=True) if item.utterance == utterance else item
                for item in letter.coverage.items
            )
            return replace(letter, coverage=replace(letter.coverage, items=items))

        return self._change(id, change)

    # --- transcript ---------------------------------------------------------------------------------

    def correct_utterance(
        self,
        id: ConsultationId,
        utterance: UtteranceId,
        text: str,
        speaker: SpeakerRole,
        seen_in: LetterId | None = None,
    ) -> list[Letter]:
        """Correct what was heard; drafts are checked again against it. Empty text leaves the words.

        `seen_in` is the letter on screen; every other one that rests on this says so (see `stale`).

        Raises:
            UsageError: there is no such utterance.
        """
        with self._lock:
            old = next((said for said in self._store.transcript(id) if said.id == utterance), None)
            if old is None:
                raise UsageError("This is no longer in the transcript.", "Nothing was changed.")
            self._store.correct_utterance(id, replace(old, text=text.strip() or old.text, speaker=speaker))
            self._tell_transcript(id, {utterance})
            self._several.note_utterances(id, [utterance], self._held(seen_in))
            self._trail.note(AuditAction.EDITED, id, f"utterance {utterance}")
            return self._recheck_drafts(id, frozenset({utterance}))

    def swap_speakers(self, id: ConsultationId, seen_in: LetterId | None = None) -> list[Letter]:
        """Clinician becomes patient and the other way round, throughout."""
        with self._lock:
            swapped = {
                said.id: SWAPPED[said.speaker]
                for said in self._store.transcript(id)
                if said.speaker in SWAPPED
            }
            self._store.set_speakers(id, swapped, by_person=True)
            self._tell_transcript(id, set(swapped))
            self._several.note_utterances(id, swapped, self._held(seen_in))
            self._trail.note(AuditAction.EDITED, id, "speakers swapped")
            return self._recheck_drafts(id)

    def _tell_transcript(self, id: ConsultationId, changed: set[UtteranceId]) -> None:
        until = self._store.transcribed_until(id)
        for utterance in self._store.transcript(id).cited(changed):
            self._bus.publish(UtteranceSettled(id, utterance, until))

    # --- several letters ----------------------------------------------------------------------------

    def stale(self, id: ConsultationId) -> dict[LetterId, tuple[StatementId, ...]]:
        """For each letter of a consultation the statements that rest on what was changed elsewhere."""
        found = self._several.stale(id)
        return {id: tuple(map(StatementId, statements)) for id, statements in found.items()}

    def check_again(self, id: LetterId) -> Letter:
        """Put what rests on a correction elsewhere before the clinician, and check the rest anew."""
        return self._change(id, lambda letter: self._several.checked(letter, self._template_of(letter)))

    def _held(self, id: LetterId | None) -> Letter | None:
        return self._store.letter(id) if id else None

    # --- signing and taking out ---------------------------------------------------------------------

    def sign(self, id: LetterId, name: str, role: str) -> Letter:
        """Freeze the letter under the clinician's name.

        Raises:
            SigningError: something is unsettled, no name is given, or it is signed already.
        """
        with self._lock:
            held = self._store.letter(id)
            if not held.coverage.listed and not self._transcript_is_gone(held):
                raise SigningError(
                    "What was said and is not in this letter has not been listed: its writing was cancelled.",
                    "The letter is kept as it is.",
                    "Choose “List it now” below the letter.",
                )
            draft = anchored(held, self._store.audit_head())
            letter = signed(draft, name, role, self._clock())
            self._store.save_letter(letter)
            self._undo.pop(id, None)
            self._note(letter, AuditAction.SIGNED, f"version {letter.version}")
            self._set_state(letter.consultation, ConsultationState.SIGNED)
            return letter

    def amend(self, id: LetterId) -> Letter:
        """A new draft version of a signed letter; the signed one stays as it is."""
        with self._lock:
            letter = self._store.letter(id)
            if letter.signature is None:
                raise SigningError("This letter is not signed yet.", "It can be edited as it is.")
            draft = self._checked_anew(
                replace(letter, status=LetterStatus.PRELIMINARY, version=letter.version + 1, signature=None)
            )
            for correction in since(letter, self._store.corrections(letter.consultation)):
                draft = self._marked_anew(draft, correction)
            self._store.save_letter(draft)
            self._note(draft, AuditAction.EDITED, f"amendment {draft.version}")
            self._set_state(letter.consultation, ConsultationState.AMENDED)
            return draft

    def take_in(self, letter: Letter) -> None:
        """Keep a letter that was drafted outside the line (scribe draft)."""
        with self._lock:
            letter = self._several.carried(letter, self._template_of(letter))
            self._store.save_letter(letter)
            self._several.note_drafted(letter)
            self._trail.note(AuditAction.DRAFTED, letter.consultation, letter.template)
            self._set_state(letter.consultation, ConsultationState.IN_REVIEW)
            self._bus.publish(LetterReady(letter.consultation, letter))

    def plain_text(self, letter: Letter) -> str:
        """The letter as it is pasted into a record system; DRAFT on top while it is not signed."""
        return plain_text(letter, self._store.consultation(letter.consultation))

    def copied(self, id: LetterId) -> None:
        """Note that the letter went to the clipboard."""
        self._note(self._store.letter(id), AuditAction.COPIED)

    def export(self, id: LetterId, format: ExportFormat) -> bytes:
        """The letter as a file; an unsigned one carries a plain DRAFT mark."""
        letter = self._store.letter(id)
        consultation = self._store.consultation(letter.consultation)
        transcript = self._store.transcript(letter.consultation)
        content = self._exporter.export(letter, consultation, transcript, format)
        self._note(letter, AuditAction.EXPORTED, format)
        return content

    def for_print(self, id: LetterId, where: str = "") -> LetterPage:
        """A signed letter laid out for paper; noted before the printer gets it: it cannot be called back.

        Args:
            id: the letter.
            where: "file" where the printer writes one; for the trail.

        Raises:
            SigningError: it is not signed.
            ExportError: the policy forbids printing, or the letterhead's logo cannot be used.
        """
        letter = self._store.letter(id)
        if letter.signature is None:
            raise SigningError("This letter is not signed yet.", "Nothing was printed.", "Sign it first.")
        page = self._exporter.for_print(letter, self._store.consultation(letter.consultation))
        self._note(letter, AuditAction.PRINTED, where)
        return page

    def print_failed(self, id: LetterId) -> None:
        """Note that the printer did not take it."""
        letter = self._store.letter(id)
        self._trail.note(AuditAction.PRINTED, letter.consultation, f"letter {id}", outcome=FAILED)

    # --- inside -------------------------------------------------------------------------------------

    def _recheck_drafts(
        self, id: ConsultationId, corrected: frozenset[UtteranceId] | None = None
    ) -> list[Letter]:
        return self._change_drafts(id, lambda letter: self._checked_anew(letter, corrected))

    def _on_event(self, event: Event) -> None:
        """Who the patient is goes into the drafts, and into what undo would bring back."""
        if not isinstance(event, PatientChanged):
            return

        def follow(letter: Letter) -> Letter:
            return readdressed(letter, self._template_of(letter), event.before, event.after)

        with self._lock:
            for letter in self._change_drafts(event.consultation, follow):
                if letter.id in self._undo:
                    self._undo[letter.id] = [follow(earlier) for earlier in self._undo[letter.id]]

    def _set_state(self, id: ConsultationId, state: ConsultationState) -> None:
        """Unless the consultation is being worked on: then that says how far it has come."""
        consultation = self._store.change_consultation(
            id, lambda now: now if now.state in UNFINISHED else replace(now, state=state, failure="")
        )
        self._bus.publish(StateChanged(id, consultation.state, consultation))

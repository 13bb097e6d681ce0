"""What the clinician does with a draft: settle, edit, add, correct, sign, amend, take out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from scribe_app.domain.consultation import UNFINISHED, ConsultationState
from scribe_app.domain.documents import plain_text
from scribe_app.domain.events import Event, LetterReady, PatientChanged, StateChanged, UtteranceSettled
from scribe_app.domain.ids import ConsultationId, LetterId, StatementId, UtteranceId
from scribe_app.domain.letter import (
    CoverageItem,
    Letter,
    LetterStatus,
    Section,
    Statement,
    Support,
)
from scribe_app.domain.template import LetterTemplate
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
from scribe_app.services.auditing import AuditTrail
from scribe_app.services.drafting import placed, readdressed, recheck, with_absence, with_coverage
from scribe_app.services.events import EventBus
from scribe_app.services.evidence import check_statement
from scribe_app.services.signing import signed

KEPT_FOR_UNDO = 50
LETTERS_WITH_UNDO = 20
"""Of a whole clinic, only the letters last changed can be taken back: they are held in memory."""
SWAPPED = {SpeakerRole.CLINICIAN: SpeakerRole.PATIENT, SpeakerRole.PATIENT: SpeakerRole.CLINICIAN}


class ReviewService:
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
        self._store = store
        self._templates = templates
        self._exporter = exporter
        self._bus = bus
        self._trail = trail
        self._clock = clock
        self._undo: dict[LetterId, list[Letter]] = {}
        self._lock = threading.RLock()
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
        self, id: ConsultationId, utterance: UtteranceId, text: str, speaker: SpeakerRole
    ) -> list[Letter]:
        """Correct what was heard; drafts are checked again against it. Empty text leaves the words.

        Raises:
            UsageError: there is no such utterance.
        """
        with self._lock:
            old = next((said for said in self._store.transcript(id) if said.id == utterance), None)
            if old is None:
                raise UsageError("This is no longer in the transcript.", "Nothing was changed.")
            self._store.correct_utterance(id, replace(old, text=text.strip() or old.text, speaker=speaker))
            self._tell_transcript(id, {utterance})
            self._trail.note(AuditAction.EDITED, id, f"utterance {utterance}")
            return self._recheck_drafts(id)

    def swap_speakers(self, id: ConsultationId) -> list[Letter]:
        """Clinician becomes patient and the other way round, throughout."""
        with self._lock:
            swapped = {
                said.id: SWAPPED[said.speaker]
                for said in self._store.transcript(id)
                if said.speaker in SWAPPED
            }
            self._store.set_speakers(id, swapped, by_person=True)
            self._tell_transcript(id, set(swapped))
            self._trail.note(AuditAction.EDITED, id, "speakers swapped")
            return self._recheck_drafts(id)

    def _tell_transcript(self, id: ConsultationId, changed: set[UtteranceId]) -> None:
        until = self._store.transcribed_until(id)
        for utterance in self._store.transcript(id).cited(changed):
            self._bus.publish(UtteranceSettled(id, utterance, until))

    # --- signing and taking out ---------------------------------------------------------------------

    def sign(self, id: LetterId, name: str, role: str) -> Letter:
        """Freeze the letter under the clinician's name.

        Raises:
            SigningError: something is unsettled, no name is given, or it is signed already.
        """
        with self._lock:
            letter = signed(self._store.letter(id), name, role, self._clock())
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
            self._store.save_letter(draft)
            self._note(draft, AuditAction.EDITED, f"amendment {draft.version}")
            self._set_state(letter.consultation, ConsultationState.AMENDED)
            return draft

    def take_in(self, letter: Letter) -> None:
        """Keep a letter that was drafted outside the line (scribe draft)."""
        with self._lock:
            self._store.save_letter(letter)
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

    # --- inside -------------------------------------------------------------------------------------

    def _change(self, id: LetterId, change: Callable[[Letter], Letter]) -> Letter:
        with self._lock:
            old = self._store.letter(id)
            if old.signature is not None:
                raise SigningError(
                    "This letter is signed and cannot be changed.",
                    "The signed letter is unchanged.",
                    "Amend it to write a new version.",
                )
            new = self._covered_anew(change(old))
            if new == old:
                return old
            self._store.save_letter(new)
            self._remember(old)
            self._note(new, AuditAction.EDITED)
            return new

    def _remember(self, letter: Letter) -> None:
        """For undo; the letter changed last is the last in the dict."""
        history = self._undo.pop(letter.id, [])
        self._undo[letter.id] = [*history, letter][-KEPT_FOR_UNDO:]
        while len(self._undo) > LETTERS_WITH_UNDO:
            del self._undo[next(iter(self._undo))]

    def _change_statement(
        self, id: LetterId, statement: StatementId, change: Callable[[Statement], Statement | None]
    ) -> Letter:
        def change_letter(letter: Letter) -> Letter:
            if all(old.id != statement for old in letter.statements):
                raise UsageError("This statement is no longer in the letter.", "Nothing was changed.")
            section = next(s for s in letter.sections if any(old.id == statement for old in s.statements))
            kept = (change(old) if old.id == statement else old for old in section.statements)
            changed = replace(section, statements=tuple(new for new in kept if new is not None))
            template = self._template_of(letter)
            spec = next((spec for spec in template.sections if spec.key == section.key), None)
            if spec is not None:  # the template may have been changed since
                changed = with_absence(changed, spec, template.language)
            return placed(letter, template, changed)

        return self._change(id, change_letter)

    def _with_statement(self, letter: Letter, key: str, statement: Statement) -> Letter:
        """The letter with one more statement; its heading is put in reading order when it was left out."""
        if not statement.text:
            return letter
        template = self._template_of(letter)
        spec = next((spec for spec in template.sections if spec.key == key), None)
        if spec is None:
            raise UsageError(f"This letter has no section {key!r}.", "Nothing was changed.")
        empty = Section(key, spec.heading, snomed_code=spec.snomed_code)
        section = next((held for held in letter.sections if held.key == key), empty)
        with_one_more = replace(section, statements=(*section.statements, statement), absent="")
        return placed(letter, template, with_one_more)

    def _covered(self, letter: Letter, utterance: UtteranceId) -> CoverageItem:
        for item in letter.coverage.items:
            if item.utterance == utterance:
                return item
        raise UsageError("That is already in the letter.", "Nothing was changed.")

    def _template_of(self, letter: Letter) -> LetterTemplate:
        """The template it was written with, whatever became of that since."""
        version = letter.provenance.template_version if letter.provenance else 0
        return self._templates.template(letter.template, version)

    def _covered_anew(self, letter: Letter) -> Letter:
        template = self._template_of(letter)
        return with_coverage(letter, template, self._store.transcript(letter.consultation))

    def _checked_anew(self, letter: Letter) -> Letter:
        template = self._template_of(letter)
        return recheck(letter, template, self._store.transcript(letter.consultation))

    def _recheck_drafts(self, id: ConsultationId) -> list[Letter]:
        return self._change_drafts(id, self._checked_anew)

    def _change_drafts(self, id: ConsultationId, change: Callable[[Letter], Letter]) -> list[Letter]:
        """All letters of a consultation, those that are not signed changed."""
        letters = []
        for letter in self._store.letters(id):
            new = change(letter) if letter.signature is None else letter
            if new != letter:
                self._store.save_letter(new)
                self._bus.publish(LetterReady(id, new))
            letters.append(new)
        return letters

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

    def _note(self, letter: Letter, action: AuditAction, detail: str = "") -> None:
        self._trail.note(action, letter.consultation, f"letter {letter.id} {detail}".strip())

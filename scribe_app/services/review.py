"""What the clinician does with a draft: settle, edit, add, correct, sign, amend, take out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from scribe_app.domain.consultation import ConsultationState
from scribe_app.domain.documents import plain_text
from scribe_app.domain.events import LetterReady, StateChanged, UtteranceSettled
from scribe_app.domain.ids import ConsultationId, LetterId, StatementId, UtteranceId
from scribe_app.domain.letter import (
    CoverageItem,
    Letter,
    LetterStatus,
    Section,
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
from scribe_app.services.auditing import AuditTrail
from scribe_app.services.drafting import recheck, with_coverage
from scribe_app.services.events import EventBus
from scribe_app.services.evidence import check_statement
from scribe_app.services.signing import signed

KEPT_FOR_UNDO = 50
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
            letter = history.pop()
            self._store.save_letter(letter)
            self._note(letter, AuditAction.EDITED, "undo")
            return letter

    # --- what was said but is not written -----------------------------------------------------------

    def add_covered(self, id: LetterId, utterance: UtteranceId) -> Letter:
        """Write what was said into the section where it belongs, quoted, with its evidence."""

        def change(letter: Letter) -> Letter:
            item = self._covered(letter, utterance)
            spec = self._templates.template(letter.template).section(item.section)
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
        """Correct what was heard; drafts are checked again against it."""
        with self._lock:
            for old in self._store.transcript(id):
                if old.id == utterance:
                    new = replace(old, text=text.strip() or old.text, speaker=speaker, confidence=1.0)
                    self._store.correct_utterance(id, new)
                    self._bus.publish(UtteranceSettled(id, new, self._store.transcribed_until(id)))
            self._trail.note(AuditAction.EDITED, id, f"utterance {utterance}")
            return self._recheck_drafts(id)

    def swap_speakers(self, id: ConsultationId) -> list[Letter]:
        """Clinician becomes patient and the other way round, throughout."""
        with self._lock:
            until = self._store.transcribed_until(id)
            for old in self._store.transcript(id):
                if old.speaker in SWAPPED:
                    new = replace(old, speaker=SWAPPED[old.speaker])
                    self._store.correct_utterance(id, new)
                    self._bus.publish(UtteranceSettled(id, new, until))
            self._trail.note(AuditAction.EDITED, id, "speakers swapped")
            return self._recheck_drafts(id)

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
            draft = replace(
                letter, status=LetterStatus.PRELIMINARY, version=letter.version + 1, signature=None
            )
            self._store.save_letter(draft)
            self._note(draft, AuditAction.EDITED, f"amendment {draft.version}")
            self._set_state(letter.consultation, ConsultationState.AMENDED)
            return draft

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
            history = self._undo.setdefault(id, [])
            history.append(old)
            del history[:-KEPT_FOR_UNDO]
            self._note(new, AuditAction.EDITED)
            return new

    def _change_statement(
        self, id: LetterId, statement: StatementId, change: Callable[[Statement], Statement | None]
    ) -> Letter:
        def change_letter(letter: Letter) -> Letter:
            if all(old.id != statement for old in letter.statements):
                raise UsageError("This statement is no longer in the letter.", "Nothing was changed.")
            return replace(letter, sections=tuple(change_section(section) for section in letter.sections))

        def change_section(section: Section) -> Section:
            kept = (change(old) if old.id == statement else old for old in section.statements)
            return replace(section, statements=tuple(new for new in kept if new is not None))

        return self._change(id, change_letter)

    def _with_statement(self, letter: Letter, key: str, statement: Statement) -> Letter:
        """The letter with one more statement; its heading is put in reading order when it was left out."""
        if not statement.text:
            return letter
        specs = self._templates.template(letter.template).sections
        by_key = {section.key: section for section in letter.sections}
        if key not in {spec.key for spec in specs}:
            raise UsageError(f"This letter has no section {key!r}.", "Nothing was changed.")
        spec = next(spec for spec in specs if spec.key == key)
        section = by_key.get(key, Section(key, spec.heading, snomed_code=spec.snomed_code))
        by_key[key] = replace(section, statements=(*section.statements, statement), absent="")
        return replace(letter, sections=tuple(by_key[spec.key] for spec in specs if spec.key in by_key))

    def _covered(self, letter: Letter, utterance: UtteranceId) -> CoverageItem:
        for item in letter.coverage.items:
            if item.utterance == utterance:
                return item
        raise UsageError("That is already in the letter.", "Nothing was changed.")

    def _covered_anew(self, letter: Letter) -> Letter:
        template = self._templates.template(letter.template)
        return with_coverage(letter, template, self._store.transcript(letter.consultation))

    def _recheck_drafts(self, id: ConsultationId) -> list[Letter]:
        transcript = self._store.transcript(id)
        letters = []
        for letter in self._store.letters(id):
            if letter.signature is None:
                letter = recheck(letter, self._templates.template(letter.template), transcript)
                self._store.save_letter(letter)
                self._bus.publish(LetterReady(id, letter))
            letters.append(letter)
        return letters

    def _set_state(self, id: ConsultationId, state: ConsultationState) -> None:
        consultation = replace(self._store.consultation(id), state=state)
        self._store.save_consultation(consultation)
        self._bus.publish(StateChanged(id, state, consultation))

    def _note(self, letter: Letter, action: AuditAction, detail: str = "") -> None:
        self._trail.note(action, letter.consultation, f"letter {letter.id} {detail}".strip())

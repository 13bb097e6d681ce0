"""One change to a draft at a time: checked, stored, remembered for undo, audited."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from scribe_app.domain.ids import LetterId, StatementId, UtteranceId
from scribe_app.domain.letter import CoverageItem, Letter, Section, Statement
from scribe_app.domain.template import LetterTemplate
from scribe_app.errors import SigningError, UsageError
from scribe_app.ports import AuditAction, Clock, ConsultationStore, TemplateLibrary
from scribe_app.services.auditing import AuditTrail
from scribe_app.services.drafting import placed, recheck, with_absence, with_coverage
from scribe_app.services.several_letters import SeveralLetters

KEPT_FOR_UNDO = 50
LETTERS_WITH_UNDO = 20
"""Of a whole clinic, only the letters last changed can be taken back: they are held in memory."""


class LetterChanges:
    """Changes letters in the store; what the clinician may ask for stands in ReviewService."""

    def __init__(
        self, store: ConsultationStore, templates: TemplateLibrary, trail: AuditTrail, clock: Clock
    ) -> None:
        self._store = store
        self._templates = templates
        self._trail = trail
        self._undo: dict[LetterId, list[Letter]] = {}
        self._lock = threading.RLock()
        self._several = SeveralLetters(store, templates, clock)

    def _change(self, id: LetterId, change: Callable[[Letter], Letter], detail: str = "") -> Letter:
        """`detail` goes to the audit trail: the kind of change, nobody's words."""
        with self._lock:
            old = self._unsigned(id)
            new = self._covered_anew(change(old))
            if new == old:
                return old
            self._store.save_letter(new)
            self._remember(old)
            self._note(new, AuditAction.EDITED, detail)
            return new

    def _unsigned(self, id: LetterId) -> Letter:
        letter = self._store.letter(id)
        if letter.signature is not None:
            raise SigningError(
                "This letter is signed and cannot be changed.",
                "The signed letter is unchanged.",
                "Amend it to write a new version.",
            )
        return letter

    def _remember(self, letter: Letter) -> None:
        """For undo; the letter changed last is the last in the dict."""
        history = self._undo.pop(letter.id, [])
        self._undo[letter.id] = [*history, letter][-KEPT_FOR_UNDO:]
        while len(self._undo) > LETTERS_WITH_UNDO:
            del self._undo[next(iter(self._undo))]

    def _change_statement(
        self,
        id: LetterId,
        statement: StatementId,
        change: Callable[[Statement], Statement | None],
        noted: bool = True,
    ) -> Letter:
        """`noted`: other letters that rest on the same are told (see `stale`)."""

        def change_letter(letter: Letter) -> Letter:
            held = next((old for old in letter.statements if old.id == statement), None)
            if held is None:
                raise UsageError("This statement is no longer in the letter.", "Nothing was changed.")
            changed_to = change(held)
            if noted:
                self._several.note_edit(letter, held, changed_to.text if changed_to else "")
            section = next(s for s in letter.sections if any(old.id == statement for old in s.statements))
            kept = (changed_to if old.id == statement else old for old in section.statements)
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
        if not letter.coverage.listed:  # its checks were given up half-way
            return self._checked_anew(letter)
        if self._transcript_is_gone(letter):
            return letter
        template = self._template_of(letter)
        return with_coverage(letter, template, self._several.told(letter.consultation))

    def _transcript_is_gone(self, letter: Letter) -> bool:
        """Whether it was erased: then nothing is judged by its absence."""
        return self._store.consultation(letter.consultation).transcript_erased_at is not None

    def _checked_anew(self, letter: Letter, corrected: frozenset[UtteranceId] | None = None) -> Letter:
        if self._transcript_is_gone(letter):
            return letter
        template = self._template_of(letter)
        id = letter.consultation
        told, prior = self._several.told(id), self._store.prior(id)
        return recheck(letter, template, self._store.transcript(id), corrected, told, prior)

    def _note(self, letter: Letter, action: AuditAction, detail: str = "") -> None:
        self._trail.note(action, letter.consultation, f"letter {letter.id} {detail}".strip())

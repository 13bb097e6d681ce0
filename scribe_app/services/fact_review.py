"""What the clinician says of a fact that was heard: it is otherwise, it is not so, or it holds after all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from scribe_app.domain.corrections import Correction, CorrectionKind, in_force, rests_on
from scribe_app.domain.events import FactsCorrected, LetterReady
from scribe_app.domain.fact_corrections import FactState, HeldFact, held_facts, with_marks, without_marks
from scribe_app.domain.facts import Fact, facts_in
from scribe_app.domain.ids import ConsultationId, LetterId, StatementId
from scribe_app.domain.letter import Letter, Section, Statement, Support
from scribe_app.errors import UsageError
from scribe_app.ports import AuditAction, Clock, ConsultationStore, TemplateLibrary
from scribe_app.services.auditing import AuditTrail
from scribe_app.services.drafting import with_coverage
from scribe_app.services.events import EventBus
from scribe_app.services.evidence import check_statement
from scribe_app.services.proposing import ProposedChanges

_DONE = {
    CorrectionKind.FACT: "corrected",
    CorrectionKind.FACT_REJECTED: "rejected",
    CorrectionKind.FACT_RESTORED: "as heard again",
}
"""For the audit trail."""


class FactReview(ProposedChanges):
    """Corrects facts. Drafts that rest on them are marked at once, signed letters say so (see `stale`)."""

    def __init__(
        self,
        store: ConsultationStore,
        templates: TemplateLibrary,
        trail: AuditTrail,
        clock: Clock,
        bus: EventBus,
    ) -> None:
        super().__init__(store, templates, trail, clock)
        self._bus = bus

    def facts(self, id: ConsultationId) -> tuple[HeldFact, ...]:
        """Every fact of a consultation, in the order in which they were said, as it holds now."""
        return self.held(id, facts_in(self._store.transcript(id)))

    def held(self, id: ConsultationId, facts: Iterable[Fact]) -> tuple[HeldFact, ...]:
        """Facts that were read from the transcript already, as they hold now."""
        return held_facts(facts, self._store.corrections(id))

    def correct_fact(self, id: ConsultationId, fact: Fact, text: str) -> list[Letter]:
        """The fact in the clinician's words; as it was heard, it is taken back to that.

        What was said stays in the transcript. Returns the letters of the consultation.

        Raises:
            UsageError: the words are empty, or the fact is no longer what was heard.
        """
        text = " ".join(text.split())
        if not text:
            raise UsageError("A fact needs words.", "Nothing was changed.", "Reject it if it is not so.")
        if text == fact.text:
            return self.restore_fact(id, fact)
        return self._say_of_fact(id, fact, CorrectionKind.FACT, text)

    def reject_fact(self, id: ConsultationId, fact: Fact) -> list[Letter]:
        """The fact is not so: what rests on it must be settled, and it is not listed as left out.

        Raises:
            UsageError: the fact is no longer what was heard.
        """
        return self._say_of_fact(id, fact, CorrectionKind.FACT_REJECTED)

    def restore_fact(self, id: ConsultationId, fact: Fact) -> list[Letter]:
        """The fact as it was heard: what was corrected or rejected is taken back, and the marks with it.

        Raises:
            UsageError: the fact is no longer what was heard.
        """
        return self._say_of_fact(id, fact, CorrectionKind.FACT_RESTORED)

    def put_fact_in(self, id: LetterId, statement: StatementId) -> Letter:
        """The words that the clinician gave a fact, in the place of a statement that rests on it.

        Raises:
            SigningError: the letter is signed.
            UsageError: no corrected fact is told by it any more.
        """
        letter = self._unsigned(id)
        held = next((one for one in letter.statements if one.id == statement), None)
        corrections = [
            one
            for one in in_force(self._store.corrections(letter.consultation))
            if one.kind is CorrectionKind.FACT and held and rests_on(held, one, letter.language)
        ]
        if held is None or not corrections:
            raise UsageError("This rests on no corrected fact any more.", "The letter is unchanged.")
        new = Statement(corrections[-1].after, Support.CLINICIAN_ADDED, held.evidence, settled=True)
        return self._change_statement(id, statement, lambda old: replace(new, id=old.id))

    def _say_of_fact(
        self, id: ConsultationId, fact: Fact, kind: CorrectionKind, text: str = ""
    ) -> list[Letter]:
        with self._lock:
            held = next((one for one in self.facts(id) if _same(one.fact, fact)), None)
            if held is None:
                raise UsageError(
                    "This is no longer what was heard: the words were corrected.", "Nothing was changed."
                )
            if held.state is FactState.HEARD and kind is CorrectionKind.FACT_RESTORED:
                return list(self._store.letters(id))
            correction = self._several.note_fact(id, kind, fact, text)
            self._trail.note(AuditAction.EDITED, id, f"fact {fact.id} {_DONE[kind]}")

            def follow(letter: Letter) -> Letter:
                return self._marked_anew(letter, correction)

            letters = self._change_drafts(id, follow)
            for letter in letters:
                if letter.id in self._undo:
                    self._undo[letter.id] = [follow(earlier) for earlier in self._undo[letter.id]]
            self._bus.publish(FactsCorrected(id))
            return letters

    def _marked_anew(self, letter: Letter, correction: Correction) -> Letter:
        """The letter with the marks of this correction in the place of any earlier one of the fact."""
        if self._transcript_is_gone(letter):
            return letter
        template = self._template_of(letter)
        transcript = self._store.transcript(letter.consultation)

        def check(section: Section, statement: Statement) -> Statement:
            spec = next((one for one in template.sections if one.key == section.key), None)
            return check_statement(statement, spec, transcript) if spec else statement

        letter = without_marks(letter, correction, check)
        if correction.kind is not CorrectionKind.FACT_RESTORED:
            letter = with_marks(letter, correction)
        return with_coverage(letter, template, self._several.told(letter.consultation))

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


def _same(one: Fact, other: Fact) -> bool:
    return (one.utterances, one.text) == (other.utterances, other.text)


def since(letter: Letter, corrections: tuple[Correction, ...]) -> list[Correction]:
    """What was said of facts since a letter was signed; it was marked for everything before."""
    assert letter.signature is not None
    signed = letter.signature.signed_at
    kinds = (CorrectionKind.FACT, CorrectionKind.FACT_REJECTED)
    return [one for one in in_force(corrections) if one.kind in kinds and one.at > signed]

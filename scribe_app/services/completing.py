"""A drafted letter as a whole: checked beside the coordinator against what holds, and stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scribe_app.domain.corrections import Correction
from scribe_app.domain.events import DrafterReady
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.letter import Letter
from scribe_app.domain.prior_letters import PriorLetter
from scribe_app.domain.template import LetterTemplate
from scribe_app.domain.transcript import Transcript
from scribe_app.ports import ConsultationStore
from scribe_app.services.checking import Checks
from scribe_app.services.drafting import LetterDraft, readdressed, recheck
from scribe_app.services.several_letters import SeveralLetters


@dataclass(frozen=True, slots=True)
class Known:
    """What a letter was checked against; checked anew where it is no longer that."""

    transcript: Transcript
    corrections: tuple[Correction, ...]
    prior: Sequence[PriorLetter]


class LetterCompletion:
    """The half of Writing that checks a letter as a whole."""

    _id: ConsultationId
    _store: ConsultationStore
    _several: SeveralLetters
    _checks: Checks
    _draft: LetterDraft | None
    _drafter: DrafterReady
    _cancelled: bool
    _completing: bool
    _checked_against: Known | None
    drop: Callable[[], None]

    def complete(self, read_until: float, facts_until: float, then: Callable[[Letter], None]) -> None:
        """Check the letter as a whole, and hand it over; nothing is stored.

        What was typed or corrected while it was written counts, also what is corrected meanwhile. Once the
        clinician has cancelled, a list that takes long is not made: the letter says so.
        """
        if self._draft is not None and not self._completing:
            self._completing = True
            self._complete(self._draft, read_until, facts_until, then)

    def _complete(
        self, draft: LetterDraft, read_until: float, facts_until: float, then: Callable[[Letter], None]
    ) -> None:
        known = self._known()
        draft.consultation = self._store.consultation(self._id)
        if self._cancelled:
            self._checks.hurry()

        def made() -> Letter:
            return self._made(draft, known, read_until, facts_until)

        def take(letter: Letter | None) -> None:
            if letter is None:
                self._checked_against = None
                then(self._made(draft, known, read_until, facts_until, listed=False))
            elif self._known() != known:
                self._complete(draft, read_until, facts_until, then)
            else:
                self._checked_against = known
                now = self._store.consultation(self._id)
                then(readdressed(letter, draft.template, draft.consultation, now))

        self._checks.run(made, take)

    def _made(
        self,
        draft: LetterDraft,
        known: Known,
        read_until: float,
        facts_until: float,
        *,
        listed: bool = True,
    ) -> Letter:
        letter = draft.finish(self._drafter, read_until, facts_until, listed=listed)
        letter = self._several.carried(letter, draft.template, listed=listed)
        if listed and known.transcript != draft.checked_with:
            letter = self._rechecked(letter, draft.template, known)
        return letter

    def _known(self) -> Known:
        store, id = self._store, self._id
        return Known(store.transcript(id), store.corrections(id), tuple(store.prior(id)))

    def _rechecked(self, letter: Letter, template: LetterTemplate, known: Known) -> Letter:
        return recheck(
            letter, template, known.transcript, told=self._several.told(self._id), prior=known.prior
        )

    def finish(self, letter: Letter) -> Letter:
        """The letter, stored."""
        assert self._draft is not None
        template = self._draft.template
        self.drop()
        self._store.save_letter(letter)
        self._several.note_drafted(letter)
        checked, now = self._checked_against, self._known()  # after storing: what comes later finds it there
        if checked is not None and now.transcript != checked.transcript:
            letter = self._rechecked(letter, template, now)
            self._store.save_letter(letter)
        return letter

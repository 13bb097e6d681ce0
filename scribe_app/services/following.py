"""A letter under way follows what the clinician corrects: at once on screen, and in what is to come."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from scribe_app.domain.corrections import FACTS, Correction
from scribe_app.domain.events import StatementDrafted
from scribe_app.domain.fact_corrections import told_now
from scribe_app.domain.ids import ConsultationId, UtteranceId
from scribe_app.domain.letter import Statement
from scribe_app.domain.transcript import Transcript, Utterance
from scribe_app.ports import ConsultationStore
from scribe_app.services.checking import Checks
from scribe_app.services.drafting import LetterDraft, Placed
from scribe_app.services.engines import Engines
from scribe_app.services.events import EventBus


class CorrectionFollowing:
    """The half of Writing that hears of corrected facts and utterances."""

    _id: ConsultationId
    _store: ConsultationStore
    _bus: EventBus
    _engines: Engines
    _checks: Checks
    _draft: LetterDraft | None
    _completing: bool
    _section: str
    _corrections: tuple[Correction, ...]
    after_checks: Callable[[Callable[[], None]], None]

    def on_facts_corrected(self) -> None:
        """The drafter hears of it for what is not written yet; what rests on it already is marked."""
        if self._draft is not None and not self._completing:
            corrections = self._store.corrections(self._id)
            told = partial(told_now, self._draft.transcript, corrections)
            self._checks.run(told, partial(self._follow, corrections))

    def _follow(self, corrections: tuple[Correction, ...], told: Transcript | None) -> None:
        draft = self._draft
        if draft is None or told is None:
            return
        new = [one for one in corrections[len(self._corrections) :] if one.kind in FACTS]
        self._corrections = corrections
        self._tell_drafter(draft, told)
        for correction in new:
            self._show(draft.follow(correction))

    def on_said_corrected(self) -> None:
        """The same for words or speakers of utterances; however many were corrected, this asks once."""
        draft = self._draft
        if draft is None or self._completing:
            return  # a letter that is being completed is held against what is stored at its end
        now, corrections = self._store.transcript(self._id), self._store.corrections(self._id)
        if now != draft.transcript:
            self._checks.run(partial(told_now, now, corrections), partial(self._hold_against, draft, now))

    def _hold_against(self, draft: LetterDraft, now: Transcript, told: Transcript | None) -> None:
        if draft is not self._draft or told is None:
            return
        corrected = frozenset(one.id for one in _changed(draft.transcript, now))
        draft.transcript = now
        self._tell_drafter(draft, told)
        # What is being checked now was read with the old words: it is looked at once more when it is there.
        self.after_checks(partial(self._recheck, draft, now, corrected))

    def _recheck(self, draft: LetterDraft, now: Transcript, corrected: frozenset[UtteranceId]) -> None:
        if draft is self._draft:
            before = draft.resting_on(corrected)
            again = partial(draft.rechecked, before, now, corrected)
            self._checks.run(again, partial(self._take_rechecked, draft, now, before))

    def _take_rechecked(
        self, draft: LetterDraft, now: Transcript, before: list[Placed], after: list[Placed] | None
    ) -> None:
        if draft is self._draft and after is not None:
            if draft.put(before, after):
                draft.checked_with = now
            self._show(one for one, old in zip(after, before, strict=True) if one != old)

    def _tell_drafter(self, draft: LetterDraft, told: Transcript) -> None:
        changed = _changed(draft.told, told)
        draft.told = told
        self._engines.correct(changed)

    def _show(self, statements: Iterable[tuple[str, Statement]]) -> None:
        for section, statement in statements:
            if not self._section:
                self._bus.publish(StatementDrafted(self._id, section, statement))


def _changed(before: Transcript, now: Transcript) -> list[Utterance]:
    """Utterances that tell something else, or are told by someone else, now."""
    known = {one.id: one for one in before}
    return [one for one in now if known.get(one.id) != one]

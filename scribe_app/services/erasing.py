"""Erases what is held of consultations, with a receipt for each part, and the sealed files with it.

Also what a patient's objection or withdrawal means for what was recorded.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scribe_app.domain.consultation import Consultation, ConsultationState, Informed
from scribe_app.domain.erasure import Erasure, Part, Why
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.readings import clear_readings
from scribe_app.domain.recording import Recording
from scribe_app.errors import ScribeError, StorageError
from scribe_app.language import later
from scribe_app.paths import UserFolders
from scribe_app.ports import AuditAction, ConsultationStore
from scribe_app.services.auditing import AuditTrail
from scribe_app.services.coordinator import Coordinator

if TYPE_CHECKING:
    from scribe_app.services.line import Line
    from scribe_app.services.recovery import Recovery

log = logging.getLogger(__name__)

CAPTURED = (Part.AUDIO, Part.TRANSCRIPT)
"""What a patient who objects had recorded of them."""
REFUSED = frozenset({Informed.OBJECTED, Informed.WITHDRAWN})
SETTLED = frozenset({ConsultationState.SIGNED, ConsultationState.AMENDED})


def audio_gone(recording: Recording) -> str:
    """Since when there is nothing to hear."""
    if recording.erased_at is None:
        return later("The key of this audio is gone.")
    day = recording.erased_at.astimezone()
    return later(f"The audio was erased on {day.day} {day:%B %Y}.")


@dataclass(frozen=True, slots=True)
class Erasing:
    """Keys and rows first, which is what counts; then the files that nothing opens any more."""

    store: ConsultationStore
    trail: AuditTrail
    folders: UserFolders

    def erase(self, erasures: Sequence[Erasure]) -> None:
        """Erase for good, all in one step.

        Raises:
            StorageError: nothing was erased; or everything was, but sealed files are still there.
        """
        receipts = [
            self.trail.entry(AuditAction.DELETED, one.consultation, one.why.value, object=one.part.value)
            for one in erasures
        ]
        self.store.erase(erasures, receipts, self.trail.clock())
        clear_readings()
        silenced = {one.consultation for one in erasures if one.part in (Part.AUDIO, Part.CONSULTATION)}
        left = [id for id in sorted(silenced) if not self._remove_files(id)]
        if left:
            raise StorageError(
                "Sealed audio files could not be removed.",
                "What they belong to is erased, and with its key gone nobody can open them.",
                f"Remove {left[0]} from {self.folders.recordings}.",
            )

    def refused(self, id: ConsultationId, informed: Informed, letters: bool) -> list[Erasure]:
        """What goes when a patient objects or withdraws.

        Letters and typed notes stay when a letter is signed already, or `letters` says so; drafts made from
        what a patient objects to do not.
        """
        why = Why.WITHDRAWN if informed is Informed.WITHDRAWN else Why.OBJECTED
        parts = list(CAPTURED)
        if letters:
            parts += [Part.NOTES, Part.LETTERS]
        elif informed is Informed.OBJECTED and all(one.signature is None for one in self.store.letters(id)):
            parts.append(Part.LETTERS)
        return [Erasure(id, part, why) for part in parts]

    def _remove_files(self, id: ConsultationId) -> bool:
        folder = self.folders.recordings / id
        try:
            if folder.exists():
                shutil.rmtree(folder)
        except OSError as error:
            log.warning("the files of %s stay: errno %s", id, error.errno)
            return False
        return True


class ErasingWork:
    """The half of the ConsultationService that erases."""

    _store: ConsultationStore
    _trail: AuditTrail
    _coordinator: Coordinator
    _erasing: Erasing
    _recovery: Recovery
    _lines: dict[ConsultationId, Line]
    _settle: Callable[[ConsultationId], None]
    _change: Callable[..., Consultation]

    def delete(self, id: ConsultationId, why: Why = Why.CLINICIAN) -> None:
        """Erase a consultation with its audio, transcript and letters."""
        self.delete_all([id], why)

    def delete_all(self, ids: Sequence[ConsultationId], why: Why) -> None:
        """Erase these with all that belongs to them, in one step; what is being worked on is ended first."""

        def run() -> None:
            for id in ids:
                self._let_go(id)
            self._erasing.erase([Erasure(id, Part.CONSULTATION, why) for id in ids])

        self._coordinator.call(run)

    def erase(self, erasures: Sequence[Erasure]) -> list[Erasure]:
        """Erase parts of consultations, but of none that is being worked on. Returns what was erased."""

        return self._coordinator.call(lambda: self._erase_idle(erasures))

    def erase_soon(self, erasures: Sequence[Erasure]) -> None:
        """The same when it is its turn, for whoever must not wait; what fails is for the next run."""

        def run() -> None:
            try:
                self._erase_idle(erasures)
            except ScribeError as error:
                log.warning("%d parts not erased: %s", len(erasures), type(error).__name__)

        self._coordinator.post(run)

    def _erase_idle(self, erasures: Sequence[Erasure]) -> list[Erasure]:
        idle = [one for one in erasures if one.consultation not in self._lines]
        self._erasing.erase(idle)
        return idle

    def set_informed(self, id: ConsultationId, informed: Informed, letters: bool = False) -> Consultation:
        """Note what the patient was told, by whom and when.

        Objected or withdrawn: recording stops at once, and audio and transcript are erased, with an objection
        also what was drafted from them; `letters` erases signed letters and typed notes, too.
        """
        return self._coordinator.call(lambda: self._set_informed(id, informed, letters))

    def _set_informed(self, id: ConsultationId, informed: Informed, letters: bool) -> Consultation:
        self._store.consultation(id)  # raises StorageError for an unknown id
        if informed in REFUSED:
            self._let_go(id)
            self._erasing.erase(self._erasing.refused(id, informed, letters))
        at, by = self._trail.clock(), self._trail.user

        def change(now: Consultation) -> Consultation:
            stated = replace(now, informed=informed, informed_at=at, informed_by=by)
            if informed not in REFUSED or (now.state in SETTLED and not letters):
                return stated
            return replace(stated, state=ConsultationState.IN_REVIEW, failure="")

        return self._change(id, change, AuditAction.INFORMED, informed.value)

    def _let_go(self, id: ConsultationId) -> None:
        """End all work on it at once."""
        self._recovery.forget(id)
        line = self._lines.pop(id, None)
        if line is not None:
            line.abandon()
        self._settle(id)

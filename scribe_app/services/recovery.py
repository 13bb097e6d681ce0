"""Interrupted consultations: brought back at once, finished one after the other when there is time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from scribe_app.domain.consultation import UNFINISHED, Consultation, ConsultationState
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.template import LetterTemplate
from scribe_app.errors import ScribeError, StorageError
from scribe_app.paths import UserFolders
from scribe_app.ports import AudioRecorder, AuditAction, ConsultationStore
from scribe_app.services.auditing import AuditTrail
from scribe_app.services.line import Line


@dataclass(frozen=True, slots=True)
class RecoveryParts:
    """What recovery works with; `lines` are those at work, shared with the service."""

    store: ConsultationStore
    recorder: AudioRecorder
    folders: UserFolders
    trail: AuditTrail
    lines: dict[ConsultationId, Line]
    new_line: Callable[[Consultation], Line]


class Recovery:
    """Takes interrupted consultations up again, the newest first, never beside anything else at work.

    A recording always wins: the one that is being taken up when Start is pressed goes back to the head of
    the queue. All calls come from the coordinator thread.
    """

    def __init__(self, parts: RecoveryParts) -> None:
        self._parts, self._lines = parts, parts.lines
        self._waiting: deque[ConsultationId] = deque()
        self._at_work: ConsultationId | None = None

    def interrupted(self) -> list[ConsultationId]:
        """What was under way when the program ended, the newest first."""
        known = {*self._lines, *self._waiting}
        return [
            value.id
            for value in self._parts.store.consultations()
            if value.state in UNFINISHED and value.id not in known
        ]

    def bring_back(self, id: ConsultationId) -> Consultation | None:
        """Know what is recorded of it; its transcript waits its turn. None where that failed (told)."""
        line = self._parts.new_line(self._parts.store.consultation(id))
        self._parts.trail.note(AuditAction.RECOVERED, id)
        try:
            if line.consultation.state is ConsultationState.DRAFTING and self._parts.store.letters(id):
                line.return_to_review()  # it was not the first letter: nothing is written unasked
            else:
                line.check_models()
                self._look_at_journal(line)
                self._waiting.append(id)
        except ScribeError as error:
            line.fail(error)
            return None
        return line.consultation

    def take_up_next(self) -> None:
        """The next interrupted consultation, once nothing else is at work."""
        while not self._lines and self._waiting:
            id = self._at_work = self._waiting.popleft()
            line = self._lines[id] = self._parts.new_line(self._parts.store.consultation(id))
            try:
                line.check_models()
                line.take_up(self._key(id), self._parts.folders.recordings / id)
            except ScribeError as error:
                line.fail(error)
            if line.idle:
                del self._lines[id]

    def take_up(self, line: Line, template: LetterTemplate) -> None:
        """A person wants this one now: transcribe what is left of it, then write this letter."""
        id = line.consultation.id
        self.forget(id)
        line.check_models()
        self._look_at_journal(line)
        line.take_up(self._key(id), self._parts.folders.recordings / id, template)

    def give_way(self) -> None:
        """A recording begins: what is being taken up again waits until it has ended."""
        id, self._at_work = self._at_work, None
        line = self._lines.pop(id, None) if id is not None else None
        if id is not None and line is not None:
            line.abandon()
            self._waiting.appendleft(id)

    def forget(self, id: ConsultationId) -> None:
        """It came to its end, was deleted, or a person took it up."""
        if id in self._waiting:
            self._waiting.remove(id)
        if id == self._at_work:
            self._at_work = None

    def _look_at_journal(self, line: Line) -> None:
        id = line.consultation.id
        key = self._key(id)
        line.bring_back(self._parts.recorder.recover(id, self._parts.folders.recordings / id, key), key)

    def _key(self, id: ConsultationId) -> bytes:
        held = self._parts.store.recording(id)
        if held is None or not held[1]:
            raise StorageError("An interrupted consultation has no recording.", "Its transcript is kept.")
        return held[1]

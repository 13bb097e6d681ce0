"""What goes on while the vault is locked: the microphone, and nothing else.

The database is closed and its key is gone, so nothing can be stored. A running recording has a key of its
own and writes into its journal; the journal is the queue. So the recogniser is ended rather than fed into a
second store: at unlocking it starts at the first sample that is not in the transcript, and nothing that was
said is lost, at the price of catching up then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from scribe_app.domain.consultation import Consultation, PatientIdentity
from scribe_app.domain.events import (
    CaptureWarned,
    Event,
    GapRecorded,
    RecordingClosed,
    RecordingPaused,
    RecordingResumed,
    WorkerFailed,
    WorkerKind,
)
from scribe_app.domain.ids import ConsultationId
from scribe_app.errors import ScribeError
from scribe_app.ports import ActiveRecording
from scribe_app.services.coordinator import Coordinator
from scribe_app.services.engines import Engines
from scribe_app.services.events import EventBus
from scribe_app.services.transcribing import Transcribing
from scribe_app.services.voices import Voices
from scribe_app.services.writing import Writing

if TYPE_CHECKING:
    from scribe_app.services.line import Line, LineParts

OF_THE_RECORDER = (RecordingPaused, RecordingResumed, RecordingClosed, GapRecorded, CaptureWarned)
"""What is told while the vault is locked: nothing of it is about what was said."""


GIVEN_UP_SECONDS = 0.2
"""Longer than a step of the checks takes."""


class LockableLine:
    """The half of a Line that locks."""

    consultation: Consultation
    recording: ActiveRecording | None
    locked = False
    _parts: LineParts
    _engines: Engines
    _transcribing: Transcribing
    _writing: Writing
    _voices: Voices
    _end_work: Callable[[], None]
    _read_along: Callable[[], None]

    def lock(self) -> bool:
        """The vault closes: only a recording goes on (True), and nothing of the patient stays here."""
        self.locked = True
        self._writing.drop(GIVEN_UP_SECONDS)
        self._end_work()
        self.consultation = replace(self.consultation, patient=PatientIdentity(), notes="")
        return self.recording is not None

    def unlock(self) -> None:
        """Transcription goes on at the next sample, and the drafter reads what there is again."""
        self.locked = False
        self.consultation = self._parts.store.consultation(self.consultation.id)
        self._transcribing.resume()
        self._read_along()
        said = self._parts.store.transcript(self.consultation.id).utterances
        self._engines.read(said)
        self._voices.hear(said)  # whoever told voices apart was ended too, and forgot who was who


class LockableWork:
    """The half of the ConsultationService that locks."""

    _coordinator: Coordinator
    _bus: EventBus
    _lines: dict[ConsultationId, Line]
    _handle: Callable[[Event], None]
    _waiting: list[Event] | None = None
    """While locked: what the recorder said, in order."""

    def lock(self) -> None:
        """The vault closes. A recording goes on; lines that only worked are let go, and recovered later."""
        self._coordinator.call(self._lock)

    def unlock(self) -> None:
        """The vault is open again: take up the recording and what its recorder said meanwhile."""
        self._coordinator.call(self._unlock)

    def waits_with(self, event: Event) -> bool:
        """While locked, keep what the recorder says for later. Any other event is dropped.

        Speech that was settled in the last moment is not stored, so it will be told again.
        """
        if self._waiting is None:
            return False
        recorder_failed = isinstance(event, WorkerFailed) and event.worker is WorkerKind.RECORDER
        if isinstance(event, OF_THE_RECORDER) or recorder_failed:
            self._waiting.append(event)
            self._bus.publish(event)
        return True

    def _lock(self) -> None:
        if self._waiting is None:
            self._waiting = []
            for id, line in tuple(self._lines.items()):
                if not line.lock():
                    del self._lines[id]  # in place: recovery looks at the same lines

    def _unlock(self) -> None:
        waited, self._waiting = self._waiting or [], None
        for line in tuple(self._lines.values()):
            if not line.locked:
                continue
            try:
                line.unlock()
            except ScribeError as error:
                line.fail(error)
        for event in waited:
            self._handle(event)

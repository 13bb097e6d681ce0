"""The recorder: microphone (or a playing file) to sealed journal, in a process of its own."""

from __future__ import annotations

import queue
from pathlib import Path
from typing import Any

from scribe_app.adapters.journal import JournalReader, recover
from scribe_app.adapters.recorder import child
from scribe_app.adapters.recorder.commands import Pause, Resume
from scribe_app.adapters.worker import Stop, WorkerProcess
from scribe_app.domain.events import Event, RecordingClosed, WorkerFailed, WorkerKind
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import Recording
from scribe_app.errors import EngineError, MicrophoneError, ScribeError
from scribe_app.ports import EventSink, Microphone, RecordingRequest

__all__ = ["ProcessRecorder"]

LISTING_SECONDS = 15.0


class ProcessRecorder:
    """AudioRecorder over PortAudio and soundfile. PortAudio never lives in this process."""

    def __init__(self) -> None:
        self._standing_by: RecorderProcess | None = None
        self._keeps_one_ready = False

    def prepare(self) -> None:
        """Keep a recorder process ready, so that Start hears at once and not after loading.

        Spawning takes one to two seconds on a busy computer, in which a patient begins to speak.
        """
        self._keeps_one_ready = True
        if self._standing_by is None or not self._standing_by.alive:
            self._standing_by = RecorderProcess()

    def close(self) -> None:
        """End the process that stands by; recordings under way go on."""
        self._keeps_one_ready = False
        if self._standing_by is not None:
            self._standing_by.kill()
            self._standing_by = None

    def microphones(self) -> list[Microphone]:
        """Input devices now present, the default first.

        Raises:
            MicrophoneError: audio cannot be asked.
        """
        answers: queue.SimpleQueue[list[Microphone] | ScribeError | None] = queue.SimpleQueue()
        worker = WorkerProcess("microphones", child.list_microphones, (), answers.put, answers.put)
        try:
            answer = answers.get(timeout=LISTING_SECONDS)
        except queue.Empty:
            worker.kill()
            answer = None
        if isinstance(answer, MicrophoneError):
            raise answer
        if not isinstance(answer, list):
            raise MicrophoneError(
                "The computer's audio does not answer.",
                "Nothing was changed.",
                "Restart the computer's audio.",
            )
        return answer

    def start(self, request: RecordingRequest, sink: EventSink) -> RecorderProcess:
        """Start recording. RecordingStarted follows, or WorkerFailed; a FileSource ends by itself."""
        ready, self._standing_by = self._standing_by, None
        active = ready if ready is not None and ready.alive else RecorderProcess()
        active.begin(request, sink)
        if self._keeps_one_ready:
            self.prepare()
        return active

    def recover(self, consultation: ConsultationId, folder: Path, key: bytes) -> Recording:
        """What an interrupted journal still holds, with its gaps. Raises RecordingError."""
        return recover(consultation, folder, key)

    def read(self, folder: Path, key: bytes, start: int, end: int) -> bytes:
        """16 kHz mono s16le audio of samples [start, end). Raises RecordingError."""
        reader = JournalReader(folder, key)
        return reader.read(max(0, start), max(0, start, end)).astype("<i2").tobytes()


class RecorderProcess:
    """One recorder process: stands by until it is told what to record, then records that."""

    def __init__(self) -> None:
        self._consultation = ConsultationId("")
        self._sink: EventSink | None = None
        self._closed = False
        self._worker = WorkerProcess("recorder", child.record, (), self._receive, self._end)

    def begin(self, request: RecordingRequest, sink: EventSink) -> None:
        """Record this; once."""
        self._consultation, self._sink = request.consultation, sink
        self._worker.send(request)

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._worker.alive

    @property
    def pid(self) -> int | None:
        """The recorder's process id."""
        return self._worker.pid

    def pause(self) -> None:
        """Close the microphone and note the gap; RecordingPaused follows."""
        self._worker.send(Pause())

    def resume(self) -> None:
        """Open the microphone again; RecordingResumed follows."""
        self._worker.send(Resume())

    def stop(self) -> None:
        """Seal what is left and end the journal cleanly; RecordingClosed follows."""
        self._worker.send(Stop())

    def kill(self) -> None:
        """End the process at once; what is sealed stays."""
        self._worker.kill()

    def join(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds until the process has ended and all its events were delivered."""
        return self._worker.join(timeout)

    def _receive(self, message: Any) -> None:
        if isinstance(message, Event) and self._sink is not None:
            self._closed |= isinstance(message, RecordingClosed)
            self._sink(message)

    def _end(self, error: ScribeError | None) -> None:
        if error is None or self._sink is None:
            return
        if self._closed and isinstance(error, EngineError):
            return  # the journal has its clean end, so how the process ended after it harms nobody
        self._sink(WorkerFailed(self._consultation, WorkerKind.RECORDER, error))

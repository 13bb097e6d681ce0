"""The recorder: microphone (or a playing file) to sealed journal, in a process of its own."""

from __future__ import annotations

import queue
import threading
from pathlib import Path

from scribe_app.adapters.importing import file_seconds
from scribe_app.adapters.journal import JournalReader, recover
from scribe_app.adapters.recorder import child
from scribe_app.adapters.recorder.imported import RecordedImport
from scribe_app.adapters.recorder.process import RecorderProcess
from scribe_app.adapters.recorder.supervision import SupervisedRecording
from scribe_app.adapters.worker import WorkerProcess
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import Recording
from scribe_app.errors import MicrophoneError, ScribeError
from scribe_app.ports import EventSink, ImportSource, Microphone, RecordingRequest

__all__ = ["ProcessRecorder", "SupervisedRecording"]

LISTING_SECONDS = 15.0


class ProcessRecorder:
    """AudioRecorder over PortAudio and soundfile. PortAudio never lives in this process."""

    def __init__(self) -> None:
        self._standing_by: RecorderProcess | None = None
        self._keeps_one_ready = False
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Keep a recorder process ready, so that Start hears at once and not after loading.

        Spawning takes one to two seconds on a busy computer, in which a patient begins to speak.
        """
        with self._lock:
            self._keeps_one_ready = True
            if self._standing_by is None or not self._standing_by.alive:
                self._standing_by = RecorderProcess()

    def close(self) -> None:
        """End the process that stands by; recordings under way go on."""
        with self._lock:
            self._keeps_one_ready = False
            ready, self._standing_by = self._standing_by, None
        if ready is not None:
            ready.kill()

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

    def start(self, request: RecordingRequest, sink: EventSink) -> SupervisedRecording | RecordedImport:
        """Start recording. RecordingStarted follows, or WorkerFailed; a FileSource ends by itself."""
        if isinstance(request.source, ImportSource):
            return RecordedImport(request, sink)
        return SupervisedRecording(request, sink, self._take_process)

    def _take_process(self) -> RecorderProcess:
        """The one that stands by, or a new one; from any thread."""
        with self._lock:
            ready, self._standing_by = self._standing_by, None
        process = ready if ready is not None and ready.alive else RecorderProcess()
        if self._keeps_one_ready:
            self.prepare()
        return process

    def file_seconds(self, path: Path) -> float:
        """How long a foreign audio file says that it is; 0 where it does not say.

        Raises:
            AudioFileError: it cannot be imported.
            EngineError: no process can be started to look at it.
        """
        return file_seconds(path)

    def recover(self, consultation: ConsultationId, folder: Path, key: bytes) -> Recording:
        """What an interrupted journal still holds, with its gaps. Raises RecordingError."""
        return recover(consultation, folder, key)

    def read(self, folder: Path, key: bytes, start: int, end: int) -> bytes:
        """16 kHz mono s16le audio of samples [start, end). Raises RecordingError."""
        reader = JournalReader(folder, key)
        return reader.read(max(0, start), max(0, start, end)).astype("<i2").tobytes()

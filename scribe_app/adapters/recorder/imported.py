"""A foreign audio file to sealed journal: one process decodes and has no key, another seals counted bytes."""

from __future__ import annotations

import signal
from multiprocessing.connection import Connection
from typing import Any

from scribe_app.adapters.importing import FrameStream, ImportProcess
from scribe_app.adapters.journal import JournalWriter, WriterTerms
from scribe_app.adapters.recorder.child import FAST_SYNC_SECONDS, Outbox, hush_native_output
from scribe_app.adapters.recorder.line import RecordingLine
from scribe_app.adapters.recorder.playing import FAST_BLOCK_SECONDS, PlayingFrames
from scribe_app.adapters.worker import Stop, WorkerProcess
from scribe_app.domain.events import Event, RecordingClosed, WorkerFailed, WorkerKind
from scribe_app.errors import EngineError, ScribeError
from scribe_app.ports import EventSink, ImportSource, RecordingRequest

NICENESS = 5
"""A recording that runs beside it comes first."""


def record_import(parent: Connection, request: RecordingRequest, frames: Connection) -> None:
    """Process main: seal what the import process sends, until it ends, Stop comes, or the parent is gone."""
    hush_native_output()
    assert isinstance(request.source, ImportSource)
    audio = PlayingFrames(FrameStream(frames, request.source.path.name), 0.0)
    audio.open()  # before the journal: a file without audio shall leave no empty recording
    outbox = Outbox(parent)
    try:
        writer = JournalWriter(
            request.folder, request.key, request.consultation, WriterTerms(FAST_SYNC_SECONDS)
        )
        line = RecordingLine(request, audio, writer, outbox.post)
        signal.signal(signal.SIGTERM, lambda *_: line.ask_to_stop())
        line.run(parent)
    finally:
        outbox.close()


class RecordedImport:
    """An import under way (ActiveRecording). It ends by itself, with RecordingClosed or WorkerFailed."""

    def __init__(self, request: RecordingRequest, sink: EventSink) -> None:
        assert isinstance(request.source, ImportSource)
        self._consultation, self._sink = request.consultation, sink
        self._closed = False
        self._decoder = ImportProcess(request.source.path, FAST_BLOCK_SECONDS)
        try:
            self._worker = WorkerProcess(
                "recorder", record_import, (request, self._decoder.frames), self._receive, self._end, NICENESS
            )
        except BaseException:
            self._decoder.kill()
            raise
        finally:
            self._decoder.handed_over()

    @property
    def pids(self) -> tuple[int | None, int | None]:
        """Of the process that decodes and the one that seals."""
        return self._decoder.pid, self._worker.pid

    @property
    def alive(self) -> bool:
        """Whether one of them runs."""
        return self._decoder.alive or self._worker.alive

    def pause(self) -> None:
        """A file does not wait."""

    def resume(self) -> None:
        """A file does not wait."""

    def stop(self) -> None:
        """Take no more of the file; RecordingClosed follows."""
        self._worker.send(Stop())

    def kill(self) -> None:
        """End both at once; what is sealed stays."""
        self._decoder.kill()
        self._worker.kill()

    def join(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds for each of the two; True when both have ended."""
        return self._worker.join(timeout) and self._decoder.join(timeout)

    def _receive(self, message: Any) -> None:
        if isinstance(message, Event):
            self._closed |= isinstance(message, RecordingClosed)
            self._sink(message)

    def _end(self, error: ScribeError | None) -> None:
        self._decoder.kill()  # nobody reads what it decodes
        if error is None or (self._closed and isinstance(error, EngineError)):
            return
        self._sink(WorkerFailed(self._consultation, WorkerKind.RECORDER, error))

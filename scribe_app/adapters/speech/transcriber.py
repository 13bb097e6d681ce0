"""The Transcriber port: one speech process per consultation."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from pathlib import Path

from scribe_app.adapters.speech.child import transcribe
from scribe_app.adapters.speech.threads import ThreadBook, Trial, power_source
from scribe_app.adapters.worker import Stop, WorkerMain, WorkerProcess
from scribe_app.domain.events import Event, WorkerFailed, WorkerKind
from scribe_app.errors import ScribeError
from scribe_app.ports import Calibration, EventSink, ModelContents, TranscriptionRequest

log = logging.getLogger(__name__)

NICENESS = 5
"""Recording and the window come first."""
TRIAL_NICENESS = 5
"""The same as real work, so that the measurement is of what real work will have."""


class WhisperTranscriber:
    """Transcribes sealed journals with faster-whisper, in a process of its own."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` keeps what was measured of this computer; without one it is forgotten."""
        self._book = ThreadBook(folder)
        self._trial: Trial | None = None
        self._lock = threading.Lock()

    def prepare(self, model: Path, language: str, contents: ModelContents | None = None) -> None:
        """Begin to measure threads for this power source; real work ends that at once."""
        with self._lock:
            power = power_source()
            if self._book.find(model, power) is None and self._trial is None:
                self._trial = Trial(model, language, power, self._book, TRIAL_NICENESS, contents)

    def calibrate(
        self, model: Path, language: str, contents: ModelContents | None = None
    ) -> Calibration | None:
        """What is known, or measured now."""
        power = power_source()
        self.prepare(model, language, contents)
        trial = self._trial
        if trial is not None:
            trial.wait()
            self._trial = None
        return self._book.find(model, power) or (trial.found if trial is not None else None)

    def close(self) -> None:
        """End a measurement that is under way."""
        with self._lock:
            trial, self._trial = self._trial, None
        if trial is not None:
            trial.stop()

    def start(self, request: TranscriptionRequest, sink: EventSink) -> WhisperTranscription:
        """Start transcribing. Failures arrive as WorkerFailed.

        A window's utterances arrive one after the other; all but its last carry the `until_sample` of the
        window before. To resume, ask from the largest `until_sample` on, with first_id = 1 + the number of
        utterances that start before it: those after it are told again, the same, under the same ids.
        Without request.threads the number measured for this power source is used, else a careful default.
        request.terms go to windows whose first pass nearly heard one (hotwords.py), and only there.
        """
        self.close()
        return WhisperTranscription(with_known_threads(request, self._book), sink)


def with_known_threads(request: TranscriptionRequest, book: ThreadBook) -> TranscriptionRequest:
    """The number of threads that was measured for this power source, where none is asked for."""
    known = book.find(request.model, power_source())
    return request if request.threads or known is None else replace(request, threads=known.threads)


class WhisperTranscription:
    """One transcription under way (ActiveTranscription)."""

    def __init__(self, request: TranscriptionRequest, sink: EventSink, main: WorkerMain = transcribe) -> None:
        self._consultation, self._sink = request.consultation, sink
        self._worker = WorkerProcess("speech", main, (request,), self._pass_on, self._ended, NICENESS)

    @property
    def pid(self) -> int | None:
        """Process id, for tests and diagnosis."""
        return self._worker.pid

    def finish(self) -> None:
        """The journal will not grow any more: transcribe what is left, then TranscriptionFinished."""
        self._worker.send(Stop())

    def cancel(self) -> None:
        """End at once; settled utterances stay."""
        self._worker.kill()

    def join(self, timeout: float) -> bool:
        """Wait for the process; True when it is gone."""
        return self._worker.join(timeout)

    def _pass_on(self, events: tuple[Event, ...]) -> None:
        for event in events:
            self._sink(event)

    def _ended(self, error: ScribeError | None) -> None:
        if error is not None:
            log.error("speech process failed: %s", type(error).__name__)
            self._sink(WorkerFailed(self._consultation, WorkerKind.SPEECH, error))

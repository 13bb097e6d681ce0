"""The Transcriber port: one speech process per consultation."""

from __future__ import annotations

import logging

from scribe_app.adapters.speech.child import transcribe
from scribe_app.adapters.worker import Stop, WorkerProcess
from scribe_app.domain.events import Event, WorkerFailed, WorkerKind
from scribe_app.errors import ScribeError
from scribe_app.ports import EventSink, TranscriptionRequest

log = logging.getLogger(__name__)

NICENESS = 5
"""Recording and the window come first."""


class WhisperTranscriber:
    """Transcribes sealed journals with faster-whisper, in a process of its own."""

    def start(self, request: TranscriptionRequest, sink: EventSink) -> WhisperTranscription:
        """Start transcribing. Failures arrive as WorkerFailed.

        A window's utterances arrive one after the other; all but its last carry the `until_sample` of the
        window before. To resume, ask from the largest `until_sample` on, with first_id = 1 + the number of
        utterances that start before it: those after it are told again, the same, under the same ids.
        request.terms go to windows whose first pass nearly heard one (hotwords.py), and only there.
        """
        return WhisperTranscription(request, sink)


class WhisperTranscription:
    """One transcription under way (ActiveTranscription)."""

    def __init__(self, request: TranscriptionRequest, sink: EventSink) -> None:
        self._consultation, self._sink = request.consultation, sink
        self._worker = WorkerProcess("speech", transcribe, (request,), self._pass_on, self._ended, NICENESS)

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

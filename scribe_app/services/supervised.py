"""A transcription that outlives its speech process, for those who keep no vault: command line, benchmarks."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace

from scribe_app.domain.events import (
    ConsultationFailed,
    Event,
    MemoryGrown,
    UtteranceSettled,
    WindowTaken,
    WorkerFailed,
    WorkerKind,
)
from scribe_app.domain.ids import UtteranceId
from scribe_app.errors import ScribeError
from scribe_app.ports import ActiveTranscription, EventSink, Transcriber, TranscriptionRequest
from scribe_app.services.engines import Gate
from scribe_app.services.persevering import Perseverance, Step, not_heard, unclear

log = logging.getLogger(__name__)


class SupervisedTranscription:
    """One transcription on one speech process after the other; mostly on one.

    Utterances are passed on by whole windows. What is passed over is told as ConsultationFailed, what is
    given up as WorkerFailed; both come from a worker's thread, as everything else.
    """

    def __init__(self, transcriber: Transcriber, request: TranscriptionRequest, sink: EventSink) -> None:
        self._transcriber, self._sink = transcriber, sink
        self._request = request
        self._until, self._next_id = request.from_sample, request.first_id
        self._persevering = Perseverance()
        self.deaths = 0
        """How often a speech process died."""
        self._window: list[UtteranceSettled] = []
        self._finishing = self._cancelled = False
        self._lock = threading.RLock()
        self._active: ActiveTranscription | None = None
        self._gate = Gate(self._take)
        with self._lock:
            self._start()

    def finish(self) -> None:
        """The journal will not grow any more: transcribe what is left, then TranscriptionFinished."""
        with self._lock:
            self._finishing = True
            if self._active is not None:
                self._active.finish()

    def cancel(self) -> None:
        """End at once, with all that was told."""
        with self._lock:
            self._cancelled, self._gate.is_open = True, False
            if self._active is not None:
                self._active.cancel()

    def _start(self) -> None:
        """Raises what the transcriber's start raises."""
        self._window.clear()
        self._persevering.on_start()
        request = replace(
            self._request,
            from_sample=self._until,
            first_id=self._next_id,
            careful=self._persevering.careful,
        )
        self._gate = Gate(self._take)
        self._active = self._transcriber.start(request, self._gate)
        if self._finishing:
            self._active.finish()

    def _take(self, event: Event) -> None:
        with self._lock:
            if self._cancelled:
                return
            match event:
                case WindowTaken():
                    self._persevering.on_window(event)
                case UtteranceSettled():
                    self._settle(event)
                case MemoryGrown():
                    self._again()
                case WorkerFailed(error=error):
                    self._failed(error)
                case _:
                    self._sink(event)

    def _settle(self, event: UtteranceSettled) -> None:
        """Told when the window is whole: half of one would be told again."""
        self._window.append(event)
        if event.until_sample > self._until:
            window, self._window = self._window, []
            self._persevering.on_heard()
            self._keep(window)

    def _keep(self, window: list[UtteranceSettled]) -> None:
        self._persevering.on_kept()
        self._until = window[-1].until_sample
        self._next_id = UtteranceId(window[-1].utterance.id + 1)
        for settled in window:
            self._sink(settled)

    def _failed(self, error: ScribeError) -> None:
        log.warning("speech process failed: %s", type(error).__name__)
        self.deaths += 1
        step, taken = self._persevering.after(error)
        if step is Step.GIVE_UP:
            self._sink(WorkerFailed(self._request.consultation, WorkerKind.SPEECH, error))
            return
        if step is Step.PASS_OVER and taken is not None:
            told = not_heard(taken, "The transcript goes on after them.")
            utterance = unclear(taken, UtteranceId(self._next_id))
            self._keep([UtteranceSettled(self._request.consultation, utterance, taken.until_sample)])
            self._sink(ConsultationFailed(self._request.consultation, told))
        self._again()

    def _again(self) -> None:
        self._gate.is_open = False
        if self._active is not None:
            self._active.cancel()
        try:
            self._start()
        except ScribeError as error:
            self._sink(WorkerFailed(self._request.consultation, WorkerKind.SPEECH, error))

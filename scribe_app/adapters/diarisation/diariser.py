"""The VoiceListener port: one listening process per recording, which may fail without anyone noticing."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from scribe_app.adapters.diarisation.child import Hear, Tell, listen
from scribe_app.adapters.diarisation.sherpa import Spoken, package_installed
from scribe_app.adapters.worker import WorkerProcess
from scribe_app.domain.events import VoicesTold, VoiceWay
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.transcript import Utterance
from scribe_app.errors import EngineError, ScribeError
from scribe_app.ports import EventSink, VoicesRequest

log = logging.getLogger(__name__)

NICENESS = 15
"""It works in what the others leave over."""


class Diariser:
    """Tells voices apart by channels, by a model, or by pitch and timbre."""

    def start(self, request: VoicesRequest, sink: EventSink) -> Diarisation:
        """Listen along. Raises EngineError when no process can be started."""
        return Diarisation(request, sink)

    def way(self, model: Path | None) -> VoiceWay:
        """How one channel's voices will be told apart."""
        return VoiceWay.MODEL if model is not None and package_installed() else VoiceWay.SOUND


class Diarisation:
    """Listening processes of one recording (ActiveVoices): a second one, without the model, where it ends the
    first. sherpa-onnx does that to a process that gives it a file of another kind.
    """

    def __init__(self, request: VoicesRequest, sink: EventSink) -> None:
        self._request, self._sink = request, sink
        self._spoken: tuple[Spoken, ...] = ()
        self._asked = self._answered = False
        self._deadline = 0.0
        self._lock = threading.RLock()
        self._patience: threading.Timer | None = None
        with self._lock:
            self._worker = self._listening()

    @property
    def pid(self) -> int | None:
        """Process id, for tests and diagnosis."""
        return self._worker.pid

    def hear(self, utterances: Sequence[Utterance]) -> None:
        """These are settled: listen to them when there is time."""
        spoken = tuple(Spoken(u.id, int(u.start * SAMPLE_RATE), int(u.end * SAMPLE_RATE)) for u in utterances)
        with self._lock:
            self._spoken += spoken
            self._worker.send(Hear(spoken))

    def tell(self, limit: float) -> None:
        """Say what was found: one VoicesTold within `limit` seconds, also when the process hangs or died."""
        with self._lock:
            self._asked, self._deadline = True, time.monotonic() + limit
            self._patience = threading.Timer(limit, self._give_up)
            self._patience.daemon = True
            self._patience.start()
            self._worker.send(Tell(limit))
            over = not self._worker.alive and self._request.model is None
        if over:
            self._answer(self._nothing)

    def cancel(self) -> None:
        """End at once, without a word."""
        with self._lock:
            self._answered = True
            if self._patience is not None:
                self._patience.cancel()
        self._worker.kill()

    def join(self, timeout: float) -> bool:
        """Wait for the process; True when it is gone."""
        return self._worker.join(timeout)

    @property
    def _nothing(self) -> VoicesTold:
        return VoicesTold(self._request.consultation)

    def _listening(self) -> WorkerProcess:
        return WorkerProcess("voices", listen, (self._request,), self._receive, self._end, NICENESS)

    def _receive(self, message: Any) -> None:
        if isinstance(message, VoicesTold):
            self._answer(message)

    def _end(self, error: ScribeError | None) -> None:
        if error is not None:
            log.error("telling voices apart failed: %s", type(error).__name__)
            if self._listen_without_model():
                return
        if self._asked:
            self._answer(self._nothing)

    def _listen_without_model(self) -> bool:
        """Whether there was a model to leave out."""
        with self._lock:
            if self._request.model is None or self._answered:
                return False
            self._request = replace(self._request, model=None)
            try:
                self._worker = self._listening()
            except EngineError:
                return False
            self._worker.send(Hear(self._spoken))
            if self._asked:
                self._worker.send(Tell(max(0.1, self._deadline - time.monotonic())))
            return True

    def _give_up(self) -> None:
        log.warning("telling voices apart took too long")
        self._answer(self._nothing)
        self._worker.kill()

    def _answer(self, told: VoicesTold) -> None:
        """Once, and only when it was asked."""
        with self._lock:
            if self._answered or not self._asked:
                return
            self._answered = True
            if self._patience is not None:
                self._patience.cancel()
        self._sink(told)

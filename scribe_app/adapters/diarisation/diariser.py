"""The VoiceListener port: one listening process per recording, which may fail without anyone noticing."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scribe_app.adapters.diarisation.child import Hear, Tell, listen
from scribe_app.adapters.diarisation.sherpa import Spoken, package_installed
from scribe_app.adapters.worker import WorkerProcess
from scribe_app.domain.events import VoicesTold, VoiceWay
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.transcript import Utterance
from scribe_app.errors import ScribeError
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
    """One listening process (ActiveVoices)."""

    def __init__(self, request: VoicesRequest, sink: EventSink) -> None:
        self._consultation, self._sink = request.consultation, sink
        self._asked = self._answered = False
        self._lock = threading.Lock()
        self._patience: threading.Timer | None = None
        self._worker = WorkerProcess("voices", listen, (request,), self._receive, self._end, NICENESS)

    @property
    def pid(self) -> int | None:
        """Process id, for tests and diagnosis."""
        return self._worker.pid

    def hear(self, utterances: Sequence[Utterance]) -> None:
        """These are settled: listen to them when there is time."""
        spoken = tuple(Spoken(u.id, int(u.start * SAMPLE_RATE), int(u.end * SAMPLE_RATE)) for u in utterances)
        self._worker.send(Hear(spoken))

    def tell(self, limit: float) -> None:
        """Say what was found: one VoicesTold within `limit` seconds, also when the process hangs or died."""
        with self._lock:
            self._asked = True
            self._patience = threading.Timer(limit, self._give_up)
            self._patience.daemon = True
            self._patience.start()
        self._worker.send(Tell(limit))
        if not self._worker.alive:
            self._answer(VoicesTold(self._consultation))

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

    def _receive(self, message: Any) -> None:
        if isinstance(message, VoicesTold):
            self._answer(message)

    def _end(self, error: ScribeError | None) -> None:
        if error is not None:
            log.error("telling voices apart failed: %s", type(error).__name__)
        if self._asked:
            self._answer(VoicesTold(self._consultation))

    def _give_up(self) -> None:
        log.warning("telling voices apart took too long")
        self._worker.kill()
        self._answer(VoicesTold(self._consultation))

    def _answer(self, told: VoicesTold) -> None:
        """Once, and only when it was asked."""
        with self._lock:
            if self._answered or not self._asked:
                return
            self._answered = True
            if self._patience is not None:
                self._patience.cancel()
        self._sink(told)

"""One recorder process, as its parent sees it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from scribe_app.adapters.recorder import child
from scribe_app.adapters.recorder.commands import Begin
from scribe_app.adapters.worker import WorkerProcess
from scribe_app.domain.events import Event
from scribe_app.errors import ScribeError

OnEvent = Callable[[Event], None]
OnEnd = Callable[[ScribeError | None], None]


class RecorderProcess:
    """Stands by until it is told what to record, then records that.

    What it says before it has been told, or after it was let go, nobody hears.
    """

    def __init__(self) -> None:
        self._on_event: OnEvent | None = None
        self._on_end: OnEnd | None = None
        self._ended: tuple[ScribeError | None] | None = None
        self._lock = threading.Lock()
        self._worker = WorkerProcess("recorder", child.record, (), self._receive, self._end)

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._worker.alive

    @property
    def pid(self) -> int | None:
        """Its process id."""
        return self._worker.pid

    def begin(self, begin: Begin, on_event: OnEvent, on_end: OnEnd) -> None:
        """Record this; once. Both are called from its thread; on_end once, also when it had ended before."""
        with self._lock:
            self._on_event, self._on_end = on_event, on_end
            ended = self._ended
        if ended is not None:
            on_end(*ended)
        self._worker.send(begin)

    def send(self, command: object) -> None:
        """Pause, Resume or Stop."""
        self._worker.send(command)

    def kill(self) -> None:
        """End it at once."""
        self._worker.kill()

    def let_go(self) -> None:
        """End it at once, and hear no more of it, also where it cannot end (a disk that never answers)."""
        with self._lock:
            self._on_event = self._on_end = None
        self._worker.kill()

    def _receive(self, message: Any) -> None:
        on_event = self._on_event
        if isinstance(message, Event) and on_event is not None:
            on_event(message)

    def _end(self, error: ScribeError | None) -> None:
        with self._lock:
            self._ended = (error,)
            on_end = self._on_end
        if on_end is not None:
            on_end(error)

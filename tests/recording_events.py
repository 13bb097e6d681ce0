"""Collects what a recorder says, for tests that wait for it."""

from __future__ import annotations

import threading
import time
from typing import TypeVar

from scribe_app.domain.events import Event, RecordingClosed, WorkerFailed
from scribe_app.domain.recording import Recording
from scribe_app.errors import ScribeError

E = TypeVar("E", bound=Event)
PATIENCE_SECONDS = 60.0
"""On a computer that is far too busy; nobody waits so long elsewhere."""


class RecordingEvents:
    """An event sink that keeps everything with the time it came."""

    def __init__(self) -> None:
        self._all: list[tuple[float, Event]] = []
        self._changed = threading.Condition()

    def __call__(self, event: Event) -> None:
        with self._changed:
            self._all.append((time.monotonic(), event))
            self._changed.notify_all()

    def of(self, kind: type[E]) -> list[E]:
        """All events of a kind so far."""
        with self._changed:
            return [event for _, event in self._all if isinstance(event, kind)]

    def wait(
        self, kind: type[E], timeout: float = PATIENCE_SECONDS, since: float = 0.0, **fields: object
    ) -> tuple[float, E]:
        """(when it came on time.monotonic(), event) of the first such event since then, with these fields."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                for at, event in self._all:
                    if (
                        at >= since
                        and isinstance(event, kind)
                        and all(getattr(event, n) == v for n, v in fields.items())
                    ):
                        return at, event
                    if isinstance(event, WorkerFailed) and kind is not WorkerFailed:
                        raise AssertionError(f"the recorder failed: {event.error}")
                if not self._changed.wait(deadline - time.monotonic()):
                    raise AssertionError(f"no {kind.__name__} {fields} within {timeout} s: {self._all}")

    def closed(self, timeout: float = PATIENCE_SECONDS) -> Recording:
        """The recording, once it is closed."""
        return self.wait(RecordingClosed, timeout)[1].recording

    def failure(self, timeout: float = PATIENCE_SECONDS) -> ScribeError:
        """What ended the recorder."""
        return self.wait(WorkerFailed, timeout)[1].error

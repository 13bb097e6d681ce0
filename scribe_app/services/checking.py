"""The long reading behind a letter: on a thread of its own, so that commands are answered meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TypeVar

from scribe_app.domain.events import Event
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.steps import until
from scribe_app.errors import Cancelled
from scribe_app.ports import EventSink

Result = TypeVar("Result")

PATIENCE_SECONDS = 0.2
"""Of processor time, left to the checks of a letter once the clinician has cancelled it."""


@dataclass(frozen=True, slots=True)
class Checked(Event):
    """Something was checked: take it on the coordinator thread. Nobody else hears of it."""

    take: Callable[[], None]


class Checks:
    """The checks of one letter, in the order in which they were asked; the coordinator calls everything."""

    def __init__(self, consultation: ConsultationId, sink: EventSink, name: str = "checks") -> None:
        """`sink` brings what was checked to the coordinator; `name` is that of the thread."""
        self._consultation, self._sink = consultation, sink
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._seconds: float | None = None
        self._deadline = float("inf")
        """Of this thread's own time."""
        self._stopped = False
        self._last: Future[None] | None = None
        self.waiting = 0
        """How much was asked and not taken yet."""

    def run(self, work: Callable[[], Result], then: Callable[[Result | None], None]) -> None:
        """Do `work` here, and `then` on the coordinator with what came of it; None where it was given up.

        What `work` raises, is raised there. `work` changes nothing that the coordinator knows.
        """
        self.waiting += 1
        self._last = self._thread.submit(self._do, work, then)

    def hurry(self, seconds: float = PATIENCE_SECONDS) -> None:
        """Give up whatever is not done after so many seconds of work from now on."""
        self._seconds = seconds

    def stop(self, until_gone: float = 0.0) -> None:
        """Give everything up at its next step; nothing of it is taken any more.

        until_gone: seconds to wait at most until it holds nothing of what was said.
        """
        self._stopped = True
        if self._last is not None:
            wait([self._last], until_gone)
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _do(self, work: Callable[[], Result], then: Callable[[Result | None], None]) -> None:
        result: Result | None = None
        error: Exception | None = None
        try:
            if not self._given_up():
                with until(self._given_up):
                    result = work()
        except Cancelled:
            pass
        except Exception as failed:  # noqa: BLE001 - raised again where it is waited for
            error = failed
        self._sink(Checked(self._consultation, lambda: self._take(result, error, then)))

    def _take(
        self, result: Result | None, error: Exception | None, then: Callable[[Result | None], None]
    ) -> None:
        self.waiting -= 1
        if self._stopped:
            return
        if error is not None:
            raise error
        then(result)

    def _given_up(self) -> bool:
        seconds, now = self._seconds, time.thread_time()
        if seconds is not None:
            self._seconds, self._deadline = None, now + seconds
        return self._stopped or now >= self._deadline

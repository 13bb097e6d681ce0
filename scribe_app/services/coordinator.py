"""The one thread on which the states of consultations change."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from scribe_app.errors import UsageError

log = logging.getLogger(__name__)

Result = TypeVar("Result")


class Coordinator:
    """Runs one thing after the other, in the order in which it was asked."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="coordinator")
        self._closing = threading.Lock()
        self._closed = False

    def call(self, work: Callable[[], Result]) -> Result:
        """Run it and wait for what comes of it; not from the coordinator's own thread.

        Raises:
            UsageError: the program is closing.
        """
        with self._closing:
            if self._closed:
                raise UsageError("The program is closing.", "Everything recorded is kept.")
            waiting = self._thread.submit(work)
        return waiting.result()

    def post(self, work: Callable[[], None]) -> None:
        """Run it some time; after closing, never. `work` must not raise."""
        with self._closing:
            if self._closed:
                log.info("something came after closing")
            else:
                self._thread.submit(work)

    def close(self, last: Callable[[], None]) -> None:
        """Finish what was asked before, then run `last`, and wait for that. Again does nothing."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            ending = self._thread.submit(last)
        self._thread.shutdown(wait=True)
        ending.result()

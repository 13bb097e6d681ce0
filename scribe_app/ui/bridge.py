"""The only file that crosses threads: events come in, blocking calls go out, all else runs on the window's.

Worker threads call in through plain functions that emit queued signals; bound slots of a QObject that lives
on the window's thread receive them. No function of a view is ever called from another thread.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from shiboken6 import isValid

from scribe_app.domain.events import (
    Event,
    LevelMeasured,
    PreviewChanged,
    TranscriptionProgressed,
    TranscriptRead,
)
from scribe_app.domain.ids import ConsultationId
from scribe_app.errors import Cancelled, ScribeError
from scribe_app.services.events import EventBus

log = logging.getLogger(__name__)

Result = TypeVar("Result")
Deliver = Callable[[Any], None]

COALESCED = (LevelMeasured, PreviewChanged, TranscriptionProgressed, TranscriptRead)
"""Only the newest of these matters."""
FRAME_MS = 66
"""Newest values reach the views at most 15 times a second."""


class Bridge(QObject):
    """Hands events to the window's thread, and blocking work to one thread beside it, in order.

    Commands to a recording or to writing have a thread of their own: a change to a long letter takes seconds,
    and Stop must not wait for it.
    """

    happened = Signal(object)
    """An Event, on the window's thread."""
    failed = Signal(object)
    """A ScribeError that no caller handles itself."""

    _arrived = Signal(object)
    _newest_arrived = Signal()
    _finished = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._commands = ThreadPoolExecutor(1, thread_name_prefix="window-commands")
        self._urgent = ThreadPoolExecutor(1, thread_name_prefix="window-urgent")
        self._unsubscribe: Callable[[], None] | None = None
        self._newest: dict[tuple[ConsultationId, type[Event]], Event] = {}
        self._newest_lock = threading.Lock()
        self._frame = QTimer(self, singleShot=True, interval=FRAME_MS)
        self._frame.timeout.connect(self._deliver_newest)
        self._closed = False
        queued = Qt.ConnectionType.QueuedConnection
        self._arrived.connect(self._deliver, queued)
        self._newest_arrived.connect(self._start_frame, queued)
        self._finished.connect(self._finish, queued)

    def attach(self, bus: EventBus) -> None:
        """Listen to a bus until close()."""
        self.detach()
        self._unsubscribe = bus.subscribe(self._receive)

    def detach(self) -> None:
        """Listen no longer."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    def run(
        self,
        operation: Callable[[], Result],
        on_success: Callable[[Result], None] | None = None,
        on_failure: Callable[[ScribeError], None] | None = None,
    ) -> None:
        """Run a blocking call beside the window, after those given before; the outcome comes back here.

        Without on_failure a ScribeError goes to `failed`, which shows it.
        """
        self._run(self._commands, operation, on_success, on_failure)

    def run_at_once(
        self,
        operation: Callable[[], Result],
        on_success: Callable[[Result], None] | None = None,
        on_failure: Callable[[ScribeError], None] | None = None,
    ) -> None:
        """Run a command to a recording or to writing, after others of its kind but behind nothing else."""
        self._run(self._urgent, operation, on_success, on_failure)

    def _run(
        self,
        thread: ThreadPoolExecutor,
        operation: Callable[[], Result],
        on_success: Callable[[Result], None] | None,
        on_failure: Callable[[ScribeError], None] | None,
    ) -> None:
        if not self._closed:
            future = thread.submit(operation)
            future.add_done_callback(_Courier(self._finished, (on_success, on_failure)))

    def crossing(self, deliver: Callable[[Any], None]) -> Deliver:
        """A function that any thread may call with one value; `deliver` gets it on the window's thread."""
        return _Crossing(self._finished, (deliver, None))

    def close(self) -> None:
        """Stop listening and take no more work; what runs ends by itself. Outcomes are no longer told."""
        self._closed = True
        if self._unsubscribe is not None:
            self._unsubscribe()
        self._frame.stop()
        for thread in (self._urgent, self._commands):
            thread.shutdown(wait=False, cancel_futures=True)

    def finish(self) -> None:
        """Stop listening and take no more work, but do what was asked before. Outcomes are no longer told."""
        self._closed = True
        if self._unsubscribe is not None:
            self._unsubscribe()
        self._frame.stop()
        for thread in (self._urgent, self._commands):
            thread.shutdown(wait=False)

    def wait(self) -> None:
        """After finish(): until the last of it is done. Never on the window's thread."""
        for thread in (self._urgent, self._commands):
            thread.shutdown(wait=True)

    # --- on any thread ------------------------------------------------------------------------------

    def _receive(self, event: Event) -> None:
        if not isinstance(event, COALESCED):
            self._arrived.emit(event)
            return
        with self._newest_lock:
            first = not self._newest
            self._newest[event.consultation, type(event)] = event
        if first:
            self._newest_arrived.emit()

    # --- on the window's thread ---------------------------------------------------------------------

    @Slot(object)
    def _deliver(self, event: Event) -> None:
        if not self._closed:
            self.happened.emit(event)

    @Slot()
    def _start_frame(self) -> None:
        if not self._frame.isActive() and not self._closed:
            self._frame.start()

    @Slot()
    def _deliver_newest(self) -> None:
        with self._newest_lock:
            newest, self._newest = tuple(self._newest.values()), {}
        for event in newest:
            self._deliver(event)

    @Slot(object, object)
    def _finish(self, callbacks: tuple[Any, Any], outcome: object) -> None:
        if self._closed:
            return
        on_success, on_failure = (None if _is_gone(deliver) else deliver for deliver in callbacks)
        if not isinstance(outcome, _Failed):
            if on_success is not None:
                on_success(outcome)
        elif isinstance(outcome.error, Cancelled):
            return
        elif on_failure is not None:
            on_failure(_shown(outcome.error))
        else:
            self.failed.emit(_shown(outcome.error))


def _is_gone(deliver: Any) -> bool:
    """Whether a callback belongs to a dialog or view that was closed meanwhile."""
    while isinstance(deliver, partial):
        deliver = deliver.func
    owner = getattr(deliver, "__self__", None)
    return isinstance(owner, QObject) and not isValid(owner)


class _Failed:
    """Marks an outcome as an exception."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class _Courier:
    """Done-callback of a future, called on the thread that did the work."""

    def __init__(self, signal: Any, callbacks: tuple[Any, Any]) -> None:
        self._signal, self._callbacks = signal, callbacks

    def __call__(self, future: Future[Any]) -> None:
        if future.cancelled():
            return
        error = future.exception()
        self._signal.emit(self._callbacks, future.result() if error is None else _Failed(error))


class _Crossing:
    """Carries one value from any thread to the window's."""

    def __init__(self, signal: Any, callbacks: tuple[Any, Any]) -> None:
        self._signal, self._callbacks = signal, callbacks

    def __call__(self, value: object) -> None:
        self._signal.emit(self._callbacks, value)


def _shown(error: BaseException) -> ScribeError:
    """What a person is shown; an unforeseen exception's message may quote a patient, so only its type is."""
    if isinstance(error, ScribeError):
        return error
    log.error("unforeseen failure: %s", type(error).__name__, exc_info=False)
    return ScribeError(
        f"Something failed inside the program ({type(error).__name__}).",
        "What was recorded and stored before is kept.",
        "Try again; if it happens again, run scribe doctor.",
    )

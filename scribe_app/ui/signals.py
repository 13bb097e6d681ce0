"""Ends the window in an orderly way when the session or a terminal asks for it (SIGTERM, SIGINT, SIGHUP)."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Slot

ASKED = ("SIGTERM", "SIGINT", "SIGHUP")


class OrderlyEnd(QObject):
    """While Qt waits for events, Python sees no signals: a pipe that Python writes to wakes the window.

    Windows has no such pipe; its session end closes windows instead.
    """

    def __init__(self, end: Callable[[], None]) -> None:
        super().__init__()
        self._end = end
        self._before: dict[int, object] = {}
        self._notifier: QSocketNotifier | None = None
        if sys.platform == "win32":
            return
        self._heard, self._told = os.pipe()
        os.set_blocking(self._told, False)
        self._notifier = QSocketNotifier(self._heard, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._wake)
        signal.set_wakeup_fd(self._told, warn_on_full_buffer=False)
        for name in ASKED:
            number = getattr(signal, name)
            self._before[number] = signal.signal(number, _noted)

    def release(self) -> None:
        """Give the signals back."""
        if self._notifier is None:
            return
        self._notifier.setEnabled(False)
        self._notifier = None
        signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal.signal gave us
        os.close(self._heard)
        os.close(self._told)

    @Slot()
    def _wake(self) -> None:
        os.read(self._heard, 64)
        self._end()


def _noted(_number: int, _frame: FrameType | None) -> None:
    """The pipe has told the window; nothing else to do in a signal handler."""

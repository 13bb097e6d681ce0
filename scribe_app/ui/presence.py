"""Whether somebody is there: keys and clicks, talk in the room, and whether the computer slept."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QWindow

from scribe_app.domain.events import Event, StatementDrafted, UtteranceSettled

TICK_MS = 5_000
SLEPT_SECONDS = 30.0
"""A tick this late means that the computer was suspended (or that nobody could have been served anyway)."""
INPUT = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel,
     QEvent.Type.TouchBegin, QEvent.Type.TabletPress}
)  # fmt: skip


def steady_clock() -> float:
    """Seconds that go on while the computer sleeps; nobody can set them back where the system has such."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.time()


class Presence(QObject):
    """Says when nobody has been there for a while, and when the computer slept.

    People who talk to each other do not type: a settled utterance counts as presence, so that no
    consultation is locked while it goes on. So does a letter that is being written, which ends by itself.
    """

    gone = Signal()

    def __init__(self, minutes: int = 0) -> None:
        super().__init__()
        self._limit = 60.0 * minutes
        self._seen = self._ticked = steady_clock()
        self._watched: set[int] = set()
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.look)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.focusWindowChanged.connect(self._watch)
        self._watch(QGuiApplication.focusWindow())

    def start(self) -> None:
        """Begin to look."""
        self._ticked = steady_clock()
        self._timer.start()

    def stop(self) -> None:
        """Look no longer."""
        self._timer.stop()

    def set_minutes(self, minutes: int) -> None:
        """How long nobody may be there; 0 is for ever."""
        self._limit = 60.0 * minutes

    @Slot(object)
    def on_event(self, event: Event) -> None:
        """Something was said, or written."""
        if isinstance(event, UtteranceSettled | StatementDrafted):
            self.note()

    def note(self) -> None:
        """Somebody is there."""
        self._seen = steady_clock()

    @Slot()
    def look(self) -> None:
        """Every few seconds: has anybody been there, and have the seconds passed as they should?"""
        now = steady_clock()
        slept = now - self._ticked > TICK_MS / 1000 + SLEPT_SECONDS
        self._ticked = now
        if slept or (self._limit and now - self._seen >= self._limit):
            self.gone.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Sees what a window gets from the keyboard and the mouse; keeps nothing of it."""
        if event.type() in INPUT:
            self.note()
        return False

    @Slot(QWindow)
    def _watch(self, window: QWindow | None) -> None:
        # Windows, not widgets: an event filter in Python on everything would cost each repaint.
        if window is not None and id(window) not in self._watched:
            self._watched.add(id(window))
            window.installEventFilter(self)

"""How late the window is: a 10 ms beat on its own thread, timed."""

from __future__ import annotations

import time
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer, Slot

BEAT_MS = 10


@dataclass(frozen=True, slots=True)
class Lateness:
    """How many milliseconds late the beats came."""

    beats: int
    median_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float


class Heartbeat(QObject):
    """A precise timer on the window's thread; each beat notes how late it is after the one before."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._late: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Begin, forgetting what was measured before."""
        self._late.clear()
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> Lateness:
        """End, and say how late the window was."""
        self._timer.stop()
        return lateness(self._late)

    @Slot()
    def _beat(self) -> None:
        now = time.perf_counter()
        self._late.append(max(0.0, (now - self._last) * 1000 - BEAT_MS))
        self._last = now


def lateness(late: list[float]) -> Lateness:
    """Quantiles by nearest rank of lateness values in milliseconds; all zero when there are none."""
    ordered = sorted(late) or [0.0]

    def rank(share: float) -> float:
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    return Lateness(len(late), rank(0.5), rank(0.95), rank(0.99), ordered[-1])

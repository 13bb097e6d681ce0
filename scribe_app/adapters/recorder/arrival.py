"""Does audio arrive as fast as time passes? What does not is lost, whoever lost it. Pure."""

from __future__ import annotations

from scribe_app.adapters.journal.clocks import elapsed_ns

WINDOW_SECONDS = 1.0
"""Late audio comes in a burst; only what is still missing after this long is lost."""
LEAST_SECONDS, LEAST_REPORTED_SECONDS = 0.1, 0.01
"""Below the first, scheduling and buffers explain the difference, unless the system reports a loss itself."""
CREEP = 0.001
"""Seconds per second that a device's clock may run slower than ours without being called a loss."""


def now() -> float:
    """Seconds of the clock that the journal measures with, which goes on while the computer sleeps."""
    return elapsed_ns() / 1e9


class ArrivalClock:
    """Compares the audio of one open stream with the time it took to arrive."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._first: float | None = None
        self._frames = 0
        self._usual = 0.0
        self._least = float("inf")
        self._window_ends = 0.0
        self._suspicious_windows = 0

    def add(self, arrived: float, frames: int, reported: bool = False) -> float:
        """Note a block that ended at `arrived`; returns seconds found missing, mostly 0.

        `reported` says that the system itself noticed a loss before this block.
        """
        if self._first is None:
            self._first = arrived - frames / self._rate
            self._window_ends = arrived + WINDOW_SECONDS
        self._frames += frames
        behind = arrived - self._first - self._frames / self._rate
        self._usual = min(self._usual, behind)
        self._least = min(self._least, behind)
        if reported:
            self._suspicious_windows = 2  # this one, whose start may lie before the loss, and the next
        if arrived < self._window_ends:
            return 0.0
        least = LEAST_REPORTED_SECONDS if self._suspicious_windows else LEAST_SECONDS
        self._suspicious_windows = max(0, self._suspicious_windows - 1)
        missing = self._least - self._usual
        self._least, self._window_ends = float("inf"), arrived + WINDOW_SECONDS
        if missing >= least:
            self._usual += missing
            return missing
        self._usual += min(missing, CREEP * WINDOW_SECONDS)
        return 0.0

"""The two clocks of a recording: one that only goes on, and the one on the wall."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


def elapsed_ns() -> int:
    """Nanoseconds of a clock that nobody can set and that goes on while the computer sleeps.

    On Linux CLOCK_MONOTONIC stops then and CLOCK_BOOTTIME does not; on macOS CLOCK_MONOTONIC goes on.
    """
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    if hasattr(time, "CLOCK_MONOTONIC"):
        return time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    return time.monotonic_ns()


@dataclass(frozen=True, slots=True)
class Clocks:
    """What a journal asks for the time, in nanoseconds; another one in tests."""

    elapsed_ns: Callable[[], int] = elapsed_ns
    """All that is measured, gaps too, is measured with this one."""
    wall_ns: Callable[[], int] = time.time_ns
    """Since 1970, UTC. People and time servers set it: it is evidence only."""

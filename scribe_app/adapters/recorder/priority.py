"""The recorder before everything else: it needs little of the computer, but that little in time."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

import psutil

NICENESS = -10
"""Where the system allows it (Linux: root, or a limit of /etc/security/limits.conf)."""


def come_first() -> None:
    """Raise this process above others, as far as its user may. Never fails.

    Linux shares the processor out by terminal session first (sched_autogroup), and niceness counts only
    within one: as a session of its own the recorder has as large a share as all that was started in the
    window's session together. That needs no permission. On macOS CoreAudio's own thread runs in real time.
    """
    if sys.platform == "win32":
        with contextlib.suppress(psutil.Error, OSError):
            psutil.Process().nice(psutil.HIGH_PRIORITY_CLASS)
        return
    with contextlib.suppress(OSError):
        os.setsid()
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(NICENESS), encoding="ascii")

"""What this process has cost so far."""

from __future__ import annotations

import sys

import psutil


def cpu_seconds() -> float:
    """Processor time of all its threads."""
    times = psutil.Process().cpu_times()
    return float(times.user + times.system)


def peak_memory_mb() -> int:
    """The most memory it held at once (10^6 bytes); what it holds now where the system does not count."""
    memory = psutil.Process().memory_info()
    return int(getattr(memory, "peak_wset", 0) or _peak_resident() or memory.rss) // 1_000_000


def resident_memory_mb() -> int:
    """What it holds now (10^6 bytes)."""
    return int(psutil.Process().memory_info().rss) // 1_000_000


def _peak_resident() -> int:
    """Bytes, where the system counts them (KiB on Linux, bytes on macOS); else 0."""
    if sys.platform == "win32":
        return 0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024

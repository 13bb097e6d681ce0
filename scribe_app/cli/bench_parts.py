"""What the benchmarks share: the machine they ran on and the memory that each process took."""

from __future__ import annotations

import argparse
import multiprocessing
import platform
import threading
from argparse import ArgumentParser

import psutil

MEMORY_EVERY_SECONDS = 0.5


def add_sample_options(parser: ArgumentParser) -> None:
    """Which bundled consultation is played, and how fast."""
    parser.add_argument(
        "--speed", type=positive, default=1.0, metavar="N", help="play the audio N times as fast (default: 1)"
    )
    add_language_option(parser)


def add_language_option(parser: ArgumentParser) -> None:
    """The language of the bundled consultation."""
    parser.add_argument("--language", choices=("en", "nl"), default="en", help="spoken language")


def positive(text: str) -> float:
    """A number above 0 from the command line."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return value


def machine() -> str:
    """The machine in words, as the figures name it."""
    return f"{platform.machine()}, {psutil.cpu_count(logical=False)} cores"


class MemoryWatch:
    """Samples the resident memory of this process and of each worker twice a second."""

    def __init__(self) -> None:
        self.peaks: dict[str, int] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="memory-watch", daemon=True)

    def __enter__(self) -> MemoryWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        own = psutil.Process()
        while not self._over.wait(MEMORY_EVERY_SECONDS):
            named = {"main process": own.pid}
            named.update({child.name: child.pid for child in multiprocessing.active_children() if child.pid})
            for name, pid in named.items():
                try:
                    resident = psutil.Process(pid).memory_info().rss // 1_000_000
                except psutil.NoSuchProcess:
                    continue
                self.peaks[name] = max(self.peaks.get(name, 0), resident)

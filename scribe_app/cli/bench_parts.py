"""What the benchmarks share: the machine they ran on and the memory that each process took."""

from __future__ import annotations

import argparse
import multiprocessing
import platform
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager

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


def whole_number(text: str) -> int:
    """A whole number from 0 on, from the command line."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


class Progress:
    """How far a long measurement is, on standard error; one line that changes where that is a terminal."""

    def __init__(self, name: str, total: int) -> None:
        self._name, self._total, self._done = name, total, 0
        self._changes = sys.stderr.isatty()
        self._begun = time.monotonic()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._changes:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def step(self, name: str) -> None:
        """The next one begins."""
        spent = time.monotonic() - self._begun
        left = f", about {spent / self._done * (self._total - self._done):.0f} s left" if self._done else ""
        self._done += 1
        text = f"scribe: {self._name}, {self._done} of {self._total} ({name}){left}"
        if self._changes:
            print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
        elif self._done % 10 == 1:
            print(text, file=sys.stderr, flush=True)


class Ticker:
    """Tells every minute (every second on a terminal) how long something has been going on."""

    def __init__(self, name: str, expected: float | None) -> None:
        """`expected`: how many seconds it will take, where that is known."""
        self._name, self._expected = name, expected
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._tick, name="ticker", daemon=True)
        self._changes = sys.stderr.isatty()

    def __enter__(self) -> Ticker:
        self._begun = time.monotonic()
        self._tell("begins")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        if self._changes:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def _tick(self) -> None:
        while not self._over.wait(1 if self._changes else 60):
            of = f" of {self._expected:.0f}" if self._expected else ""
            self._tell(f"{time.monotonic() - self._begun:.0f}{of} s")

    def _tell(self, text: str) -> None:
        start, end = ("\r\x1b[K", "") if self._changes else ("", "\n")
        print(f"{start}scribe: {self._name}: {text}", end=end, file=sys.stderr, flush=True)


def machine() -> str:
    """The machine in words, as the figures name it."""
    return f"{platform.machine()}, {psutil.cpu_count(logical=False)} cores"


class MemoryWatch:
    """Samples the resident memory of this process and of each worker twice a second."""

    def __init__(self) -> None:
        self.peaks: dict[str, int] = {}
        self._prefix = ""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="memory-watch", daemon=True)

    def __enter__(self) -> MemoryWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @contextmanager
    def during(self, phase: str) -> Iterator[None]:
        """Peaks of what runs meanwhile go by phase and process: workers of both ways share names."""
        self._prefix = f"{phase}, "
        try:
            yield
        finally:
            self._prefix = ""

    def _sample(self) -> None:
        own = psutil.Process()
        while not self._over.wait(MEMORY_EVERY_SECONDS):
            prefix, named = self._prefix, {"main process": own.pid}
            named.update({child.name: child.pid for child in multiprocessing.active_children() if child.pid})
            for name, pid in named.items():
                try:
                    resident = psutil.Process(pid).memory_info().rss // 1_000_000
                except psutil.NoSuchProcess:
                    continue
                self.peaks[prefix + name] = max(self.peaks.get(prefix + name, 0), resident)

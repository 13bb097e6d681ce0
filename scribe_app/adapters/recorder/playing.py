"""An audio file that plays into the line as if it were a microphone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from scribe_app.adapters.importing import DecodedFile
from scribe_app.adapters.recorder import arrival
from scribe_app.adapters.recorder.source import Block

BLOCK_SECONDS = 1 / 30
"""Half as long as the time between two levels."""
FAST_BLOCK_SECONDS = 0.25
"""As long as a record, so that what is measured per block belongs to one record."""


class Frames(Protocol):
    """An open audio file, decoded here or elsewhere."""

    name: str

    @property
    def rate(self) -> int:
        """Hz."""

    @property
    def channels(self) -> int:
        """1 or 2."""

    def blocks(self, frames: int) -> Iterator[npt.NDArray[np.int16]]:
        """The audio in order, as arrays of (at most `frames`, channels)."""

    def close(self) -> None:
        """Let go of it."""


class PlayingFrames:
    """Blocks of audio at `speed` times real time; speed 0 is as fast as they are taken.

    Raises:
        AudioFileError: the file cannot be read (any further).
    """

    live = False
    heard_from = ""
    silent = broken = False

    def __init__(self, file: Frames, speed: float) -> None:
        self._file, self._speed = file, speed
        self.device = file.name
        self.rate, self.channels = file.rate, file.channels
        size = BLOCK_SECONDS * min(speed, 20) if speed else FAST_BLOCK_SECONDS
        self._blocks = file.blocks(max(1, round(size * self.rate)))
        self._next: npt.NDArray[np.int16] | None = next(self._blocks, None)
        self._due = 0.0
        self._open = False

    @property
    def ended(self) -> bool:
        """Whether the file has been played to its end."""
        return self._next is None

    def take(self, seconds: float) -> Block | None:
        """The next block when its last sample would have been heard."""
        if self._next is None or not self._open:
            return None
        wait = self._due - arrival.now()
        if wait > 0:
            time.sleep(min(wait, seconds))
            if wait > seconds:
                return None
        arrived = self._due if self._speed else arrival.now()
        block = Block(self._next, arrived - self._lasts(), arrived)
        self._next = next(self._blocks, None)
        self._schedule()
        return block

    def open(self) -> None:
        """Play from where it is."""
        self._open = True
        self._due = arrival.now()
        self._schedule()

    def close(self) -> None:
        """Hold; the file stays where it is."""
        self._open = False
        if self._next is None:
            self._file.close()

    def _schedule(self) -> None:
        self._due += self._lasts()

    def _lasts(self) -> float:
        """Seconds that the next block plays."""
        if not self._speed or self._next is None:
            return 0.0
        return len(self._next) / self.rate / self._speed


class PlayingFile(PlayingFrames):
    """A file of our own (the sample consultation), decoded in this process."""

    def __init__(self, path: Path, speed: float) -> None:
        file = DecodedFile(path)
        file.open()
        super().__init__(file, speed)

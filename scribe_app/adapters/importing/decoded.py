"""One open audio file, whoever decodes it: its shape, its limits, its blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np
import numpy.typing as npt

from scribe_app.adapters.importing import formats
from scribe_app.adapters.importing.formats import Container
from scribe_app.adapters.importing.limits import LONGEST_SECONDS, MOST_CHANNELS, RATES
from scribe_app.errors import AudioFileError
from scribe_app.language import later

Frames = npt.NDArray[np.int16]

SHORTER_IS_CUT = 0.5
"""Seconds by which a file may fall short of its own header; encoders round to their frames."""


class Decoder(Protocol):
    """A file being decoded from front to end."""

    rate: int
    """Hz."""
    channels: int
    frames: int
    """Samples per channel that its header announces; 0 where it does not say."""

    def blocks(self, frames: int) -> Iterator[Frames]:
        """The audio in order, as int16 arrays of (at most `frames`, channels).

        Raises:
            DamagedError: it cannot be decoded from here on.
        """


class DamagedError(Exception):
    """A decoder gave up; how far it came is known to who counted."""


Load = Callable[[BinaryIO, Container | None], Decoder]
"""Begins to decode an open file."""


class DecodedFile:
    """An audio file within our limits. Only the block that is being read is in memory.

    Raises:
        AudioFileError: missing, empty, no format that we read, damaged, longer than 4 hours, more than two
            channels, or a sample rate outside 8 to 192 kHz.
    """

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._file = formats.open_file(path)
        self._decoder: Decoder | None = None
        try:
            self._container = formats.container_of(self._file.read(formats.HEAD_BYTES))
            self._load = _decoder(self._container, self.name)
        except AudioFileError:
            self.close()
            raise

    def open(self) -> None:
        """Read the header. What can be loaded has been loaded: no other file is opened from here on."""
        try:
            announced = formats.wav_seconds_announced(self._file)
            self._decoder = self._load(self._file, self._container)
        except DamagedError as error:
            raise formats.unreadable(self.name) from error
        self._require_limits()
        self._announced = self._decoder.frames / self._decoder.rate if announced is None else announced

    @property
    def rate(self) -> int:
        """Hz."""
        return self._opened.rate

    @property
    def channels(self) -> int:
        """1 or 2."""
        return self._opened.channels

    @property
    def seconds(self) -> float:
        """Length by its header; 0 where it does not say."""
        return self._opened.frames / self._opened.rate

    def blocks(self, frames: int) -> Iterator[Frames]:
        """The audio in order, as int16 arrays of (at most `frames`, channels)."""
        rate, heard = self._opened.rate, 0
        try:
            for block in self._opened.blocks(frames):
                heard += len(block)
                if heard > LONGEST_SECONDS * rate:
                    raise self._too_long()
                yield block
        except DamagedError as error:
            raise formats.damaged(self.name, heard / rate) from error
        if not heard:
            raise self._no_audio()
        if heard / rate < self._announced - SHORTER_IS_CUT:
            raise formats.damaged(self.name, heard / rate)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    @property
    def _opened(self) -> Decoder:
        assert self._decoder is not None, "open() comes first"
        return self._decoder

    def _require_limits(self) -> None:
        decoder = self._opened
        problem = ""
        if decoder.channels not in range(1, MOST_CHANNELS + 1):
            problem = later(
                f"{self.name} has {decoder.channels} channels, and at most {MOST_CHANNELS} can be read."
            )
        elif decoder.rate not in RATES:
            problem = later(
                f"{self.name} has {decoder.rate} samples a second, and 8,000 to 192,000 can be read."
            )
        elif decoder.frames > LONGEST_SECONDS * decoder.rate:
            raise self._too_long()
        if problem:
            raise AudioFileError(problem, "Nothing was changed.", "Choose or convert another file.")

    def _no_audio(self) -> AudioFileError:
        return AudioFileError(
            f"{self.name} holds no audio (its length is zero).",
            "Nothing was changed.",
            "Choose another file.",
        )

    def _too_long(self) -> AudioFileError:
        return AudioFileError(
            f"{self.name} is longer than {LONGEST_SECONDS // 3600} hours.",
            "The file itself was not changed.",
            "Cut it into parts first.",
        )


def _decoder(container: Container | None, name: str) -> Load:
    """Who decodes this kind, with its native library loaded.

    Raises:
        AudioFileError: nobody reads this kind here.
    """
    if container is None:
        raise formats.unknown_format(name)
    if container is Container.SOUND:
        from scribe_app.adapters.importing.sndfile import SndfileDecoder

        return SndfileDecoder
    try:
        from scribe_app.adapters.importing.pyav import PyavDecoder, load_all
    except ImportError as error:
        raise formats.without_pyav(name) from error
    load_all()
    return PyavDecoder

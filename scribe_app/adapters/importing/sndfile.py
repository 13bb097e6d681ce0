"""libsndfile: WAV, FLAC, Ogg Vorbis, Opus, MP3."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

import soundfile

from scribe_app.adapters.importing.decoded import DamagedError, Frames
from scribe_app.adapters.importing.formats import Container

_BROKEN = (soundfile.LibsndfileError, RuntimeError, TypeError, ValueError)
"""What soundfile raises for bytes that are no audio."""


class SndfileDecoder:
    """Reads through the open descriptor; opens nothing itself."""

    def __init__(self, file: BinaryIO, container: Container | None) -> None:
        os.lseek(file.fileno(), 0, os.SEEK_SET)
        try:
            self._file = _StraightFile(file.fileno(), closefd=False)
        except _BROKEN as error:
            raise DamagedError from error
        self.rate = int(self._file.samplerate)
        self.channels = int(self._file.channels)
        self.frames = int(self._file.frames)

    def blocks(self, frames: int) -> Iterator[Frames]:
        """The audio in order."""
        while True:
            try:
                block: Frames = self._file.read(frames, dtype="int16", always_2d=True)
            except _BROKEN as error:
                raise DamagedError from error
            if not len(block):
                return
            yield block


class _StraightFile(soundfile.SoundFile):  # type: ignore[misc]  # soundfile is untyped
    """Read from front to end without seeking.

    soundfile seeks after every read where it can; in an MP3 that empties the decoder's bit reservoir, and
    the audio after each block is damaged without any error (measured: a tone lost half of its energy).
    """

    def seekable(self) -> bool:
        return False

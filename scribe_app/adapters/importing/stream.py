"""The recorder's end of an import: checked blocks out of bytes."""

from __future__ import annotations

from collections.abc import Iterator
from multiprocessing.connection import Connection

from scribe_app.adapters.importing import wire
from scribe_app.adapters.importing.decoded import Frames
from scribe_app.errors import AudioFileError

STALLED_SECONDS = 60.0
"""A decoder that says nothing for so long is stuck; four times what a spawn takes on a busy computer."""


class FrameStream:
    """A file that another process decodes.

    Raises:
        AudioFileError: the file cannot be read, or its decoder ended or got stuck.
    """

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection, self.name = connection, name
        try:
            header = wire.unpack_header(self._receive())
        except ValueError as error:
            raise self._fallen(0.0) from error
        self.rate, self.channels, self.seconds = header.rate, header.channels, header.seconds
        self._heard = 0

    def blocks(self, frames: int = 0) -> Iterator[Frames]:
        """The audio in order, as int16 arrays of (n, channels). Their size was settled with the decoder."""
        while True:
            try:
                block = wire.unpack_audio(self._receive(), self.channels)
            except ValueError as error:
                raise self._fallen(self._heard / self.rate) from error
            if block is None:
                return
            self._heard += len(block)
            yield block

    def close(self) -> None:
        """Let go; the decoder ends by itself."""
        self._connection.close()

    def _receive(self) -> bytes:
        try:
            if not self._connection.poll(STALLED_SECONDS):
                raise ValueError("silence")
            return self._connection.recv_bytes(wire.MOST_BYTES)
        except (EOFError, OSError) as error:
            raise ValueError("gone") from error

    def _fallen(self, seconds: float) -> AudioFileError:
        return AudioFileError(
            f"{self.name} could not be read to its end: what decodes it stopped at {seconds:.1f} seconds.",
            "The audio up to there is kept." if seconds else "Nothing was changed.",
            "Convert the file to WAV or FLAC, or use another copy.",
        )

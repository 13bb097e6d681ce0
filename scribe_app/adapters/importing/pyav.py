"""PyAV (FFmpeg), where it is installed: M4A, MP4 and AAC. Never needed by the program itself.

Its published wheels carry GPL codecs, so it is no dependency of what ships. FFmpeg gets an open file and
the one demuxer that the first bytes call for: it neither probes, nor sees a name, nor has a protocol.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

import av
import av.error
import numpy as np

from scribe_app.adapters.importing.decoded import DamagedError, Frames
from scribe_app.adapters.importing.formats import Container

_CODECS = frozenset({"aac", "alac", "mp3", "mp3float", "opus", "libopus", "flac", "pcm_s16le", "pcm_s16be"})
_OPTIONS = {"protocol_whitelist": "none", "enable_drefs": "0", "use_absolute_path": "0"}
"""A QuickTime file may name other files to read; this says no twice."""
_BROKEN = (av.error.FFmpegError, ValueError, OSError, EOFError)


class PyavDecoder:
    """Decodes the first sound track; pictures are not touched."""

    def __init__(self, file: BinaryIO, container: Container | None) -> None:
        file.seek(0)
        try:
            self._container: Any = av.open(
                file,
                format="aac" if container is Container.ADTS else "mp4",
                options={} if container is Container.ADTS else _OPTIONS,
            )
        except _BROKEN as error:
            raise DamagedError from error
        tracks = self._container.streams.audio
        if not tracks or tracks[0].codec_context.name not in _CODECS:
            raise DamagedError
        self._track: Any = tracks[0]
        self._track.codec_context.thread_count = 1
        self.rate = int(self._track.rate or 0)
        self.channels = int(self._track.channels or 0)
        length: Any = self._track.duration
        self.frames = int(length * self._track.time_base * self.rate) if length else 0
        if container is Container.ADTS:
            self.frames = 0  # estimated from the bit rate, and often wrong

    def blocks(self, frames: int) -> Iterator[Frames]:
        """The audio in order, in 16 bit."""
        convert = av.AudioResampler(format="s16", layout="mono" if self.channels == 1 else "stereo")
        waiting = np.zeros((0, self.channels), dtype=np.int16)
        for piece in self._pieces(convert):
            waiting = np.concatenate([waiting, piece])
            while len(waiting) >= frames:
                yield waiting[:frames]
                waiting = waiting[frames:]
        if len(waiting):
            yield waiting

    def _pieces(self, convert: Any) -> Iterator[Frames]:
        try:
            for decoded in self._container.decode(self._track):
                if decoded.rate != self.rate:
                    raise DamagedError  # a track that changes its rate is no recording of speech
                for frame in convert.resample(decoded):
                    yield frame.to_ndarray().reshape(-1, self.channels)
        except _BROKEN as error:
            raise DamagedError from error


def load_all() -> None:
    """Decode a tenth of a second of silence.

    PyAV imports parts of itself when they are first needed, which a confined process cannot do any more.
    """
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as written:
        track = written.add_stream("aac", rate=16_000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.rate = 16_000
        for packet in (*track.encode(frame), *track.encode(None)):
            written.mux(packet)
    for _ in PyavDecoder(file, Container.MP4).blocks(1024):
        pass

"""What the import process says, as bytes: the other end unpickles nothing that a file could have forged.

header  b"H" + rate, channels (uint32), seconds (float64)
audio   b"A" + int16 little-endian, interleaved
end     b"E"
error   b"X" + JSON list of title, detail, remedy
"""

from __future__ import annotations

import json
import math
import struct
from dataclasses import dataclass

import numpy as np

from scribe_app.adapters.importing.decoded import Frames
from scribe_app.adapters.importing.limits import LONGEST_SECONDS, MOST_CHANNELS, RATES
from scribe_app.errors import AudioFileError

MOST_BYTES = 1 << 21
"""Of one message: a second of two channels at 192 kHz is 0.8 MB."""
LONGEST_TEXT = 400
"""Characters of one part of an error."""
END = b"E"
_HEADER = struct.Struct("<cIId")


@dataclass(frozen=True, slots=True)
class Header:
    """What is to come."""

    rate: int
    """Hz."""
    channels: int
    seconds: float
    """By the file's own header; 0 where it does not say."""


def pack_header(header: Header) -> bytes:
    """First message."""
    return _HEADER.pack(b"H", header.rate, header.channels, header.seconds)


def pack_audio(frames: Frames) -> bytes:
    """A block of (n, channels)."""
    return b"A" + np.ascontiguousarray(frames, dtype="<i2").tobytes()


def pack_error(error: AudioFileError) -> bytes:
    """Last message where something is wrong."""
    return b"X" + json.dumps([error.title, error.detail, error.remedy]).encode()


def unpack_header(message: bytes) -> Header:
    """Raises ValueError when it cannot be one; AudioFileError when it is an error."""
    raise_error(message)
    if len(message) != _HEADER.size or message[:1] != b"H":
        raise ValueError("no header")
    _, rate, channels, seconds = _HEADER.unpack(message)
    if rate not in RATES or not 1 <= channels <= MOST_CHANNELS:
        raise ValueError("header out of range")
    if not (math.isfinite(seconds) and 0 <= seconds <= LONGEST_SECONDS):
        raise ValueError("length out of range")
    return Header(rate, channels, seconds)


def unpack_audio(message: bytes, channels: int) -> Frames | None:
    """The block; None at the end. Raises ValueError for anything else, AudioFileError for an error."""
    raise_error(message)
    if message == END:
        return None
    if message[:1] != b"A" or (len(message) - 1) % (2 * channels):
        raise ValueError("no audio")
    return np.frombuffer(message, dtype="<i2", offset=1).reshape(-1, channels)


def raise_error(message: bytes) -> None:
    """Raise what an error message says, as text and nothing else."""
    if message[:1] != b"X":
        return
    try:
        parts = json.loads(message[1:])
    except RecursionError as error:
        raise ValueError("no error either") from error
    if not (
        isinstance(parts, list) and len(parts) == 3 and all(isinstance(part, str) and part for part in parts)
    ):
        raise ValueError("no error either")
    raise AudioFileError(*(part[:LONGEST_TEXT] for part in parts))

"""Which files are opened at all, by their first bytes; a name says nothing."""

from __future__ import annotations

import struct
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from scribe_app.errors import AudioFileError
from scribe_app.language import later

WORKING_FORMATS = later("WAV, FLAC, Ogg, Opus and MP3 files work.")
HEAD_BYTES = 16
_UNKNOWN_LENGTHS = (0, 0xFFFFFFFF, 0x7FFFFFFF)
"""Written into a WAV by programs that never came back to fill in its length."""


class Container(Enum):
    """What kind of file it is, and so who decodes it."""

    SOUND = "sound"
    """WAV, FLAC, Ogg, MP3: libsndfile."""
    MP4 = "mp4"
    """M4A, MP4, MOV, 3GP: PyAV."""
    ADTS = "aac"
    """Bare AAC: PyAV."""


def container_of(head: bytes) -> Container | None:
    """The kind of a file from its first 16 bytes; None for everything that is not on the list.

    Playlists (m3u, ffconcat) and formats that can name other files are not on it.
    """
    if head[:4] in (b"fLaC", b"OggS") or head[:3] == b"ID3":
        return Container.SOUND
    if head[:4] in (b"RIFF", b"RIFX", b"RF64") and head[8:12] == b"WAVE":
        return Container.SOUND
    if head[4:8] == b"ftyp":
        return Container.MP4
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return Container.ADTS
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return Container.SOUND  # MPEG audio of layers 1 to 3
    return None


def open_file(path: Path) -> BinaryIO:
    """Open it for reading.

    Raises:
        AudioFileError: missing, a folder or a device, empty, or not ours to read.
    """
    problem = ""
    try:
        if not path.exists():
            problem = later(f"{path} does not exist.")
        elif not path.is_file():
            problem = later(f"{path} is not a file.")
        elif path.stat().st_size == 0:
            problem = later(f"{path} is empty (0 bytes).")
        else:
            return path.open("rb")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        problem = later(
            f"{path} cannot be opened ({getattr(error, 'strerror', None) or 'its name is not valid'})."
        )
    raise AudioFileError(problem, "Nothing was changed.", "Check the name and the place.")


def wav_seconds_announced(file: BinaryIO) -> float | None:
    """How long a WAV says that it is; None where it is no WAV, or does not know.

    libsndfile takes what is there and stays silent about what is cut off.
    """
    file.seek(0)
    head = file.read(12)
    if head[:4] != b"RIFF":
        return None
    bytes_a_second = 0
    for _ in range(64):  # chunks before the audio; a file with more is made to waste time
        chunk = file.read(8)
        if len(chunk) < 8:
            return None
        name, size = chunk[:4], struct.unpack("<I", chunk[4:])[0]
        if name == b"fmt ":
            bytes_a_second = struct.unpack("<I", file.read(12)[8:].ljust(4, b"\0"))[0]
            size -= 12
        elif name == b"data":
            known = bytes_a_second and size not in _UNKNOWN_LENGTHS
            return size / bytes_a_second if known else None
        if size < 0:
            return None
        file.seek(size + size % 2, 1)
    return None


def unknown_format(name: str) -> AudioFileError:
    """It is no audio file that we read."""
    return AudioFileError(
        f"{name} is no audio file that can be read.",
        "Nothing was changed.",
        f"{WORKING_FORMATS} Convert the file first.",
    )


def unreadable(name: str) -> AudioFileError:
    """It begins like one, and goes on like none."""
    return AudioFileError(
        f"{name} is damaged from its beginning, or not what it seems.",
        "Nothing was changed.",
        "Use another copy of the file, or convert it to WAV or FLAC first.",
    )


def without_pyav(name: str) -> AudioFileError:
    """It is one that needs what is not installed."""
    return AudioFileError(
        f"{name} is an M4A, MP4 or AAC file, and this installation cannot read those.",
        "Nothing was changed.",
        f"{WORKING_FORMATS} Convert the file first, or ask IT to install PyAV beside Scribe.",
    )


def damaged(name: str, seconds: float) -> AudioFileError:
    """It breaks off or cannot be decoded from here on."""
    return AudioFileError(
        f"{name} is damaged after {seconds:.1f} seconds.",
        "The audio up to there is kept." if seconds else "Nothing was changed.",
        "Use another copy of the file.",
    )

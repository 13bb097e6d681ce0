"""Main function of the import process."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

from scribe_app.adapters.importing import wire
from scribe_app.adapters.importing.decoded import DecodedFile
from scribe_app.adapters.importing.limits import confine, silence_native_output
from scribe_app.errors import AudioFileError

LOOK_SECONDS = 0.1


def decode(parent: Connection, path: Path, block_seconds: float, frames: Connection) -> None:
    """Decode one file into `frames` (see wire.py), in blocks of this many seconds.

    0 seconds: the header only, after a look whether there is any audio.

    The pipe to the parent speaks pickle, so it is closed before the file is looked at.
    """
    parent.close()
    silence_native_output()
    try:
        file = DecodedFile(path)
        confine()
        file.open()
        header = wire.Header(file.rate, file.channels, file.seconds)
        blocks = file.blocks(max(1, round((block_seconds or LOOK_SECONDS) * file.rate)))
        if not block_seconds:
            next(blocks, None)
            blocks = iter(())
        frames.send_bytes(wire.pack_header(header))
        for block in blocks:
            frames.send_bytes(wire.pack_audio(block))
        frames.send_bytes(wire.END)
    except AudioFileError as error:
        frames.send_bytes(wire.pack_error(error))
    except MemoryError:
        frames.send_bytes(wire.pack_error(_too_big(path.name)))


def _too_big(name: str) -> AudioFileError:
    return AudioFileError(
        f"{name} needs more memory than a recording should.",
        "Nothing was changed.",
        "Convert the file to WAV or FLAC first.",
    )

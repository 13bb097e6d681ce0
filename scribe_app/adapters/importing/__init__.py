"""Foreign audio files, decoded in a process that can do nothing else.

    file → import process (libsndfile, or PyAV where it is installed) → bytes over a pipe → recorder process

A hostile file that takes over its decoder finds no key, no network, no file that it could open or write, and
nobody who would unpickle what it says: the recorder takes counted bytes, checks them and seals them.
"""

from __future__ import annotations

from scribe_app.adapters.importing.decoded import DecodedFile
from scribe_app.adapters.importing.process import ImportProcess, file_seconds
from scribe_app.adapters.importing.stream import FrameStream

__all__ = ["DecodedFile", "FrameStream", "ImportProcess", "file_seconds"]

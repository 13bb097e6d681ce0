"""Starting and ending the import process."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path

from scribe_app.adapters.importing import child
from scribe_app.adapters.importing.stream import FrameStream
from scribe_app.adapters.worker import WorkerProcess

NICENESS = 5
"""A recording that runs beside it comes first."""
LAST_SECONDS = 2.0


class ImportProcess:
    """Decodes one file. Give `frames` to the process that reads, then call `handed_over`."""

    def __init__(self, path: Path, block_seconds: float) -> None:
        self.frames, child_end = multiprocessing.get_context("spawn").Pipe(duplex=False)
        try:
            self._worker = WorkerProcess(
                "import",
                child.decode,
                (path, block_seconds, child_end),
                _ignore,
                _ignore,
                NICENESS,
                works_on_alone=True,
            )
        finally:
            child_end.close()  # so that the reader sees the end of the pipe when the decoder dies

    @property
    def pid(self) -> int | None:
        """The import process's id."""
        return self._worker.pid

    @property
    def alive(self) -> bool:
        """Whether it still decodes."""
        return self._worker.alive

    def handed_over(self) -> None:
        """The reading process has its own copy of `frames`: close ours."""
        self.frames.close()

    def kill(self) -> None:
        """End it at once."""
        self._worker.kill()

    def join(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds until it has ended."""
        return self._worker.join(timeout)


def file_seconds(path: Path) -> float:
    """How long an audio file is by its own header; 0 where that does not say. Takes about a second.

    Raises:
        AudioFileError: it is none that can be imported.
        EngineError: no process can be started.
    """
    process = ImportProcess(path, 0.0)
    try:
        return FrameStream(process.frames, path.name).seconds
    finally:
        process.kill()
        process.join(LAST_SECONDS)
        process.handed_over()


def _ignore(_: object) -> None:
    """Whatever there is to say comes through `frames`; how it ended shows there, too."""


__all__ = ["Connection", "ImportProcess", "file_seconds"]

"""What the journal needs from a file system: durable writes, whole writes, room kept in reserve."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

SEGMENT_SUFFIX = ".journal"
RESERVE, LAST_RESERVE = "reserve-1", "reserve-2"
RESERVES = {RESERVE: 4 << 20, LAST_RESERVE: 256 << 10}
"""Bytes kept back for a full disk: the first for two more minutes, the last for the end of the recording."""


def segment_path(folder: Path, index: int) -> Path:
    """The file of one segment."""
    return folder / f"segment-{index:05}{SEGMENT_SUFFIX}"


def segment_files(folder: Path) -> list[Path]:
    """Segment files, in order; none where the folder does not exist."""
    if not folder.is_dir():
        return []
    return sorted(folder.glob(f"*{SEGMENT_SUFFIX}"))


def create(path: Path) -> int:
    """A new file, readable by its owner only, as a descriptor for writing. Raises FileExistsError."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)


def write_all(descriptor: int, content: bytes | memoryview) -> int:
    """Write on after short writes; returns the bytes written.

    Raises:
        UnwrittenError: nothing more goes in. A full disk first writes short and then fails, so what is left
            to write is the error's `rest`.
    """
    rest = memoryview(content)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except InterruptedError:
            continue
        except OSError as error:
            raise UnwrittenError(error, bytes(rest)) from error
    return len(content)


class UnwrittenError(OSError):
    """A write that stopped; `rest` is what did not get in."""

    def __init__(self, cause: OSError, rest: bytes) -> None:
        super().__init__(cause.errno, cause.strerror)
        self.rest = rest


def sync(descriptor: int) -> None:
    """Have the drive itself keep what was written."""
    if sys.platform == "darwin":
        import fcntl

        # Plain fsync leaves the data in the drive's cache (fsync(2) on macOS).
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    elif sys.platform == "win32":
        os.fsync(descriptor)
    else:
        os.fdatasync(descriptor)


def free_bytes(folder: Path) -> int:
    """Room for this user on the folder's volume."""
    return shutil.disk_usage(folder).free


def keep_reserves(folder: Path) -> None:
    """Allocate the reserve files. Raises OSError when even these do not fit."""
    for name, size in RESERVES.items():
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(descriptor, 0, size)
            else:
                write_all(descriptor, bytes(size))
        finally:
            os.close(descriptor)


def release_reserve(folder: Path) -> bool:
    """Give the reserve for going on back to the volume; False when it is used up."""
    try:
        (folder / RESERVE).unlink()
    except FileNotFoundError:
        return False
    return True


def release_reserves(folder: Path) -> None:
    """Give every reserve back, also the one for the end."""
    for name in RESERVES:
        (folder / name).unlink(missing_ok=True)

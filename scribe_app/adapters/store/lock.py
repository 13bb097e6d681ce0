"""One program per vault."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from scribe_app.errors import StorageError, VaultInUseError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class VaultLock:
    """Held from opening to closing; the system gives it back when the program ends in any way."""

    def __init__(self, folder: Path) -> None:
        """Take the lock at once.

        Raises:
            VaultInUseError: another program, or this one, holds it.
            StorageError: the folder cannot be written.
        """
        try:
            # Windows locks a byte for reading too, so nothing is written that others would want to read.
            self._descriptor = os.open(folder / "vault.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StorageError(
                f"The folder of the records cannot be written: {error.strerror}.",
                "Nothing was changed.",
                f"Check that you may write to {folder}.",
            ) from error
        try:
            _lock(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            raise VaultInUseError(
                "The records are open in another window or program.",
                "Nothing was changed, here or there.",
                "Go on in the other window, or close it and try again.",
            ) from error

    def release(self) -> None:
        """Give the lock back. Safe to call again."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

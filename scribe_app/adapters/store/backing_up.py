"""A backup of an open vault, made beside the work."""

from __future__ import annotations

import secrets
import time
from datetime import datetime
from pathlib import Path

from scribe_app.adapters.store import archive, copying, slots
from scribe_app.adapters.store.vault_files import VaultFiles
from scribe_app.domain.vault import Backup


def make(database: Path, key: bytes, folder: Path, keep: int, at: datetime) -> Backup:
    """Copy, verify, put into one file with the wrapped keys, and let the oldest go.

    The copy is made in the vault's own folder, because the other one may be a network drive, where SQLite
    cannot lock.

    Raises:
        StorageError: no backup was made; earlier ones are kept.
    """
    started = time.monotonic()
    files = VaultFiles(database.parent)
    copy = files.part(f"copy-{secrets.token_hex(4)}")
    try:
        contents = copying.verified_copy(database, key, copy)
        file = archive.write(folder, copy, slots.read(files.slots), contents, at)
    finally:
        files.remove_database(copy.name)
    archive.prune(folder, keep)
    seconds = round(time.monotonic() - started, 3)
    return Backup(file, at, file.stat().st_size, contents.consultations, seconds)

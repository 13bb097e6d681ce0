"""Backups of the vault: made beside the work, put back without writing over anything."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from scribe_app.adapters.store import archive, aside, copying, slots
from scribe_app.adapters.store.store import SqlCipherStore
from scribe_app.adapters.store.vault_files import VaultFiles
from scribe_app.domain.vault import Restored
from scribe_app.errors import StorageError
from scribe_app.ports import AuditAction, AuditEntry


def restore(
    files: VaultFiles,
    backup: Path,
    key_for: Callable[[slots.SlotsFile], bytes],
    at: datetime,
    user: str,
) -> Restored:
    """Check the backup whole, keep aside what is here, and put it in its place in one step.

    Raises:
        StorageError: nothing of what was here is changed.
    """
    name = f"vault-{secrets.token_hex(4)}.db"
    part = files.part(name)
    try:
        manifest, held = archive.unpack(backup, part)
        key = key_for(held)
        if copying.inspect(part, key).consultations != manifest.consultations:
            raise StorageError(
                "The backup does not hold what it says it holds.", "Nothing was changed.", "Use another one."
            )
        store = SqlCipherStore(part, key)  # brings an older schema up to date
        try:
            entry = AuditEntry(at, user, AuditAction.RESTORED, detail=manifest.made_at.isoformat())
            erased = store.settle_restored(entry)
            kept = len(store.consultations())
        finally:
            store.close()
    except BaseException:
        files.remove_parts()
        raise
    kept_aside, replaced = _keep_aside(files, at)
    part.replace(files.database(name))
    slots.sync_folder(files.folder)
    slots.write(files.slots, replace(held, database=name, retired=replaced))
    for old in replaced:
        files.remove_database(old)
    slots.write(files.slots, replace(held, database=name, retired=()))
    return Restored(manifest.made_at, kept, erased, kept_aside)


def _keep_aside(files: VaultFiles, at: datetime) -> tuple[Path | None, tuple[str, ...]]:
    """Give what is here a second name in a folder of its own; the names of databases that may then go."""
    here = [file for file in sorted(files.folder.glob("vault*.db*")) if not file.name.endswith(".part")]
    if files.slots.exists():
        here.append(files.slots)
    if not here:
        return None, ()
    kept = files.folder / aside.name_of(at, secrets.token_hex(2))
    kept.mkdir(mode=0o700)
    for file in here:
        _second_name(file, kept / file.name)
    slots.sync_folder(kept)
    slots.sync_folder(files.folder)
    databases = tuple(file.name for file in here if slots.DATABASES.fullmatch(file.name))
    return kept, databases


def _second_name(file: Path, copy: Path) -> None:
    if file.suffix == ".json":
        shutil.copy2(file, copy)
        copying.sync_file(copy)
        return
    try:
        os.link(file, copy)
    except OSError:  # a file system without hard links
        shutil.copy2(file, copy)
        copying.sync_file(copy)

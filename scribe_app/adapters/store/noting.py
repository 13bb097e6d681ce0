"""A change of the ways in goes to the audit trail of the vault that it is about, open or not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from scribe_app.adapters.store.store import SqlCipherStore
from scribe_app.errors import VaultLockedError
from scribe_app.ports import AuditAction, AuditEntry

OBJECT = "ways in"


def note(database: Path, key: bytes, held: SqlCipherStore | None, user: str, detail: str) -> None:
    """Append it; `held` is this vault's store where it is open or locked in this program.

    Raises:
        StorageError: it could not be written; the change itself was made.
    """
    entry = AuditEntry(datetime.now(UTC), user, AuditAction.SETTINGS, detail=detail, object=OBJECT)
    if held is not None:
        try:
            held.add_audit(entry)
        except VaultLockedError:
            pass  # it is locked in this program: open the database beside it for a moment
        else:
            return
    store = SqlCipherStore(database, key)
    try:
        store.add_audit(entry)
    finally:
        store.close()

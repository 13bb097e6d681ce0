"""Verified copies of the encrypted database: for backups, and for a new database key."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from scribe_app.adapters.store.database import DatabaseError, unlock, unreadable
from scribe_app.adapters.store.schema.migrations import STEPS
from scribe_app.errors import SchemaTooNewError, StorageError

TRIES = 3
"""Copies made at the most while somebody writes in between; the last one is kept, verified by itself."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What two copies must agree in."""

    rows: dict[str, int] = field(default_factory=dict)
    """Table to its number of rows."""
    audit_head: str = ""
    """SHA-256 of the last audit entry."""
    steps: tuple[str, ...] = ()
    """Of the schema."""

    @property
    def consultations(self) -> int:
        """How many there are."""
        return self.rows.get("consultation", 0)


def verified_copy(source: Path, key: bytes, target: Path) -> Contents:
    """Copy the database, as one moment's state, into a new file; it opens, is whole and holds the same.

    VACUUM INTO reads beside the writer and needs no lock on it (conn.backup() would wait for ever for a
    source that holds a write transaction). The copy has the same key.

    Raises:
        StorageError: it could not be made, or is not the same. The source is untouched, no copy is left.
    """
    for attempt in range(1, TRIES + 1):
        target.unlink(missing_ok=True)
        with connected(source, key) as reading:
            before = _version(reading)
            expected = _contents(reading)
            reading.execute("VACUUM INTO ?", [str(target)])
            undisturbed = _version(reading) == before
        sync_file(target)
        copied = inspect(target, key)
        if copied == expected or (not undisturbed and attempt == TRIES):
            return copied
        if undisturbed:
            target.unlink(missing_ok=True)
            raise StorageError(
                "The copy of the records does not hold what the records hold.",
                "The copy was thrown away; the records are untouched.",
                "Try again; if it happens again, check this computer's disk.",
            )
    raise AssertionError("unreachable")


def inspect(file: Path, key: bytes) -> Contents:
    """Check every page of a database and read what it holds.

    Raises:
        StorageError: damaged, or not this key.
        SchemaTooNewError: a newer version wrote it.
    """
    with connected(file, key) as reading:
        damaged = reading.execute("PRAGMA cipher_integrity_check").fetchall()
        whole = reading.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        orphans = reading.execute("PRAGMA foreign_key_check").fetchone()
        if damaged or not whole or orphans is not None:
            raise unreadable(file)
        contents = _contents(reading)
    if set(contents.steps) - {name for name, _ in STEPS}:
        raise SchemaTooNewError(
            "This copy of the records was written by a newer version of the program.",
            "Nothing was changed.",
            "Install that version on this computer and use it there.",
        )
    return contents


def rekey(file: Path, old: bytes, new: bytes) -> None:
    """Encrypt a copy anew with another key, in place. Raises StorageError; the copy is then worthless."""
    with connected(file, old) as db:
        db.execute(f"PRAGMA rekey = \"x'{new.hex()}'\"")
    sync_file(file)


@contextmanager
def connected(file: Path, key: bytes) -> Iterator[Any]:
    """A connection of its own, closed at the end. Raises StorageError for whatever SQLCipher says."""
    if not file.exists():
        raise unreadable(file)
    connection = None
    try:
        connection = sqlcipher.connect(file, isolation_level=None)
        unlock(connection, key)
        yield connection
    except DatabaseError as error:
        if "full" in str(error):
            raise StorageError(
                "The disk is full.", "No copy was made; the records are untouched.", "Free some space."
            ) from error
        raise unreadable(file) from error
    finally:
        if connection is not None:
            connection.close()


def sync_file(file: Path) -> None:
    """Have the drive keep a file after a power cut."""
    descriptor = os.open(file, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _version(connection: Any) -> int:
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _contents(connection: Any) -> Contents:
    names = [
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
    ]
    rows = {name: _count(connection, name) for name in names if not name.startswith("spoken")}
    last = connection.execute("SELECT * FROM audit_entry ORDER BY number DESC LIMIT 1").fetchone()
    head = hashlib.sha256(repr(tuple(last)).encode()).hexdigest() if last is not None else ""
    steps = tuple(
        name for (name,) in connection.execute("SELECT name FROM _sqlite_migrations ORDER BY rowid")
    )
    return Contents(rows, head, steps)


def _count(connection: Any, table: str) -> int:
    return int(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608 - a name from sqlite_master

"""One SQLCipher connection, opened so that it cannot be anything but encrypted."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlite_utils import Database

from scribe_app.adapters.store.schema.migrations import migrate
from scribe_app.errors import StorageError

KEY_BYTES = 32
_PLAIN_MAGIC = b"SQLite format 3\x00"

DatabaseError: type[Exception] = sqlcipher.Error
"""Everything SQLCipher raises; not a subclass of the standard library's sqlite3.Error."""

_PRAGMAS = (
    "cipher_log_level = NONE",  # SQLCipher would print page errors to standard error
    "journal_mode = WAL",
    "synchronous = FULL",  # a commit that was reported survives a power cut
    "foreign_keys = ON",
    "secure_delete = ON",  # deleted text is overwritten, also inside pages that stay in use
    "trusted_schema = OFF",
    "busy_timeout = 5000",
)


def open_database(file: Path, key: bytes) -> Database:
    """Open or create the encrypted database and bring its schema up to date.

    Args:
        file: created where there is none.
        key: 32 random bytes, used raw (the slow passphrase derivation happens in the key slots).

    Raises:
        StorageError: not encrypted, not this key, damaged, or not writable. Nothing is deleted.
        SchemaTooNewError: written by a newer version.
    """
    if len(key) != KEY_BYTES:
        raise ValueError(f"a database key has {KEY_BYTES} bytes, not {len(key)}")
    _refuse_plain(file)
    connection = None
    try:
        # Autocommit: every write opens its own BEGIN IMMEDIATE (see StoreThread.write).
        connection = sqlcipher.connect(file, isolation_level=None)
        unlock(connection, key)
        db = Database(connection, execute_plugins=False)
        migrate(db)
    except DatabaseError as error:
        if connection is not None:
            connection.close()
        raise unreadable(file) from error
    except StorageError:
        if connection is not None:
            connection.close()
        raise
    _refuse_plain(file)
    connection.create_function("fold", 1, fold, deterministic=True)
    return db


def fold(text: str) -> str:
    """Lower case without accents, for comparing what people type: "Zoë" and "zoe" are alike."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def unreadable(file: Path) -> StorageError:
    """The error for a database that its own key does not open, or that is damaged."""
    return StorageError(
        f"The database {file.name} cannot be read: it is damaged or does not belong to these keys.",
        "Nothing was deleted or changed.",
        f"Put a backup of {file.parent} back, or ask your IT support to look at it.",
    )


def unlock(connection: Any, key: bytes) -> None:
    """Give a connection its key and its pragmas. A wrong key raises DatabaseError here, not later."""
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    version = connection.execute("PRAGMA cipher_version").fetchone()
    if not version or not version[0]:
        # Plain SQLite ignores PRAGMA key in silence and would write a readable file.
        raise StorageError(
            "Encryption is not available in this installation.",
            "Nothing was written.",
            "Install the program again; the sqlcipher3 package is missing or was replaced.",
        )
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # a wrong key fails here, not before


def _refuse_plain(file: Path) -> None:
    try:
        with file.open("rb") as stream:
            start = stream.read(len(_PLAIN_MAGIC))
    except FileNotFoundError:
        return
    except OSError as error:
        raise StorageError(
            f"The database {file.name} cannot be opened: {error.strerror}.",
            "Nothing was changed.",
            f"Check that you may read and write {file.parent}.",
        ) from error
    if start == _PLAIN_MAGIC:
        raise StorageError(
            f"The database {file.name} is not encrypted.",
            "It was not opened and nothing was written to it.",
            f"Move {file} away; this program never makes such a file.",
        )

"""sqlite-utils must be bound to SQLCipher; otherwise later writes can vanish in silence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import scribe_app.adapters.store  # noqa: F401 - its import is what is tested


def test_sqlite_utils_is_bound_to_sqlcipher() -> None:
    import sqlcipher3.dbapi2
    import sqlite_utils.db

    assert sqlite_utils.db.OperationalError is sqlcipher3.dbapi2.OperationalError
    assert sqlite_utils.db.OperationalError.__module__.startswith("sqlcipher3")
    assert sqlite_utils.db.sqlite3.connect is sqlcipher3.connect


def test_any_module_of_the_store_brings_the_shim_first() -> None:
    program = (
        "import scribe_app.adapters.store.schema.migrations, sqlite_utils.db as db;"
        "assert db.OperationalError.__module__.startswith('sqlcipher3'), db.OperationalError.__module__"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_an_earlier_import_of_sqlite_utils_stops_the_program() -> None:
    program = "import sqlite_utils.db, scribe_app.adapters.store"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert "writes could be lost" in ended.stderr


def test_a_returning_query_that_fails_leaves_no_transaction_open(tmp_path: Path) -> None:
    # Without the shim this left a transaction open, and the next writes were gone after close.
    from scribe_app.adapters.store.database import open_database

    db = open_database(tmp_path / "a.db", b"k" * 32)
    row = "INSERT INTO audit_entry (at, user, action, detail) VALUES ('t', 'u', 'a', '') RETURNING number"
    for _ in range(2):
        list(db.query(row))
    assert not db.conn.in_transaction
    db.close()
    db = open_database(tmp_path / "a.db", b"k" * 32)
    assert db.execute("SELECT count(*) FROM audit_entry").fetchone() == (2,)
    db.close()

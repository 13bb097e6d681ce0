"""Makes sqlite-utils use SQLCipher instead of plain SQLite. Imported before anything else of this package.

sqlite-utils looks for a module called `pysqlite3` before it takes the standard library's sqlite3, and
binds that module's exception classes at import. With plain SQLite's classes bound, its clean-up after
a failed statement does not run on SQLCipher connections: a transaction stays open, and later writes
that seem to succeed are gone after close. So SQLCipher's modules are registered under that name first.
"""

from __future__ import annotations

import sys

import sqlcipher3
import sqlcipher3.dbapi2


def install() -> None:
    """Register SQLCipher for sqlite-utils; safe to call again.

    Raises:
        ImportError: sqlite-utils was imported earlier and is bound to plain SQLite.
    """
    early = sys.modules.get("sqlite_utils.db")
    if early is not None and early.OperationalError is not sqlcipher3.dbapi2.OperationalError:
        raise ImportError("sqlite_utils was imported before scribe_app.adapters.store; writes could be lost")
    sys.modules["pysqlite3"] = sqlcipher3
    sys.modules["pysqlite3.dbapi2"] = sqlcipher3.dbapi2


install()

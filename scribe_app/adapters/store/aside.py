"""What a restore kept aside: it must not keep what was erased, and it goes by itself in the end.

A folder `before-restore-<UTC time>-…` beside the vault holds the database that was there before, with the
slots that open it. Whoever restored the wrong backup finds everything there. So what is erased from then on
is erased there too; and a database that today's key does not open (another vault's, or from before a
rotation) goes whole as soon as a person has something erased, since nobody can tell what it holds.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scribe_app.adapters.store import ledger
from scribe_app.adapters.store.database import DatabaseError, open_database
from scribe_app.adapters.store.ledger import Erased
from scribe_app.adapters.store.slots import DATABASES
from scribe_app.domain.erasure import Erasure, Why
from scribe_app.errors import ScribeError

log = logging.getLogger(__name__)

NAME = "before-restore-"
TIME = "%Y%m%d-%H%M%S"
_BY_ITSELF = frozenset({Why.RETENTION, Why.SIGNED})


def name_of(at: datetime, token: str) -> str:
    """Of a new folder."""
    return f"{NAME}{at.astimezone(UTC):{TIME}}-{token}"


def erase(folder: Path, key: bytes, erasures: Iterable[Erasure], at: datetime) -> None:
    """Erase the same in every database that was kept aside; see above for those that do not open."""
    erasures = list(erasures)
    entries = [Erased(one.consultation, one.part, at) for one in erasures]
    wanted = any(one.why not in _BY_ITSELF for one in erasures)
    for kept in _folders(folder):
        if not _settled(kept, key, entries) and wanted:
            log.warning("%s does not open with today's key, and was removed", kept.name)
            shutil.rmtree(kept, ignore_errors=True)


def settle(folder: Path, key: bytes, entries: Callable[[], Iterable[Erased]]) -> None:
    """After an opening: what a crash left of that, by the ledger, which is read only where it is needed."""
    for kept in _folders(folder):
        _settled(kept, key, list(entries()))


def forget(folder: Path, before: datetime) -> int:
    """Remove what restores before then kept aside; how many folders. One that cannot be removed stays."""
    gone = 0
    for kept in _folders(folder):
        made = _made_at(kept)
        if made is not None and made < before:
            shutil.rmtree(kept, ignore_errors=True)
            gone += not kept.exists()
    return gone


def _folders(folder: Path) -> list[Path]:
    """Those of restores that were finished. A cut-off one only gave what is in use a second name, and a
    database must never be opened by two names.
    """
    found = []
    for kept in sorted(kept for kept in folder.glob(f"{NAME}*") if kept.is_dir()):
        if any(_in_use(file, folder / file.name) for file in kept.iterdir()):
            shutil.rmtree(kept, ignore_errors=True)
        else:
            found.append(kept)
    return found


def _in_use(second: Path, first: Path) -> bool:
    return first.exists() and second.samefile(first)


def _made_at(kept: Path) -> datetime | None:
    try:
        return datetime.strptime(kept.name.removeprefix(NAME)[:15], TIME).replace(tzinfo=UTC)
    except ValueError:
        return None  # not ours


def _settled(kept: Path, key: bytes, entries: list[Erased]) -> bool:
    """Whether every database in it opened and no longer holds any of this."""
    files = [file for file in sorted(kept.iterdir()) if DATABASES.fullmatch(file.name)]
    return all(_erased_in(file, key, entries) for file in files)


def _erased_in(file: Path, key: bytes, entries: list[Erased]) -> bool:
    try:
        db = open_database(file, key)
    except (ScribeError, DatabaseError, OSError) as error:
        log.info("%s stays closed: %s", file.parent.name, type(error).__name__)
        return False
    try:
        _in_one_step(db, entries)
    except DatabaseError as error:
        log.warning("nothing erased in %s: %s", file.parent.name, type(error).__name__)
        return False
    finally:
        db.close()
    return True


def _in_one_step(db: Any, entries: list[Erased]) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        ledger.apply(db, entries)
        db.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:
            db.execute("ROLLBACK")
        raise
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

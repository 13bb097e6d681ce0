"""Migration, rotation, backup and restoring, killed at any moment, lose nothing."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from scribe_app.adapters.store import SqlCipherStore, VaultDoor
from scribe_app.adapters.store.database import Database, unlock
from scribe_app.adapters.store.schema import migrations
from scribe_app.adapters.store.slots import Argon2Cost
from scribe_app.domain.recovery_key import RecoveryKey
from scribe_app.errors import SchemaTooNewError, WrongPassphraseError

KEY = bytes(range(32))
QUICK = Argon2Cost(memory_kib=64, passes=1, lanes=1)
WORDS = "correct horse battery"
RECOVERY = RecoveryKey(bytes(range(20)))
ROWS = 400
CONSULTATION = (
    "INSERT INTO consultation (id, started_at, language, template, state, patient_name, date_of_birth,"
    " record_number, informed, notes, failure) VALUES (?, '2026-11-21T12:00:00.000000+00:00', 'en', 'soap',"
    " 'in_review', ?, '', '', 'not_stated', '', '')"
)
UTTERANCE = (
    "INSERT INTO utterance (consultation, id, text, speaker, start, end, confidence, recognised_text,"
    " recognised_speaker) VALUES (?, ?, ?, 'patient', 0, 1, 1, ?, 'unknown')"
)


def vault_of_schema(file: Path, steps: int, rows: int = 5) -> None:
    """A database as the program wrote it when it had this many steps."""
    connection = sqlcipher.connect(file, isolation_level=None)
    unlock(connection, KEY)
    all_steps = migrations.STEPS
    try:
        migrations.STEPS = all_steps[:steps]
        migrations.migrate(Database(connection, execute_plugins=False))
    finally:
        migrations.STEPS = all_steps
    connection.execute("BEGIN")
    for number in range(rows):
        connection.execute(CONSULTATION, [f"c{number}", f"Patient {number}"])
        connection.execute(UTTERANCE, [f"c{number}", 1, f"said {number}", f"said {number}"])
    connection.execute("COMMIT")
    connection.close()


@pytest.mark.parametrize("steps", range(1, len(migrations.STEPS) + 1))
def test_every_earlier_schema_is_brought_up_to_date_with_all_that_it_holds(
    tmp_path: Path, steps: int
) -> None:
    vault_of_schema(tmp_path / "vault.db", steps)
    store = SqlCipherStore(tmp_path / "vault.db", KEY)
    held = store.consultations()
    assert {value.patient.name for value in held} == {f"Patient {number}" for number in range(5)}
    for value in held:
        assert store.transcript(value.id).utterances[0].text == f"said {value.id[1:]}"
        assert store.letters(value.id) == []
    if steps >= 4:  # before that there was no search, and so nothing was indexed
        assert len(store.consultations("said 3")) == 1
    store.close()


def test_a_newer_schema_is_refused_and_untouched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "vault.db"
    with monkeypatch.context() as newer:
        newer.setattr(migrations, "STEPS", (*migrations.STEPS, ("of tomorrow", ("CREATE TABLE t (x)",))))
        SqlCipherStore(file, KEY).close()
    before = file.read_bytes()
    with pytest.raises(SchemaTooNewError, match="newer version"):
        SqlCipherStore(file, KEY)
    assert file.read_bytes() == before


FILLED = {
    "TEXT": "'x'", "INTEGER": "1", "REAL": "1.5", "BLOB": "x'" + "ab" * 32 + "'",
    "id": "'c0'", "consultation": "'c0'", "state": "'in_review'", "informed": "'not_stated'",
    "action": "'opened'",
}  # fmt: skip
"""What a column of this name, or else of this type, holds in a row that is only there to be kept."""
NOON = "'2026-11-21T12:00:00.000000+00:00'"
KILLER = """
import os, random, shutil, signal, sys
from pathlib import Path
import scribe_app.adapters.store.shim
import sqlcipher3.dbapi2 as sqlcipher
from scribe_app.adapters.store.database import Database, unlock
from scribe_app.adapters.store.schema import migrations

def migrate(file, at):
    connection, count = sqlcipher.connect(file, isolation_level=None), 0
    unlock(connection, bytes(range(32)))
    def statement(_text):
        nonlocal count
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)
    connection.set_trace_callback(statement)
    migrations.migrate(Database(connection, execute_plugins=False))
    connection.close()
    return count

folder, each, chance = Path(sys.argv[1]), int(sys.argv[2]), random.Random(3)
for before in sorted(folder.glob("*.db")):
    shutil.copy(before, folder / "whole")
    total = migrate(folder / "whole", 0)
    places = range(1, total + 1) if each == 0 else chance.sample(range(1, total + 1), min(each, total))
    for at in places:
        copy = folder / f"{before.stem}-{at}.killed"
        shutil.copy(before, copy)
        child = os.fork()
        if child == 0:
            migrate(copy, at)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL, "it was not killed"
"""


def filled(file: Path, steps: int) -> None:
    """A vault of this schema with a row in every table that it had."""
    vault_of_schema(file, steps, rows=0)
    connection = opened_raw(file)
    for (table,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%' ORDER BY rootpage"
    ).fetchall():
        columns = [(row[1], row[2]) for row in connection.execute(f"PRAGMA table_info({table})")]
        values = [
            NOON
            if kind == "TEXT" and name.endswith("at")
            else FILLED.get(name if kind == "TEXT" else "", FILLED[kind])
            for name, kind in columns
        ]
        statement = f"INSERT INTO {table} VALUES ({', '.join(values)})"  # noqa: S608 - our own names
        connection.execute(statement)
    connection.close()


def opened_raw(file: Path) -> Any:
    connection = sqlcipher.connect(file, isolation_level=None)
    unlock(connection, KEY)
    return connection


def rows(file: Path, columns: dict[str, list[str]] | None = None) -> dict[str, tuple[list[str], list[Any]]]:
    """Every table with its columns and rows; only these columns, where some are given."""
    connection = opened_raw(file)
    tables = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%) STRICT'")
        if columns is None or name in columns
    ]
    found = {}
    for table in tables:
        has = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        wanted = columns[table] if columns is not None else has
        query = f"SELECT {', '.join(wanted)} FROM {table}"  # noqa: S608 - our own names
        found[table] = (wanted, connection.execute(query).fetchall())
    connection.close()
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="kills a forked process")
@pytest.mark.timeout(3600)
def test_killed_at_any_statement_of_any_migration_every_row_is_there_afterwards(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Short: at two statements of each; long: at every one."""
    before = {}
    for steps in range(1, len(migrations.STEPS)):
        file = tmp_path / f"{steps:02}.db"
        filled(file, steps)
        before[file.stem] = rows(file)
        assert all(len(held) == 1 for _, held in before[file.stem].values())
    each = "0" if request.config.getoption("--long") else "2"
    subprocess.run([sys.executable, "-c", KILLER, str(tmp_path), each], check=True, timeout=3000)
    killed = sorted(tmp_path.glob("*.killed"))
    assert len(killed) >= 2 * (len(migrations.STEPS) - 1)
    for file in killed:
        was = before[file.stem.split("-")[0]]
        connection = opened_raw(file)
        migrations.migrate(Database(connection, execute_plugins=False))
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
        assert rows(file, {table: columns for table, (columns, _) in was.items()}) == was
    store = SqlCipherStore(killed[-1], KEY)
    assert [one.id for one in store.consultations()] == ["c0"]
    store.close()


PREPARED = """
import sys; from datetime import UTC, datetime; from pathlib import Path
from scribe_app.adapters.store import VaultDoor
from scribe_app.adapters.store.slots import Argon2Cost
from scribe_app.domain.recovery_key import RecoveryKey
folder = Path(sys.argv[1])
door = VaultDoor(folder / 'vault', use_keychain=False, cost=Argon2Cost(memory_kib=64, passes=1, lanes=1))
words, recovery, at = 'correct horse battery', RecoveryKey(bytes(range(20))), datetime.now(UTC)
print('go', flush=True)
"""
ROTATE = PREPARED + "door.rotate(words, recovery)"
RESTORE = PREPARED + "door.restore(next((folder / 'backups').glob('*.scribevault')), words, at)"
BACKUP = PREPARED + "s = door.open(words)\nwhile True: s.backup(folder / 'backups', 3, datetime.now(UTC))"


def killed(program: str, argument: Path, seconds: float) -> bool:
    """Run it and kill it after so long; whether it was still at it."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(argument)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "go\n"
    time.sleep(seconds)
    running = process.poll() is None
    process.kill()
    process.wait()
    process.stdout.close()
    return running


def how_often(request: pytest.FixtureRequest) -> int:
    return 60 if request.config.getoption("--long") else 6


def make_vault(folder: Path) -> None:
    door = VaultDoor(folder / "vault", use_keychain=False, cost=QUICK)
    store = door.create(WORDS, RECOVERY)

    def fill(db: object) -> None:
        for number in range(ROWS):
            db.execute(CONSULTATION, [f"c{number}", f"Patient {number}"])  # type: ignore[attr-defined]  # a Database

    store._thread.write(fill)
    store.backup(folder / "backups", 3, datetime.now(UTC))
    store.close()


@pytest.mark.parametrize(("program", "longest"), [(ROTATE, 0.6), (RESTORE, 0.5), (BACKUP, 0.6)])
def test_killed_at_any_point_the_vault_opens_and_is_whole(
    tmp_path: Path, program: str, longest: float, request: pytest.FixtureRequest
) -> None:
    chance = random.Random(2)
    make_vault(tmp_path)
    interrupted = 0
    for _ in range(how_often(request)):
        interrupted += killed(program, tmp_path, chance.uniform(0, longest))
        door = VaultDoor(tmp_path / "vault", use_keychain=False, cost=QUICK)
        for secret in (WORDS, RECOVERY):
            store = door.open(secret)
            assert len(store.consultations()) == ROWS
            store.close()
        assert not list((tmp_path / "vault").glob("*.part*"))
        for backup in (tmp_path / "backups").glob("*.scribevault"):
            assert door.restore(backup, WORDS, datetime.now(UTC)).consultations == ROWS
    assert interrupted


def test_the_wrong_passphrase_is_still_wrong_after_all_that(tmp_path: Path) -> None:
    make_vault(tmp_path)
    killed(ROTATE, tmp_path, 0.1)
    with pytest.raises(WrongPassphraseError):
        VaultDoor(tmp_path / "vault", use_keychain=False, cost=QUICK).open("wrong horse battery")

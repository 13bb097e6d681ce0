"""Migration, rotation, backup and restoring, killed at any moment, lose nothing."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

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


MIGRATE = """
import sys; from pathlib import Path; from scribe_app.adapters.store import SqlCipherStore
print('go', flush=True)
SqlCipherStore(Path(sys.argv[1]), bytes(range(32))).close()
"""
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


def test_a_killed_migration_loses_nothing(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    chance = random.Random(1)
    for number in range(how_often(request)):
        file = tmp_path / f"{number}.db"
        vault_of_schema(file, 1 + number % (len(migrations.STEPS) - 1), ROWS)
        killed(MIGRATE, file, chance.uniform(0, 0.25))
        store = SqlCipherStore(file, KEY)
        assert len(store.consultations()) == ROWS
        store.close()


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

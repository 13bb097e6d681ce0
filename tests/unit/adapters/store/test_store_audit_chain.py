"""The audit trail: whatever is done to it behind the program's back is found."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from scribe_app.adapters.store import SqlCipherStore, audit
from scribe_app.adapters.store.database import unlock
from scribe_app.domain.consultation import Consultation, PatientIdentity
from scribe_app.domain.ids import ConsultationId, LetterId, new_consultation_id
from scribe_app.domain.letter import Letter, Provenance, Section, Statement, Support
from scribe_app.ports import AuditAction, AuditEntry
from scribe_app.services.signing import signed

KEY = bytes(range(32))
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TRIALS = 200


def opened(folder: Path) -> SqlCipherStore:
    return SqlCipherStore(folder / "vault.db", KEY)


def fill(store: SqlCipherStore, count: int, start: int = 0) -> None:
    """Many entries in one transaction, through the same code that writes one."""
    folder = store._file.parent
    actions = list(AuditAction)[:8]

    def write(db: Any) -> audit.Head:
        for number in range(start, start + count):
            entry = AuditEntry(
                NOON + timedelta(seconds=number), "ann", actions[number % 8], ConsultationId("c"), str(number)
            )
            head = audit.add(db, folder, entry)
        return head

    head = store._thread.write(write)
    store._thread.write(lambda db: audit.audit_chain.keep_head(db, folder, head))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlCipherStore]:
    one = opened(tmp_path)
    yield one
    one.close()


def behind_the_back(folder: Path) -> Any:
    """A connection of somebody who has the database key and no respect for triggers."""
    connection = sqlcipher.connect(folder / "vault.db", isolation_level=None)
    unlock(connection, KEY)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    return connection


def store_database(connection: Any) -> Any:
    from sqlite_utils import Database  # after the store: its shim must come first

    return Database(connection, execute_plugins=False)


def edit(db: Any, chance: random.Random, count: int) -> None:
    column = chance.choice(["at", "user", "action", "consultation", "patient", "object", "detail", "outcome",
                            "workstation", "responsible"])  # fmt: skip
    number = chance.randint(1, count)
    db.execute(f"UPDATE audit_entry SET {column} = {column} || 'x' WHERE number = {number}")  # noqa: S608 - a name from the list above


def remove(db: Any, chance: random.Random, count: int) -> None:
    db.execute("DELETE FROM audit_entry WHERE number = ?", [chance.randint(1, count)])


def remove_and_close_the_gap(db: Any, chance: random.Random, count: int) -> None:
    gone = chance.randint(1, count)
    db.execute("DELETE FROM audit_entry WHERE number = ?", [gone])
    for number in range(gone + 1, count + 1):
        db.execute("UPDATE audit_entry SET number = ? WHERE number = ?", [number - 1, number])


def swap(db: Any, chance: random.Random, count: int) -> None:
    one, other = chance.sample(range(1, count + 1), 2)
    for before, after in ((one, 0), (other, one), (0, other)):
        db.execute("UPDATE audit_entry SET number = ? WHERE number = ?", [after, before])


def cut_the_end(db: Any, chance: random.Random, count: int) -> None:
    db.execute("DELETE FROM audit_entry WHERE number > ?", [count - chance.randint(1, 10)])


def insert(db: Any, chance: random.Random, count: int) -> None:
    """An invented entry at the end, with the seal of another one."""
    db.execute(
        "INSERT INTO audit_entry (number, at, user, action, detail, mac)"
        " SELECT ?, at, user, action, detail, mac FROM audit_entry WHERE number = ?",
        [count + 1, chance.randint(1, count)],
    )


def unseal(db: Any, chance: random.Random, count: int) -> None:
    """All seals taken off, and one entry changed: as if it were from before there was a chain."""
    db.execute("UPDATE audit_entry SET mac = NULL")
    edit(db, chance, count)


class TestTampering:
    @pytest.mark.parametrize(
        "tamper", [edit, remove, remove_and_close_the_gap, swap, cut_the_end, insert, unseal]
    )
    def test_every_change_is_found(
        self, tmp_path: Path, tamper: Callable[[Any, random.Random, int], None]
    ) -> None:
        count, chance, found = 60, random.Random(tamper.__name__), 0
        store = opened(tmp_path)
        fill(store, count)
        store.close()
        db = store_database(behind_the_back(tmp_path))
        for _ in range(TRIALS):
            db.execute("BEGIN")
            tamper(db, chance, count)
            found += bool(audit.check(db, tmp_path).faults)
            db.execute("ROLLBACK")
        db.close()
        assert found == TRIALS

    def test_nothing_is_found_where_nothing_was_done(self, store: SqlCipherStore) -> None:
        fill(store, 300)
        check = store.check_audit()
        assert check.faults == ()
        assert (check.count, check.code) == (300, store.audit_head())

    def test_a_changed_entry_is_named(self, store: SqlCipherStore, tmp_path: Path) -> None:
        fill(store, 20)
        db = behind_the_back(tmp_path)
        db.execute("UPDATE audit_entry SET user = 'eve' WHERE number = 7")
        db.close()
        assert store.check_audit().faults == ("Entry 7 is not what was written, or does not follow entry 6.",)

    def test_a_head_that_was_taken_away_is_missed(self, store: SqlCipherStore, tmp_path: Path) -> None:
        fill(store, 20)
        for head in tmp_path.glob("audit-*.head"):
            head.unlink()
        assert store.check_audit().faults == ("The head that is kept outside the database is missing.",)

    def test_a_key_that_was_taken_away_is_told_for_good(self, store: SqlCipherStore, tmp_path: Path) -> None:
        fill(store, 20)
        (tmp_path / "audit.key").unlink()
        store.add_audit(AuditEntry(NOON, "ann", AuditAction.OPENED))
        (fault,) = store.check_audit().faults
        assert fault.startswith("The key had gone at entry 21")

    def test_everything_of_yesterday_put_back_is_found_by_a_letter_signed_today(self, tmp_path: Path) -> None:
        folder = tmp_path / "vault"
        folder.mkdir()
        store = opened(folder)
        consultation = Consultation(new_consultation_id(), NOON, "en", "soap")
        store.save_consultation(consultation)
        fill(store, 20)
        provenance = Provenance("scribe", "soap", 1, "", "", "", settings=(("audit", store.audit_head()),))
        section = Section("plan", "Plan", (Statement("Rest.", Support.SUPPORTED),))
        letter = Letter(
            LetterId("l"), consultation.id, "soap", "Record", "en", (section,), provenance=provenance
        )
        store.save_letter(signed(letter, "Dr A", "GP", NOON))
        assert store.check_audit().faults == ()
        store.close()
        db = behind_the_back(folder)
        db.execute("DELETE FROM audit_entry WHERE number > 15")
        db.close()
        for file in folder.glob("audit-*.head"):  # and the head of that time with it
            file.unlink()
        store = opened(folder)
        assert any(f"entry {provenance.settings[0][1]}" in fault for fault in store.check_audit().faults)
        store.close()


class TestGoingOn:
    def test_the_program_itself_cannot_change_an_entry(self, store: SqlCipherStore) -> None:
        fill(store, 3)
        for statement in (
            "UPDATE audit_entry SET user = 'eve' WHERE number = 2",
            "DELETE FROM audit_entry WHERE number = 2",
            "INSERT OR REPLACE INTO audit_entry (number, at, user, action, detail)"
            " VALUES (2, '', '', '', '')",
        ):
            with pytest.raises(Exception, match="append-only"):
                store._thread.write(lambda db, sql=statement: db.execute(sql))
        assert store.check_audit().faults == ()

    def test_entries_from_before_the_chain_are_taken_into_it(
        self, store: SqlCipherStore, tmp_path: Path
    ) -> None:
        def write(db: Any) -> None:
            for number in range(5):
                db.execute(
                    "INSERT INTO audit_entry (at, user, action, detail) VALUES (?, 'ann', 'opened', ?)",
                    ["2026-11-20T08:00:00.000000+00:00", str(number)],
                )

        store._thread.write(write)
        store.add_audit(AuditEntry(NOON, "ann", AuditAction.OPENED))
        assert [entry.action for entry in store.audit()][-2:] == [AuditAction.SEALED, AuditAction.OPENED]
        assert store.check_audit().faults == ()
        db = behind_the_back(tmp_path)
        db.execute("UPDATE audit_entry SET detail = '' WHERE number = 3")
        db.close()
        assert "Something before entry 6 was changed." in store.check_audit().faults

    def test_a_crash_before_the_head_was_kept_is_no_fault(
        self, store: SqlCipherStore, tmp_path: Path
    ) -> None:
        fill(store, 10)
        (head,) = tmp_path.glob("audit-*.head")
        older = head.read_bytes()
        fill(store, 3, 10)
        head.write_bytes(older)
        assert store.check_audit().faults == ()
        store.add_audit(AuditEntry(NOON, "ann", AuditAction.OPENED))
        assert head.read_bytes() != older

    def test_the_patient_is_a_pseudonym_that_is_the_same_each_time(self, store: SqlCipherStore) -> None:
        people = [
            PatientIdentity("Zoë Example", "1961-03-14", "999 000 0000"),
            PatientIdentity("Z. Example", "", "9990000000"),
            PatientIdentity("Zoë Example", "1961-03-14"),
            PatientIdentity("zoe example", "1961-03-14"),
            PatientIdentity(),
        ]
        for patient in people:
            value = Consultation(new_consultation_id(), NOON, "en", "soap", patient=patient)
            store.save_consultation(value)
            store.add_audit(AuditEntry(NOON, "ann", AuditAction.OPENED, value.id))
        told = [entry.patient for entry in store.audit()]
        assert told[0] == told[1] != told[2]
        assert told[2] == told[3]
        assert told[4] == ""
        # Whole values: three digits alone also stand in a random id now and then.
        said = ("Zo", "zoe", "1961-03-14", "999 000 0000", "9990000000")
        assert all(value not in repr(store.audit()) for value in said)

    def test_an_export_is_signed_by_the_vault(self, store: SqlCipherStore) -> None:
        made, again = store.sign_audit(b"content"), store.sign_audit(b"content")
        assert made == again
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(made.public_key))
        key.verify(bytes.fromhex(made.signature), b"content")

    def test_all_fields_come_back(self, store: SqlCipherStore) -> None:
        entry = AuditEntry(
            NOON,
            "ann",
            AuditAction.PRINTED,
            ConsultationId("c"),
            "pdf",
            "Dr A",
            "",
            "letter l",
            "failed",
            "room-3",
        )
        store.add_audit(entry)
        (told,) = store.audit()
        assert told == entry
        assert told.number == 1
        assert replace(told, seal="").seal == ""

    @pytest.mark.long
    def test_twenty_thousand_entries_are_checked_in_a_second(self, store: SqlCipherStore) -> None:
        fill(store, 20_000)
        started = time.perf_counter()
        assert store.check_audit().faults == ()
        seconds = time.perf_counter() - started
        print(f"\n20,000 entries checked in {seconds:.2f} s")
        assert seconds < 5

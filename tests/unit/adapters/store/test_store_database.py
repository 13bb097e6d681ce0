"""The database file: always encrypted, never made plain, never lost over a wrong key."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scribe_app.adapters.store import SqlCipherStore
from scribe_app.adapters.store.database import fold, open_database
from scribe_app.adapters.store.schema import migrations
from scribe_app.errors import SchemaTooNewError, StorageError

KEY = bytes(range(32))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Any]:
    opened = open_database(tmp_path / "vault.db", KEY)
    yield opened
    opened.close()


def pragma(db: Any, name: str) -> Any:
    return db.execute(f"PRAGMA {name}").fetchone()[0]


def test_every_setting_that_safety_rests_on_is_in_force(db: Any) -> None:
    assert str(pragma(db, "cipher_version")).startswith("4.")
    assert pragma(db, "journal_mode") == "wal"
    assert pragma(db, "synchronous") == 2  # FULL
    assert pragma(db, "foreign_keys") == 1
    assert pragma(db, "secure_delete") == 1
    assert pragma(db, "trusted_schema") == 0
    assert pragma(db, "temp_store") in (0, 2)  # compiled with TEMP_STORE=2: memory
    assert db.execute("SELECT v FROM spoken_config WHERE k = 'secure-delete'").fetchone() == (1,)


def test_no_file_of_it_is_plain(tmp_path: Path, db: Any) -> None:
    db.execute("INSERT INTO audit_entry (at, user, action, detail) VALUES ('t', 'NEEDLE', 'a', '')")
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        assert not content.startswith(b"SQLite format 3"), file
        assert b"NEEDLE" not in content, file
        assert b"CREATE TABLE" not in content, file
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(tmp_path / "vault.db").execute("SELECT * FROM sqlite_master")


def test_a_wrong_key_is_an_error_and_changes_no_byte(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    open_database(tmp_path / "vault.db", KEY).close()
    before = (tmp_path / "vault.db").read_bytes()
    with pytest.raises(StorageError, match="Nothing was deleted"):
        open_database(tmp_path / "vault.db", b"x" * 32)
    assert (tmp_path / "vault.db").read_bytes() == before
    assert capfd.readouterr().err == ""  # SQLCipher prints page errors unless told not to


def test_a_plain_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "vault.db"
    plain = sqlite3.connect(file)
    plain.execute("CREATE TABLE t (x)")
    plain.commit()
    plain.close()
    before = file.read_bytes()
    with pytest.raises(StorageError, match="not encrypted"):
        open_database(file, KEY)
    assert file.read_bytes() == before


@pytest.mark.parametrize("place", [100, 2_000, 5_000])
def test_a_damaged_database_is_reported_and_kept(tmp_path: Path, place: int) -> None:
    file = tmp_path / "vault.db"
    open_database(file, KEY).close()
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    with pytest.raises(StorageError):
        SqlCipherStore(file, KEY).consultations()
    assert file.read_bytes() == bytes(content)


def test_a_folder_that_cannot_be_used_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        open_database(tmp_path / "nowhere" / "vault.db", KEY)
    (tmp_path / "vault.db").mkdir()
    with pytest.raises(StorageError):
        open_database(tmp_path / "vault.db", KEY)


def test_keys_have_32_bytes(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32"):
        open_database(tmp_path / "vault.db", b"short")
    assert not (tmp_path / "vault.db").exists()


def test_each_step_of_the_schema_is_recorded_by_name(db: Any) -> None:
    names = [row["name"] for row in db.query("SELECT name FROM _sqlite_migrations ORDER BY rowid")]
    assert names == [name for name, _ in migrations.STEPS]


def test_opening_again_changes_nothing(tmp_path: Path, db: Any) -> None:
    schema = [row["sql"] for row in db.query("SELECT sql FROM sqlite_master ORDER BY name")]
    again = open_database(tmp_path / "vault.db", KEY)
    assert [row["sql"] for row in again.query("SELECT sql FROM sqlite_master ORDER BY name")] == schema
    again.close()


def test_an_older_database_gets_the_missing_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as older:
        older.setattr(migrations, "STEPS", migrations.STEPS[:2])
        open_database(tmp_path / "vault.db", KEY).close()
    db = open_database(tmp_path / "vault.db", KEY)
    assert "audit_entry" in db.table_names()
    db.close()


def test_a_step_that_fails_leaves_the_schema_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = (*migrations.STEPS, ("broken", ("CREATE TABLE half (x TEXT) STRICT", "CREATE NONSENSE")))
    with monkeypatch.context() as next_version:
        next_version.setattr(migrations, "STEPS", broken)
        with pytest.raises(StorageError):
            open_database(tmp_path / "vault.db", KEY)
    db = open_database(tmp_path / "vault.db", KEY)
    assert "half" not in db.table_names()
    db.close()


def test_a_newer_schema_is_refused_clearly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = (*migrations.STEPS, ("from the future", ("CREATE TABLE future (x TEXT) STRICT",)))
    with monkeypatch.context() as next_version:
        next_version.setattr(migrations, "STEPS", newer)
        open_database(tmp_path / "vault.db", KEY).close()
    before = (tmp_path / "vault.db").read_bytes()
    with pytest.raises(SchemaTooNewError, match="newer version"):
        open_database(tmp_path / "vault.db", KEY)
    assert (tmp_path / "vault.db").read_bytes() == before


def test_every_table_of_ours_is_strict(db: Any) -> None:
    rows = db.execute("SELECT name, strict FROM pragma_table_list WHERE type = 'table'").fetchall()
    ours = {name: strict for name, strict in rows if not name.startswith(("sqlite_", "_sqlite", "spoken"))}
    assert set(ours) == {
        "consultation", "recording", "audio_gap", "utterance", "letter", "section", "statement", "evidence",
        "coverage_item", "audit_entry", "rejected_text", "vault_secret", "letter_correction",
        "prior_letter",
    }  # fmt: skip
    assert all(ours.values())


def test_the_audit_trail_and_signed_letters_refuse_sql_that_would_change_them(db: Any) -> None:
    db.execute("INSERT INTO audit_entry (at, user, action, detail) VALUES ('t', 'u', 'a', '')")
    db.execute(
        "INSERT INTO consultation (id, started_at, language, template, state, patient_name, date_of_birth,"
        " record_number, informed, notes, failure, transcribed_until)"
        " VALUES ('c', 't', 'en', 'soap', 'signed', '', '', '', 'not_stated', '', '', 0)"
    )
    db.execute(
        "INSERT INTO letter (id, version, consultation, template, title, language, status, read_until, total,"
        " signed_sha256) VALUES ('l', 1, 'c', 'soap', 't', 'en', 'final', 0, 0, 'ab')"
    )
    for statement in (
        "UPDATE audit_entry SET user = 'x'",
        "DELETE FROM audit_entry",
        "UPDATE letter SET title = 'x'",
    ):
        with pytest.raises(Exception, match=r"append-only|cannot be changed"):
            db.execute(statement)


def test_folding_takes_case_and_accents_away() -> None:
    assert fold("ZOË Ångström") == fold("zoe angstrom")


def test_a_signed_letter_whose_rows_were_changed_is_not_shown_as_signed(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from scribe_app.domain.consultation import Consultation
    from scribe_app.domain.documents import letter_sha256
    from scribe_app.domain.ids import new_consultation_id, new_letter_id
    from scribe_app.domain.letter import Letter, LetterStatus, Section, Signature, Statement, Support

    store = SqlCipherStore(tmp_path / "vault.db", KEY)
    now = datetime(2026, 11, 21, tzinfo=UTC)
    store.save_consultation(value := Consultation(new_consultation_id(), now, "en", "soap"))
    section = Section("plan", "Plan", (Statement("Start ramipril 5 mg.", Support.SUPPORTED),))
    letter = Letter(new_letter_id(), value.id, "soap", "Record", "en", (section,), status=LetterStatus.FINAL)
    store.save_letter(replace(letter, signature=Signature("Dr A", "GP", now, letter_sha256(letter))))
    store.close()
    db = open_database(tmp_path / "vault.db", KEY)
    db.execute("UPDATE statement SET text = 'Start ramipril 50 mg.'")
    db.close()
    store = SqlCipherStore(tmp_path / "vault.db", KEY)
    with pytest.raises(StorageError, match="no longer the text that was signed"):
        store.letter(letter.id)
    store.close()

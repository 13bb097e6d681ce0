"""Backups: verified when made, refused when strange, put back without writing over anything."""

from __future__ import annotations

import io
import json
import os
import random
import threading
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scribe_app.adapters.store import SqlCipherStore, VaultDoor, archive, aside, copying
from scribe_app.adapters.store.slots import Argon2Cost
from scribe_app.domain.consultation import Consultation, PatientIdentity
from scribe_app.domain.erasure import Erasure, Part, Why
from scribe_app.domain.ids import new_consultation_id
from scribe_app.domain.recovery_key import new_recovery_key
from scribe_app.errors import StorageError, VaultInUseError, WrongPassphraseError
from scribe_app.ports import AuditAction

QUICK = Argon2Cost(memory_kib=64, passes=1, lanes=1)
WORDS = "correct horse battery"
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
NEEDLE = "zxqvneedle"


def door(folder: Path) -> VaultDoor:
    return VaultDoor(folder / "vault", use_keychain=False, cost=QUICK)


def a_consultation() -> Consultation:
    patient = PatientIdentity(f"{NEEDLE} patient")
    return Consultation(new_consultation_id(), AT, "en", "soap", patient=patient)


def filled(folder: Path, count: int = 3) -> SqlCipherStore:
    store = door(folder).create(WORDS)
    for _ in range(count):
        store.save_consultation(value := a_consultation())
        store._thread.write(
            lambda db, id=value.id: db.execute(  # by hand: the port's names for this are in motion
                "INSERT INTO utterance (consultation, id, text, speaker, start, end, confidence,"
                " recognised_text, recognised_speaker) VALUES (?, 1, ?, 'patient', 0, 1, 1, '', 'patient')",
                [id, NEEDLE],
            )
        )
    return store


def everything(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


class TestMaking:
    def test_it_holds_what_the_vault_holds_and_nothing_readable(self, tmp_path: Path) -> None:
        store = filled(tmp_path)
        made = store.backup(tmp_path / "backups", 5, AT)
        assert made.consultations == 3
        assert made.file.name == "scribe-20261121-120000Z.scribevault"
        assert made.file.stat().st_mode & 0o077 == 0
        assert NEEDLE.encode() not in made.file.read_bytes()
        assert [file.name for file in (tmp_path / "backups").iterdir()] == [made.file.name]
        assert not list((tmp_path / "vault").glob("*part*"))
        assert {name for name in zipfile.ZipFile(made.file).namelist()} == set(archive.MEMBERS)
        store.close()

    def test_the_newest_stay(self, tmp_path: Path) -> None:
        store = filled(tmp_path, 1)
        for day in range(4):
            store.backup(tmp_path / "backups", 2, AT + timedelta(days=day))
        store.close()
        assert [file.name[7:15] for file in archive.listed(tmp_path / "backups")] == ["20261124", "20261123"]

    def test_it_is_made_while_others_write_and_holds_one_moment(self, tmp_path: Path) -> None:
        store = filled(tmp_path, 1)
        stop = threading.Event()

        def write() -> None:
            while not stop.is_set():
                store.save_consultation(a_consultation())

        writer = threading.Thread(target=write)
        writer.start()
        try:
            counts = [store.backup(tmp_path / f"b{n}", 1, AT).consultations for n in range(3)]
        finally:
            stop.set()
            writer.join()
        assert counts == sorted(counts)
        assert counts[-1] <= len(store.consultations())
        store.close()

    def test_a_transaction_that_hangs_does_not_hang_the_backup(self, tmp_path: Path) -> None:
        # conn.backup() waits for ever for a source that holds a write transaction; VACUUM INTO does not.
        store = filled(tmp_path, 1)
        release, held = threading.Event(), threading.Event()

        def hold(db: object) -> None:
            held.set()
            release.wait(30)

        holder = threading.Thread(target=lambda: store._thread.write(hold))
        holder.start()
        assert held.wait(5)
        try:
            assert store.backup(tmp_path / "backups", 1, AT).consultations == 1
        finally:
            release.set()
            holder.join()
        store.close()

    def test_a_folder_that_cannot_be_written_is_said_and_the_records_untouched(self, tmp_path: Path) -> None:
        store = filled(tmp_path, 1)
        (tmp_path / "file").write_text("not a folder")
        with pytest.raises(StorageError, match="cannot be written"):
            store.backup(tmp_path / "file" / "backups", 1, AT)
        assert len(store.consultations()) == 1
        assert not list((tmp_path / "vault").glob("*part*"))
        store.close()


class TestRestoring:
    def test_into_an_empty_place(self, tmp_path: Path) -> None:
        store = filled(tmp_path / "old")
        before = store.consultations()
        made = store.backup(tmp_path / "backups", 5, AT)
        store.close()
        done = door(tmp_path / "new").restore(made.file, WORDS, AT)
        assert (done.made_at, done.consultations, done.kept_aside) == (AT, 3, None)
        store = door(tmp_path / "new").open(WORDS)
        assert store.consultations() == before
        assert store.consultations(NEEDLE) == before
        store.close()

    def test_over_a_vault_which_is_kept_aside(self, tmp_path: Path) -> None:
        store = filled(tmp_path)
        made = store.backup(tmp_path / "backups", 5, AT)
        store.save_consultation(later := a_consultation())
        with pytest.raises(VaultInUseError):
            door(tmp_path).restore(made.file, WORDS, AT)
        store.close()
        done = door(tmp_path).restore(made.file, WORDS, AT)
        store = door(tmp_path).open(WORDS)
        assert len(store.consultations()) == 3
        store.close()
        assert done.kept_aside is not None
        kept = VaultDoor(done.kept_aside, use_keychain=False, cost=QUICK).open(WORDS)
        assert later in kept.consultations()
        kept.close()
        # And once more, from a vault that was itself restored.
        again = door(tmp_path).restore(made.file, WORDS, AT)
        assert again.kept_aside not in (None, done.kept_aside)
        door(tmp_path).open(WORDS).close()
        assert len(list((tmp_path / "vault").glob("vault*.db"))) == 1

    def test_over_the_vault_of_somebody_else(self, tmp_path: Path) -> None:
        # A new computer, where a new vault was made before anybody thought of the backup.
        store = filled(tmp_path / "old")
        made = store.backup(tmp_path / "backups", 5, AT)
        store.close()
        filled(tmp_path / "new", 1).close()
        done = door(tmp_path / "new").restore(made.file, WORDS, AT)
        assert done.consultations == 3
        store = door(tmp_path / "new").open(WORDS)
        assert len(store.consultations()) == 3
        store.close()

    def test_what_was_deleted_since_is_deleted_again(self, tmp_path: Path) -> None:
        store = filled(tmp_path)
        made = store.backup(tmp_path / "backups", 5, AT)
        gone = store.consultations()[0].id
        store.erase([Erasure(gone, Part.CONSULTATION)], [], AT)
        store.close()
        done = door(tmp_path).restore(made.file, WORDS, AT, "tester")
        assert (done.consultations, done.erased_again) == (2, 1)
        store = door(tmp_path).open(WORDS)
        assert gone not in [value.id for value in store.consultations()]
        assert store.audit()[-1].action is AuditAction.RESTORED
        store.close()

    def test_what_is_erased_afterwards_is_erased_in_what_was_kept_aside(self, tmp_path: Path) -> None:
        store = filled(tmp_path)
        made = store.backup(tmp_path / "backups", 5, AT)
        store.close()
        kept = door(tmp_path).restore(made.file, WORDS, AT).kept_aside
        assert kept is not None
        store = door(tmp_path).open(WORDS)
        gone, *others = [one.id for one in store.consultations()]
        store.erase([Erasure(gone, Part.CONSULTATION, Why.PATIENT)], [], AT)
        store.close()
        before = VaultDoor(kept, use_keychain=False, cost=QUICK).open(WORDS)
        assert {one.id for one in before.consultations()} == set(others)
        rows = before._thread.read(lambda db: db.execute("SELECT count(*) FROM utterance").fetchone())
        assert rows == (2,)
        before.close()

    def test_also_when_the_program_was_killed_in_between(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = filled(tmp_path)
        made = store.backup(tmp_path / "backups", 5, AT)
        store.close()
        kept = door(tmp_path).restore(made.file, WORDS, AT).kept_aside
        assert kept is not None
        store = door(tmp_path).open(WORDS)
        with monkeypatch.context() as killed:
            killed.setattr("scribe_app.adapters.store.eraser.aside.erase", lambda *_: None)
            store.erase([Erasure(store.consultations()[0].id, Part.CONSULTATION)], [], AT)
        store.close()
        door(tmp_path).open(WORDS).close()
        before = VaultDoor(kept, use_keychain=False, cost=QUICK).open(WORDS)
        assert len(before.consultations()) == 2
        before.close()

    def test_what_nobody_can_look_into_goes_when_a_person_has_something_erased(self, tmp_path: Path) -> None:
        store = filled(tmp_path / "old")
        made = store.backup(tmp_path / "backups", 5, AT)
        store.close()
        filled(tmp_path / "new", 1).close()  # of another vault, with another key
        kept = door(tmp_path / "new").restore(made.file, WORDS, AT).kept_aside
        assert kept is not None
        store = door(tmp_path / "new").open(WORDS)
        first, second, _ = [one.id for one in store.consultations()]
        store.erase([Erasure(first, Part.CONSULTATION, Why.RETENTION)], [], AT)
        assert kept.is_dir(), "the clocks go by themselves, and leave the way back"
        store.erase([Erasure(second, Part.CONSULTATION, Why.PATIENT)], [], AT)
        assert not kept.exists()
        store.close()

    def test_a_cut_off_restore_never_opens_the_database_by_two_names(self, tmp_path: Path) -> None:
        filled(tmp_path).close()
        folder = tmp_path / "vault"
        kept = folder / aside.name_of(AT, "abcd")
        kept.mkdir()
        os.link(folder / "vault.db", kept / "vault.db")
        store = door(tmp_path).open(WORDS)
        assert not kept.exists()
        store.erase([Erasure(store.consultations()[0].id, Part.CONSULTATION)], [], AT)
        assert len(store.consultations()) == 2
        store.close()

    def test_it_goes_by_itself_after_its_time(self, tmp_path: Path) -> None:
        store = filled(tmp_path)
        made = store.backup(tmp_path / "backups", 5, AT)
        store.close()
        kept = door(tmp_path).restore(made.file, WORDS, AT).kept_aside
        assert kept is not None
        strange = tmp_path / "vault" / "before-restore-by-hand"
        strange.mkdir()
        store = door(tmp_path).open(WORDS)
        assert store.forget_aside(AT - timedelta(seconds=1)) == 0
        assert store.forget_aside(AT + timedelta(seconds=1)) == 1
        assert (kept.exists(), strange.exists()) == (False, True)
        store.close()

    def test_a_backup_of_before_a_rotation_opens_with_its_own_ways(self, tmp_path: Path) -> None:
        store = filled(tmp_path)
        made = store.backup(tmp_path / "backups", 5, AT)
        store.close()
        door(tmp_path).change_passphrase(WORDS, "another four words")
        door(tmp_path).rotate("another four words", new_recovery_key())
        with pytest.raises(WrongPassphraseError):
            door(tmp_path).restore(made.file, "another four words", AT)
        door(tmp_path).open("another four words").close()
        door(tmp_path).restore(made.file, WORDS, AT)
        door(tmp_path).open(WORDS).close()

    def test_where_the_database_is_lost_or_damaged(self, tmp_path: Path) -> None:
        store = filled(tmp_path)
        made = store.backup(tmp_path / "backups", 5, AT)
        store.close()
        for damage in (b"", b"x" * 5000, None):
            database = next((tmp_path / "vault").glob("vault*.db"))
            database.unlink() if damage is None else database.write_bytes(damage)
            with pytest.raises(StorageError):
                door(tmp_path).open(WORDS)
            door(tmp_path).restore(made.file, WORDS, AT)
            door(tmp_path).open(WORDS).close()


def changed(file: Path, target: Path, name: str, content: bytes | None) -> Path:
    """The backup with one member changed, or left out."""
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(target, "w") as copy:
        for member in source.namelist():
            if member != name:
                copy.writestr(member, source.read(member))
            elif content is not None:
                copy.writestr(member, content)
        if name not in source.namelist() and content is not None:
            copy.writestr(name, content)
    return target


class TestStrangeBackups:
    @pytest.fixture
    def backup(self, tmp_path: Path) -> Path:
        store = filled(tmp_path / "source")
        made = store.backup(tmp_path / "backups", 5, AT)
        store.close()
        return made.file

    def refused(self, tmp_path: Path, strange: Path) -> StorageError:
        here = tmp_path / "here"
        if not door(here).exists():
            filled(here).close()
        before = everything(here)
        with pytest.raises(StorageError) as caught:
            door(here).restore(strange, WORDS, AT)
        assert everything(here) == before
        return caught.value

    def test_no_file_a_folder_and_no_archive(self, tmp_path: Path) -> None:
        self.refused(tmp_path, tmp_path / "none")
        self.refused(tmp_path, tmp_path)
        for content in (b"", b"PK", b"text", b"PK\x05\x06" + bytes(18)):
            (tmp_path / "strange").write_bytes(content)
            assert "not a backup" in str(self.refused(tmp_path, tmp_path / "strange"))

    @pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "VAULT.DB", "extra"])
    def test_more_members_than_ours(self, tmp_path: Path, backup: Path, name: str) -> None:
        self.refused(tmp_path, changed(backup, tmp_path / "s", name, b"x"))
        assert not (tmp_path / "evil").exists()

    @pytest.mark.parametrize("name", archive.MEMBERS)
    def test_a_member_that_is_missing_or_changed(self, tmp_path: Path, backup: Path, name: str) -> None:
        self.refused(tmp_path, changed(backup, tmp_path / "s", name, None))
        for content in (b"", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"format": 9}'):
            self.refused(tmp_path, changed(backup, tmp_path / "s", name, content))

    def test_compressed_ones_which_could_be_bombs(self, tmp_path: Path, backup: Path) -> None:
        held = io.BytesIO()
        with zipfile.ZipFile(backup) as source, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as copy:
            for member in source.namelist():
                copy.writestr(member, source.read(member))
        (tmp_path / "s").write_bytes(held.getvalue())
        self.refused(tmp_path, tmp_path / "s")

    def test_the_database_of_another_vault(self, tmp_path: Path, backup: Path) -> None:
        store = filled(tmp_path / "theirs")
        theirs = store.backup(tmp_path / "b2", 1, AT).file
        store.close()
        database = zipfile.ZipFile(theirs).read("vault.db")
        manifest = zipfile.ZipFile(theirs).read("backup.json")
        mixed = changed(
            changed(backup, tmp_path / "a", "vault.db", database), tmp_path / "b", "backup.json", manifest
        )
        assert "does not belong" in str(self.refused(tmp_path, mixed))

    def test_one_that_promises_more_than_it_holds(self, tmp_path: Path, backup: Path) -> None:
        manifest = json.loads(zipfile.ZipFile(backup).read("backup.json"))
        manifest["consultations"] += 1
        strange = changed(backup, tmp_path / "s", "backup.json", json.dumps(manifest).encode())
        assert "does not hold" in str(self.refused(tmp_path, strange))

    def test_any_flipped_bit_is_noticed_or_does_not_matter(self, tmp_path: Path, backup: Path) -> None:
        good = backup.read_bytes()
        chance = random.Random(6)
        (tmp_path / "n").mkdir()
        noticed = 0
        for number in range(60):
            damaged = bytearray(good)
            damaged[chance.randrange(len(good))] ^= 1 << chance.randrange(8)
            strange = tmp_path / "n" / "s"
            strange.write_bytes(damaged)
            try:
                done = door(tmp_path / "n" / str(number)).restore(strange, WORDS, AT)
            except StorageError:
                noticed += 1
                continue
            assert done.consultations == 3  # in the zip's own dates and padding
        assert noticed >= 50


def test_flipped_bits_of_the_database_are_found_by_the_check(tmp_path: Path) -> None:
    key = bytes(range(32))
    file = tmp_path / "vault.db"
    SqlCipherStore(file, key).close()
    good = file.read_bytes()
    chance = random.Random(7)
    found = 0
    for _ in range(100):
        damaged = bytearray(good)
        damaged[chance.randrange(len(good))] ^= 1 << chance.randrange(8)
        file.write_bytes(damaged)
        try:
            copying.inspect(file, key)
        except StorageError:
            found += 1
    assert found == 100

"""The vault from outside: made, opened, held by one program, unharmed by a refusal, really emptied."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from scribe_app.adapters.store import SqlCipherStore, VaultDoor, vault
from scribe_app.adapters.store.slots import Argon2Cost
from scribe_app.domain.consultation import Consultation, PatientIdentity
from scribe_app.domain.documents import letter_sha256
from scribe_app.domain.erasure import Erasure, Part
from scribe_app.domain.ids import UtteranceId, new_consultation_id, new_letter_id
from scribe_app.domain.letter import (
    Coverage,
    CoverageItem,
    Flag,
    Letter,
    Section,
    Signature,
    Statement,
    Support,
)
from scribe_app.domain.recording import Recording
from scribe_app.domain.transcript import Utterance
from scribe_app.errors import StorageError, UsageError, VaultInUseError, WrongPassphraseError
from scribe_app.ports import ConsultationStore

QUICK = Argon2Cost(memory_kib=64, passes=1, lanes=1)
WORDS = "correct horse"


class MemoryKeychain:
    """Keeps secrets in a dict; the real one is tested in test_store_keychain.py."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}

    def read(self, name: str) -> str | None:
        return self.held.get(name)

    def store(self, name: str, secret: str) -> bool:
        self.held[name] = secret
        return True


def door(folder: Path, keychain: MemoryKeychain | None = None) -> VaultDoor:
    return VaultDoor(folder / "vault", cost=QUICK, keychain=lambda: keychain)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but the note of attempts, which the audit trail takes over at the next opening."""
    files = sorted((folder / "vault").iterdir())
    return {file.name: file.read_bytes() for file in files if file.name != "attempts"}


def a_consultation() -> Consultation:
    return Consultation(new_consultation_id(), datetime(2026, 11, 21, tzinfo=UTC), "en", "soap")


class TestMaking:
    def test_what_was_stored_is_there_after_opening_again(self, tmp_path: Path) -> None:
        assert not door(tmp_path).exists()
        store = door(tmp_path).create(WORDS)
        store.save_consultation(value := a_consultation())
        store.close()
        assert door(tmp_path).exists()
        store = door(tmp_path).open(WORDS)
        assert store.consultations() == [value]
        store.close()

    def test_with_the_real_cost_of_a_passphrase(self, tmp_path: Path) -> None:
        VaultDoor(tmp_path / "vault", use_keychain=False).create(WORDS).close()
        VaultDoor(tmp_path / "vault", use_keychain=False).open(WORDS).close()
        assert '"memory_kib": 65536' in (tmp_path / "vault" / "slots.json").read_text()

    def test_a_short_passphrase_is_refused_and_nothing_made(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="at least 8"):
            door(tmp_path).create("seven77")
        assert list(tmp_path.iterdir()) == []

    def test_a_vault_is_never_made_over_another(self, tmp_path: Path) -> None:
        door(tmp_path).create(WORDS).close()
        before = contents(tmp_path)
        with pytest.raises(StorageError, match="already"):
            door(tmp_path).create("another one")
        assert contents(tmp_path) == before

    @pytest.mark.parametrize("step", ["make_slots", "write", "sync_folder"])
    def test_a_creation_that_was_cut_off_can_be_finished(
        self, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class CutError(BaseException):
            """As if the power had gone."""

        def cut(*_: object) -> None:
            raise CutError

        with monkeypatch.context() as interrupted:
            interrupted.setattr(vault.administering if step == "make_slots" else vault.slots, step, cut)
            with pytest.raises(CutError):
                door(tmp_path).create(WORDS)
        again = door(tmp_path)
        store = again.open(WORDS) if again.exists() else again.create(WORDS)
        assert store.consultations() == []
        store.close()

    def test_only_its_owner_may_read_it(self, tmp_path: Path) -> None:
        door(tmp_path).create(WORDS).close()
        assert (tmp_path / "vault").stat().st_mode & 0o077 == 0
        assert (tmp_path / "vault" / "slots.json").stat().st_mode & 0o077 == 0


class TestOpening:
    def test_a_wrong_passphrase_changes_nothing(self, tmp_path: Path) -> None:
        door(tmp_path).create(WORDS).close()
        before = contents(tmp_path)
        for wrong in ("wrong horse", "", "correct horse ", "\udcff" * 9):
            with pytest.raises(WrongPassphraseError):
                door(tmp_path).open(wrong)
        assert contents(tmp_path) == before
        door(tmp_path).open(WORDS).close()

    def test_there_is_nothing_to_open_yet(self, tmp_path: Path) -> None:
        with pytest.raises(StorageError, match="no records here yet"):
            door(tmp_path).open(WORDS)
        assert list(tmp_path.iterdir()) == []

    def test_the_keychain_opens_without_a_passphrase(self, tmp_path: Path) -> None:
        keychain = MemoryKeychain()
        door(tmp_path, keychain).create(WORDS).close()
        assert [len(secret) for secret in keychain.held.values()] == [64]
        door(tmp_path, keychain).open(None).close()
        door(tmp_path).open(WORDS).close()

    @pytest.mark.parametrize(
        ("kept", "reason"),
        [
            (None, "cannot be asked"),
            ({}, "no longer holds"),
            ({"changed": "00" * 32}, "not the one"),
            ({"changed": "not hexadecimal"}, "not the one"),
        ],
    )
    def test_without_its_keychain_a_passphrase_is_asked_for_and_the_reason_told(
        self, tmp_path: Path, kept: dict[str, str] | None, reason: str
    ) -> None:
        keychain = MemoryKeychain()
        door(tmp_path, keychain).create(WORDS).close()
        later = None if kept is None else MemoryKeychain()
        if later is not None and kept:
            later.held = dict.fromkeys(keychain.held, kept["changed"])
        with pytest.raises(StorageError, match=reason) as caught:
            door(tmp_path, later).open(None)
        assert caught.value.title == "A passphrase is needed."
        door(tmp_path, later).open(WORDS).close()

    def test_without_a_keychain_slot_a_passphrase_is_asked_for(self, tmp_path: Path) -> None:
        door(tmp_path).create(WORDS).close()
        with pytest.raises(StorageError, match="passphrase only") as caught:
            door(tmp_path, MemoryKeychain()).open(None)
        assert caught.value.title == "A passphrase is needed."

    @pytest.mark.parametrize("missing", ["slots.json", "vault.db"])
    def test_a_missing_file_is_named_and_nothing_made_in_its_place(
        self, tmp_path: Path, missing: str
    ) -> None:
        door(tmp_path).create(WORDS).close()
        (tmp_path / "vault" / missing).unlink()
        before = contents(tmp_path)
        with pytest.raises(StorageError, match=missing.replace(".", r"\.")):
            door(tmp_path).open(WORDS)
        assert contents(tmp_path) == before
        with pytest.raises(StorageError, match="already"):
            door(tmp_path).create(WORDS)

    @pytest.mark.parametrize("left", [b"", b"SQLite format 3\x00 and more", b"\0" * 8192, b"text"])
    def test_a_database_that_is_none_is_reported_and_kept(self, tmp_path: Path, left: bytes) -> None:
        door(tmp_path).create(WORDS).close()
        (tmp_path / "vault" / "vault.db").write_bytes(left)
        with pytest.raises(StorageError):
            door(tmp_path).open(WORDS)
        assert contents(tmp_path)["vault.db"] == left
        assert "slots.json" in contents(tmp_path)

    def test_the_database_of_another_vault_is_refused(self, tmp_path: Path) -> None:
        for name in ("mine", "theirs"):
            door(tmp_path / name).create(WORDS).close()
        (tmp_path / "mine" / "vault" / "vault.db").write_bytes(contents(tmp_path / "theirs")["vault.db"])
        with pytest.raises(StorageError, match="does not belong"):
            door(tmp_path / "mine").open(WORDS)


class TestOneProgramAtATime:
    def test_a_second_instance_is_told_and_the_first_goes_on(self, tmp_path: Path) -> None:
        store = door(tmp_path).create(WORDS)
        with pytest.raises(VaultInUseError, match="open in another"):
            door(tmp_path).open(WORDS)
        with pytest.raises(VaultInUseError):
            door(tmp_path).create(WORDS)
        store.save_consultation(a_consultation())
        store.close()
        door(tmp_path).open(WORDS).close()

    def test_another_process_is_told_and_a_killed_one_gives_the_vault_back(self, tmp_path: Path) -> None:
        door(tmp_path).create(WORDS).close()
        program = (
            "import sys, time; from pathlib import Path; from scribe_app.adapters.store import VaultDoor;"
            f"s = VaultDoor(Path(sys.argv[1]), False).open({WORDS!r});"
            "print('open', flush=True); time.sleep(60)"
        )
        other = subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "vault")], stdout=subprocess.PIPE, text=True
        )
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(VaultInUseError):
            door(tmp_path).open(WORDS)
        other.kill()
        other.wait()
        other.stdout.close()
        door(tmp_path).open(WORDS).close()

    def test_a_failed_opening_gives_the_vault_back(self, tmp_path: Path) -> None:
        door(tmp_path).create(WORDS).close()
        with pytest.raises(WrongPassphraseError):
            door(tmp_path).open("wrong horse")
        door(tmp_path).open(WORDS).close()


NEEDLE = "zxqvneedle"
PAGE, RESERVED, IV, SALT = 4096, 80, 16, 16
"""SQLCipher 4: each page ends in IV and HMAC; the first begins with the salt (zetetic.net/sqlcipher)."""


def decrypted(database: bytes, key: bytes) -> bytes:
    """Every page as SQLite sees it, free pages and free space in pages too."""
    pages = []
    for start in range(0, len(database), PAGE):
        page = database[start : start + PAGE]
        sealed = page[SALT if start == 0 else 0 : PAGE - RESERVED]
        iv = page[PAGE - RESERVED : PAGE - RESERVED + IV]
        cipher = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
        pages.append(cipher.update(sealed) + cipher.finalize())
    return b"".join(pages)


def needles(folder: Path, key: bytes) -> int:
    """How often the needle is in any file, as it lies there or decrypted."""
    raw = sum(file.read_bytes().count(NEEDLE.encode()) for file in folder.rglob("*") if file.is_file())
    return raw + decrypted((folder / "vault.db").read_bytes(), key).count(NEEDLE.encode())


def fill(store: ConsultationStore, value: Consultation) -> None:
    said = f"{NEEDLE} statement"
    statement = Statement(said, Support.SUPPORTED, (UtteranceId(1),), (Flag("c", f"{NEEDLE} reason"),))
    letter = Letter(
        new_letter_id(),
        value.id,
        "soap",
        f"{NEEDLE} title",
        "en",
        (Section("plan", "Plan", (statement,)),),
        Coverage((CoverageItem(UtteranceId(1), f"{NEEDLE} covered", "plan", "plan"),)),
    )
    store.save_consultation(value)
    store.save_recording(Recording(value.id, 1), NEEDLE.encode().ljust(32, b"k"))
    for number in range(1, 41):
        store.add_utterances(value.id, [Utterance(UtteranceId(number), f"{NEEDLE} word {number}", 0, 1)], 1)
    store.correct_utterance(value.id, Utterance(UtteranceId(1), f"{NEEDLE} corrected", 0, 1))
    store.save_letter(letter)
    signature = Signature(f"{NEEDLE} name", "GP", value.started_at, letter_sha256(letter))
    store.save_letter(replace(letter, signature=signature))


class TestDeletionIsReal:
    def test_no_byte_of_it_is_in_any_file_not_even_decrypted(self, tmp_path: Path) -> None:
        key = bytes(range(32))
        folder = tmp_path / "vault"
        folder.mkdir()
        store = SqlCipherStore(folder / "vault.db", key)
        value = replace(
            a_consultation(), patient=PatientIdentity(f"{NEEDLE} patient"), notes=f"{NEEDLE} notes"
        )
        kept = a_consultation()
        store.save_consultation(kept)
        store.add_utterances(kept.id, [Utterance(UtteranceId(1), "this stays", 0, 1)], 1)
        fill(store, value)
        store.close()
        assert needles(folder, key) > 40  # the search finds what is there
        store = SqlCipherStore(folder / "vault.db", key)
        store.erase([Erasure(value.id, Part.CONSULTATION)], [], datetime.now(UTC))
        assert (folder / "vault.db-wal").stat().st_size == 0
        assert needles(folder, key) == 0  # while it is open
        store.close()
        assert needles(folder, key) == 0
        store = SqlCipherStore(folder / "vault.db", key)
        assert store.consultations(NEEDLE) == []
        assert store.consultations("this stays") == [kept]
        store.close()

    def test_the_search_index_holds_no_run_of_three_signs_of_it(self, tmp_path: Path) -> None:
        # The index keeps runs of three signs, so the whole needle could never be in it.
        key = bytes(range(32))
        folder = tmp_path / "vault"
        folder.mkdir()
        store = SqlCipherStore(folder / "vault.db", key)
        fill(store, value := a_consultation())
        store.close()
        assert decrypted((folder / "vault.db").read_bytes(), key).count(b"xqv") > 0
        store = SqlCipherStore(folder / "vault.db", key)
        store.erase([Erasure(value.id, Part.CONSULTATION)], [], datetime.now(UTC))
        store.close()
        pages = decrypted((folder / "vault.db").read_bytes(), key)
        assert sum(pages.count(run) for run in (b"zxq", b"xqv", b"qvn")) == 0

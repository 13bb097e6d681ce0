"""Erasing: no byte, no key, no way back by an old backup; and what is not erased stays readable."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scribe_app.adapters.store import SqlCipherStore, epoch, eraser, ledger
from scribe_app.adapters.store.deletion import erase_rows
from scribe_app.adapters.store.epoch import Epochs
from scribe_app.adapters.store.side_file import side_key
from scribe_app.domain.consultation import Consultation, ConsultationState
from scribe_app.domain.erasure import Erasure, Part
from scribe_app.domain.ids import ConsultationId, LetterId, UtteranceId, new_consultation_id
from scribe_app.domain.letter import Coverage, CoverageItem, Letter, Section, Statement, Support
from scribe_app.domain.recording import Recording
from scribe_app.domain.transcript import Utterance
from scribe_app.ports import AuditAction, AuditEntry
from scribe_app.services.signing import signed

KEY = bytes(range(32))
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
RESTORED = AuditEntry(NOON, "ann", AuditAction.RESTORED)


class DiedError(Exception):
    """The program ended here."""


def opened(folder: Path) -> SqlCipherStore:
    return SqlCipherStore(folder / "vault.db", KEY)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlCipherStore]:
    one = opened(tmp_path)
    yield one
    one.close()


def a_visit(store: SqlCipherStore, audio_key: bytes = b"k" * 32) -> ConsultationId:
    """Recorded, transcribed, signed, with something that the letter leaves out."""
    value = Consultation(
        new_consultation_id(), NOON, "en", "soap", state=ConsultationState.SIGNED, notes="typed"
    )
    store.save_consultation(value)
    store.save_recording(Recording(value.id, 16_000, complete=True), audio_key)
    store.add_utterances(value.id, [Utterance(UtteranceId(1), "it hurts at night", 0, 1)], 16_000)
    section = Section("plan", "Plan", (Statement("Rest.", Support.SUPPORTED, (UtteranceId(1),)),))
    coverage = Coverage((CoverageItem(UtteranceId(1), "it hurts at night", "plan", "pain"),), 1.0, 1.0)
    letter = Letter(LetterId(f"l-{value.id}"), value.id, "soap", "Record", "en", (section,), coverage)
    store.save_letter(signed(letter, "Dr A", "GP", NOON))
    return value.id


def erase(store: SqlCipherStore, id: ConsultationId, *parts: Part) -> None:
    receipts = [AuditEntry(NOON, "ann", AuditAction.DELETED, id, object=part.value) for part in parts]
    store.erase([Erasure(id, part) for part in parts], receipts, NOON)


def key_of(store: SqlCipherStore, id: ConsultationId) -> bytes:
    held = store.recording(id)
    return held[1] if held is not None else b""


def wrap_in_row(store: SqlCipherStore, id: ConsultationId) -> tuple[int, bytes]:
    query = "SELECT epoch, key FROM recording WHERE consultation = ?"
    number, wrapped = store._thread.read(lambda db: db.execute(query, [id]).fetchone())
    return number, bytes(wrapped)


def epochs(store: SqlCipherStore) -> Epochs:
    return store._thread.write(lambda db: epoch.load(db, store._file.parent))


class TestParts:
    def test_without_its_audio_everything_else_stays(self, store: SqlCipherStore) -> None:
        id = a_visit(store)
        erase(store, id, Part.AUDIO)
        held = store.recording(id)
        assert held is not None
        assert held[0].erased_at == NOON
        assert held[0].seconds == 1.0
        assert held[1] == b""
        assert len(store.transcript(id)) == 1
        assert store.letters(id)[0].signature is not None

    def test_without_its_transcript_the_signed_letter_is_still_the_one_that_was_signed(
        self, store: SqlCipherStore
    ) -> None:
        id = a_visit(store)
        before = store.letters(id)[0]
        erase(store, id, Part.TRANSCRIPT)
        (letter,) = store.letters(id)
        assert letter.sections == before.sections
        assert letter.signature == before.signature
        assert letter.coverage.items == ()
        assert len(store.transcript(id)) == 0
        assert store.consultations("hurts") == []
        assert store.consultation(id).transcript_erased_at == NOON
        assert store.consultation(id).notes == "typed"
        erase(store, id, Part.NOTES, Part.LETTERS)
        assert store.consultation(id).notes == ""
        assert store.letters(id) == []

    def test_saving_the_consultation_again_does_not_forget_that_it_was_erased(
        self, store: SqlCipherStore
    ) -> None:
        id = a_visit(store)
        before = store.consultation(id)
        erase(store, id, Part.TRANSCRIPT)
        store.save_consultation(before)
        assert store.consultation(id).transcript_erased_at == NOON

    def test_the_receipt_is_in_the_same_step_and_names_no_patient(self, store: SqlCipherStore) -> None:
        id = a_visit(store)
        erase(store, id, Part.CONSULTATION)
        (receipt,) = store.audit()
        assert (receipt.action, receipt.consultation, receipt.object) == (
            AuditAction.DELETED, id, "consultation",
        )  # fmt: skip
        assert store.check_audit().faults == ()

    def test_what_the_clocks_need_is_told(self, store: SqlCipherStore) -> None:
        id = a_visit(store)
        store.add_audit(AuditEntry(NOON, "ann", AuditAction.EXPORTED, id))
        (held,) = store.held()
        assert (held.consultation, held.signed_at, held.taken_out_at, held.open_letters) == (
            id,
            NOON,
            NOON,
            0,
        )
        assert held.audio
        assert held.transcript
        erase(store, id, Part.AUDIO, Part.TRANSCRIPT, Part.NOTES)
        (held,) = store.held()
        assert not held.audio
        assert not held.transcript
        assert held.touched_at == NOON


class TestKeys:
    def test_no_key_of_audio_is_in_the_database_as_it_is(self, store: SqlCipherStore, tmp_path: Path) -> None:
        id = a_visit(store, b"q" * 32)
        assert key_of(store, id) == b"q" * 32
        assert b"q" * 32 not in wrap_in_row(store, id)[1]

    def test_erasing_one_leaves_the_others_and_destroys_the_epoch(self, store: SqlCipherStore) -> None:
        kept, gone = a_visit(store, b"a" * 32), a_visit(store, b"b" * 32)
        before, old_wrap = epochs(store), wrap_in_row(store, gone)
        assert before.unwrap(*old_wrap) == b"b" * 32
        erase(store, gone, Part.AUDIO)
        after = epochs(store)
        assert set(after.keys).isdisjoint(before.keys)
        assert key_of(store, kept) == b"a" * 32
        assert key_of(store, gone) == b""
        assert after.unwrap(*old_wrap) == b""

    def test_an_old_backup_and_todays_keys_do_not_open_erased_audio(
        self, store: SqlCipherStore, tmp_path: Path
    ) -> None:
        kept, gone = a_visit(store, b"a" * 32), a_visit(store, b"b" * 32)
        backup = tmp_path / "backup.db"
        store._thread.read(lambda db: db.execute("VACUUM INTO ?", [str(backup)]))
        erase(store, gone, Part.AUDIO)
        folder = tmp_path / "restored"
        folder.mkdir()
        shutil.copy(backup, folder / "vault.db")
        for side in ("epoch.key", "audit.key", "ledger"):
            shutil.copy(tmp_path / side, folder / side)
        restored = opened(folder)  # even without the ledger being applied
        assert wrap_in_row(restored, gone)[1] != b""
        assert key_of(restored, gone) == b""
        assert key_of(restored, kept) == b"a" * 32  # what was not erased outlives the putting back
        restored.close()

    def test_keys_from_before_there_were_epochs_are_wrapped_at_the_next_opening(self, tmp_path: Path) -> None:
        store = opened(tmp_path)
        id = a_visit(store)
        raw = b"r" * 32
        store._thread.write(lambda db: db.execute("UPDATE recording SET epoch = 0, key = ?", [raw]))
        (tmp_path / "epoch.key").unlink()
        store.close()
        store = opened(tmp_path)
        assert key_of(store, id) == raw
        assert wrap_in_row(store, id)[0] > 0
        store.close()

    def test_a_recorder_that_ends_late_does_not_bring_the_key_back(self, store: SqlCipherStore) -> None:
        id = a_visit(store)
        erase(store, id, Part.AUDIO)
        store.save_recording(Recording(id, 32_000, complete=True), b"k" * 32)
        assert key_of(store, id) == b""


class TestCrashes:
    def test_a_crash_before_the_rows_are_gone_changes_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = opened(tmp_path)
        kept, gone = a_visit(store, b"a" * 32), a_visit(store, b"b" * 32)

        def die(*_: object) -> None:
            raise DiedError

        monkeypatch.setattr(eraser, "erase_rows", die)
        with pytest.raises(DiedError):
            erase(store, gone, Part.AUDIO)
        monkeypatch.undo()
        store.close()
        store = opened(tmp_path)
        assert key_of(store, kept) == b"a" * 32
        assert key_of(store, gone) == b"b" * 32
        assert store.audit() == []
        erase(store, gone, Part.AUDIO)
        assert key_of(store, kept) == b"a" * 32
        assert key_of(store, gone) == b""
        assert len(epochs(store).keys) == 1
        store.close()

    def test_a_crash_before_the_old_key_is_destroyed_is_made_good_at_the_next_opening(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = opened(tmp_path)
        kept, gone = a_visit(store, b"a" * 32), a_visit(store, b"b" * 32)
        old_wrap = wrap_in_row(store, gone)

        def die(*_: object) -> None:
            raise DiedError

        monkeypatch.setattr(epoch, "settle", die)
        with pytest.raises(DiedError):
            erase(store, gone, Part.AUDIO)
        monkeypatch.undo()
        assert len(epochs(store).keys) == 2
        store.close()
        store = opened(tmp_path)
        assert len(epochs(store).keys) == 1
        assert epochs(store).unwrap(*old_wrap) == b""
        assert key_of(store, kept) == b"a" * 32
        store.close()


class TestLedger:
    def test_a_backup_that_is_put_back_does_not_bring_erased_things_back(self, tmp_path: Path) -> None:
        here = tmp_path / "vault"
        here.mkdir()
        store = opened(here)
        whole, silent, mute, gone = (a_visit(store) for _ in range(4))
        backup = tmp_path / "backup.db"
        store._thread.read(lambda db: db.execute("VACUUM INTO ?", [str(backup)]))
        erase(store, silent, Part.AUDIO)
        erase(store, mute, Part.TRANSCRIPT)
        erase(store, gone, Part.CONSULTATION)
        store.close()
        shutil.copy(backup, here / "vault.db")
        store = opened(here)
        assert len(store.consultations()) == 4
        assert store.settle_restored(RESTORED) == 3
        assert {value.id for value in store.consultations()} == {whole, silent, mute}
        assert store.consultation(mute).transcript_erased_at == NOON
        held = store.recording(silent)
        assert held is not None
        assert held[0].erased_at == NOON
        assert store.audit()[-1] == RESTORED
        assert store.check_audit().faults == ()  # the trail goes on under a head of its own
        assert store.settle_restored(RESTORED) == 0
        store.close()

    def test_it_holds_ids_and_times_and_nobody_reads_it_without_the_vault(
        self, store: SqlCipherStore, tmp_path: Path
    ) -> None:
        ids = [a_visit(store) for _ in range(3)]
        for id in ids:
            erase(store, id, Part.CONSULTATION)
        content = (tmp_path / "ledger").read_bytes()
        assert not any(id.encode() in content for id in ids)

        def derived(purpose: str) -> bytes:
            return store._thread.write(lambda db: side_key(db, purpose))

        entries = ledger.read(tmp_path, derived)
        assert [(entry.consultation, entry.part, entry.at) for entry in entries] == [
            (id, Part.CONSULTATION, NOON) for id in ids
        ]
        (tmp_path / "ledger").write_bytes(content[:-20] + b"\n" + b"not a line\n")
        assert [entry.consultation for entry in ledger.read(tmp_path, derived)] == ids[:2]

    def test_each_part_can_be_erased_again_without_harm(self, store: SqlCipherStore) -> None:
        id = a_visit(store)

        def twice(db: Any) -> None:
            for part in Part:
                erase_rows(db, id, part, NOON)
                erase_rows(db, id, part, NOON)

        store._thread.write(twice)
        assert store.consultations() == []
        erase(store, id, Part.CONSULTATION)

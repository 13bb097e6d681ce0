"""Backups by schedule: when they are due, and what happens when they fail."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scribe_app.adapters.store import SqlCipherStore, VaultDoor
from scribe_app.adapters.store.slots import Argon2Cost
from scribe_app.config import Settings
from scribe_app.domain.consultation import Consultation
from scribe_app.domain.ids import new_consultation_id
from scribe_app.errors import ScribeError, StorageError
from scribe_app.paths import UserFolders
from scribe_app.ports import AuditAction
from scribe_app.services.auditing import AuditTrail
from scribe_app.services.backups import KEPT, Backups

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
WEEKLY = Settings(backup_days=7)


class Clock:
    """The wall clock, set by the test."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlCipherStore]:
    quick = Argon2Cost(memory_kib=64, passes=1, lanes=1)
    made = VaultDoor(tmp_path / "data" / "vault", use_keychain=False, cost=quick).create(
        "four ordinary words"
    )
    yield made
    made.close()


@pytest.fixture
def backups(store: SqlCipherStore, tmp_path: Path, clock: Clock) -> Backups:
    folders = UserFolders(tmp_path / "data", tmp_path / "config", tmp_path / "cache", tmp_path / "logs")
    return Backups(store, folders, WEEKLY, AuditTrail(store, "tester", clock))


def fill(store: SqlCipherStore) -> None:
    store.save_consultation(Consultation(new_consultation_id(), START, "en", "soap"))


def test_the_first_is_due_once_there_is_something_to_lose(backups: Backups, store: SqlCipherStore) -> None:
    assert backups.last() is None
    assert backups.make_if_due() is None
    fill(store)
    made = backups.make_if_due()
    assert made is not None
    assert made.file.parent.name == "backups"
    assert backups.last() == START
    assert store.audit()[-1].action is AuditAction.BACKED_UP


def test_the_next_is_due_after_the_days_that_were_chosen(
    backups: Backups, store: SqlCipherStore, clock: Clock
) -> None:
    fill(store)
    backups.make()
    for days, due in ((1, False), (6.9, False), (7, True), (400, True), (-1, True)):
        clock.now = START + timedelta(days=days)
        assert backups.due() is due
    backups.use_settings(replace(WEEKLY, backup_days=0))
    assert not backups.due()


def test_other_files_in_the_folder_are_not_ours(backups: Backups, store: SqlCipherStore) -> None:
    fill(store)
    file = backups.make().file
    (file.parent / "scribe-notes.scribevault").write_text("mine")
    (file.parent / "letter.txt").write_text("mine")
    assert backups.last() == START


def test_the_newest_stay_and_another_folder_may_be_chosen(
    backups: Backups, store: SqlCipherStore, clock: Clock, tmp_path: Path
) -> None:
    fill(store)
    backups.use_settings(replace(WEEKLY, backup_folder=str(tmp_path / "stick")))
    for day in range(KEPT + 2):
        clock.now = START + timedelta(days=day)
        backups.make()
    assert len(list((tmp_path / "stick").iterdir())) == KEPT


def test_by_itself_and_failures_are_told_once(
    backups: Backups, store: SqlCipherStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    (tmp_path / "file").write_text("not a folder")
    backups.use_settings(replace(WEEKLY, backup_folder=str(tmp_path / "file")))
    monkeypatch.setattr("scribe_app.services.backups.LOOK_AGAIN_SECONDS", 0.01)
    told: list[ScribeError] = []
    looked = threading.Semaphore(0)
    real = backups.make_if_due

    def look() -> object:
        looked.release()
        return real()

    monkeypatch.setattr(backups, "make_if_due", look)
    backups.begin(told.append)
    for _ in range(3):
        assert looked.acquire(timeout=20)
    backups.close()
    assert [type(error) for error in told] == [StorageError]


def test_after_a_lock_the_new_window_is_told(backups: Backups, store: SqlCipherStore, tmp_path: Path) -> None:
    fill(store)
    (tmp_path / "file").write_text("not a folder")
    backups.use_settings(replace(WEEKLY, backup_folder=str(tmp_path / "file")))
    old: list[ScribeError] = []
    new: list[ScribeError] = []
    backups._one_at_a_time.acquire()  # the look waits until the window has changed
    backups.begin(old.append)
    thread = backups._thread
    backups.begin(new.append)
    assert backups._thread is thread
    backups._one_at_a_time.release()
    backups.close()
    assert (old, [type(error) for error in new]) == ([], [StorageError])


def test_a_locked_vault_waits_in_silence(
    backups: Backups, store: SqlCipherStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    store.lock()
    told: list[ScribeError] = []
    backups.begin(told.append)
    backups.close()
    assert told == []
    assert backups.last() is None

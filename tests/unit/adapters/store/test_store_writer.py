"""One thread owns the connection; everyone else posts and waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scribe_app.adapters.store import SqlCipherStore
from scribe_app.adapters.store.writer import StoreThread
from scribe_app.domain.consultation import Consultation
from scribe_app.domain.ids import UtteranceId, new_consultation_id
from scribe_app.domain.transcript import Utterance
from scribe_app.errors import StorageError

KEY = bytes(range(32))


@pytest.fixture
def thread(tmp_path: Path) -> Iterator[StoreThread]:
    opened = StoreThread(tmp_path / "vault.db", KEY)
    yield opened
    opened.close()


def add_user(db: Any, name: str) -> None:
    db.execute("INSERT INTO audit_entry (at, user, action, detail) VALUES ('t', ?, 'a', '')", [name])


def users(db: Any) -> list[str]:
    return [row["user"] for row in db.query("SELECT user FROM audit_entry ORDER BY number")]


def test_a_write_that_fails_leaves_nothing_of_it(thread: StoreThread) -> None:
    def half(db: Any) -> None:
        add_user(db, "half")
        raise RuntimeError("cut off")

    with pytest.raises(RuntimeError, match="cut off"):
        thread.write(half)
    thread.write(lambda db: add_user(db, "whole"))
    assert thread.read(users) == ["whole"]


def test_a_broken_statement_becomes_a_storage_error_and_the_thread_goes_on(thread: StoreThread) -> None:
    with pytest.raises(StorageError, match="could not be read or written"):
        thread.read(lambda db: db.execute("SELECT nonsense"))
    assert thread.read(users) == []


def test_writes_run_in_the_order_of_posting(thread: StoreThread) -> None:
    for number in range(20):
        thread.write(lambda db, number=number: add_user(db, str(number)))
    assert thread.read(users) == [str(number) for number in range(20)]


def test_a_write_is_on_disk_when_it_returns(thread: StoreThread, tmp_path: Path) -> None:
    thread.write(lambda db: add_user(db, "there"))
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in tmp_path.glob("vault.db*"):  # as a crash would leave the files
        if file.suffix != ".db-shm":
            (copy / file.name).write_bytes(file.read_bytes())
    again = StoreThread(copy / "vault.db", KEY)
    assert again.read(users) == ["there"]
    again.close()


def test_a_database_that_cannot_be_opened_says_so_at_once_and_leaves_no_thread(tmp_path: Path) -> None:
    before = threading.active_count()
    with pytest.raises(StorageError):
        StoreThread(tmp_path / "nowhere" / "vault.db", KEY)
    assert threading.active_count() == before


def test_eight_threads_of_200_writes_each_are_all_there_and_none_was_locked_out(tmp_path: Path) -> None:
    store = SqlCipherStore(tmp_path / "vault.db", KEY)
    ids = [new_consultation_id() for _ in range(8)]
    for id in ids:
        store.save_consultation(Consultation(id, datetime.now(UTC), "en", "soap"))
    errors: list[BaseException] = []

    def write(place: int) -> None:
        try:
            for number in range(1, 201):
                store.add_utterances(
                    ids[place], [Utterance(UtteranceId(number), f"said {number}", number, number)], number
                )
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)

    threads = [threading.Thread(target=write, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert [len(store.transcript(id)) for id in ids] == [200] * 8
    assert [store.transcribed_until(id) for id in ids] == [200] * 8
    store.close()


def test_a_full_disk_is_told_in_plain_words_and_what_was_saved_is_kept(thread: StoreThread) -> None:
    thread.write(lambda db: add_user(db, "before"))
    pages = thread.read(lambda db: db.execute("PRAGMA page_count").fetchone()[0])
    thread.read(lambda db: db.execute(f"PRAGMA max_page_count = {pages}").fetchone())
    with pytest.raises(StorageError, match="disk is full"):
        thread.write(lambda db: add_user(db, "x" * 50_000))
    assert thread.read(users) == ["before"]
    thread.read(lambda db: db.execute(f"PRAGMA max_page_count = {pages + 100}").fetchone())
    thread.write(lambda db: add_user(db, "after"))
    assert thread.read(users) == ["before", "after"]

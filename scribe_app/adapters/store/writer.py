"""The one thread that owns the database connection."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from scribe_app.adapters.store.database import DatabaseError, open_database
from scribe_app.errors import ScribeError, StorageError, VaultLockedError

T = TypeVar("T")
_Post = tuple[Callable[[Any], Any], "Future[Any]"]


class StoreThread:
    """Runs closures on the connection, one at a time, in the order in which they were posted."""

    def __init__(self, file: Path, key: bytes) -> None:
        """Open the database in the thread. Raises what open_database raises."""
        self._key = bytearray(key)
        self._posts: queue.SimpleQueue[_Post | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        opened: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(file, opened), name="store", daemon=True)
        self._thread.start()
        opened.result()

    def read(self, closure: Callable[[Any], T]) -> T:
        """Run closure(db) and wait for its answer.

        Raises:
            StorageError: the database failed, or is closed.
        """
        return self._post(closure)

    def write(self, closure: Callable[[Any], T]) -> T:
        """Run closure(db) inside one BEGIN IMMEDIATE; it is on disk when this returns.

        Raises:
            StorageError: nothing of it was written.
        """
        return self._post(lambda db: _in_transaction(db, closure))

    def close(self) -> None:
        """Finish what was posted, then close the connection. Safe to call again."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._posts.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join()
            # SQLCipher wipes its own copy. Copies that Python made on the way (the text of PRAGMA key,
            # arguments) are freed but cannot be wiped.
            self._key[:] = bytes(len(self._key))

    @property
    def closed(self) -> bool:
        """Whether it was told to close."""
        return self._closed

    @property
    def key(self) -> bytes:
        """The database key, while it is open. Raises StorageError when it is closed."""
        if self._closed:
            raise locked()
        return bytes(self._key)

    def _post(self, closure: Callable[[Any], T]) -> T:
        answer: Future[T] = Future()
        with self._closing:
            if self._closed:
                raise locked()
            self._posts.put((closure, answer))
        return answer.result()

    def _run(self, file: Path, opened: Future[None]) -> None:
        try:
            db = open_database(file, bytes(self._key))
        except BaseException as error:  # noqa: BLE001 - boundary: the caller of __init__ gets it
            opened.set_exception(error)
            return
        opened.set_result(None)
        while (post := self._posts.get()) is not None:
            _answer(db, *post)
        db.close()


def locked() -> VaultLockedError:
    """What every call says while the database is closed."""
    return VaultLockedError("The records are locked.", "Nothing was changed.", "Unlock and try again.")


def _answer(db: Any, closure: Callable[[Any], Any], answer: Future[Any]) -> None:
    try:
        answer.set_result(closure(db))
    except ScribeError as error:
        answer.set_exception(error)
    except DatabaseError as error:
        failure = _plain_words(error)
        failure.__cause__ = error
        answer.set_exception(failure)
    except BaseException as error:  # noqa: BLE001 - boundary: the store thread must outlive any one closure
        answer.set_exception(error)


def _in_transaction(db: Any, closure: Callable[[Any], T]) -> T:
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        value = closure(db)
        db.conn.execute("COMMIT")
    except BaseException:
        # A full disk may have rolled back already.
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        raise
    return value


def _plain_words(error: Exception) -> StorageError:
    text = str(error)
    if "full" in text:
        return StorageError(
            "The disk is full.",
            "This was not saved; what was saved before is kept.",
            "Free some space and try again.",
        )
    if "readonly" in text or "unable to open" in text:
        return StorageError(
            "The records cannot be written.",
            "This was not saved; what was saved before is kept.",
            "Check that the folder of the records is not write-protected.",
        )
    if "malformed" in text or "not a database" in text or "hmac" in text.lower():
        return StorageError(
            "The records are damaged.",
            "Nothing was deleted.",
            "Close the program and put a backup back.",
        )
    # SQL error texts name tables and columns, never their contents.
    return StorageError(
        f"The records could not be read or written ({text}).", "Nothing was changed.", "Try again."
    )

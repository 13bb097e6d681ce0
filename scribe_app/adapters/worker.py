"""A worker process: spawned, hardened, spoken to in frozen values over a pipe."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from scribe_app import offline
from scribe_app.errors import EngineError, ScribeError
from scribe_app.logs import log_folder, start_logging

log = logging.getLogger(__name__)

BIRTH = multiprocessing.get_context("spawn")
"""A child begins with nothing of its parent's but its pipe and its arguments: no descriptor, no other key."""
ENDING_SECONDS = 10.0
"""How long a child may take to end after its last word: native libraries may hang in their clean-up."""

WorkerMain = Callable[..., None]
"""Module-level function (connection, *arguments) that runs in the child until its work is done."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Asks a worker to finish and end."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A worker's last words: the error that ended it."""

    error: ScribeError


@dataclass(frozen=True, slots=True)
class _Terms:
    """How a child runs."""

    name: str
    niceness: int
    log_folder: Path | None


class WorkerProcess:
    """One child process with a reader thread in the parent.

    on_message(value) is called from the reader thread for everything the child sends; on_end(error) once,
    when the child is gone: None after a clean end or kill(), an error otherwise. Engines crash natively;
    the parent only sees the pipe end.
    Engines run with a niceness above 0: recording and the window come first.
    A child that works_on_alone closes its pipe at the start, and is not hurried when it has.
    """

    def __init__(
        self,
        name: str,
        main: WorkerMain,
        arguments: tuple[Any, ...],
        on_message: Callable[[Any], None],
        on_end: Callable[[ScribeError | None], None],
        niceness: int = 0,
        works_on_alone: bool = False,
    ) -> None:
        self._connection, child_end = BIRTH.Pipe()
        self._on_message, self._on_end = on_message, on_end
        self._killed = False
        self._ending_seconds = None if works_on_alone else ENDING_SECONDS
        self._send_lock = threading.Lock()
        # Two threads that wait for the same child race: the one that comes second is told no exit code.
        self._reap_lock = threading.Lock()
        self._process = BIRTH.Process(
            target=_run_child,
            args=(main, child_end, arguments, _Terms(name, niceness, log_folder())),
            name=name,
            daemon=True,
        )
        try:
            with _no_interrupts():
                self._process.start()
        except OSError as error:  # no memory or no process left
            raise EngineError(
                f"The {name} process cannot be started ({error.strerror}).",
                "Nothing was lost.",
                "Close other programs and try again.",
            ) from error
        child_end.close()  # so that the reader sees the end of the pipe when the child dies
        self._reader = threading.Thread(target=self._read, name=f"{name}-reader", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int | None:
        """The child's process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the child still runs."""
        with self._reap_lock:
            return self._process.is_alive()

    def send(self, message: object) -> None:
        """Post a message; a child that is gone does not get it, and on_end says so."""
        with self._send_lock, contextlib.suppress(OSError, ValueError):
            self._connection.send(message)

    def kill(self) -> None:
        """End the child at once."""
        self._killed = True
        self._process.kill()

    def join(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds for the child and its reader; True when both are done."""
        if self._reader is not threading.current_thread():
            self._reader.join(timeout)
        return not self.alive

    def _read(self) -> None:
        failure: ScribeError | None = None
        while True:
            try:
                message = self._connection.recv()
            except (EOFError, OSError):
                break
            if isinstance(message, Failure):
                failure = message.error
            else:
                self._on_message(message)
        self._reap()
        self._connection.close()
        self._on_end(failure or self._exit_error())

    def _reap(self) -> None:
        if not wait([self._process.sentinel], self._ending_seconds):
            log.error("worker %s said its last word and did not end", self._process.name)
            self._process.kill()
            wait([self._process.sentinel])
        with self._reap_lock:
            self._process.join()
            # Starting another process reaps as well, and stores the exit code a moment later.
            deadline = time.monotonic() + 1
            while self._process.exitcode is None and time.monotonic() < deadline:
                time.sleep(0.001)

    def _exit_error(self) -> ScribeError | None:
        code = self._process.exitcode
        if code == 0 or self._killed:
            return None
        log.error("worker %s ended with code %s", self._process.name, code)
        return EngineError(
            f"The {self._process.name} process stopped unexpectedly (code {code}).",
            "Everything recorded and transcribed so far is kept.",
            "Try again; if it happens again, run scribe doctor.",
        )


@contextlib.contextmanager
def _no_interrupts() -> Iterator[None]:
    """A child inherits the signal mask: Ctrl-C must not end it while it still imports.

    POSIX only; on Windows the child ignores Ctrl-C once it runs.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _run_child(main: WorkerMain, connection: Connection, arguments: tuple[Any, ...], terms: _Terms) -> None:
    """Boundary of the child process: no exception leaves it untold."""
    offline.enforce()
    # Ctrl-C in a terminal goes to the whole group; the parent decides what ends when.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if terms.niceness and hasattr(os, "nice"):
        os.nice(terms.niceness)
    if terms.log_folder is not None:
        start_logging(terms.log_folder, terms.name)
    try:
        main(connection, *arguments)
    except ScribeError as error:
        _tell(connection, error)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass  # the parent is gone; the child's work is sealed, so it just ends
    except MemoryError:
        _tell(
            connection,
            EngineError("There is not enough memory.", "Nothing was lost.", "Close other programs."),
        )
    except Exception as error:  # noqa: BLE001 - the named boundary: the child's last word to its parent
        log.error("worker failed: %s", type(error).__name__)
        _tell(connection, EngineError(f"An engine failed ({type(error).__name__}).", _where(error)))
    finally:
        connection.close()


def _where(error: BaseException) -> str:
    """File and line only: an exception's message may quote what was said."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f"At {os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}."  # noqa: PTH119 - no file


def _tell(connection: Connection, error: ScribeError) -> None:
    with contextlib.suppress(OSError):
        connection.send(Failure(error))

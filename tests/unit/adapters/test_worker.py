"""Worker processes: how they end, and what the parent hears of it."""

from __future__ import annotations

import os
import signal
import threading

import pytest
from worker_mains import answer_once, crash

from scribe_app.adapters.worker import WorkerProcess
from scribe_app.errors import EngineError, ScribeError


class Ending:
    """What on_end said."""

    def __init__(self) -> None:
        self.errors: list[ScribeError | None] = []
        self.told = threading.Event()

    def __call__(self, error: ScribeError | None) -> None:
        self.errors.append(error)
        self.told.set()


@pytest.mark.parametrize("attempt", range(4))
def test_waiting_for_a_clean_end_from_many_threads_does_not_make_it_a_failure(attempt: int) -> None:
    ending = Ending()
    worker = WorkerProcess("answering", answer_once, (), lambda message: None, ending)
    waiting = [threading.Thread(target=worker.join, args=(20,)) for _ in range(8)]
    for thread in waiting:
        thread.start()
    worker.send("go")
    while not ending.told.is_set():  # busy on purpose: whoever reaps the child must then wait for the lock
        worker.alive  # noqa: B018 - asking is what may disturb
    for thread in waiting:
        thread.join()
    assert ending.errors == [None]
    assert not worker.alive


@pytest.mark.skipif(os.name != "posix", reason="signal numbers of POSIX systems")
def test_a_native_crash_is_told_in_words() -> None:
    ending = Ending()
    worker = WorkerProcess("crashing", crash, (), lambda message: None, ending)
    worker.send("go")
    assert worker.join(20)
    (error,) = ending.errors
    assert isinstance(error, EngineError)
    assert "stopped unexpectedly (code -6)" in error.title


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX systems")
def test_ctrl_c_in_the_terminal_does_not_reach_a_worker_that_still_loads() -> None:
    ending, answers = Ending(), list[object]()
    worker = WorkerProcess("answering", answer_once, (), answers.append, ending)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGINT)  # Python has hardly begun to start
    worker.send("still here")
    assert worker.join(20)
    assert (answers, ending.errors) == (["still here"], [None])


def test_a_killed_worker_ends_without_an_error() -> None:
    ending = Ending()
    worker = WorkerProcess("answering", answer_once, (), lambda message: None, ending)
    worker.kill()
    assert worker.join(20)
    assert ending.errors == [None]

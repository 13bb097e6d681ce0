from __future__ import annotations

import threading

import pytest

from scribe_app.errors import UsageError
from scribe_app.services.coordinator import Coordinator


def test_everything_runs_in_the_order_in_which_it_was_asked_on_one_thread() -> None:
    coordinator, done = Coordinator(), list[tuple[int, str]]()
    for number in range(50):
        coordinator.post(lambda number=number: done.append((number, threading.current_thread().name)))
    assert coordinator.call(lambda: len(done)) == 50
    assert [number for number, _ in done] == list(range(50))
    assert len({name for _, name in done}) == 1
    coordinator.close(lambda: None)


def test_what_goes_wrong_is_raised_where_it_was_asked() -> None:
    coordinator = Coordinator()
    with pytest.raises(ZeroDivisionError):
        coordinator.call(lambda: 1 // 0)
    assert coordinator.call(lambda: 1) == 1
    coordinator.close(lambda: None)


def test_closing_finishes_what_was_asked_before_and_takes_nothing_more() -> None:
    coordinator, done, go_on = Coordinator(), list[str](), threading.Event()
    coordinator.post(lambda: done.append(str(go_on.wait(10))))
    coordinator.post(lambda: done.append("asked before"))
    closing = threading.Thread(target=coordinator.close, args=(lambda: done.append("last"),))
    closing.start()
    go_on.set()
    closing.join(10)
    coordinator.post(lambda: done.append("too late"))
    coordinator.close(lambda: done.append("again"))
    with pytest.raises(UsageError, match="closing"):
        coordinator.call(lambda: None)
    assert done == ["True", "asked before", "last"]

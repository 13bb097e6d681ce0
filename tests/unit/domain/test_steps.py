"""Long work that may be given up: nothing in it takes as long as all that was read."""

from __future__ import annotations

import gc
import threading
import weakref

import pytest

from scribe_app.domain.steps import next_step, until
from scribe_app.errors import Cancelled


def full_collections() -> int:
    """How many there were until now."""
    return int(gc.get_stats()[2]["collections"])


def fill(length: int) -> list[list[object]]:
    """So many young objects that full collections are due."""
    return [[number] for number in range(length)]


def test_no_full_collection_of_garbage_falls_between_two_steps() -> None:
    gc.collect()
    before = full_collections()
    held = fill(400_000)
    assert full_collections() > before, "due of that many"
    del held
    gc.collect()
    before = full_collections()
    with until(lambda: False):
        held = fill(400_000)
        assert full_collections() == before
    del held


def test_two_at_a_time_give_back_what_was_usual() -> None:
    usual = gc.get_threshold()
    begun, go_on = threading.Event(), threading.Event()

    def long_work() -> None:
        with until(lambda: False):
            begun.set()
            assert go_on.wait(20)

    other = threading.Thread(target=long_work)
    other.start()
    assert begun.wait(20)
    with pytest.raises(Cancelled), until(lambda: True):
        next_step()
    assert gc.get_threshold() != usual, "the other still works"
    go_on.set()
    other.join()
    assert gc.get_threshold() == usual


def test_garbage_in_cycles_goes_while_it_is_young() -> None:
    class Knot:
        held: object

    gone: list[int] = []
    with until(lambda: False):
        for number in range(20_000):
            knot = Knot()
            knot.held = knot
            if number == 0:
                weakref.finalize(knot, gone.append, number)
    assert gone == [0]

"""Long work that may be given up: its loops pass here, and whoever runs it says when to stop.

The rules read transcripts of any length, one utterance or statement a step; whoever waits for them may want
something else meanwhile.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from scribe_app.errors import Cancelled

_given_up: ContextVar[Callable[[], bool] | None] = ContextVar("given_up", default=None)


class _Collections:
    """Python's collections of garbage: a full one is one step, as long as what was read is much.

    What the rules keep holds no cycles, so the full ones wait until no long work is under way; those of
    young objects go on.
    """

    _NEVER = 2**30

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._under_way = 0
        self._usual = gc.get_threshold()

    @contextmanager
    def only_of_the_young(self) -> Iterator[None]:
        """No full collection meanwhile, but for one that is asked for."""
        with self._changing:
            if not self._under_way:
                self._usual = gc.get_threshold()
                gc.set_threshold(*self._usual[:2], self._NEVER)
            self._under_way += 1
        try:
            yield
        finally:
            with self._changing:
                self._under_way -= 1
                if not self._under_way:
                    gc.set_threshold(*self._usual)


_collections = _Collections()


@contextmanager
def until(given_up: Callable[[], bool]) -> Iterator[None]:
    """Work of this thread that is given up as soon as `given_up` says so at one of its steps."""
    token = _given_up.set(given_up)
    try:
        with _collections.only_of_the_young():
            yield
    finally:
        _given_up.reset(token)


def next_step() -> None:
    """One more step of work that may be long.

    Raises:
        Cancelled: whoever runs it has given it up.
    """
    given_up = _given_up.get()
    if given_up is not None and given_up():
        raise Cancelled

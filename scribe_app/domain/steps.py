"""Long work that may be given up: its loops pass here, and whoever runs it says when to stop.

The rules read transcripts of any length, one utterance or statement a step; whoever waits for them may want
something else meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from scribe_app.errors import Cancelled

_given_up: ContextVar[Callable[[], bool] | None] = ContextVar("given_up", default=None)


@contextmanager
def until(given_up: Callable[[], bool]) -> Iterator[None]:
    """Work of this thread that is given up as soon as `given_up` says so at one of its steps."""
    token = _given_up.set(given_up)
    try:
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

"""Messages to the drafting process, and the flag that stops its work, shared by listener and owner thread."""

from __future__ import annotations

import threading
from collections import deque
from multiprocessing.connection import Connection

from scribe_app.adapters.llama.engine import AbortFlag
from scribe_app.adapters.llama.messages import Cancel, Correct, Read, Write
from scribe_app.adapters.worker import Stop
from scribe_app.domain.transcript import Utterance


class Inbox:
    """What the parent asked for. A listener thread fills it while the owner thread is inside llama.cpp."""

    def __init__(self, flag: AbortFlag) -> None:
        self._flag = flag
        self._changed = threading.Condition()
        self._waiting: deque[Read | Write] = deque()
        self._corrections: list[Correct] = []
        self._current = 0
        self._cancelled = 0
        self._ended = False

    def listen(self, connection: Connection) -> None:
        """Take messages until the parent says Stop or is gone."""
        while True:
            try:
                message = connection.recv()
            except (EOFError, OSError):
                message = Stop()
            with self._changed:
                self._take(message)
                self._changed.notify_all()
                if self._ended:
                    return

    def next(self, wait: bool) -> Read | Write | None:
        """The next message; None when there is none (and `wait` is false) or the end has come."""
        with self._changed:
            while wait and not self._waiting and not self._ended:
                self._changed.wait()
            if self._ended or not self._waiting:
                return None
            return self._waiting.popleft()

    @property
    def ended(self) -> bool:
        """Whether the process should end."""
        return self._ended

    def begin(self, number: int) -> None:
        """A request is being worked on: from now on its cancellation stops the engine."""
        with self._changed:
            self._current = number
            self._set_flag()

    def corrected(self) -> tuple[Utterance, ...]:
        """What was corrected for the request that is being worked on, since this was asked last."""
        with self._changed:
            mine = [one for one in self._corrections if one.number == self._current]
            self._corrections = [one for one in self._corrections if one.number > self._current]
        return tuple(utterance for one in mine for utterance in one.utterances)

    def end(self) -> None:
        """The request is done: the engine may work again."""
        self.begin(0)

    def _take(self, message: object) -> None:
        if isinstance(message, Stop):
            self._ended = True
        elif isinstance(message, Cancel):
            self._cancelled = message.number
        elif isinstance(message, Correct):
            self._corrections.append(message)
        elif isinstance(message, Read | Write):
            self._waiting.append(message)
        self._set_flag()

    def _set_flag(self) -> None:
        if self._ended or 0 < self._current <= self._cancelled:
            self._flag.set()
        else:
            self._flag.clear()

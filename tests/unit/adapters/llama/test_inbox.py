"""Cancelling reaches the work that is under way or waiting, and nothing later."""

from __future__ import annotations

import multiprocessing
import threading

from drafting_parts import SOAP, said

from scribe_app.adapters.llama.engine import AbortFlag
from scribe_app.adapters.llama.inbox import Inbox
from scribe_app.adapters.llama.messages import Cancel, Write
from scribe_app.adapters.worker import Stop


def _listening() -> tuple[Inbox, AbortFlag, object, threading.Thread]:
    flag = AbortFlag()
    inbox = Inbox(flag)
    ours, theirs = multiprocessing.Pipe()
    listener = threading.Thread(target=inbox.listen, args=(theirs,))
    listener.start()
    return inbox, flag, ours, listener


def test_cancel_meets_requests_made_before_it_only() -> None:
    inbox, flag, pipe, listener = _listening()
    for message in (Write(1, SOAP, said()), Write(2, SOAP, said()), Cancel(2), Write(3, SOAP, said())):
        pipe.send(message)  # type: ignore[attr-defined]  # a Connection; its class differs by platform
    met = []
    for message in [inbox.next(wait=True) for _ in range(3)]:
        assert isinstance(message, Write)
        inbox.begin(message.number)
        met.append((message.number, flag.is_set))
        inbox.end()
        assert not flag.is_set
    pipe.send(Stop())  # type: ignore[attr-defined]  # as above
    listener.join(5)
    assert met == [(1, True), (2, True), (3, False)]
    assert inbox.ended
    assert flag.is_set


def test_a_parent_that_is_gone_ends_the_work() -> None:
    inbox, flag, pipe, listener = _listening()
    pipe.close()  # type: ignore[attr-defined]  # a Connection
    listener.join(5)
    assert inbox.next(wait=True) is None
    assert flag.is_set

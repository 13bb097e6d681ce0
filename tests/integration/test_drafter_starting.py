"""A drafting process that takes nothing from its pipe yet, as while it starts: whoever asks does not wait."""

from __future__ import annotations

import os
import signal
import threading
from queue import Queue

import pytest
from drafting_parts import SOAP, finished_letter, said, wait_ready
from worker_mains import draft_late

from scribe_app.adapters.llama import LlamaDrafter, drafter
from scribe_app.domain.events import Event
from scribe_app.domain.ids import ConsultationId
from scribe_app.ports import DraftingRequest

ID = ConsultationId("consultation")


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="the signal that bids it go on is POSIX")
def test_a_long_transcript_is_sent_without_waiting_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafter, "draft", draft_late)
    events: Queue[Event] = Queue()
    drafting = LlamaDrafter().start(DraftingRequest(ID, None, "en"), events.put)
    try:
        wait_ready(events)
        long = said(*[("p", "Mm.")] * 6000, ("p", "My knee hurts."))

        def ask() -> None:
            drafting.read(long.utterances)
            drafting.write(SOAP, long)

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(20)
        assert not asking.is_alive(), "the pipe is full, and nobody reads"
        os.kill(drafting.pid or 0, signal.SIGUSR1)
        statements, finished = finished_letter(events)
        assert finished.read_until == long.seconds
        assert [one.statement.evidence for one in statements] == [(long.utterances[-1].id,)]
    finally:
        drafting.close()

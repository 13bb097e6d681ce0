from __future__ import annotations

import threading

import pytest

from scribe_app.domain.events import Event, RecordingPaused
from scribe_app.domain.ids import ConsultationId
from scribe_app.services.events import EventBus

EVENT = RecordingPaused(ConsultationId("c1"))


def test_everybody_hears_every_event_until_they_leave() -> None:
    bus, first, second = EventBus(), list[Event](), list[Event]()
    leave = bus.subscribe(first.append)
    bus.subscribe(second.append)
    bus.publish(EVENT)
    leave()
    leave()
    bus.publish(EVENT)
    assert (len(first), len(second)) == (1, 2)


def test_a_subscriber_that_fails_is_logged_and_keeps_nobody_from_hearing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bus, heard = EventBus(), list[Event]()

    def broken(_: Event) -> None:
        raise ValueError("the patient said something")

    bus.subscribe(broken)
    bus.subscribe(heard.append)
    bus.publish(EVENT)
    assert heard == [EVENT]
    assert "ValueError" in caplog.text
    assert "patient" not in caplog.text


def test_one_may_leave_or_join_while_an_event_is_told() -> None:
    bus, heard = EventBus(), list[Event]()

    def once(event: Event) -> None:
        leave()
        bus.subscribe(heard.append)

    leave = bus.subscribe(once)
    bus.publish(EVENT)
    bus.publish(EVENT)
    assert heard == [EVENT]


def test_events_of_one_thread_keep_their_order() -> None:
    bus, heard = EventBus(), list[Event]()
    bus.subscribe(heard.append)

    def tell(name: str) -> None:
        for number in range(200):
            bus.publish(RecordingPaused(ConsultationId(f"{name}{number:03}")))

    threads = [threading.Thread(target=tell, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name in "abc":
        mine = [event.consultation for event in heard if event.consultation.startswith(name)]
        assert mine == sorted(mine)
        assert len(mine) == 200

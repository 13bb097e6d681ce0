"""The one place where threads meet."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from scribe_app.domain.events import Event, LevelMeasured, RecordingPaused
from scribe_app.domain.ids import ConsultationId
from scribe_app.errors import Cancelled, ScribeError, StorageError
from scribe_app.services.events import EventBus
from scribe_app.ui.bridge import FRAME_MS, Bridge

ID = ConsultationId("a")


@pytest.fixture
def bridge(qtbot: QtBot) -> Iterator[Bridge]:
    made = Bridge()
    yield made
    made.close()


def test_a_blocking_call_runs_beside_the_window_and_its_result_comes_back(
    bridge: Bridge, qtbot: QtBot
) -> None:
    seen: list[tuple[int, int, int]] = []
    bridge.run(threading.get_ident, lambda where: seen.append((1, where, threading.get_ident())))
    bridge.run(threading.get_ident, lambda where: seen.append((2, where, threading.get_ident())))
    qtbot.waitUntil(lambda: len(seen) == 2)
    here = threading.get_ident()
    assert [number for number, _, _ in seen] == [1, 2]
    assert all(worker != here and told == here for _, worker, told in seen)


def test_commands_to_a_recording_wait_for_no_change_to_a_letter(bridge: Bridge, qtbot: QtBot) -> None:
    done, go_on = list[str](), threading.Event()
    bridge.run(lambda: go_on.wait(20), lambda _: done.append("changed"))
    for number in range(3):
        bridge.run_at_once(lambda number=number: number, lambda number: done.append(f"command {number}"))  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(done) == 3)
    assert done == ["command 0", "command 1", "command 2"], "in their own order"
    go_on.set()
    qtbot.waitUntil(lambda: done[-1] == "changed")


def test_an_error_goes_to_its_caller_or_to_the_banner(bridge: Bridge, qtbot: QtBot) -> None:
    def fail() -> None:
        raise StorageError("The vault cannot be read.")

    own: list[ScribeError] = []
    shown: list[ScribeError] = []
    bridge.failed.connect(shown.append)
    bridge.run(fail, None, own.append)
    bridge.run(fail)
    qtbot.waitUntil(lambda: bool(own and shown))
    assert isinstance(own[0], StorageError)
    assert isinstance(shown[0], StorageError)


def test_an_unforeseen_error_is_shown_without_its_words(bridge: Bridge, qtbot: QtBot) -> None:
    def fail() -> None:
        raise ValueError("Alan Example has angina")

    shown: list[ScribeError] = []
    bridge.failed.connect(shown.append)
    bridge.run(fail)
    qtbot.waitUntil(lambda: bool(shown))
    assert "ValueError" in str(shown[0])
    assert "Alan" not in str(shown[0])


def test_cancelled_shows_nothing(bridge: Bridge, qtbot: QtBot) -> None:
    def cancel() -> None:
        raise Cancelled

    done: list[int] = []
    with qtbot.assertNotEmitted(bridge.failed):
        bridge.run(cancel)
        bridge.run(lambda: 1, done.append)
        qtbot.waitUntil(lambda: done == [1])


def test_events_from_threads_arrive_in_order_on_the_windows_thread(bridge: Bridge, qtbot: QtBot) -> None:
    bus, seen = EventBus(), []
    bridge.attach(bus)
    bridge.happened.connect(lambda event: seen.append((event, threading.get_ident())))
    events = [RecordingPaused(ConsultationId(str(number))) for number in range(200)]
    sender = threading.Thread(target=lambda: [bus.publish(event) for event in events])
    sender.start()
    sender.join()
    qtbot.waitUntil(lambda: len(seen) == 200)
    assert [event for event, _ in seen] == events
    assert {thread for _, thread in seen} == {threading.get_ident()}


def test_of_a_flood_of_levels_only_the_newest_reach_the_window(bridge: Bridge, qtbot: QtBot) -> None:
    bus = EventBus()
    seen: list[Event] = []
    bridge.attach(bus)
    bridge.happened.connect(seen.append)
    for number in range(1000):
        bus.publish(LevelMeasured(ID, -20.0, -10.0, number))
    qtbot.waitUntil(lambda: bool(seen))
    qtbot.wait(3 * FRAME_MS)
    assert len(seen) == 1
    assert isinstance(seen[0], LevelMeasured)
    assert seen[0].samples == 999


def test_after_closing_nothing_arrives_any_more(qtbot: QtBot) -> None:
    bridge, bus = Bridge(), EventBus()
    bridge.attach(bus)
    bus.publish(RecordingPaused(ID))
    bridge.close()
    with qtbot.assertNotEmitted(bridge.happened, wait=50):
        bus.publish(RecordingPaused(ID))
        bridge.run(lambda: 1)

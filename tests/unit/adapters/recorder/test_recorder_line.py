"""What the line does with the faults that a device may have, each at a known place."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest
from recording_events import RecordingEvents

from scribe_app.adapters.journal import JournalReader, JournalWriter
from scribe_app.adapters.recorder import arrival
from scribe_app.adapters.recorder.commands import Pause
from scribe_app.adapters.recorder.line import HEAR_OUT_SECONDS, RecordingLine
from scribe_app.adapters.recorder.source import Block
from scribe_app.adapters.worker import Stop
from scribe_app.domain.events import CaptureWarned, CaptureWarning, Event, RecordingPaused
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import GapReason
from scribe_app.errors import MicrophoneError, RecordingError
from scribe_app.ports import RecordingRequest

KEY = bytes(range(32))
ID = ConsultationId("line")
BLOCK = 1600
"""0.1 s at 16 kHz."""

Part = Block | str


class ScriptedMicrophone:
    """Plays blocks and faults from a script; the real one is tested in tests/integration."""

    rate, channels, live, device = 16_000, 1, True, "scripted"
    heard_from = ""

    def __init__(self, script: list[Part]) -> None:
        self._script = script
        self.opened = 1

    @property
    def silent(self) -> bool:
        if self._script and self._script[0] == "quiet":
            del self._script[0]
            return True
        return False

    @property
    def broken(self) -> bool:
        if self._script and self._script[0] == "gone":
            del self._script[0]
            return True
        return False

    @property
    def ended(self) -> bool:
        return not self._script

    def open(self) -> None:
        if self._script and self._script[0] == "not back":
            del self._script[0]
            raise MicrophoneError("No microphone was found.")
        self.opened += 1

    def take(self, seconds: float) -> Block | None:
        if self._script and isinstance(self._script[0], Block):
            return self._script.pop(0)  # type: ignore[return-value]
        return None

    def close(self) -> None:
        pass


def audio(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(1, 9000, (BLOCK, 1)).astype(np.int16)


def block(at: float, seed: int = 0, dropped: int = 0, overflowed: bool = False) -> Block:
    return Block(audio(seed), at - 0.1, at, dropped, overflowed)


@pytest.fixture
def parent() -> Iterator[Connection]:
    ours, theirs = multiprocessing.Pipe()
    yield theirs
    ours.close()
    theirs.close()


def record(folder: Path, parent: Connection, script: list[Part]) -> RecordingEvents:
    events = RecordingEvents()
    writer = JournalWriter(folder, KEY, ID)
    RecordingLine(RecordingRequest(ID, folder, KEY), ScriptedMicrophone(script), writer, events).run(parent)
    return events


def test_blocks_that_had_to_be_dropped_are_a_gap_of_exactly_their_length(
    tmp_path: Path, parent: Connection
) -> None:
    t = arrival.now()
    recording = record(tmp_path, parent, [block(t, 1), block(t + 0.6, 2, dropped=5 * BLOCK)]).closed()
    assert recording.samples == 2 * BLOCK
    assert [(g.position, g.seconds, g.reason) for g in recording.gaps] == [
        (BLOCK, pytest.approx(0.5), GapReason.OVERFLOW)
    ]
    heard = JournalReader(tmp_path, KEY).read(0, 2 * BLOCK)
    assert np.array_equal(heard, np.concatenate([audio(1)[:, 0], audio(2)[:, 0]]))


def test_a_reported_overflow_is_measured_by_the_clock(tmp_path: Path, parent: Connection) -> None:
    t = arrival.now()
    script: list[Part] = [block(t + n / 10) for n in range(30)]
    script += [block(t + 0.07 + n / 10, overflowed=n == 30) for n in range(30, 60)]
    (gap,) = record(tmp_path, parent, script).closed().gaps
    assert gap.reason is GapReason.OVERFLOW
    assert gap.seconds == pytest.approx(0.07, abs=0.01)


def test_a_device_that_comes_back_late_is_one_gap_with_its_warnings(
    tmp_path: Path, parent: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scribe_app.adapters.recorder.line.REOPEN_SECONDS", 0.05)
    t = arrival.now()
    script: list[Part] = [
        *[block(t + n / 10) for n in range(5)],
        "gone",
        "not back",
        "not back",
        block(t + 9.5),
    ]
    events = record(tmp_path, parent, script)
    (gap,) = events.closed().gaps
    assert (gap.position, gap.reason) == (5 * BLOCK, GapReason.DEVICE_LOST)
    assert gap.seconds == pytest.approx(9.0, abs=0.01)
    assert [event.warning for event in events.of(CaptureWarned)] == [
        CaptureWarning.NARROW_BAND,  # once: it is the same microphone that comes back
        CaptureWarning.DEVICE_LOST,
        CaptureWarning.DEVICE_BACK,
    ]


def test_a_device_that_is_only_late_is_told_and_loses_nothing(tmp_path: Path, parent: Connection) -> None:
    t = arrival.now()
    events = record(tmp_path, parent, [block(t, 1), "quiet", "quiet", block(t + 0.1, 2), block(t + 0.2, 3)])
    recording = events.closed()
    assert (recording.samples, recording.gaps) == (3 * BLOCK, ())
    assert [event.warning for event in events.of(CaptureWarned)][1:] == [
        CaptureWarning.DEVICE_LOST,
        CaptureWarning.DEVICE_BACK,
    ]


def test_what_was_wrong_with_a_microphone_is_over_when_it_is_gone(
    tmp_path: Path, parent: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scribe_app.adapters.recorder.line.REOPEN_SECONDS", 0.01)
    t = arrival.now()
    silent = [Block(np.zeros((BLOCK, 1), np.int16), t + n / 10 - 0.1, t + n / 10) for n in range(35)]
    events = record(tmp_path, parent, [*silent, "gone", "not back", block(t + 9)])
    assert [event.warning for event in events.of(CaptureWarned)][1:] == [
        CaptureWarning.ALL_ZERO,
        CaptureWarning.RECOVERED,
        CaptureWarning.DEVICE_LOST,
        CaptureWarning.DEVICE_BACK,
    ]


class MovedMicrophone(ScriptedMicrophone):
    """A sound server puts another microphone behind it after ten blocks, and half a second is lost."""

    @property
    def heard_from(self) -> str:
        return "Headset" if len(self._script) > 40 else "Desk"


def test_a_recording_that_the_system_moved_is_told_and_what_was_lost_is_the_devices_fault(
    tmp_path: Path, parent: Connection
) -> None:
    t, events = arrival.now(), RecordingEvents()
    script: list[Part] = [block(t + n / 10) for n in range(10)]
    script += [block(t + 0.5 + n / 10) for n in range(10, 50)]
    writer = JournalWriter(tmp_path, KEY, ID)
    line = RecordingLine(RecordingRequest(ID, tmp_path, KEY), MovedMicrophone(script), writer, events)
    line.run(parent)
    (told,) = [one for one in events.of(CaptureWarned) if one.warning is CaptureWarning.DEVICE_CHANGED]
    assert told.text == "The default microphone changed. The recording goes on with “Desk”."
    (gap,) = events.closed().gaps
    assert gap.reason is GapReason.DEVICE_LOST
    assert gap.seconds == pytest.approx(0.5, abs=0.01)


class ReplacedMicrophone(ScriptedMicrophone):
    """Where it is gone, another one is opened, as the default."""

    @property
    def device(self) -> str:  # type: ignore[override]
        return "USB microphone" if self.opened == 1 else "Built-in"


def test_another_microphone_in_place_of_one_that_is_gone_is_named(
    tmp_path: Path, parent: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scribe_app.adapters.recorder.line.REOPEN_SECONDS", 0.01)
    t, events = arrival.now(), RecordingEvents()
    script: list[Part] = [block(t), block(t + 0.1), "gone", "not back", block(t + 2)]
    writer = JournalWriter(tmp_path, KEY, ID)
    line = RecordingLine(RecordingRequest(ID, tmp_path, KEY), ReplacedMicrophone(script), writer, events)
    line.run(parent)
    texts = {one.warning: one.text for one in events.of(CaptureWarned)}
    assert texts[CaptureWarning.DEVICE_CHANGED] == (
        "The microphone “USB microphone” is gone. The recording goes on with “Built-in”."
    )
    assert CaptureWarning.DEVICE_BACK in texts


ASKED = 0.6


class LateMicrophone(ScriptedMicrophone):
    """Hands each block over `late` seconds after its end was heard; goes on for ever, on a clock of its own.

    At `ASKED` seconds of it, the test asks for something; then everything stands still for `stall` seconds,
    and the device's own thread is the last to wake.
    """

    ended = False

    def __init__(self, late: float, stall: float, ask: Callable[[], None]) -> None:
        super().__init__([])
        self.now = 100.0
        self.began, self._next, self._late = self.now, self.now, late
        self._asks_at, self._ask = self.began + ASKED, ask
        self._stall, self._awake_at = stall, self.began

    def take(self, seconds: float) -> Block | None:
        if self.now >= self._asks_at:
            self._asks_at = float("inf")
            self._ask()
        elif self._asks_at == float("inf") and self._stall:
            self.now += self._stall
            self._stall, self._awake_at = 0.0, self.now + 0.02
        if self.now < max(self._next + self._late, self._awake_at):
            self.now += min(seconds, 0.005)
            return None
        self._next += BLOCK / 16_000
        return block(self._next)


@pytest.mark.parametrize(
    ("late", "stall", "ask"),
    [(0.3, 0, Stop()), (0.3, 0, Pause()), (0.3, 2.0, Stop()), (0.3, 2.0, Pause()), (9.0, 0, Stop())],
    ids=["stop", "pause", "stop, busy", "pause, busy", "dead"],
)
def test_what_was_said_up_to_stop_and_is_still_on_its_way_is_waited_for(
    tmp_path: Path, late: float, stall: float, ask: Stop | Pause, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = multiprocessing.Pipe()
    microphone = LateMicrophone(late, stall, lambda: ours.send(ask))
    monkeypatch.setattr(arrival, "now", lambda: microphone.now)
    events, writer = RecordingEvents(), JournalWriter(tmp_path, KEY, ID)
    heard_out: list[float] = []

    def tell(event: Event) -> None:
        events(event)
        if isinstance(event, RecordingPaused):
            heard_out.append(microphone.now)
            ours.send(Stop())

    RecordingLine(RecordingRequest(ID, tmp_path, KEY), microphone, writer, tell).run(theirs)
    ours.close()
    theirs.close()
    waited = (heard_out or [microphone.now])[0] - microphone.began - ASKED
    said, seconds = ASKED if late < 1 else 0.0, events.closed().seconds
    assert said - 1e-6 <= seconds <= said + stall + BLOCK / 16_000 + 1e-6, "all of the tail, and its block"
    assert waited <= stall + HEAR_OUT_SECONDS + 0.03, "a microphone that delivers nothing is not waited for"


@pytest.mark.skipif(os.name != "posix", reason="open files cannot be removed on Windows")
def test_a_folder_that_was_removed_is_told(
    tmp_path: Path, parent: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scribe_app.adapters.recorder.meter.DISK_CHECK_SECONDS", 0)
    events, folder = RecordingEvents(), tmp_path / "r"
    writer = JournalWriter(folder, KEY, ID)
    shutil.rmtree(folder)
    t = arrival.now()
    script: list[Part] = [block(t + n / 10) for n in range(5)]
    with pytest.raises(RecordingError, match="folder is gone"):
        RecordingLine(RecordingRequest(ID, folder, KEY), ScriptedMicrophone(script), writer, events).run(
            parent
        )


def test_a_microphone_that_never_delivers_is_an_error(tmp_path: Path, parent: Connection) -> None:
    with pytest.raises(MicrophoneError, match="delivers no sound") as caught:
        record(tmp_path, parent, ["gone"])
    assert caught.value.remedy


def test_a_device_that_stays_away_until_stop_leaves_a_counted_end(
    tmp_path: Path, parent: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scribe_app.adapters.recorder.line.REOPEN_SECONDS", 0.01)
    t = arrival.now()
    (gap,) = record(tmp_path, parent, [block(t), "gone", "not back", "not back"]).closed().gaps
    assert (gap.position, gap.reason) == (BLOCK, GapReason.DEVICE_LOST)

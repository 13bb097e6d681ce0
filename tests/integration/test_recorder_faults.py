"""Faults of the recorder process, its device and its sound system, while a known noise goes on in the room.

Each fault must be told within two seconds and leave a gap as long as what is missing, to 50 ms.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from known_noise import audio_of, misplaced, write_noise
from recording_events import RecordingEvents
from virtual_microphone import VirtualMicrophone

from scribe_app.adapters.recorder import ProcessRecorder, SupervisedRecording, supervision
from scribe_app.domain.events import (
    CaptureWarned,
    CaptureWarning,
    GapRecorded,
    LevelMeasured,
    RecordingClosed,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    WorkerFailed,
)
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import GapReason, Recording
from scribe_app.errors import EngineError, MicrophoneError
from scribe_app.ports import MicrophoneSource, RecordingRequest

KEY = bytes(range(32))
ID = ConsultationId("faulty")
TOLD_SECONDS = 2.0
GAP_SECONDS = 0.05

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX systems")


@dataclass
class Room:
    """A consulting room in which a known noise goes on, and the recording of it."""

    microphone: VirtualMicrophone
    folder: Path
    noise: np.ndarray
    recorder: ProcessRecorder
    active: SupervisedRecording
    events: RecordingEvents
    started: float

    def told(self, since: float, warning: CaptureWarning) -> CaptureWarned:
        at, event = self.events.wait(CaptureWarned, since=since, warning=warning)
        print(f"{warning}: told after {at - since:.2f} s")
        assert at - since <= TOLD_SECONDS
        return event

    def stop(self) -> Recording:
        self.active.stop()
        recording = self.events.closed()
        assert self.active.join(30)
        return recording

    def check(self, recording: Recording) -> None:
        """Every gap is as long as what is missing."""
        off = misplaced(recording, audio_of(self.folder, KEY), self.noise)
        gaps = [(gap.reason.value, round(gap.seconds, 3)) for gap in recording.gaps]
        print(f"gaps {gaps}, off by {off:.3f} s")
        assert off <= GAP_SECONDS
        recovered = self.recorder.recover(ID, self.folder, KEY)
        assert (recovered.samples, recovered.complete) == (recording.samples, recording.complete)


@pytest.fixture
def room(virtual_microphone: VirtualMicrophone, tmp_path: Path) -> Iterator[Room]:
    noise = write_noise(tmp_path / "noise.wav", 40)
    virtual_microphone.control(
        "load-module", "module-remap-source", "master=room.monitor", "source_name=desk"
    )
    virtual_microphone.control("set-default-source", "desk")
    recorder, events = ProcessRecorder(), RecordingEvents()
    recorder.prepare()
    virtual_microphone.play(tmp_path / "noise.wav")
    folder = tmp_path / "r"
    active = recorder.start(RecordingRequest(ID, folder, KEY, MicrophoneSource()), events)
    assert isinstance(active, SupervisedRecording)
    began, _ = events.wait(RecordingStarted, timeout=30)
    time.sleep(2)
    yield Room(virtual_microphone, folder, noise, recorder, active, events, began)
    recorder.close()
    active.kill()
    active.join(30)


def kill(room: Room) -> float:
    assert room.active.pid is not None
    os.kill(room.active.pid, signal.SIGKILL)
    return time.monotonic()


def test_a_recorder_that_is_killed_is_started_again_and_misses_a_counted_moment(room: Room) -> None:
    for _ in range(2):
        killed = kill(room)
        heard = len(room.events.of(GapRecorded))
        room.told(killed, CaptureWarning.STALLED)
        while len(room.events.of(GapRecorded)) == heard:
            assert time.monotonic() - killed < 60
            time.sleep(0.02)
        print(f"heard again {time.monotonic() - killed:.2f} s after the kill")
        time.sleep(2)
    recording = room.stop()
    assert [gap.reason for gap in recording.gaps] == 2 * [GapReason.INTERRUPTED]
    assert recording.complete
    assert len(room.events.of(RecordingStarted)) == 1
    assert not room.events.of(WorkerFailed)
    room.check(recording)
    assert list(recording.gaps) == [event.gap for event in room.events.of(GapRecorded)]


def test_a_recorder_killed_in_a_pause_stays_paused_until_it_is_resumed(room: Room) -> None:
    room.active.pause()
    room.events.wait(RecordingPaused)
    kill(room)
    room.events.wait(CaptureWarned, warning=CaptureWarning.STALLED)
    levels = len(room.events.of(LevelMeasured))
    time.sleep(4)
    assert len(room.events.of(LevelMeasured)) == levels, "nothing may be heard in a pause"
    room.active.resume()
    room.events.wait(RecordingResumed)
    time.sleep(2)
    recording = room.stop()
    assert [gap.reason for gap in recording.gaps] == [GapReason.PAUSED]
    room.check(recording)


def test_a_recorder_that_is_stopped_for_a_while_is_told_and_goes_on(room: Room) -> None:
    """As when the computer sleeps: what the system kept is recorded, the rest is a gap."""
    assert room.active.pid is not None
    stopped = time.monotonic()
    os.kill(room.active.pid, signal.SIGSTOP)
    room.told(stopped, CaptureWarning.STALLED)
    time.sleep(max(0.0, stopped + 5 - time.monotonic()))
    os.kill(room.active.pid, signal.SIGCONT)
    awake = time.monotonic()
    room.told(awake, CaptureWarning.ANSWERS)
    time.sleep(3)
    recording = room.stop()
    room.check(recording)
    assert not room.events.of(WorkerFailed)


def test_a_recorder_that_hangs_is_ended_and_another_one_goes_on(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "HUNG_SECONDS", 4.0)
    time.sleep(1)  # the next sign of life sets the patience
    assert room.active.pid is not None
    hung = room.active.pid
    os.kill(hung, signal.SIGSTOP)
    room.events.wait(GapRecorded)
    time.sleep(2)
    assert room.active.pid != hung
    recording = room.stop()
    assert [gap.reason for gap in recording.gaps] == [GapReason.INTERRUPTED]
    room.check(recording)


def test_a_recorder_that_hangs_at_stop_is_ended_and_its_journal_is_whole(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "ENDING_SECONDS", 3.0)
    assert room.active.pid is not None
    os.kill(room.active.pid, signal.SIGSTOP)
    heard = time.monotonic() - room.started + 0.25
    room.active.stop()
    assert isinstance(room.events.failure(), EngineError)
    assert room.active.join(30)
    recording = room.recorder.recover(ID, room.folder, KEY)
    assert heard - recording.seconds <= 0.5
    assert not room.events.of(RecordingClosed)
    room.check(recording)


def test_a_device_that_falls_silent_is_told_and_counted(room: Room) -> None:
    silent = time.monotonic()
    room.microphone.control("suspend-source", "desk", "1")
    room.told(silent, CaptureWarning.DEVICE_LOST)
    time.sleep(1.5)
    room.microphone.control("suspend-source", "desk", "0")
    back = time.monotonic()
    room.told(back, CaptureWarning.DEVICE_BACK)
    time.sleep(2)
    recording = room.stop()
    assert [gap.reason for gap in recording.gaps] == [GapReason.DEVICE_LOST]
    room.check(recording)


def test_an_unplugged_device_loses_nothing_uncounted(room: Room) -> None:
    """Its module is unloaded. The sound server moves the recording to what is left, or breaks it off."""
    modules = room.microphone.control("list", "short", "modules").splitlines()
    desk = next(line.split()[0] for line in modules if "source_name=desk" in line)
    unplugged = time.monotonic()
    room.microphone.control("unload-module", desk)
    time.sleep(TOLD_SECONDS)
    lost = [event.warning for event in room.events.of(CaptureWarned)]
    room.microphone.control("load-module", "module-remap-source", "master=room.monitor", "source_name=desk")
    room.microphone.control("set-default-source", "desk")
    time.sleep(4)
    recording = room.stop()
    if lost or recording.gaps:
        moved = CaptureWarning.DEVICE_CHANGED in lost
        room.told(unplugged, CaptureWarning.DEVICE_CHANGED if moved else CaptureWarning.DEVICE_LOST)
    room.check(recording)
    assert not room.events.of(WorkerFailed)


def test_a_changed_default_device_loses_nothing_uncounted(room: Room) -> None:
    """The sound server moves the recording to the new one in mid-sentence."""
    room.microphone.control(
        "load-module", "module-remap-source", "master=room.monitor", "source_name=headset"
    )
    room.microphone.control("set-default-source", "headset")
    time.sleep(4)
    outputs = room.microphone.control("list", "short", "source-outputs")
    recording = room.stop()
    print(outputs)
    room.check(recording)
    assert not room.events.of(WorkerFailed)


@pytest.mark.parametrize("content", ["", "garbage }}} {{{\n"], ids=["empty", "garbage"])
def test_a_broken_sound_configuration_is_a_microphone_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    """PortAudio aborts the process, or refuses to begin."""
    (tmp_path / "asound.conf").write_text(content)
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "asound.conf"))
    events = RecordingEvents()
    active = ProcessRecorder().start(RecordingRequest(ID, tmp_path / "r", KEY, MicrophoneSource()), events)
    error = events.failure(30)
    assert isinstance(error, MicrophoneError), error
    assert error.remedy
    assert "code" not in str(error)
    assert active.join(30)
    assert not (tmp_path / "r").exists()
    with pytest.raises(MicrophoneError):
        ProcessRecorder().microphones()

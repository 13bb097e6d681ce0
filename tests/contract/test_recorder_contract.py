"""What every AudioRecorder must do: the real process playing a file, and the scripted one of line_stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile
from line_stage import STEP, ScriptedRecorder
from recording_events import RecordingEvents

from scribe_app.adapters.recorder import ProcessRecorder
from scribe_app.domain.events import (
    GapRecorded,
    RecordingClosed,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    WorkerFailed,
)
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE, GapReason
from scribe_app.ports import ActiveRecording, AudioRecorder, FileSource, RecordingRequest

ID = ConsultationId("recorded")
KEY = bytes(range(32))
LINES = 3


@dataclass
class Studio:
    """A recorder, with a way to let it hear six seconds."""

    recorder: AudioRecorder
    request: RecordingRequest
    hear: Callable[[ActiveRecording], None]

    def start(self) -> tuple[ActiveRecording, RecordingEvents]:
        events = RecordingEvents()
        active = self.recorder.start(self.request, events)
        events.wait(RecordingStarted)
        return active, events


def scripted(folder: Path) -> Studio:
    recorder = ScriptedRecorder()
    request = RecordingRequest(ID, folder / "journal", KEY)
    return Studio(recorder, request, lambda _: recorder.started[-1].hear(LINES))


def real(folder: Path) -> Studio:
    file = folder / "speech.wav"
    audio = np.random.default_rng(7).integers(1, 9000, LINES * STEP).astype(np.int16)
    soundfile.write(file, audio, SAMPLE_RATE)
    request = RecordingRequest(ID, folder / "journal", KEY, FileSource(file, speed=4.0))
    return Studio(ProcessRecorder(), request, lambda _: None)


@pytest.fixture(params=[scripted, real], ids=["scripted", "process"])
def studio(request: pytest.FixtureRequest, tmp_path: Path) -> Studio:
    made: Studio = request.param(tmp_path)
    return made


def test_stop_closes_the_recording_once_and_what_was_heard_can_be_read(studio: Studio) -> None:
    active, events = studio.start()
    studio.hear(active)
    active.stop()
    recording = events.closed()
    assert active.join(10)
    assert recording.complete
    assert len(events.of(RecordingClosed)) == 1
    assert events.of(WorkerFailed) == []
    recovered = studio.recorder.recover(ID, studio.request.folder, KEY)
    assert recovered == recording
    heard = studio.recorder.read(studio.request.folder, KEY, 0, recording.samples)
    assert len(heard) == 2 * recording.samples


def test_a_pause_is_told_and_leaves_a_gap(studio: Studio) -> None:
    active, events = studio.start()
    active.pause()
    events.wait(RecordingPaused)
    active.resume()
    events.wait(RecordingResumed)
    active.stop()
    recording = events.closed()
    assert active.join(10)
    assert [gap.reason for gap in recording.gaps] == [GapReason.PAUSED]
    assert [event.gap for event in events.of(GapRecorded)] == list(recording.gaps)


def test_a_kill_closes_nothing_and_tells_nothing(studio: Studio) -> None:
    active, events = studio.start()
    active.kill()
    assert active.join(10)
    assert events.of(RecordingClosed) == []
    assert events.of(WorkerFailed) == []
    recovered = studio.recorder.recover(ID, studio.request.folder, KEY)
    assert not recovered.complete


def test_nothing_is_read_behind_the_end_of_an_empty_stretch(studio: Studio) -> None:
    active, events = studio.start()
    active.stop()
    events.closed()
    assert active.join(10)
    assert studio.recorder.read(studio.request.folder, KEY, 5, 5) == b""

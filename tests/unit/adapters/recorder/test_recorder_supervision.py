"""What the supervisor does when processes die or hang; with real ones: test_recorder_faults.py."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from recording_events import RecordingEvents

from scribe_app.adapters.recorder import supervision
from scribe_app.adapters.recorder.commands import Alive, Begin, Pause, Resume
from scribe_app.adapters.recorder.supervision import SupervisedRecording
from scribe_app.adapters.worker import Stop
from scribe_app.domain.events import (
    CaptureWarned,
    CaptureWarning,
    Event,
    LevelMeasured,
    RecordingClosed,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    WorkerFailed,
)
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import Recording
from scribe_app.errors import DiskFullError, EngineError, MicrophoneError, ScribeError
from scribe_app.ports import AudioSource, FileSource, MicrophoneSource, RecordingRequest

ID = ConsultationId("supervised")
CRASHED = EngineError("The recorder process stopped unexpectedly (code -11).")
STARTED = RecordingStarted(ID, "Desk microphone", 48_000)
PAUSES = (0.0, 0.05, 0.05)


class ScriptedProcess:
    """RecorderProcess that says and does what the test wants."""

    pid, alive = 1, True

    def __init__(self) -> None:
        self.begun: Begin | None = None
        self.sent: list[type] = []
        self.killed = self.gone = False

    def begin(self, begin: Begin, on_event: Callable[[Event], None], on_end: Callable[..., None]) -> None:
        self.begun, self.say, self.end = begin, on_event, on_end

    def send(self, command: object) -> None:
        self.sent.append(type(command))

    def kill(self) -> None:
        self.killed = True
        self.end(None)

    def let_go(self) -> None:
        self.gone = True

    def die(self, error: ScribeError = CRASHED) -> None:
        self.end(error)


class Watched:
    """A supervised recording with all its processes."""

    def __init__(self, source: AudioSource) -> None:
        self.processes: list[ScriptedProcess] = []
        self.events = RecordingEvents()
        request = RecordingRequest(ID, Path("nowhere"), bytes(32), source)
        self.active = SupervisedRecording(request, self.events, self._new)  # type: ignore[arg-type]  # scripted

    def _new(self) -> ScriptedProcess:
        self.processes.append(ScriptedProcess())
        return self.processes[-1]

    def process(self, number: int) -> ScriptedProcess:
        """The so-manieth process, once it has begun; counted from 1."""
        deadline = time.monotonic() + 5
        while len(self.processes) < number or self.processes[number - 1].begun is None:
            assert time.monotonic() < deadline, f"process {number} was not started"
            time.sleep(0.01)
        return self.processes[number - 1]


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    monkeypatch.setattr(supervision, "PAUSES_BETWEEN_STARTS", PAUSES)
    made = Watched(MicrophoneSource())
    made.process(1).say(STARTED)
    return made


def test_after_a_crash_another_process_goes_on_and_is_not_announced_again(watched: Watched) -> None:
    watched.process(1).die()
    second = watched.process(2)
    assert second.begun is not None
    assert not second.begun.paused
    time.sleep(2.5 * supervision.LOOK_SECONDS)
    assert [event.warning for event in watched.events.of(CaptureWarned)] == [CaptureWarning.STALLED]
    second.say(STARTED)
    second.say(Alive(ID))
    watched.events.wait(CaptureWarned, warning=CaptureWarning.ANSWERS)
    watched.active.stop()
    assert second.sent == [Stop]
    second.say(RecordingClosed(ID, Recording(ID, 0, complete=True)))
    second.end(None)
    assert watched.active.join(30)
    assert len(watched.events.of(RecordingStarted)) == 1
    assert watched.events.of(Alive) == []
    assert watched.events.of(WorkerFailed) == []


def test_after_many_crashes_without_audio_it_is_given_up(watched: Watched) -> None:
    for number in range(1, len(PAUSES) + 2):
        watched.process(number).die()
    assert "did not help" in watched.events.failure().title
    assert watched.active.join(30)
    assert len(watched.events.of(CaptureWarned)) == 1, "told once, not at each try"


def test_audio_in_between_begins_the_count_anew(watched: Watched) -> None:
    for number in range(1, 3 * len(PAUSES)):
        process = watched.process(number)
        process.say(LevelMeasured(ID, -20.0, -10.0, number))
        process.die()
    watched.process(3 * len(PAUSES))
    assert watched.events.of(WorkerFailed) == []
    watched.active.kill()
    assert watched.active.join(30)


@pytest.mark.parametrize("error", [MicrophoneError("Gone."), DiskFullError("Full.")])
def test_what_another_process_could_not_mend_is_told_at_once(watched: Watched, error: ScribeError) -> None:
    watched.process(1).die(error)
    assert watched.events.failure() is error
    assert watched.active.join(30)
    assert len(watched.processes) == 1


def test_a_file_that_plays_is_not_begun_again() -> None:
    watched = Watched(FileSource(Path("a.wav")))
    watched.process(1).say(STARTED)
    watched.process(1).die()
    assert watched.events.failure() is CRASHED


def test_a_crash_while_the_microphone_is_opened_is_a_microphone_error() -> None:
    watched = Watched(MicrophoneSource())
    watched.process(1).die()
    assert isinstance(watched.events.failure(), MicrophoneError)


def test_pause_and_resume_while_nobody_hears_them_are_told_and_kept(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "PAUSES_BETWEEN_STARTS", (0.5, 0.5))
    watched.process(1).die()
    watched.events.wait(CaptureWarned, warning=CaptureWarning.STALLED)
    watched.active.pause()
    second = watched.process(2)
    assert second.begun is not None
    assert second.begun.paused
    watched.events.wait(RecordingPaused)
    second.die()
    watched.active.resume()
    third = watched.process(3)
    assert third.begun is not None
    assert not third.begun.paused
    watched.events.wait(RecordingResumed)
    watched.active.kill()
    assert {Pause, Resume, Stop}.isdisjoint(third.sent)


def test_stop_while_it_is_down_ends_with_what_there_is(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "PAUSES_BETWEEN_STARTS", (5.0,))
    watched.process(1).die()
    watched.events.wait(CaptureWarned, warning=CaptureWarning.STALLED)
    stopped = time.monotonic()
    watched.active.stop()
    at, failed = watched.events.wait(WorkerFailed)
    assert at - stopped < 4, "the pause before the next start is not waited out"
    assert isinstance(failed.error, EngineError)


def test_a_process_that_hangs_is_let_go_and_one_that_hung_at_stop_is_not_replaced(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "HUNG_SECONDS", 1.0)
    monkeypatch.setattr(supervision, "ENDING_SECONDS", 1.0)
    watched.process(1).say(Alive(ID))
    second = watched.process(2)
    assert watched.processes[0].gone
    second.say(STARTED)
    watched.active.stop()
    assert "did not answer" in watched.events.failure().title
    assert second.gone
    assert watched.active.join(30)
    assert len(watched.processes) == 2


@pytest.mark.parametrize("told_before", [False, True])
def test_an_ended_recording_says_nothing_more_however_long_its_process_takes_to_end(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, told_before: bool
) -> None:
    monkeypatch.setattr(supervision, "SILENT_SECONDS", 0.3)
    process = watched.process(1)
    if told_before:
        watched.events.wait(CaptureWarned, warning=CaptureWarning.STALLED)
    process.say(LevelMeasured(ID, -20.0, -10.0, 1))
    if told_before:
        watched.events.wait(CaptureWarned, warning=CaptureWarning.ANSWERS)
    warned = len(watched.events.of(CaptureWarned))
    watched.active.stop()
    process.say(RecordingClosed(ID, Recording(ID, 1, complete=True)))
    time.sleep(3 * supervision.SILENT_SECONDS)
    process.end(None)
    assert watched.active.join(30)
    assert len(watched.events.of(CaptureWarned)) == warned


def test_an_ended_recording_is_ended_where_its_process_never_is(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its journal is whole; nobody needs to hear of a native library that hangs in its clean-up."""
    monkeypatch.setattr(supervision, "ENDING_SECONDS", 0.3)
    process = watched.process(1)
    watched.active.stop()
    process.say(RecordingClosed(ID, Recording(ID, 1, complete=True)))
    assert watched.active.join(30)
    assert process.gone
    assert watched.events.of(WorkerFailed) == []
    assert watched.events.of(CaptureWarned) == []

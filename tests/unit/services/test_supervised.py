"""A transcription without a vault outlives its speech process as the window's does."""

from __future__ import annotations

from pathlib import Path

import pytest
from line_stage import STEP, ScriptedRecorder, ScriptedTranscriber

from scribe_app.domain.events import (
    ConsultationFailed,
    Event,
    MemoryGrown,
    TranscriptionFinished,
    UtteranceSettled,
    WindowTaken,
    WorkerFailed,
)
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import Recording
from scribe_app.domain.transcript import UNCLEAR
from scribe_app.errors import EngineError, ModelError
from scribe_app.ports import TranscriptionRequest
from scribe_app.services.persevering import LOST_IN_A_ROW
from scribe_app.services.supervised import SupervisedTranscription

ID = ConsultationId("file")
LINES = 12


class Desk:
    """A supervised transcription of twelve lines on scripted processes."""

    def __init__(self) -> None:
        recorder = ScriptedRecorder()
        recorder.journals[ID] = Recording(ID, LINES * STEP, complete=True)
        self.transcriber = ScriptedTranscriber(recorder)
        self.transcriber.holds = True
        self.events: list[Event] = []
        request = TranscriptionRequest(ID, Path(), b"", Path(), "en", may_end_early=True)
        self.active = SupervisedTranscription(self.transcriber, request, self.events.append)

    def die_of(self, line: int) -> None:
        window = WindowTaken(ID, line * STEP, (line + 1) * STEP, (line + 1) * STEP)
        self.transcriber.started[-1].sink(window)
        self.transcriber.started[-1].die()

    def finish(self) -> list[str]:
        self.active.finish()
        self.transcriber.started[-1].end()
        return [event.utterance.text for event in self.events if isinstance(event, UtteranceSettled)]

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_death_is_not_noticed_and_the_next_process_goes_on_at_the_next_sample(desk: Desk) -> None:
    desk.transcriber.started[-1].tell(3)
    desk.die_of(3)
    assert [one.request.from_sample for one in desk.transcriber.started] == [0, 3 * STEP]
    assert desk.transcriber.started[-1].request.careful
    assert desk.finish() == desk.transcriber.lines[:LINES]
    ids = [event.utterance.id for event in desk.events if isinstance(event, UtteranceSettled)]
    assert ids == list(range(1, LINES + 1))
    assert desk.active.deaths == 1
    assert desk.of(TranscriptionFinished)
    assert not desk.of(ConsultationFailed)
    assert not desk.of(WorkerFailed)


def test_a_window_that_kills_it_twice_is_marked_told_and_passed_over(desk: Desk) -> None:
    desk.transcriber.started[-1].tell(2)
    desk.die_of(2)
    desk.die_of(2)
    lines = desk.transcriber.lines
    assert desk.finish() == [*lines[:2], UNCLEAR, *lines[3:LINES]]
    (told,) = desk.of(ConsultationFailed)
    assert isinstance(told, ConsultationFailed)
    assert "could not be transcribed: the speech process stopped there twice" in str(told.error)
    assert "The transcript goes on after them." in str(told.error)


def test_one_that_dies_of_every_window_is_given_up(desk: Desk) -> None:
    for line in range(LOST_IN_A_ROW + 1):
        desk.die_of(line)
        desk.die_of(line)
    (failed,) = desk.of(WorkerFailed)
    assert isinstance(failed, WorkerFailed)
    assert isinstance(failed.error, EngineError)
    assert len(desk.transcriber.started) == 2 * LOST_IN_A_ROW + 2


def test_a_model_that_is_not_whole_is_not_tried_again(desk: Desk) -> None:
    desk.transcriber.started[-1].die(ModelError("The speech model is not whole."))
    assert len(desk.of(WorkerFailed)) == len(desk.transcriber.started) == 1


def test_memory_is_given_back_between_two_windows(desk: Desk) -> None:
    desk.transcriber.started[-1].tell(4)
    desk.transcriber.started[-1].sink(MemoryGrown(ID))
    assert [one.cancelled for one in desk.transcriber.started] == [True, False]
    assert desk.finish() == desk.transcriber.lines[:LINES]
    assert desk.active.deaths == 0


def test_after_cancelling_nothing_more_is_heard(desk: Desk) -> None:
    desk.active.cancel()
    desk.transcriber.started[-1].tell(2)
    desk.transcriber.started[-1].die()
    assert desk.events == []
    assert len(desk.transcriber.started) == 1

"""What the command line makes of events while it waits."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from scribe_app.cli.listening import Listener, Timings
from scribe_app.cli.output import Output, clock, report
from scribe_app.domain.consultation import Consultation, ConsultationState
from scribe_app.domain.events import (
    ConsultationFailed,
    GapRecorded,
    LetterReady,
    PaceChanged,
    RecordingClosed,
    StateChanged,
    StatementDrafted,
    TranscriptionFinished,
    UtteranceSettled,
)
from scribe_app.domain.ids import ConsultationId, UtteranceId, new_letter_id
from scribe_app.domain.letter import Letter, Section, Statement
from scribe_app.domain.pace import Pace
from scribe_app.domain.recording import SAMPLE_RATE, AudioGap, GapReason, Recording
from scribe_app.domain.transcript import SpeakerRole, Utterance
from scribe_app.errors import EngineError, UsageError
from scribe_app.services.events import EventBus

ID = ConsultationId("c1")
LETTER = Letter(
    new_letter_id(), ID, "soap", "Record", "en", (Section("plan", "Plan", (Statement("Rest."),)),)
)
HELLO = Utterance(UtteranceId(1), "Hello.", 61.0, 62.0, SpeakerRole.CLINICIAN)
TROUBLE = EngineError("Speech recognition stopped.", "The recording goes on.", "")


def in_state(state: ConsultationState) -> StateChanged:
    return StateChanged(ID, state, Consultation(ID, datetime.now(UTC), "en", "soap", state))


def listened(*events: Any, as_json: bool = False) -> Listener:
    """A listener that has these events waiting."""
    bus = EventBus()
    listener = Listener(bus, Output(as_json), "en")
    for event in events:
        bus.publish(event)
    return listener


def test_the_letter_ends_the_wait_and_the_transcript_is_printed_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    listener = listened(
        UtteranceSettled(ConsultationId("another"), HELLO, 1),
        UtteranceSettled(ID, HELLO, 1),
        UtteranceSettled(ID, HELLO, 1),
        GapRecorded(ID, AudioGap(1, 2.0, GapReason.PAUSED)),
        RecordingClosed(ID, Recording(ID, 90 * SAMPLE_RATE)),
        TranscriptionFinished(ID, 1),
        StatementDrafted(ID, "plan", Statement("Rest.")),
        LetterReady(ID, LETTER),
    )
    assert listener.until_letter(ID) == LETTER
    printed = capsys.readouterr().out
    assert printed.splitlines() == [
        "[01:01] Clinician: Hello.",
        "          (paused for 2.0 s)",
        "          (recording ended at 01:30)",
    ]
    assert listener.timings.as_json()["audio_s"] == 90.0
    assert listener.timings.as_json()["stop_to_letter_s"] is not None


def test_trouble_on_the_way_is_a_note_and_the_letter_still_comes(capsys: pytest.CaptureFixture[str]) -> None:
    listener = listened(
        in_state(ConsultationState.RECORDING),
        ConsultationFailed(ID, TROUBLE),
        in_state(ConsultationState.TRANSCRIBING),
        LetterReady(ID, LETTER),
        as_json=True,
    )
    assert listener.until_letter(ID) == LETTER
    caught = capsys.readouterr()
    assert caught.out == ""
    assert caught.err == "scribe: Speech recognition stopped. The recording goes on.\n"


@pytest.mark.parametrize("transcribed", [False, True])
def test_a_consultation_that_failed_for_good_ends_the_wait(transcribed: bool) -> None:
    listener = listened(
        *([TranscriptionFinished(ID, 1)] if transcribed else []),
        in_state(ConsultationState.FAILED),
        ConsultationFailed(ID, TROUBLE),
    )
    with pytest.raises(EngineError, match="stopped"):
        listener.until_letter(ID)


def test_ticks_go_on_while_nothing_happens() -> None:
    bus, ticks = EventBus(), list[float]()
    listener = Listener(bus, Output(False), "en")
    threading.Timer(0.5, bus.publish, [LetterReady(ID, LETTER)]).start()
    listener.until_letter(ID, lambda: ticks.append(time.monotonic()))
    assert len(ticks) >= 2
    listener.close()
    bus.publish(LetterReady(ID, LETTER))


def test_timings_without_a_stop_are_unknown_and_after_it_count_from_it() -> None:
    timings = Timings(started=0.0, first_utterance=1.234)
    assert timings.as_json()["stop_to_letter_s"] is None
    timings.letter_complete = 12.5
    assert timings.as_json()["stop_to_letter_s"] is None
    timings.stop, timings.transcript_complete = 10.0, 10.4
    told = timings.as_json()
    assert (told["first_utterance_s"], told["stop_to_transcript_s"]) == (1.23, 0.4)
    assert (told["stop_to_letter_s"], told["total_s"]) == (2.5, 12.5)
    assert told["stop_to_first_statement_s"] is None


def test_errors_are_one_line_with_the_status_of_their_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(EngineError("Two\nlines.", "Kept.", "Do.")) == 1
    assert report(UsageError("Wrong.")) == 2
    assert capsys.readouterr().err == "scribe: Two lines. Kept. Do.\nscribe: Wrong.\n"


def test_the_clock_counts_minutes_on() -> None:
    assert [clock(0), clock(59.9), clock(3725)] == ["00:00", "00:59", "62:05"]


def test_a_slow_computer_is_told_beside_the_transcript(capsys: pytest.CaptureFixture[str]) -> None:
    listener = listened(PaceChanged(ID, Pace.AFTER_STOP, 130.0, 240.0), LetterReady(ID, LETTER))
    listener.until_letter(ID)
    assert "complete about 4 minutes after Stop" in capsys.readouterr().err

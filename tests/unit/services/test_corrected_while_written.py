"""What was heard is corrected while the letter is written: what rests on it is checked again at once."""

from __future__ import annotations

import threading
from unittest.mock import patch

import pytest
from line_stage import Stage

from scribe_app.domain.events import LetterReady, StatementDrafted
from scribe_app.domain.ids import ConsultationId, UtteranceId
from scribe_app.domain.letter import UNSETTLED, Statement
from scribe_app.domain.transcript import SpeakerRole
from scribe_app.services.writing import Writing

C, P = SpeakerRole.CLINICIAN, SpeakerRole.PATIENT
VISIT = (
    (C, "What brings you in today?"),
    (P, "I've had chest pain for three weeks."),
    (P, "I take ramipril, five milligrams a day."),
    (C, "Start aspirin, seventy five milligrams once a day."),
)
PAIN, RAMIPRIL, ASPIRIN = (UtteranceId(n) for n in (2, 3, 4))
TEN = "I take ramipril, ten milligrams a day."


@pytest.fixture
def writing(stage: Stage) -> ConsultationId:
    """The first section is written, the plan is not."""
    id = stage.visited(VISIT)
    stage.drafter.holds = True
    stage.service.write(id, "soap")
    stage.settle()
    told(stage, "Chest pain for 3 weeks.", PAIN)
    told(stage, "Takes ramipril 5 mg a day.", RAMIPRIL)
    stage.settle()
    return id


def told(stage: Stage, text: str, *evidence: UtteranceId, section: str = "subjective") -> None:
    stage.drafting.section(section, Statement(text, evidence=evidence), ends=False)


def seen(stage: Stage, id: ConsultationId) -> dict[str, Statement]:
    """The statements as they stand on screen, by their words."""
    latest = {event.statement.id: event.statement for event in stage.of(StatementDrafted, id)}
    return {one.text: one for one in latest.values()}


def finished(stage: Stage, id: ConsultationId) -> tuple[Statement, ...]:
    for key in ("subjective", "objective", "assessment", "plan"):
        stage.drafting.section(key)
    stage.drafting.finish()
    stage.settle()
    assert stage.of(LetterReady, id)
    (letter,) = stage.store.letters(id)
    return letter.statements


def test_exactly_what_rests_on_it_is_checked_again_and_marked(stage: Stage, writing: ConsultationId) -> None:
    before = seen(stage, writing)
    stage.review.correct_utterance(writing, RAMIPRIL, TEN, P)
    stage.settle()
    now = seen(stage, writing)
    assert now["Chest pain for 3 weeks."] == before["Chest pain for 3 weeks."]
    line = now["Takes ramipril 5 mg a day."]
    assert line.id == before["Takes ramipril 5 mg a day."].id, "the same line, not a second one"
    assert line.support in UNSETTLED
    assert [(one.id, one.text) for one in stage.drafting.corrected] == [(RAMIPRIL, TEN)]
    assert line in finished(stage, writing), "the letter is as it was on screen"


def test_what_is_written_then_is_checked_against_the_corrected_words(
    stage: Stage, writing: ConsultationId
) -> None:
    stage.review.correct_utterance(writing, RAMIPRIL, TEN, P)
    stage.settle()
    told(stage, "Continue ramipril 10 mg a day.", RAMIPRIL, section="plan")
    told(stage, "Continue ramipril 5 mg a day.", RAMIPRIL, section="plan")
    stage.settle()
    now = seen(stage, writing)
    assert "10" not in " ".join(flag.reason for flag in now["Continue ramipril 10 mg a day."].flags)
    assert now["Continue ramipril 5 mg a day."].support in UNSETTLED


def test_a_statement_that_is_being_checked_meanwhile_is_checked_once_more(
    stage: Stage, writing: ConsultationId
) -> None:
    """It was read with the old words: the coordinator is busy until both are on their way."""
    held = threading.Event()
    vars(stage.service)["_coordinator"].post(held.wait)
    told(stage, "Ramipril 5 mg daily.", RAMIPRIL)
    stage.review.correct_utterance(writing, RAMIPRIL, TEN, P)
    held.set()
    stage.settle()
    assert seen(stage, writing)["Ramipril 5 mg daily."].support in UNSETTLED
    assert {one.text for one in finished(stage, writing) if one.needs_settling} == {
        "Takes ramipril 5 mg a day.",
        "Ramipril 5 mg daily.",
    }


def test_swapped_speakers_are_heard_of_once(stage: Stage, writing: ConsultationId) -> None:
    held = threading.Event()
    with patch.object(
        Writing, "on_said_corrected", autospec=True, side_effect=Writing.on_said_corrected
    ) as heard:
        vars(stage.service)["_coordinator"].post(held.wait)
        stage.review.swap_speakers(writing)
        held.set()
        stage.settle()
    assert heard.call_count == 1
    assert {one.id for one in stage.drafting.corrected} == {UtteranceId(n) for n in range(1, 5)}


def test_a_correction_that_changes_nothing_leaves_all_as_it_is(stage: Stage, writing: ConsultationId) -> None:
    shown = len(stage.of(StatementDrafted, writing))
    stage.review.correct_utterance(writing, RAMIPRIL, "", P)
    stage.settle()
    assert len(stage.of(StatementDrafted, writing)) == shown
    assert stage.drafting.corrected == []


def test_a_section_that_is_drafted_again_is_not_shown_before_its_end(stage: Stage) -> None:
    id = stage.visited(VISIT)
    stage.service.write(id, "soap")
    stage.settle()
    (letter,) = stage.store.letters(id)
    stage.drafter.holds = True
    stage.service.redo_section(letter.id, "subjective")
    stage.settle()
    shown = len(stage.of(StatementDrafted, id))
    told(stage, "Takes ramipril 5 mg a day.", RAMIPRIL)
    stage.settle()
    stage.review.correct_utterance(id, RAMIPRIL, TEN, P)
    stage.settle()
    assert len(stage.of(StatementDrafted, id)) == shown

"""A question lights up what was said, or says that it was not discussed."""

from __future__ import annotations

from ui.driver import Driver
from ui.test_review import SOUND

from scribe_app.domain.consultation import ConsultationState as S


def asked(drive: Driver, question: str) -> str:
    line = drive.window.transcript.question
    line.field.setText(question)
    drive.press("Return", line.field)
    drive.until(lambda: bool(line.found.text()))
    return line.found.text()


def test_an_answer_lights_up_in_the_transcript(drive: Driver) -> None:
    drive.stage.drafter.script = SOUND
    drive.review()
    drive.press("Ctrl+G")
    field = drive.window.transcript.question.field
    assert field.hasFocus()
    assert asked(drive, "Any allergies?") == "1 place"
    assert drive.window.transcript.list.transcript.lit == {32}
    drive.press("Escape", field)
    assert field.text() == ""
    assert drive.window.transcript.list.transcript.lit == set()


def test_what_nobody_said_was_not_discussed(drive: Driver) -> None:
    drive.stage.drafter.script = SOUND
    drive.review()
    assert asked(drive, "Any diarrhoea?") == "Not discussed"
    assert drive.window.transcript.list.transcript.lit == set()
    assert asked(drive, "What happened?") == "Name what to look for"
    drive.window.transcript.question.field.setText("Any")
    assert drive.window.transcript.question.found.text() == ""


def test_while_recording_there_is_nothing_to_ask(drive: Driver) -> None:
    drive.record(5)
    assert drive.screen.state is S.RECORDING
    assert not drive.window.transcript.question.isVisible()

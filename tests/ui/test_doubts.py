"""What may have been misheard is marked below the utterance; a click accepts it, nothing changes unasked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from ui.driver import Driver
from ui.scripted import sample_utterances

from scribe_app.domain.consultation import ConsultationState as S
from scribe_app.domain.transcript import UNCLEAR, RejectedText, Utterance
from scribe_app.ui.transcript_model import Role

SPOKEN = sample_utterances()
REJECTED = RejectedText("gone <b>bad</b>", 0.0, 3.0, 2, ("improbable",), -1.7, 0.2, 1.1, 2.0)


def said(number: int, text: str, confidence: float = 0.9) -> Utterance:
    return replace(SPOKEN[number], text=text, confidence=confidence)


def note(drive: Driver, id: int) -> str:
    model = drive.window.transcript.list.transcript
    row = model.index(model.row_of(id)).data(Role.ROW)
    return str(row.note) if row else ""


def text(drive: Driver, id: int) -> str:
    utterance = drive.window.transcript.list.transcript.utterance(id)
    return utterance.text if utterance else ""


def click_note(drive: Driver, id: int) -> None:
    view = drive.window.transcript.list
    view.scrollTo(view.transcript.index(view.transcript.row_of(id)))
    rect = view.visualRect(view.transcript.index(view.transcript.row_of(id)))
    place = QPoint(rect.left() + 160, rect.bottom() - 12)
    drive.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


@pytest.fixture
def consultation(drive: Driver) -> Driver:
    drive.record(3)
    drive.stage.transcriber.settle(said(3, "I take am lodi peen in the morning."))
    drive.stage.transcriber.settle(said(4, "Maybe 5 5 minutes."))
    drive.stage.transcriber.settle(said(5, UNCLEAR, 0.0))
    drive.stage.transcriber.reject(replace(REJECTED, start=SPOKEN[5].start, end=SPOKEN[5].end))
    drive.stage.recorder.hear(SPOKEN[5].end)
    drive.until(lambda: bool(note(drive, 4) and note(drive, 6)))
    return drive


def test_while_recording_what_may_be_misheard_is_marked_and_only_played(consultation: Driver) -> None:
    drive = consultation
    assert note(drive, 4) == "Perhaps “amlodipine”: click to play"
    assert note(drive, 5) == "A number twice: click to play"
    assert note(drive, 1) == ""
    assert text(drive, 4) == "I take am lodi peen in the morning."


def test_one_click_puts_the_name_in_and_it_is_on_record(consultation: Driver) -> None:
    drive = consultation
    drive.window.header.stop.click()
    drive.until_state(S.IN_REVIEW)
    drive.until(lambda: note(drive, 4) == "Perhaps “amlodipine”: click to put it in")
    click_note(drive, 4)
    drive.until(lambda: text(drive, 4) == "I take amlodipine in the morning.")
    drive.until(lambda: note(drive, 4) == "")
    assert drive.screen.id is not None
    stored = drive.stage.application.store.transcript(drive.screen.id)
    assert stored.utterances[3].text == "I take amlodipine in the morning."


def test_f4_does_the_same_and_a_person_may_say_that_it_was_right(consultation: Driver) -> None:
    drive = consultation
    drive.window.header.stop.click()
    drive.until_state(S.IN_REVIEW)
    drive.until(lambda: "put it in" in note(drive, 4))
    view = drive.window.transcript.list
    view.kept.emit(4)
    drive.until(lambda: note(drive, 4) == "")
    assert text(drive, 4) == "I take am lodi peen in the morning."
    view.setCurrentIndex(view.transcript.index(view.transcript.row_of(6)))
    view.setFocus()
    drive.press("F4", view)
    assert "Heard, not trusted" in note(drive, 6)


def test_what_was_heard_is_shown_on_demand_as_plain_text_and_hidden_again(consultation: Driver) -> None:
    drive = consultation
    assert note(drive, 6) == "What was heard? Click to see"
    assert text(drive, 6) == UNCLEAR
    click_note(drive, 6)
    assert note(drive, 6) == "Heard, not trusted (too improbable): “gone <b>bad</b>”"
    click_note(drive, 6)
    assert note(drive, 6) == "What was heard? Click to see"


def test_a_note_is_heard_by_a_screen_reader(consultation: Driver) -> None:
    model = consultation.window.transcript.list.transcript
    spoken = model.index(model.row_of(4)).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Perhaps “amlodipine”" in str(spoken)

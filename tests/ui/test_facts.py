"""A fact is corrected or rejected in the list of what was heard, by mouse and by keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from ui.driver import Driver

from scribe_app.domain.consultation import ConsultationState
from scribe_app.domain.fact_corrections import FactState
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import Statement
from scribe_app.ui.heard_list import HEARD_ROLE, Heard

RAMIPRIL = 28
TEN = "Ramipril, 10 mg, once a day."


def facts(drive: Driver) -> list[Heard]:
    model = drive.window.notes.heard_list.heard
    return [model.index(row).data(HEARD_ROLE) for row in range(model.rowCount())]


def ramipril(drive: Driver) -> Heard:
    return next(one for one in facts(drive) if one.fact.text.startswith("Ramipril"))


def at_ramipril(drive: Driver) -> None:
    """The reader is at the fact, with the keyboard."""
    drive.until(lambda: any(one.fact.text.startswith("Ramipril") for one in facts(drive)))
    listed = drive.window.notes.heard_list
    listed.go_to(ramipril(drive).fact)
    listed.setFocus()


def reviewed(drive: Driver) -> None:
    """A letter that rests on the fact, and the facts beside the clinician's notes."""
    rests = Statement("Ramipril 5 mg once a day.", evidence=(UtteranceId(RAMIPRIL),))
    drive.stage.drafter.script = {"subjective": [rests]}
    drive.review()
    drive.window.letter.notes_wanted.emit()
    at_ramipril(drive)


def doubted(drive: Driver) -> list[str]:
    assert drive.screen.letter is not None
    return [one.text for one in drive.screen.letter.statements if one.needs_settling]


def type_over(drive: Driver, text: str, key: str) -> None:
    field = drive.window.notes.heard_list.findChild(QLineEdit)
    assert field is not None
    field.setText(text)
    drive.press(key, field)


def test_a_fact_is_corrected_by_keys_while_it_is_recorded_and_the_letter_tells_it(drive: Driver) -> None:
    drive.stage.drafter.script = {
        "subjective": [Statement("Ramipril 5 mg once a day.", evidence=(UtteranceId(RAMIPRIL),))]
    }
    drive.record(30)
    at_ramipril(drive)
    drive.press("F2")
    type_over(drive, TEN, "Return")
    drive.until(lambda: ramipril(drive).state is FactState.CORRECTED)
    assert ramipril(drive).text == TEN
    spoken = drive.window.transcript.list.transcript.utterance(RAMIPRIL)
    assert spoken is not None
    assert "five" in spoken.text.lower()
    drive.window.header.stop.click()
    drive.until_state(ConsultationState.IN_REVIEW)
    drive.until(lambda: drive.screen.letter is not None and bool(drive.screen.letter.id))
    assert drive.screen.letter is not None
    assert TEN in [one.text for one in drive.screen.letter.statements]


def test_esc_and_empty_words_change_nothing(drive: Driver) -> None:
    drive.record(30)
    at_ramipril(drive)
    heard = ramipril(drive)
    for text, key in ((TEN, "Escape"), ("   ", "Return")):
        drive.press("F2")
        type_over(drive, text, key)
    drive.qtbot.wait(50)
    assert ramipril(drive) == heard


def test_a_rejected_fact_marks_what_rests_on_it_and_is_taken_back_by_a_key(drive: Driver) -> None:
    reviewed(drive)
    assert doubted(drive) == []
    drive.press("Delete")
    drive.until(lambda: ramipril(drive).state is FactState.REJECTED)
    drive.until(lambda: doubted(drive) == ["Ramipril 5 mg once a day."])
    here = drive.window.notes.heard_list.here
    assert here is not None
    assert here.fact == ramipril(drive).fact  # the reader is where they were
    drive.press("Backspace")
    drive.until(lambda: ramipril(drive).state is FactState.HEARD)
    drive.until(lambda: doubted(drive) == [])


def test_the_letter_takes_the_clinicians_words_with_one_click(drive: Driver) -> None:
    reviewed(drive)
    drive.press("F2")
    type_over(drive, TEN, "Return")
    drive.until(lambda: doubted(drive) == ["Ramipril 5 mg once a day."])
    drive.window.notes.letter_wanted.emit()
    row = next(row for row in drive.window.letter.view.rows if row.statement and row.statement.needs_settling)
    assert row.your_words.isVisible()
    row.your_words.click()
    drive.until(lambda: doubted(drive) == [])
    assert drive.screen.letter is not None
    assert TEN in [one.text for one in drive.screen.letter.statements]


def test_the_mouse_finds_what_the_keys_do(drive: Driver) -> None:
    reviewed(drive)
    actions = drive.window.notes.fact_actions
    assert (actions.correct.isVisible(), actions.restore.isVisible()) == (True, False)
    drive.qtbot.mouseClick(actions.correct, Qt.MouseButton.LeftButton)
    type_over(drive, TEN, "Return")
    drive.until(lambda: actions.restore.isVisible())
    drive.qtbot.mouseClick(actions.reject, Qt.MouseButton.LeftButton)
    drive.until(lambda: ramipril(drive).state is FactState.REJECTED)
    assert (actions.correct.isVisible(), actions.reject.isVisible()) == (False, False)
    drive.qtbot.mouseClick(actions.restore, Qt.MouseButton.LeftButton)
    drive.until(lambda: actions.reject.isVisible())
    assert actions.reject.accessibleName().startswith("Not so: Ramipril")


def test_what_a_screen_reader_says_of_a_fact_has_what_was_made_of_it(drive: Driver) -> None:
    drive.record(30)
    at_ramipril(drive)
    drive.press("Delete")
    drive.until(lambda: ramipril(drive).state is FactState.REJECTED)
    model = drive.window.notes.heard_list.heard
    told = [str(model.index(row).data(Qt.ItemDataRole.AccessibleTextRole)) for row in range(model.rowCount())]
    assert [line for line in told if line.endswith(", not so")] == [
        line for line in told if "Ramipril" in line
    ]


def test_a_statement_that_is_marked_while_the_letter_is_written_stays_the_same_line(drive: Driver) -> None:
    rests = Statement("Ramipril 5 mg once a day.", evidence=(UtteranceId(RAMIPRIL),))
    drive.stage.drafter.script = {"subjective": [rests]}
    drive.stage.drafter.sections_before_holding = 1
    drive.record(40)
    drive.window.header.stop.click()
    drive.until(lambda: bool(drive.window.letter.view.rows))
    assert drive.screen.id is not None
    fact = next(
        one.fact
        for one in drive.stage.application.review.facts(drive.screen.id)
        if one.fact.text.startswith("Ramipril")
    )
    drive.stage.application.review.correct_fact(drive.screen.id, fact, TEN)
    drive.until(lambda: drive.window.letter.view.rows[0].statement.needs_settling)
    assert [row.statement.text for row in drive.window.letter.view.rows] == [rests.text]

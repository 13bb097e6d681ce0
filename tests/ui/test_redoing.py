"""A section is drafted again from its heading or by key, and shown as old and new."""

from __future__ import annotations

from ui.driver import Driver
from ui.test_changing import button, letter, texts
from ui.test_review import said

from scribe_app.domain.consultation import ConsultationState
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.letter import Letter
from scribe_app.errors import EngineError

BEFORE = [said("Tightness in the chest when walking up the hill.", 6), said("Smokes.", 40)]
AFTER = [said("Tightness in the chest when walking up the hill.", 6), said("About ten a day.", 40)]


def again(drive: Driver, key: str = "subjective") -> None:
    """Press Redo on a heading, and wait for what it would change or why not."""
    heading = drive.window.letter.view._headings[key]
    assert heading.redo.isVisible()
    heading.redo.click()
    drive.until(lambda: bool(drive.window.letter.change.told.text()))


def reviewed(drive: Driver) -> None:
    drive.stage.drafter.script = {"subjective": BEFORE, "plan": [said("Review in two weeks.", 76)]}
    drive.review()
    drive.stage.drafter.script = {"subjective": AFTER}


def test_nothing_changes_until_it_is_accepted_and_undo_takes_it_back(drive: Driver) -> None:
    reviewed(drive)
    before = texts(drive)
    again(drive)
    drive.until(lambda: drive.window.letter.change.told.text().startswith("1 "))
    assert texts(drive) == before
    assert drive.screen.state is ConsultationState.IN_REVIEW
    button(drive, "Accept: About ten a day.").click()
    drive.until(lambda: "About ten a day." in texts(drive))
    assert "Smokes." not in texts(drive)
    assert "Review in two weeks." in texts(drive), "other sections are untouched"
    drive.window.letter.view.setFocus()
    drive.press("Ctrl+Z", drive.window)
    drive.until(lambda: texts(drive) == before)


def test_by_key_in_the_section_under_the_cursor(drive: Driver) -> None:
    reviewed(drive)
    view = drive.window.letter.view
    view.go_to(next(row for row in view.rows if row.section == "subjective"))
    drive.press("Ctrl+Shift+R")
    drive.until(lambda: drive.window.letter.change.told.text().startswith("1 "))


def test_what_is_filled_from_fields_offers_nothing(drive: Driver) -> None:
    drive.review(template="outpatient")
    view = drive.window.letter.view
    offered = {key for key, heading in view._headings.items() if heading.redo.isVisible()}
    assert offered
    assert "demographics" not in offered
    assert "demographics" not in view.drafted


def test_the_same_again_is_said_and_closing_cancels(drive: Driver) -> None:
    reviewed(drive)
    drive.stage.drafter.script = {"subjective": BEFORE}
    again(drive)
    drive.until(lambda: "says the same" in drive.window.letter.change.told.text())
    drive.stage.drafter.sections_before_holding = 0
    again(drive)
    drive.until(lambda: drive.stage.drafter.at_work)
    drive.window.letter.change.close_button.click()
    assert drive.window.letter.change.isHidden()
    assert letter(drive).id


def die_for_good(drive: Driver) -> None:
    """Twice: rules that died are started again once."""
    drafter = drive.stage.drafter
    first = drafter._sink
    drafter.fail(EngineError("It stopped.", "Everything is kept.", "Try again."))
    drive.until(lambda: drafter._sink is not first and drafter.at_work)
    drafter.fail(EngineError("It stopped.", "Everything is kept.", "Try again."))


def test_a_drafter_that_dies_is_told_and_it_can_be_tried_again(drive: Driver) -> None:
    reviewed(drive)
    before = texts(drive)
    drive.stage.drafter.sections_before_holding = 0
    again(drive)
    drive.until(lambda: drive.stage.drafter.at_work)
    die_for_good(drive)
    drive.until(lambda: "stopped" in drive.window.letter.change.told.text().lower())
    assert texts(drive) == before


def test_done_while_another_consultation_is_on_screen_it_is_said_and_waits_for_its_own(drive: Driver) -> None:
    reviewed(drive)
    before, first = texts(drive), drive.screen.id
    assert first is not None
    kept = letter_of(drive, first)
    drive.stage.drafter.sections_before_holding = 0
    again(drive)
    drive.until(lambda: drive.stage.drafter.at_work)
    drive.conductor.library.new()
    assert drive.window.letter.change.isHidden()
    drive.stage.drafter.go_on()
    banner = drive.window.banner
    drive.until(
        lambda: banner.isVisible() and "was drafted again in another consultation" in banner.title.text()
    )
    assert drive.screen.id is None
    assert drive.window.letter.change.isHidden(), "nothing of it is shown beside another patient"
    assert letter_of(drive, first) == kept
    banner.action.click()
    drive.until(lambda: drive.window.letter.change.told.text().startswith("1 "))
    assert drive.screen.id == first
    assert texts(drive) == before
    button(drive, "Accept: About ten a day.").click()
    drive.until(lambda: "About ten a day." in texts(drive))


def test_failed_while_another_consultation_is_on_screen_it_is_said(drive: Driver) -> None:
    reviewed(drive)
    first = drive.screen.id
    assert first is not None
    kept = letter_of(drive, first)
    drive.stage.drafter.sections_before_holding = 0
    again(drive)
    drive.until(lambda: drive.stage.drafter.at_work)
    drive.conductor.library.new()
    die_for_good(drive)
    drive.until(lambda: drive.window.banner.isVisible())
    assert "stopped" in drive.window.banner.title.text().lower()
    assert letter_of(drive, first) == kept


def letter_of(drive: Driver, id: ConsultationId) -> Letter:
    return drive.stage.application.store.letters(id)[-1]

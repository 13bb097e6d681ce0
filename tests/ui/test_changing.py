"""An instruction is shown as old and new, and done where it is accepted."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QPushButton
from ui.driver import Driver
from ui.test_review import said, sign

from scribe_app.domain.letter import Letter

SCRIPT = {
    "subjective": [
        said("Tightness in the chest when walking up the hill.", 6),
        said("Dad had a heart attack at 52.", 36),
    ],
}


def letter(drive: Driver) -> Letter:
    assert drive.screen.letter is not None
    return drive.screen.letter


def texts(drive: Driver) -> list[str]:
    return [statement.text for statement in letter(drive).statements]


def ask(drive: Driver, instruction: str) -> None:
    """Type it, and wait for what it would change or why not."""
    drive.press("Ctrl+M")
    box = drive.window.letter.change
    assert box.field.hasFocus()
    box.show_changes((), "")
    box.field.setText(instruction)
    drive.press("Return", box.field)
    drive.until(lambda: bool(box.told.text()))


def button(drive: Driver, name: str) -> QPushButton:
    buttons = drive.window.letter.change.findChildren(QPushButton)
    return next(one for one in buttons if one.accessibleName().startswith(name) and one.isVisible())


def test_nothing_changes_until_it_is_accepted_and_undo_takes_it_back(drive: Driver) -> None:
    drive.stage.drafter.script = SCRIPT
    drive.review()
    before = texts(drive)
    ask(drive, "more formal")
    assert texts(drive) == before
    assert drive.window.letter.change.told.text().startswith("1 reworded")
    button(drive, "Accept: Father had").click()
    drive.until(lambda: "Father had a heart attack at 52." in texts(drive))
    assert "Undo" in drive.window.letter.change.told.text()
    drive.window.letter.view.setFocus()
    drive.press("Ctrl+Z", drive.window)
    drive.until(lambda: texts(drive) == before)


def test_rejected_lines_stay_and_the_others_go_on_being_offered(drive: Driver) -> None:
    drive.stage.drafter.script = SCRIPT
    drive.review()
    before = texts(drive)
    ask(drive, "leave out the subjective")
    drive.activate()
    button(drive, "Reject: remove Tightness").click()
    assert texts(drive) == before
    dad = button(drive, "Accept: remove Dad")
    drive.until(dad.hasFocus)
    dad.click()
    drive.until(lambda: not any(text.startswith("Dad") for text in texts(drive)))
    assert any(text.startswith("Tightness") for text in texts(drive))


def test_all_at_once(drive: Driver) -> None:
    drive.stage.drafter.script = SCRIPT
    drive.review()
    ask(drive, "leave out the subjective")
    button(drive, "Accept all").click()
    drive.until(lambda: not any(text.startswith(("Dad", "Tightness")) for text in texts(drive)))


def test_what_is_not_understood_says_what_can_be_asked(drive: Driver) -> None:
    drive.stage.drafter.script = SCRIPT
    drive.review()
    before = texts(drive)
    ask(drive, "<b>write a poem</b>")
    told = drive.window.letter.change.told.text()
    assert "unchanged" in told
    assert "leave out the family history" in told
    assert texts(drive) == before


def test_esc_closes_it_and_what_was_left_unwritten_is_there_again(drive: Driver) -> None:
    drive.stage.drafter.script = SCRIPT
    drive.review()
    panel = drive.window.letter
    assert panel.box.isVisible()
    ask(drive, "more formal")
    assert not panel.box.isVisible()
    drive.press("Escape", panel.change.field)
    assert not panel.change.isVisible()
    assert panel.change.field.text() == ""
    assert panel.box.isVisible()


def test_a_signed_letter_is_amended_first(drive: Driver) -> None:
    drive.stage.drafter.script = SCRIPT
    drive.review()
    drive.press("Ctrl+M")
    assert drive.window.letter.change.isVisible()
    for statement in letter(drive).statements:
        if statement.needs_settling:
            drive.stage.application.review.settle(letter(drive).id, statement.id)
    sign(drive)
    drive.until(lambda: not drive.window.letter.change.isVisible())
    drive.press("Ctrl+M")
    assert drive.window.banner.isVisible()
    assert "Amend" in drive.window.banner.text.text()
    assert not drive.window.letter.change.isVisible()


def test_the_menu_has_it_too(drive: Driver) -> None:
    drive.stage.drafter.script = SCRIPT
    drive.review()
    drive.activate()
    menu = drive.window.letter.another.menu()
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text() == "Change this letter…").trigger()
    assert drive.window.letter.change.field.hasFocus()


def test_before_there_is_a_letter_there_is_nothing_to_change(drive: Driver) -> None:
    drive.record(5)
    drive.press("Ctrl+M")
    assert not drive.window.letter.change.isVisible()

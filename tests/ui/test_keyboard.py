"""A whole consultation without a mouse."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit
from ui.driver import Driver
from ui.test_review import DOUBTED

from scribe_app.domain.consultation import ConsultationState as S
from scribe_app.ui.dialogs import HelpDialog, SignDialog


def test_from_new_consultation_to_copied_letter_by_keyboard_alone(drive: Driver) -> None:
    drive.stage.drafter.script = DOUBTED
    window, screen = drive.window, drive.screen
    drive.press("Ctrl+N")
    assert window.focusWidget() is window.identity.name
    drive.qtbot.keyClicks(window.identity.name, "Alan Example")
    drive.press("Return")
    assert window.header.name.text() == "Alan Example"

    drive.press("Ctrl+R")
    drive.until_state(S.RECORDING)
    drive.hear(40)
    drive.press("Ctrl+P")
    drive.until_state(S.PAUSED)
    drive.press("Ctrl+P")
    drive.until_state(S.RECORDING)
    window.notes.notes.setFocus()
    drive.press("Ctrl+D")  # also from within the notes
    drive.until(lambda: screen.state is S.IN_REVIEW and screen.letter is not None)

    drive.press("Ctrl+J")
    chosen = window.letter.view.chosen_statement
    assert chosen is not None
    assert chosen.needs_settling
    assert window.focusWidget() is window.letter.view.chosen_row
    drive.press("Ctrl+K")
    drive.until(lambda: window.letter.sign.isEnabled())

    drive.press("Up")
    drive.press("F2")
    editor = window.focusWidget()
    assert isinstance(editor, QPlainTextEdit)
    editor.selectAll()
    drive.qtbot.keyClicks(editor, "Ramipril 5 mg every morning.")
    drive.press("Return", editor)
    drive.until(lambda: any("every morning" in s.text for s in screen.letter.statements if screen.letter))

    drive.press("Ctrl+I")
    editor = window.focusWidget()
    assert isinstance(editor, QPlainTextEdit)
    drive.qtbot.keyClicks(editor, "Seen with his wife.")
    drive.press("Return", editor)
    drive.until(lambda: any("his wife" in s.text for s in screen.letter.statements if screen.letter))

    drive.press("Ctrl+B")
    drive.until(lambda: bool(drive.stage.player.played) or not window.transcript.play.isVisible())

    drive.press("Ctrl+Return")
    dialog = window.findChild(SignDialog)
    assert dialog is not None
    drive.qtbot.keyClick(dialog, Qt.Key.Key_Return)
    drive.until(lambda: screen.letter is not None and screen.letter.signature is not None)
    drive.press("Ctrl+Shift+C")
    drive.until(lambda: "Seen with his wife." in QGuiApplication.clipboard().text())
    assert "warfarin" in QGuiApplication.clipboard().text()


def test_f6_goes_round_the_columns_and_f1_shows_the_keys(drive: Driver) -> None:
    window = drive.window
    window.sidebar.search.setFocus()
    seen = []
    for _ in range(3):
        drive.press("F6")
        seen.append(window.focusWidget())
    assert seen == [window.transcript.list, window.notes.notes, window.sidebar.list]
    drive.press("F1")
    dialog = window.findChild(HelpDialog)
    assert dialog is not None
    dialog.close()


def test_tab_reaches_the_main_actions(drive: Driver) -> None:
    drive.record(3)
    window = drive.window
    window.sidebar.new.setFocus()
    reached = set()
    for _ in range(40):
        drive.press("Tab")
        reached.add(window.focusWidget())
    wanted = {window.header.pause, window.header.stop, window.header.edit, window.notes.notes}
    wanted |= {window.sidebar.search, window.sidebar.settings, window.transcript.list}
    assert wanted <= reached

"""Everything has a name that a screen reader can say, and a place in the order of the Tab key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QWidget,
)
from ui.driver import Driver
from ui.test_review import DOUBTED

from scribe_app.config import Settings
from scribe_app.domain.letter import Statement
from scribe_app.policy import Policy
from scribe_app.ui.dialogs import HelpDialog, NewVaultDialog, SignDialog, UnlockDialog
from scribe_app.ui.settings_dialog import SettingsDialog
from scribe_app.ui.shortcuts import KEYS
from scribe_app.ui.statement_row import StatementRow
from scribe_app.ui.theme import Theme

CONTROLS = (
    QAbstractButton,
    QLineEdit,
    QPlainTextEdit,
    QComboBox,
    QAbstractItemView,
    QProgressBar,
    StatementRow,
)
SMALLEST_TARGET = 24
"""Pixels, WCAG 2.2, 2.5.8."""


def controls_of(widget: QWidget) -> list[QWidget]:
    """What a person can use; Qt's own inner parts (scroll bars, combo lists) are named by Qt."""
    return [
        child
        for child in widget.findChildren(QWidget)
        if isinstance(child, CONTROLS)
        and not child.objectName().startswith("qt_")
        and type(child).__name__ not in ("QComboBoxListView", "QLineEditIconButton")
    ]


def nameless(widget: QWidget) -> list[str]:
    found = []
    for control in controls_of(widget):
        interface = QAccessible.queryAccessibleInterface(control)
        if not interface.text(QAccessible.Text.Name).strip():
            found.append(f"{type(control).__name__} {control.objectName()}")
    return found


def test_every_control_has_a_name_while_recording(drive: Driver) -> None:
    drive.record(5)
    assert len(controls_of(drive.window)) > 25
    assert nameless(drive.window) == []


def test_every_control_has_a_name_in_review(drive: Driver) -> None:
    drive.stage.drafter.script = DOUBTED
    drive.review()
    assert nameless(drive.window) == []


def test_every_dialog_has_names(drive: Driver) -> None:
    window = drive.window
    for dialog in (
        NewVaultDialog(window),
        UnlockDialog(window),
        HelpDialog(window),
        SignDialog(window, "Letter", "Alan", "", ""),
        SettingsDialog(window, drive.screen.settings, drive.screen.templates),
    ):
        assert nameless(dialog) == []
        dialog.deleteLater()


def test_rows_of_lists_say_what_they_show(drive: Driver) -> None:
    drive.record(30)
    rows = drive.window.transcript.list.transcript
    spoken = rows.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("00:00 Clinician Hello Mister Example")
    heard = drive.window.notes.heard_list.heard
    drive.until(lambda: heard.rowCount() > 0)
    assert heard.index(0).data(Qt.ItemDataRole.AccessibleTextRole).startswith("Symptom: ")


def test_what_can_be_clicked_is_large_enough(drive: Driver) -> None:
    drive.stage.drafter.script = DOUBTED
    drive.review()
    small = [
        (button.text(), button.height())
        for button in drive.window.findChildren(QAbstractButton)
        if button.isVisible() and button.text() and button.height() < SMALLEST_TARGET
    ]
    assert small == []


def test_no_key_is_given_twice() -> None:
    keys = [key.keys for key in KEYS]
    assert len(set(keys)) == len(keys)
    assert len({key.action for key in KEYS}) == len(keys)


@pytest.mark.parametrize("steps", [-2, 2, 5])
def test_text_can_be_made_larger_and_smaller(theme: Theme, steps: int) -> None:
    usual = theme.font().pointSizeF()
    for _ in range(abs(steps)):
        theme.zoom(1 if steps > 0 else -1)
    assert (theme.font().pointSizeF() > usual) is (steps > 0)
    theme.zoom(0)
    assert theme.font().pointSizeF() == usual


def test_the_usual_and_the_smallest_window_hold_everything(drive: Driver) -> None:
    drive.stage.drafter.script = {"medications": DOUBTED["subjective"], "concerns": [Statement("Worried.")]}
    drive.review(template="outpatient")
    for width, height in ((1280, 800), (1024, 640)):
        drive.window.resize(width, height)
        drive.qtbot.wait(60)
        assert (drive.window.width(), drive.window.height()) == (width, height)
        panel = drive.window.letter
        assert panel.view.widget().width() <= panel.view.viewport().width()
        for add in panel.view.widget().findChildren(QAbstractButton):
            assert not add.isVisible() or add.mapTo(panel.view.widget(), add.rect().topRight()).x() < (
                panel.view.viewport().width()
            )
        for action in (panel.sign, panel.copy, panel.export, panel.settle, panel.another):
            right = action.mapTo(drive.window, action.rect().bottomRight())
            assert drive.window.rect().contains(right), action.text()
            assert action.width() >= action.minimumSizeHint().width()


def test_a_setting_that_the_organisation_locked_says_so(drive: Driver) -> None:
    policy = Policy("St Elsewhere NHS Trust", {"audio_days": 0})
    dialog = SettingsDialog(drive.window, Settings(audio_days=0), drive.screen.templates, policy)
    locked, free = dialog.privacy.choices["audio_days"], dialog.privacy.choices["lock_minutes"]
    assert not locked.isEnabled()
    assert free.isEnabled()
    assert locked.accessibleDescription() == "Set by St Elsewhere NHS Trust"
    assert "Locked. Set by St Elsewhere NHS Trust." in [label.text() for label in dialog.findChildren(QLabel)]
    dialog.deleteLater()

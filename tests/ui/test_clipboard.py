"""A copied letter is marked as private and does not stay in the clipboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from ui.driver import Driver

from scribe_app.ui import capture
from scribe_app.ui.audit_dialog import AuditDialog
from scribe_app.ui.capture import capture_can_be_refused, refuse_capture
from scribe_app.ui.clipboard import CONCEALED, LetterClipboard

LETTER = "Dear colleague, thank you for seeing Alan Example."


@pytest.fixture
def letters(qtbot: QtBot) -> Iterator[LetterClipboard]:
    parent = QObject()
    yield LetterClipboard(parent)
    QGuiApplication.clipboard().clear()
    parent.deleteLater()


def test_a_copy_asks_clipboard_histories_to_leave_it_alone(letters: LetterClipboard) -> None:
    letters.copy(LETTER, 0)
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.text() == LETTER
    assert {name: bytes(mime.data(name).data()) for name in CONCEALED} == CONCEALED


def test_it_is_cleared_after_the_chosen_time(letters: LetterClipboard, qtbot: QtBot) -> None:
    letters.copy(LETTER, 1)
    assert letters.holds_letter
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "", timeout=5_000)


def test_what_was_copied_elsewhere_since_stays(letters: LetterClipboard) -> None:
    letters.copy(LETTER, 60)
    QGuiApplication.clipboard().setText("a telephone number")
    letters.clear()
    assert QGuiApplication.clipboard().text() == "a telephone number"


def test_locking_clears_a_copy_that_had_a_time_and_leaves_one_that_had_none(letters: LetterClipboard) -> None:
    letters.copy(LETTER, 60)
    letters.clear_if_timed()
    assert QGuiApplication.clipboard().text() == ""
    letters.copy(LETTER, 0)
    letters.clear_if_timed()
    assert QGuiApplication.clipboard().text() == LETTER


def test_a_system_that_cannot_refuse_captures_says_so(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    assert refuse_capture(window, True) is capture_can_be_refused()


def test_dialogs_are_kept_out_of_captures_like_the_window(
    drive: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[tuple[str, bool]] = []
    monkeypatch.setattr(
        capture, "refuse_capture", lambda window, refuse: met.append((window.title(), refuse))
    )
    drive.conductor.settings.capture.use(True)
    assert any("Scribe" in title and refuse for title, refuse in met)
    drive.conductor.settings.open_audit()
    drive.until(lambda: any("Audit trail" in title and refuse for title, refuse in met))
    met.clear()
    drive.conductor.settings.capture.use(False)
    assert {refuse for _, refuse in met} == {False}
    drive.window.findChildren(AuditDialog)[0].accept()

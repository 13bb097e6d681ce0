"""What anybody said is shown as plain text: Qt's rich text opens files and network paths named in it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QTextEdit
from ui.driver import Driver

UI = Path(__file__).resolve().parents[2] / "scribe_app" / "ui"
FORBIDDEN = {
    "setHtml", "insertHtml", "appendHtml", "toHtml", "setMarkdown", "RichText", "AutoText", "MarkdownText",
    "QTextEdit", "QTextBrowser", "QTextDocument", "QStaticText", "setOpenExternalLinks", "QDesktopServices",
    "QMessageBox", "QErrorMessage", "setWhatsThis",
}  # fmt: skip
ON_PAPER = {"printing.py": {"QTextDocument"}}
"""A sheet is a document that a cursor fills with plain text; test_printing prints the corpus of payloads."""


@pytest.mark.parametrize("file", sorted(UI.glob("*.py")), ids=lambda file: file.name)
def test_no_file_of_the_window_uses_markup(file: Path) -> None:
    used = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            used.add(node.attr)
        elif isinstance(node, ast.Name):
            used.add(node.id)
        elif isinstance(node, ast.alias):
            used.add(node.name)
    assert used & FORBIDDEN == ON_PAPER.get(file.name, set())


@pytest.mark.parametrize("file", sorted(UI.glob("*.py")), ids=lambda file: file.name)
def test_labels_are_made_in_one_place_only(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    made = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "QLabel"
    ]
    assert not made or file.name == "controls.py"


def test_every_label_in_the_window_shows_plain_text(drive: Driver) -> None:
    drive.review()
    labels = drive.window.findChildren(QLabel)
    assert len(labels) > 20
    own = [label for label in labels if not label.objectName().startswith("qt_")]
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in own)
    assert not drive.window.findChildren(QTextEdit)


def test_markup_in_what_was_said_and_in_a_name_stays_text(drive: Driver) -> None:
    name = "<img src=file:///etc/passwd> & <b>Alan</b>"
    drive.window.sidebar.new.click()
    drive.window.identity.name.setText(name)
    drive.window.identity.save.click()
    assert drive.window.header.name.text() == name
    assert drive.window.header.name.textFormat() is Qt.TextFormat.PlainText


def test_no_input_method_may_learn_what_is_typed_about_a_patient(drive: Driver) -> None:
    drive.review()
    fields = [*drive.window.findChildren(QLineEdit), *drive.window.findChildren(QPlainTextEdit)]
    assert len(fields) >= 5
    wanted = Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
    assert [field.accessibleName() for field in fields if field.inputMethodHints() & wanted != wanted] == []

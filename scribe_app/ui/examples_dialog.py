"""Example letters, pasted or opened, from which a template is made."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPlainTextEdit, QWidget

from scribe_app.domain.example_letters import MOST_EXAMPLES
from scribe_app.language import later, tr
from scribe_app.ui import controls, tokens
from scribe_app.ui.dialogs import Dialog

TEXT = later(
    "Paste one to three of your own letters, or open them (.txt, .docx). Their headings, order "
    "and manner are used. Names, dates and numbers are not kept, and the letters themselves are "
    "not kept either."
)


class ExamplesDialog(Dialog):
    """Collects letters; decides nothing."""

    made = Signal(object)
    """list[str]: the letters."""
    files_wanted = Signal(object)
    """list[Path]: read these and give them back by add_letter."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, tr("A template from example letters"), tr(TEXT))
        self.setMinimumSize(620, 460)
        self._letters: list[str] = []
        self.field = controls.private(QPlainTextEdit())
        self.field.setTabChangesFocus(True)
        self.field.setPlaceholderText(tr("Paste a letter here"))
        self.add_field(tr("A letter"), self.field)
        self.another = controls.button(tr("Add another"), "quiet", tr("Keep this letter and paste another"))
        self.open_files = controls.button(
            tr("Open files…"), "quiet", tr("Open letters as text or Word files")
        )
        self.count = controls.label("", "small")
        row = QHBoxLayout()
        row.setSpacing(tokens.GRID)
        for widget in (self.another, self.open_files, self.count):
            row.addWidget(widget)
        row.addStretch(1)
        self.column.addLayout(row)
        self.trouble = controls.label("", "reason", wrap=True)
        self.column.addWidget(self.trouble)
        self.back = controls.button(tr("Cancel"))
        self.make = controls.button(tr("Make a template"), "primary")
        self.buttons.addWidget(self.back)
        self.buttons.addWidget(self.make)
        self.finish_layout()
        self.field.textChanged.connect(self._judge)
        self.another.clicked.connect(self._keep)
        self.open_files.clicked.connect(self._open)
        self.back.clicked.connect(self.reject)
        self.make.clicked.connect(self._make)
        self._judge()

    @property
    def letters(self) -> list[str]:
        """All of them, the one in the field too."""
        return [letter for letter in (*self._letters, self.field.toPlainText()) if letter.strip()]

    def add_letter(self, text: str) -> None:
        """One that was opened."""
        self._letters.append(text)
        self._judge()

    def show_trouble(self, text: str) -> None:
        """Why no template was made."""
        self.trouble.setText(text)

    @Slot()
    def _judge(self) -> None:
        number = len(self.letters)
        self.count.setText(
            tr("{number} of {MOST_EXAMPLES} letters", number=number, MOST_EXAMPLES=MOST_EXAMPLES)
            if number
            else ""
        )
        self.make.setEnabled(1 <= number <= MOST_EXAMPLES)
        full = len(self._letters) >= MOST_EXAMPLES
        self.another.setEnabled(bool(self.field.toPlainText().strip()) and not full)
        self.open_files.setEnabled(not full)

    @Slot()
    def _keep(self) -> None:
        self._letters.append(self.field.toPlainText())
        self.field.clear()
        self.field.setFocus()

    @Slot()
    def _open(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(
            self, tr("Open example letters"), "", tr("Letters (*.txt *.docx)")
        )
        if names:
            self.files_wanted.emit([Path(name) for name in names])

    @Slot()
    def _make(self) -> None:
        self.made.emit(self.letters)

"""Letters from before: pasted or opened, read beside the list of them, taken away again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QTextCursor
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QListWidget, QPlainTextEdit, QVBoxLayout, QWidget

from scribe_app.domain.prior_letters import PriorLetter
from scribe_app.language import later, tr
from scribe_app.ui import controls, tokens
from scribe_app.ui.dialogs import Dialog

TEXT = later(
    "Letters that you already have about this patient. They are kept with the consultation, "
    "apart from what is said. What a new letter takes from them names them: background only, at "
    "most eight lines a heading, allergies and medicines first."
)
NONE_YET = later("None yet. Copy a letter and press Paste, or open a file (.txt, .docx).")
LIST_WIDTH = 210


class PriorDialog(Dialog):
    """Shows letters and asks for changes to them; decides nothing."""

    pasted = Signal(str)
    """The text of a letter."""
    files_wanted = Signal(object)
    """list[Path]: read these."""
    remove_wanted = Signal(int)
    """Place in the list."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, tr("Prior letters"), tr(TEXT))
        self.setMinimumSize(720, 480)
        self._letters: tuple[PriorLetter, ...] = ()
        self.list = QListWidget()
        self.list.setFixedWidth(LIST_WIDTH)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setSpacing(2)
        controls.set_name(self.list, tr("Prior letters"))
        self.view = controls.private(QPlainTextEdit(readOnly=True))
        self.view.setAccessibleName(tr("The letter as it was given"))
        self.view.setTabChangesFocus(True)
        self.empty = controls.label(tr(NONE_YET), "muted", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.told = controls.label("", "reason", wrap=True)
        self.paste = controls.button(tr("Paste"), name=tr("Paste a letter from the clipboard"))
        self.open_files = controls.button(tr("Open files…"), name=tr("Open letters as text or Word files"))
        self.remove = controls.button(tr("Remove"), "quiet", tr("Remove the letter that is shown"))
        self.close_button = controls.button(tr("Done"), "primary")
        self._lay_out()
        self.list.currentRowChanged.connect(self._show)
        self.paste.clicked.connect(self._paste)
        self.open_files.clicked.connect(self._open)
        self.remove.clicked.connect(lambda: self.remove_wanted.emit(self.list.currentRow()))
        self.close_button.clicked.connect(self.accept)
        self.show_letters(())

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.addWidget(self.view, 1)
        right.addWidget(self.empty, 1)
        row = QHBoxLayout()
        row.setSpacing(tokens.GRID)
        row.addWidget(self.list)
        row.addLayout(right, 1)
        self.column.addLayout(row, 1)
        self.column.addWidget(self.told)
        for at, action in enumerate((self.paste, self.open_files, self.remove)):
            self.buttons.insertWidget(at, action)
        self.buttons.addWidget(self.close_button)
        self.finish_layout()

    # --- what it shows ------------------------------------------------------------------------------

    def show_letters(self, letters: Sequence[PriorLetter], told: str = "") -> None:
        """All of them, the newest chosen when one was added; and a word about what was just done."""
        added = len(letters) > len(self._letters)
        row = len(letters) - 1 if added else min(self.list.currentRow(), len(letters) - 1)
        self._letters = tuple(letters)
        self.list.blockSignals(True)
        self.list.clear()
        self.list.addItems([letter.title for letter in letters])
        self.list.blockSignals(False)
        self.list.setVisible(bool(letters))
        self.view.setVisible(bool(letters))
        self.empty.setVisible(not letters)
        self.remove.setVisible(bool(letters))
        if letters:
            self.list.setCurrentRow(max(0, row))
        self._show(self.list.currentRow())
        self.tell(told)

    def show_place(self, number: int, start: int, end: int) -> None:
        """Choose a letter and mark a sentence in it."""
        row = next((at for at, letter in enumerate(self._letters) if letter.number == number), None)
        if row is None:
            self.tell(tr("That letter is no longer here. What was taken from it stays in the letter."))
            return
        self.list.setCurrentRow(row)
        cursor = self.view.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.view.setTextCursor(cursor)
        self.view.setFocus()
        self.view.centerCursor()

    def tell(self, text: str) -> None:
        """What was done, or why it was not."""
        self.told.setText(text)
        self.told.setVisible(bool(text))

    # --- what it asks for ---------------------------------------------------------------------------

    @Slot(int)
    def _show(self, row: int) -> None:
        self.view.setPlainText(self._letters[row].text if 0 <= row < len(self._letters) else "")

    @Slot()
    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self.pasted.emit(text)
        else:
            self.tell(tr("There is no text on the clipboard. Copy the letter first."))

    @Slot()
    def _open(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(
            self, tr("Open prior letters"), "", tr("Letters (*.txt *.docx)")
        )
        if names:
            self.files_wanted.emit([Path(name) for name in names])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+V pastes a letter, wherever the focus is."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self._paste()
            return
        super().keyPressEvent(event)

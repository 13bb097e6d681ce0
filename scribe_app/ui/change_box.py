"""A typed instruction about the letter, and below it what it would change, line by line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from scribe_app.language import later, tr, translated
from scribe_app.services.instructing import Change
from scribe_app.ui import controls

HINT = later("For instance: shorter, more formal, move the plan up")
ROW_HEIGHT = 58
MOST_ROWS, FEWEST_ROWS = 4.4, 2.4
"""The last one is cut, so that one sees that there are more."""


class ChangeBox(QFrame):
    """One field and a quiet list. Esc closes it; nothing is changed but by Accept."""

    asked = Signal(str)
    """The instruction."""
    accepted = Signal(str)
    """Id of one change; empty for all that are listed."""
    rejected = Signal(str)
    """As above."""
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.field = controls.private(QLineEdit(placeholderText=tr(HINT), clearButtonEnabled=True))
        controls.set_name(self.field, tr("Change the letter by instruction"))
        self.close_button = controls.button(tr("Close"), "quiet", tr("Close changing by instruction"))
        self.told = controls.label("", "small", wrap=True)
        self.accept_all = controls.button(tr("Accept all"), name=tr("Accept all changes"))
        self.reject_all = controls.button(tr("Reject all"), "quiet", tr("Reject all changes"))
        self._scroll, self._list, self._rows = controls.row_list(tr("Proposed changes"))
        self._most_rows, self._number = MOST_ROWS, 0
        self._lay_out()
        self.field.returnPressed.connect(self._ask)
        self.accept_all.clicked.connect(lambda: self.accepted.emit(""))
        self.reject_all.clicked.connect(lambda: self.rejected.emit(""))
        self.close_button.clicked.connect(self.closed)
        self.show_changes((), "")
        self.hide()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.field, 1)
        top.addWidget(self.close_button)
        foot = QHBoxLayout()
        foot.addWidget(self.told, 1)
        foot.addWidget(self.reject_all, 0, Qt.AlignmentFlag.AlignBottom)
        foot.addWidget(self.accept_all, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 8, 8)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self._scroll)
        column.addLayout(foot)

    def show_changes(self, changes: Sequence[Change], told: str) -> None:
        """List what would change, with a word about the rest; none leaves the field alone."""
        while (old := self._rows.takeAt(0)) is not None:
            widget = old.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._number = len(changes)
        self._scroll.setVisible(bool(changes))
        for change in changes:
            row = self._row(change)
            self._rows.addWidget(row)
            row.show()  # at once, so that the keyboard can go there
        self._rows.addStretch(1)
        for action in (self.accept_all, self.reject_all):
            action.setVisible(len(changes) > 1)
        self.told.setText(told)
        self.told.setVisible(bool(told))
        self._fit()

    def focus_first(self) -> None:
        """The keyboard goes on with the first line that is left."""
        row = self._rows.itemAt(0)
        widget = row.widget() if row is not None else None
        accept = widget.findChild(QPushButton) if widget is not None else None
        (accept or self.field).setFocus()

    def set_low(self, low: bool) -> None:
        """In a low window the letter comes first."""
        self._most_rows = FEWEST_ROWS if low else MOST_ROWS
        self._fit()

    def _fit(self) -> None:
        self._scroll.setFixedHeight(round(ROW_HEIGHT * min(self._most_rows, max(1, self._number))))

    def _ask(self) -> None:
        if self.field.text().strip():
            self.asked.emit(self.field.text().strip())

    def _row(self, change: Change) -> QWidget:
        line = QWidget()
        line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        grid = QGridLayout(line)
        grid.setContentsMargins(0, 2, 0, 2)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        if change.before:
            old = controls.label(change.before, "old", wrap=True)
            old.setAccessibleName(tr("Old: {before}", before=change.before))
            grid.addWidget(controls.label("–", "muted"), 0, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(old, 0, 1)
        if change.after:
            new = controls.label(change.after, wrap=True)
            new.setAccessibleName(tr("New: {after}", after=change.after))
            grid.addWidget(controls.label("+", "muted"), 1, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(new, 1, 1)
        foot = QHBoxLayout()
        foot.setSpacing(4)
        why = " · ".join(part for part in (change.section, translated(change.reason)) if part)
        said = controls.OneLine("small")
        said.setText(why)
        what = change.after or tr("remove {before}", before=change.before)
        accept = controls.button(tr("Accept"), "link", tr("Accept: {what}", what=what))
        reject = controls.button(tr("Reject"), "link", tr("Reject: {what}", what=what))
        accept.clicked.connect(lambda: self.accepted.emit(change.id))
        reject.clicked.connect(lambda: self.rejected.emit(change.id))
        foot.addWidget(said, 1)
        foot.addWidget(accept)
        foot.addWidget(reject)
        grid.addLayout(foot, 2, 1)
        return line

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

"""Remarks on a statement's wording, quietly below it, each with its one-click fix."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from scribe_app.domain.patient_language import Remark, RemarkKind, mended
from scribe_app.language import later, tr
from scribe_app.ui import controls

FIXES = {
    RemarkKind.PERSON: later("Change"),
    RemarkKind.TERM: later("Explain"),
    RemarkKind.HURTFUL: later("Change"),
    RemarkKind.ABBREVIATION: later("Explain"),
    RemarkKind.LONG: later("Split"),
}
MOST = 4
"""Remarks shown on one statement; the rest come when these are dealt with."""


class RemarkLines(QWidget):
    """One line a remark; nothing is changed but by a click."""

    fix_wanted = Signal(str)
    """The statement's text with the fix in it."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 2)
        self._column.setSpacing(0)
        self._shown: tuple[str, tuple[Remark, ...]] = ("", ())
        self.hide()

    def show_remarks(self, text: str, remarks: Sequence[Remark]) -> None:
        """Remarks on this text; none hides the lines."""
        shown = (text, tuple(remarks[:MOST]))
        if shown == self._shown:
            return
        self._shown = shown
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for remark in shown[1]:
            self._column.addWidget(self._line(text, remark))
        self.setVisible(bool(shown[1]))
        self.updateGeometry()

    def _line(self, text: str, remark: Remark) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        words = f"“{remark.words}”: " if remark.kind is not RemarkKind.LONG else ""
        row.addWidget(controls.label(f"{words}{remark.reason}", "small", wrap=True), 1)
        if remark.replacement:
            name = tr(FIXES[remark.kind])
            fix = controls.button(name, "faint", f"{name}: {remark.words}")
            fix.setToolTip(
                tr("Write “{replacement}”", replacement=remark.replacement)
                if len(remark.replacement) < _LONG
                else name
            )
            fixed = mended(text, remark)
            fix.clicked.connect(lambda: self.fix_wanted.emit(fixed))
            row.addWidget(fix, 0, Qt.AlignmentFlag.AlignTop)
        return line


_LONG = 90

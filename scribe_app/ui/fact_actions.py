"""What can be done with the fact that the reader is at, below the list of what was heard."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from scribe_app.domain.fact_corrections import FactState
from scribe_app.language import tr
from scribe_app.ui import controls
from scribe_app.ui.heard_list import Heard, HeardList


class FactActions(QWidget):
    """Correct, Not so, As heard: each with its key, shown while a fact is chosen."""

    def __init__(self, facts: HeardList) -> None:
        super().__init__()
        self._facts = facts
        self.correct = controls.button(tr("Correct…"), "link")
        self.correct.setToolTip(tr("Say it in your words (F2). What was said stays in the transcript"))
        self.reject = controls.button(tr("Not so"), "link")
        self.reject.setToolTip(tr("This is not so (Delete): what rests on it in a letter must be settled"))
        self.restore = controls.button(tr("As heard"), "link")
        self.restore.setToolTip(tr("Take your correction back (Backspace)"))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(4)
        for action in (self.correct, self.reject, self.restore):
            row.addWidget(action)
        row.addStretch(1)
        self.correct.clicked.connect(self._edit)
        self.reject.clicked.connect(self._reject)
        self.restore.clicked.connect(self._restore)
        facts.chosen.connect(self.show_for)
        self.show_for(None)

    @Slot(object)
    def show_for(self, heard: Heard | None) -> None:
        """The actions that this fact has; without one, none."""
        state = heard.state if heard is not None else None
        self.correct.setVisible(state in (FactState.HEARD, FactState.CORRECTED))
        self.reject.setVisible(state in (FactState.HEARD, FactState.CORRECTED))
        self.restore.setVisible(state in (FactState.CORRECTED, FactState.REJECTED))
        self.setVisible(heard is not None)
        if heard is not None:
            for action in (self.correct, self.reject, self.restore):
                action.setAccessibleName(f"{action.text().rstrip('…')}: {heard.text}")

    @Slot()
    def _edit(self) -> None:
        self._facts.edit(self._facts.currentIndex())

    @Slot()
    def _reject(self) -> None:
        self._facts.rejected.emit(self._facts.here)

    @Slot()
    def _restore(self) -> None:
        self._facts.restored.emit(self._facts.here)

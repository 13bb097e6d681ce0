"""Lines above the letter: what rests on a correction elsewhere, and how a letter to the patient reads."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from scribe_app.domain.readability import Readability
from scribe_app.language import tr, trn
from scribe_app.ui import controls

AGE_OF_GRADE = 5
"""Years that a US school grade is behind the age of its pupils."""


class StaleBar(QFrame):
    """Says that statements of this letter rest on what was changed elsewhere, with what may be done."""

    check_wanted = Signal()
    amend_wanted = Signal()
    draft_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.setProperty("tone", "note")
        self.words = controls.label("", wrap=True)
        self.check = controls.button(tr("Check them"), name=tr("Check what rests on what was changed"))
        self.amend = controls.button(tr("Amend"), name=tr("Amend the signed letter"))
        self.again = controls.button(tr("Draft again"), "quiet", tr("Draft this letter again"))
        self.check.clicked.connect(self.check_wanted)
        self.amend.clicked.connect(self.amend_wanted)
        self.again.clicked.connect(self.draft_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 8, 4)
        row.addWidget(self.words, 1)
        for action in (self.check, self.amend, self.again):
            row.addWidget(action)
        self.hide()

    def show_stale(self, number: int, *, signed: bool, may_write: bool) -> None:
        """How many statements; none hides the bar."""
        if signed:
            words = trn(
                "Signed before a correction: 1 statement rests on what was changed",
                "Signed before a correction: {count} statements rest on what was changed",
                number,
            )
        else:
            words = trn(
                "1 statement rests on what was changed", "{count} statements rest on what was changed", number
            )
        self.words.setText(words)
        self.check.setVisible(not signed)
        self.amend.setVisible(signed)
        self.again.setEnabled(may_write)
        self.setVisible(number > 0)


def reading_words(found: Readability | None, remarks: int) -> str:
    """How a letter to the patient reads, in one quiet line."""
    parts = []
    if found is not None and found.formula == "Flesch-Kincaid":
        age = max(AGE_OF_GRADE, round(found.value + AGE_OF_GRADE))
        parts.append(tr("Reading age about {age} (aim: 11 or less)", age=age))
    elif found is not None:
        score = f"{found.value:.0f}"
        parts.append(
            tr("Reads easily (Flesch-Douma {score}; aim: 60 or more)", score=score)
            if found.is_plain
            else tr("Reads with effort (Flesch-Douma {score}; aim: 60 or more)", score=score)
        )
    if remarks:
        parts.append(trn("1 remark on wording", "{count} remarks on wording", remarks))
    return " · ".join(parts)

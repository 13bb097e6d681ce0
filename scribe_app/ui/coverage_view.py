"""What was said and is not in the letter, and which minutes the letter was written from."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from scribe_app.domain.letter import Coverage, CoverageItem
from scribe_app.language import tr
from scribe_app.ui import controls
from scribe_app.ui.theme import Theme

BAR_HEIGHT = 6
MOST_MINUTES_DRAWN = 60
FACTS_SHARE = 0.5
"""Of a mark's height that is left open where the model had facts instead of the words."""
ROW_HEIGHT = 56
MOST_ROWS, FEWEST_ROWS = 2.6, 1.6
"""The last one is cut, so that one sees that there are more."""
LONGEST_HEADING = 32


class CoverageBar(QWidget):
    """One mark per minute, filled where the model read it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._coverage = Coverage()
        self.setFixedHeight(BAR_HEIGHT)
        self.show_coverage(self._coverage)

    def show_coverage(self, coverage: Coverage) -> None:
        """Show how far the model read, in the bar and in words."""
        self._coverage = coverage
        words = words_for(coverage)
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setVisible(coverage.total > 0)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The marks: full where the words were read, half where their facts were, pale where nothing was."""
        if self._coverage.total <= 0:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = self._theme.tokens
        minutes = min(MOST_MINUTES_DRAWN, max(1, math.ceil(self._coverage.total / 60)))
        width = (self.width() + 2) / minutes
        read = self._coverage.read_until / self._coverage.total * minutes
        as_facts = self._coverage.facts_until / self._coverage.total * minutes
        for at in range(minutes):
            mark = QRectF(at * width, 0, width - 2, self.height())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.line))
            painter.drawRoundedRect(mark, 2, 2)
            self._fill(painter, mark, read - at, QColor(t.accent))
            self._fill(painter, mark, min(as_facts, read) - at, QColor(t.line), FACTS_SHARE)
        painter.end()

    def _fill(
        self, painter: QPainter, mark: QRectF, share: float, colour: QColor, height: float = 1.0
    ) -> None:
        """Fill a share of one minute's mark, from its top down to a share of its height."""
        if share > 0:
            width = mark.width() * (1.0 if share > 0.999 else share)
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(mark.x(), 0, width, mark.height() * height), 2, 2)


def words_for(coverage: Coverage) -> str:
    """What the bar says."""
    if coverage.total <= 0:
        return tr("Nothing was said yet")
    if all_read(coverage) and coverage.facts_until > 0:
        return tr(
            "The whole consultation was read, {total}: too long for the model word for word, so "
            "it had the first {facts_until} as facts",
            total=controls.clock(coverage.total),
            facts_until=controls.clock(coverage.facts_until),
        )
    if all_read(coverage):
        return tr("The whole consultation was read, {total}", total=controls.clock(coverage.total))
    read, total = controls.clock(coverage.read_until), controls.clock(coverage.total)
    return tr("Read up to {read} of {total}: the rest is not in this letter", read=read, total=total)


def all_read(coverage: Coverage) -> bool:
    """Whether nothing was left out; half a second is rounding."""
    return coverage.read_until >= coverage.total - 0.5


class CoverageBox(QFrame):
    """Each thing with the section it belongs to, and a way to dismiss it."""

    add_wanted = Signal(int)
    dismiss_wanted = Signal(int)
    show_wanted = Signal(int)
    """Utterance ids."""
    list_wanted = Signal()
    """Look for what is not written: that was given up."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.title = controls.label("", "strong", wrap=True)
        self.look = controls.button(tr("List it now"), "link")
        self.look.clicked.connect(self.list_wanted)
        self._scroll, self._list, self._rows = controls.row_list(tr("Said, not in the letter"))
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 8, 8)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(self.look, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._scroll)
        self._shown: tuple[CoverageItem, ...] = ()
        self._editable = False
        self._listed = True
        self._most_rows = MOST_ROWS
        self.hide()

    @property
    def items(self) -> tuple[CoverageItem, ...]:
        """What is listed now."""
        return self._shown

    @property
    def has_something_to_say(self) -> bool:
        """Whether something is listed, or nobody has looked."""
        return bool(self._shown) or not self._listed

    def show_items(
        self,
        items: tuple[CoverageItem, ...],
        heading_of: Callable[[str], str],
        start_of: Callable[[int], float],
        editable: bool,
        listed: bool = True,
    ) -> None:
        """List what is not dismissed; the box goes when nothing is left. Not `listed`: nobody has looked."""
        open_items = tuple(item for item in items if not item.dismissed)
        self.setVisible(bool(open_items) or not listed)
        if (open_items, editable, listed) == (self._shown, self._editable, self._listed):
            return
        self._shown, self._editable, self._listed = open_items, editable, listed
        self.title.setText(
            tr("Said, not in the letter ({count})", count=len(open_items))
            if listed
            else tr("You cancelled before what was said and is not in the letter was listed")
        )
        self.look.setVisible(not listed and editable)
        self._scroll.setVisible(listed)
        while (old := self._rows.takeAt(0)) is not None:
            widget = old.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for item in open_items:
            self._rows.addWidget(
                self._row(item, heading_of(item.section), start_of(item.utterance), editable)
            )
        self._rows.addStretch(1)
        self._fit()

    def set_low(self, low: bool) -> None:
        """In a low window the letter comes first."""
        self._most_rows = FEWEST_ROWS if low else MOST_ROWS
        self._fit()

    def _fit(self) -> None:
        self._scroll.setFixedHeight(round(ROW_HEIGHT * min(self._most_rows, max(1, len(self._shown)))))

    def _row(self, item: CoverageItem, heading: str, start: float, editable: bool) -> QWidget:
        line = QWidget()
        line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        id = item.utterance
        when = controls.button(
            controls.clock(start), "quiet", tr("Show in the transcript: {text}", text=item.text)
        )
        when.clicked.connect(lambda: self.show_wanted.emit(id))
        text = controls.label(item.text, wrap=True)
        text.setContentsMargins(7, 5, 0, 0)
        add = controls.button(
            tr("Add to {heading}", heading=heading),
            "link",
            tr("Add to {heading}: {text}", heading=heading, text=item.text),
        )
        add.setText(tr("Add to {heading}", heading=_short(heading)).replace("&", "&&"))
        add.clicked.connect(lambda: self.add_wanted.emit(id))
        dismiss = controls.button(tr("Dismiss"), "link", tr("Dismiss: {text}", text=item.text))
        dismiss.clicked.connect(lambda: self.dismiss_wanted.emit(id))
        for action in (add, dismiss):
            action.setVisible(editable)
        grid = QGridLayout(line)
        grid.setContentsMargins(0, 2, 0, 2)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(3, 1)
        grid.addWidget(when, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(text, 0, 1, 1, 3, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(add, 1, 1)
        grid.addWidget(dismiss, 1, 2)
        return line


def _short(heading: str) -> str:
    return heading if len(heading) <= LONGEST_HEADING else heading[: LONGEST_HEADING - 1].rstrip() + "…"

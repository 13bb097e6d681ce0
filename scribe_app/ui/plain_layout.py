"""Lays out and paints plain text in delegates, with the line height that the letter has."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption

from scribe_app.ui.tokens import LINE_HEIGHT


class PlainText:
    """Wrapped plain text of a given width: its height, and itself on paper."""

    def __init__(
        self,
        text: str,
        font: QFont,
        width: float,
        most_lines: int = 0,
        marks: Sequence[tuple[int, int]] = (),
        mark_colour: str = "",
    ) -> None:
        self._layout = QTextLayout(text.replace("\n", "\u2028"), font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout.setTextOption(option)
        self._layout.setFormats([_wave(start, end, mark_colour) for start, end in marks])
        self._line_height = QFontMetricsF(font).height() * LINE_HEIGHT / 1.2
        self._layout.beginLayout()
        lines = 0
        while not most_lines or lines < most_lines:
            line = self._layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(max(width, 20.0))
            offset = (self._line_height - line.height()) / 2
            line.setPosition(QPointF(0, lines * self._line_height + offset))
            lines += 1
        self._layout.endLayout()
        self.height = lines * self._line_height

    def paint(self, painter: QPainter, x: float, y: float, colour: str) -> None:
        """Draw with the upper left corner at (x, y)."""
        painter.setPen(QColor(colour))
        self._layout.draw(painter, QPointF(x, y))


def _wave(start: int, end: int, colour: str) -> QTextLayout.FormatRange:
    """A wavy line under characters [start, end)."""
    shape = QTextCharFormat()
    shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    shape.setUnderlineColor(QColor(colour))
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = start, end - start, shape
    return made


def elided(text: str, font: QFont, width: float) -> str:
    """One line of `text`, shortened to fit."""
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)

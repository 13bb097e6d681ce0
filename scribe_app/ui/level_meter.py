"""How loud it is, as a row of bars: a glance tells whether the microphone hears."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from scribe_app.language import tr
from scribe_app.ui.theme import Theme

BARS = 12
QUIET_DB, LOUD_DB = -60.0, -12.0
BAR_WIDTH, STEP = 4, 6


class LevelMeter(QWidget):
    """The latest levels, newest at the right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._levels: deque[float] = deque([0.0] * BARS, BARS)
        self.setAccessibleName(tr("Microphone level"))
        self.setFixedSize(QSize(BARS * STEP, 24))

    def add(self, decibels: float) -> None:
        """One measurement, dBFS."""
        share = (decibels - QUIET_DB) / (LOUD_DB - QUIET_DB)
        self._levels.append(max(0.0, min(1.0, share)))
        self.update()

    def clear(self) -> None:
        """Nothing is heard."""
        self._levels.extend([0.0] * BARS)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bars."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.tokens.ok))
        for at, level in enumerate(self._levels):
            height = 3 + level * (self.height() - 5)
            painter.drawRoundedRect(QRectF(at * STEP, self.height() - height, BAR_WIDTH, height), 1.5, 1.5)
        painter.end()

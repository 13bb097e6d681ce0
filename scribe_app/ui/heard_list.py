"""What has been heard so far, fact by fact: the list beside the clinician's own notes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from scribe_app.ui import controls, tokens
from scribe_app.ui.plain_layout import PlainText, elided
from scribe_app.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex

KIND_WORDS = {
    "allergy": "Allergy",
    "medication": "Medicine",
    "examination": "Examination",
    "result": "Result",
    "assessment": "Assessment",
    "safety_net": "Safety net",
    "plan": "Plan",
    "procedure": "Procedure",
    "advice": "Advice",
    "family": "Family",
    "social": "Social",
    "concern": "Concern",
    "history": "History",
    "symptom": "Symptom",
}
HEARD_ROLE = Qt.ItemDataRole.UserRole + 1
MOST_LINES = 2
_PADDING, _TOPIC, _TIME = 8, 92, 48


@dataclass(frozen=True, slots=True)
class Heard:
    """One fact as the list shows it."""

    utterance: int
    """Where it was said."""
    topic: str
    text: str
    start: float
    """Seconds from the start of the recording."""


class HeardModel(QAbstractListModel):
    """Facts in the order in which they were said."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heard: tuple[Heard, ...] = ()

    def show_all(self, heard: tuple[Heard, ...]) -> None:
        """Show these; what is only longer than before grows at its end, so that nothing jumps."""
        known = len(self._heard)
        if heard == self._heard:
            return
        if heard[:known] == self._heard:
            self.beginInsertRows(QModelIndex(), known, len(heard) - 1)
            self._heard = heard
            self.endInsertRows()
            return
        self.beginResetModel()
        self._heard = heard
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How much was heard."""
        return 0 if parent.isValid() else len(self._heard)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts for people, and the value for the delegate. No tool tips: they would be rich text."""
        if not index.isValid():
            return None
        heard = self._heard[index.row()]
        if role == HEARD_ROLE:
            return heard
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{heard.topic}: {heard.text}, {controls.clock(heard.start)}"
        return None


class HeardDelegate(QStyledItemDelegate):
    """Topic, words on one line or two, time."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def _words(self, heard: Heard) -> PlainText:
        """The words laid out, shortened where they would take a third line."""
        width = self._view.viewport().width() - self._theme.scaled(_TOPIC + _TIME) - 2 * _PADDING
        font = self._theme.font()
        whole = PlainText(heard.text, font, width)
        two = PlainText(heard.text, font, width, MOST_LINES)
        if whole.height <= two.height:
            return whole
        return PlainText(elided(heard.text, font, MOST_LINES * width * 0.92), font, width, MOST_LINES)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as its words."""
        words = self._words(index.data(HEARD_ROLE))
        return QSize(self._view.viewport().width(), round(words.height) + self._theme.scaled(_PADDING))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row."""
        heard: Heard = index.data(HEARD_ROLE)
        t, rect = self._theme.tokens, QRectF(option.rect)
        small = self._theme.font(tokens.SMALL_PT)
        strong = self._theme.font(tokens.SMALL_PT, QFont.Weight.DemiBold)
        topic, time = self._theme.scaled(_TOPIC), self._theme.scaled(_TIME)
        left, y = rect.x() + _PADDING, rect.y() + self._theme.scaled(_PADDING / 2)
        painter.save()
        if self._view.hasFocus() and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(t.accent), 2))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), tokens.RADIUS, tokens.RADIUS)
        PlainText(heard.topic, strong, topic).paint(painter, left, y + 1, t.muted)
        self._words(heard).paint(painter, left + topic, y, t.text)
        PlainText(controls.clock(heard.start), small, time).paint(
            painter, rect.right() - time, y + 1, t.muted
        )
        painter.restore()


class HeardList(QListView):
    """The list; `model()` is its HeardModel."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.heard = HeardModel(self)
        self.setModel(self.heard)
        self.setItemDelegate(HeardDelegate(theme, self))
        self.setAccessibleName("Heard so far")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        theme.changed.connect(self.doItemsLayout)

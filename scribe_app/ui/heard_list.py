"""What has been heard so far, fact by fact: the list beside the clinician's own notes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from scribe_app.domain.fact_corrections import FactState
from scribe_app.domain.facts import Fact
from scribe_app.language import later, tr
from scribe_app.ui import controls, tokens
from scribe_app.ui.plain_layout import PlainText, elided
from scribe_app.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex

KIND_WORDS = {
    "allergy": later("Allergy"),
    "medication": later("Medicine"),
    "examination": later("Examination"),
    "result": later("Result"),
    "assessment": later("Assessment"),
    "safety_net": later("Safety net"),
    "plan": later("Plan"),
    "procedure": later("Procedure"),
    "advice": later("Advice"),
    "family": later("Family"),
    "social": later("Social"),
    "concern": later("Concern"),
    "history": later("History"),
    "symptom": later("Symptom"),
}
STATE_WORDS = {
    FactState.HEARD: "",
    FactState.CORRECTED: later("corrected"),
    FactState.REJECTED: later("not so"),
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
    fact: Fact
    state: FactState = FactState.HEARD


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
        if role == Qt.ItemDataRole.EditRole:
            return heard.text
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            made_of_it = tr(STATE_WORDS[heard.state])
            told = f"{heard.topic}: {heard.text}, {controls.clock(heard.start)}"
            return f"{told}, {made_of_it}" if made_of_it else told
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every fact can be put in other words."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.isValid() else flags


class HeardDelegate(QStyledItemDelegate):
    """Topic, words on one line or two, time; what the clinician made of it stands below the topic."""

    corrected = Signal(object, str)
    """The fact (Heard), and its new words."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def _words(self, heard: Heard) -> PlainText:
        """The words laid out, shortened where they would take a third line."""
        width = self._view.viewport().width() - self._theme.scaled(_TOPIC + _TIME) - 2 * _PADDING
        font = self._theme.font()
        font.setStrikeOut(heard.state is FactState.REJECTED)
        whole = PlainText(heard.text, font, width)
        two = PlainText(heard.text, font, width, MOST_LINES)
        if whole.height <= two.height:
            return whole
        return PlainText(elided(heard.text, font, MOST_LINES * width * 0.92), font, width, MOST_LINES)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as its words."""
        heard: Heard = index.data(HEARD_ROLE)
        height = self._words(heard).height
        if heard.state is not FactState.HEARD:
            small = self._theme.font(tokens.SMALL_PT)
            height = max(height, 2 * PlainText(heard.topic, small, self._theme.scaled(_TOPIC)).height)
        return QSize(self._view.viewport().width(), round(height) + self._theme.scaled(_PADDING))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """One line in the place of the words; Enter keeps it, Esc takes it back."""
        field = controls.private(QLineEdit(parent))
        controls.set_name(field, tr("The fact in your words"))
        return field

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Over the words, high enough to write in."""
        topic, time = self._theme.scaled(_TOPIC), self._theme.scaled(_TIME)
        place = option.rect.adjusted(topic, 0, -time, 0)
        place.setHeight(max(place.height(), editor.sizeHint().height()))
        bottom = self._view.viewport().height()
        place.moveTop(max(0, min(place.top(), bottom - place.height())))
        editor.setGeometry(place)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """The words as they hold."""
        assert isinstance(editor, QLineEdit)
        editor.setText(index.data(HEARD_ROLE).text)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Tell what was typed; the list changes when it is kept."""
        assert isinstance(editor, QLineEdit)
        heard, text = index.data(HEARD_ROLE), " ".join(editor.text().split())
        if text and text != heard.text:
            self.corrected.emit(heard, text)

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
        shown = PlainText(heard.topic, strong, topic)
        shown.paint(painter, left, y + 1, t.muted)
        if heard.state is not FactState.HEARD:
            PlainText(tr(STATE_WORDS[heard.state]), small, topic).paint(
                painter, left, y + 1 + shown.height, t.accent
            )
        rejected = heard.state is FactState.REJECTED
        self._words(heard).paint(painter, left + topic, y, t.muted if rejected else t.text)
        PlainText(controls.clock(heard.start), small, time).paint(
            painter, rect.right() - time, y + 1, t.muted
        )
        painter.restore()


class HeardList(QListView):
    """The list; `model()` is its HeardModel."""

    rejected = Signal(object)
    """A fact (Heard) that is not so."""
    restored = Signal(object)
    """A fact (Heard) that holds as it was heard."""
    chosen = Signal(object)
    """The fact that the reader is at (Heard), or None."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.heard = HeardModel(self)
        self.setModel(self.heard)
        self.delegate = HeardDelegate(theme, self)
        self.setItemDelegate(self.delegate)
        triggers = QListView.EditTrigger.EditKeyPressed | QListView.EditTrigger.DoubleClicked
        self.setEditTriggers(triggers)
        self.setAccessibleName(tr("Heard so far"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        theme.changed.connect(self.doItemsLayout)

    @property
    def here(self) -> Heard | None:
        """The fact that the reader is at."""
        heard = self.currentIndex().data(HEARD_ROLE)
        return heard if isinstance(heard, Heard) else None

    def go_to(self, fact: Fact) -> None:
        """Choose a fact again after the list was read anew."""
        for row in range(self.heard.rowCount()):
            index = self.heard.index(row, 0)
            if index.data(HEARD_ROLE).fact.utterances == fact.utterances and (
                index.data(HEARD_ROLE).fact.text == fact.text
            ):
                self.setCurrentIndex(index)
                return

    def currentChanged(self, current: Index, previous: Index) -> None:
        """What can be done with it depends on what it is."""
        super().currentChanged(current, previous)
        self.chosen.emit(self.here)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete says that it is not so, Backspace takes that or a correction back. F2 corrects (Qt)."""
        heard = self.here
        if heard is not None and event.key() == Qt.Key.Key_Delete and heard.state is not FactState.REJECTED:
            self.rejected.emit(heard)
        elif heard is not None and event.key() == Qt.Key.Key_Backspace and heard.state is not FactState.HEARD:
            self.restored.emit(heard)
        else:
            super().keyPressEvent(event)

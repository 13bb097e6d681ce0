"""The right column while recording: the clinician's own notes, and what has been heard so far."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from scribe_app.domain.template import LetterTemplate
from scribe_app.domain.topics import only_asks, topics_of
from scribe_app.domain.transcript import Utterance
from scribe_app.ui import controls, tokens
from scribe_app.ui.dropping import FileProofEdit
from scribe_app.ui.plain_layout import PlainText, elided
from scribe_app.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex

SAVE_DELAY_MS = 600
TOPIC_WORDS = {
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
"""The first that fits names the row: what would be missed most stands first."""
HEARD_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Heard:
    """One utterance that a letter would want."""

    id: int
    topic: str
    text: str
    start: float


class HeardModel(QAbstractListModel):
    """Utterances with a clinical topic, in the order in which they were said."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heard: list[Heard] = []
        self._previous: Utterance | None = None

    def reset(self, utterances: tuple[Utterance, ...], language: str) -> None:
        """Begin again with these."""
        self.beginResetModel()
        self._heard, self._previous = [], None
        for utterance in utterances:
            heard = self._hear(utterance, language)
            if heard is not None:
                self._heard.append(heard)
        self.endResetModel()

    def append(self, utterance: Utterance, language: str) -> None:
        """One more, if it has a topic."""
        if any(heard.id == utterance.id for heard in self._heard):
            return
        heard = self._hear(utterance, language)
        if heard is not None:
            at = len(self._heard)
            self.beginInsertRows(QModelIndex(), at, at)
            self._heard.append(heard)
            self.endInsertRows()

    def _hear(self, utterance: Utterance, language: str) -> Heard | None:
        topics = topics_of(utterance, self._previous, language)
        self._previous = utterance
        word = next((word for topic, word in TOPIC_WORDS.items() if topic in topics), "")
        if not word or only_asks(utterance.text, language):
            return None
        return Heard(utterance.id, word, utterance.text, utterance.start)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How much was heard."""
        return 0 if parent.isValid() else len(self._heard)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts for people, and the value for the delegate."""
        if not index.isValid():
            return None
        heard = self._heard[index.row()]
        if role == HEARD_ROLE:
            return heard
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{heard.topic}: {heard.text}, {controls.clock(heard.start)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return None  # tool tips would show text as rich text
        return None


class HeardDelegate(QStyledItemDelegate):
    """Topic, words on one line, time."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All rows are equally high."""
        return QSize(self._view.viewport().width(), self._theme.scaled(28))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row."""
        heard: Heard = index.data(HEARD_ROLE)
        t, rect = self._theme.tokens, QRectF(option.rect)
        font, small = self._theme.font(), self._theme.font(tokens.SMALL_PT)
        strong = self._theme.font(tokens.SMALL_PT, QFont.Weight.DemiBold)
        topic, time = self._theme.scaled(92), self._theme.scaled(48)
        words = rect.width() - topic - time - 16
        y = rect.y() + self._theme.scaled(4)
        painter.save()
        if self._view.hasFocus() and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(t.accent), 2))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), tokens.RADIUS, tokens.RADIUS)
        PlainText(heard.topic, strong, topic).paint(painter, rect.x() + 8, y + 1, t.muted)
        PlainText(elided(heard.text, font, words), font, words + 4).paint(
            painter, rect.x() + 8 + topic, y, t.text
        )
        right = rect.right() - time
        PlainText(controls.clock(heard.start), small, time).paint(painter, right, y + 1, t.muted)
        painter.restore()


class NotesPanel(QWidget):
    """Notes are saved while typing; the template chooser says which letter will be drafted."""

    notes_changed = Signal(str)
    utterance_wanted = Signal(int)
    letter_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.template = QComboBox()
        controls.set_name(self.template, "Letter to draft")
        self.template.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.back = controls.button("Back to the letter", "quiet")
        self.notes = controls.private(FileProofEdit())
        self.notes.setObjectName("notes")
        self.notes.setAccessibleName("Your notes")
        self.notes.setTabChangesFocus(True)
        self.notes.setPlaceholderText(
            "Anything that is not said aloud: findings, thoughts, codes. Saved as you type."
        )
        self.heard = HeardModel(self)
        self.heard_list = QListView()
        self.heard_list.setModel(self.heard)
        self.heard_list.setItemDelegate(HeardDelegate(theme, self.heard_list))
        self.heard_list.setAccessibleName("Heard so far")
        self.heard_list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.heard_list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.heard_list.setResizeMode(QListView.ResizeMode.Adjust)
        self.heard_list.setUniformItemSizes(True)
        self.teaching = controls.label(
            "Symptoms, medicines, allergies, findings and plans appear here as they are said.",
            "muted",
            wrap=True,
        )
        self._save_soon = QTimer(self, singleShot=True, interval=SAVE_DELAY_MS)
        self._save_soon.timeout.connect(self.flush)
        self._saved = ""
        self.notes.textChanged.connect(self._save_soon.start)
        self.heard_list.clicked.connect(self._heard_chosen)
        self.heard_list.activated.connect(self._heard_chosen)
        self.back.clicked.connect(self.letter_wanted)
        self.heard.rowsInserted.connect(self._heard_more)
        self.heard.modelReset.connect(self._heard_more)
        theme.changed.connect(self.heard_list.doItemsLayout)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addStrut(tokens.CONTROL_HEIGHT)
        head.addWidget(controls.label("Your notes", "title"))
        head.addStretch(1)
        self.template_label = controls.label("Letter", "small")
        head.addWidget(self.template_label)
        head.addWidget(self.template)
        head.addWidget(self.back)
        card = QFrame()
        card.setObjectName("card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(6, 8, 6, 8)
        self.teaching.setContentsMargins(8, 2, 8, 2)
        self.teaching.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(self.teaching)
        inside.addWidget(self.heard_list, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 12, 20, 16)
        column.setSpacing(tokens.GRID)
        column.addLayout(head)
        column.addWidget(self.notes, 2)
        column.addSpacing(tokens.GRID)
        column.addWidget(controls.label("Heard so far", "title"))
        column.addWidget(card, 3)

    def show_templates(self, templates: list[LetterTemplate], chosen: str) -> None:
        """Which letters can be drafted."""
        self.template.clear()
        for template in templates:
            self.template.addItem(template.title, template.name)
        self.choose_template(chosen)

    def choose_template(self, name: str) -> None:
        """Which letter will be drafted; an unknown name leaves the choice as it is."""
        at = self.template.findData(name)
        if at >= 0:
            self.template.setCurrentIndex(at)

    def show_notes(self, text: str) -> None:
        """The notes of another consultation."""
        self._saved = text
        self.notes.setPlainText(text)
        self._save_soon.stop()

    def show_stage(self, *, ready: bool, letter: bool) -> None:
        """The letter is chosen before Start; afterwards there is a way back to it."""
        self.template.setVisible(ready)
        self.template_label.setVisible(ready)
        self.back.setVisible(letter)

    @Slot()
    def flush(self) -> None:
        """Tell what was typed, if it is new."""
        self._save_soon.stop()
        text = self.notes.toPlainText()
        if text != self._saved:
            self._saved = text
            self.notes_changed.emit(text)

    @Slot()
    def _heard_more(self) -> None:
        any_heard = self.heard.rowCount() > 0
        self.teaching.setVisible(not any_heard)
        self.heard_list.setVisible(any_heard)
        QTimer.singleShot(0, self.heard_list, self.heard_list.scrollToBottom)

    @Slot(QModelIndex)
    def _heard_chosen(self, index: QModelIndex) -> None:
        heard: Heard = index.data(HEARD_ROLE)
        self.utterance_wanted.emit(heard.id)

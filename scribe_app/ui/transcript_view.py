"""The middle column: what was said, by whom, when."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QListView,
    QMenu,
    QPlainTextEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from scribe_app.domain.transcript import SpeakerRole
from scribe_app.language import tr
from scribe_app.ui import controls, tokens
from scribe_app.ui.plain_layout import PlainText
from scribe_app.ui.theme import Theme
from scribe_app.ui.transcript_model import GAP, PREVIEW, SPEAKERS, Role, Row, TranscriptModel

Index = QModelIndex | QPersistentModelIndex

TIME_WIDTH = 52
SPEAKER_WIDTH = 76
NARROW = 400
"""Pixels; below this, time and speaker go above the words."""
STACK_HEIGHT = 20
PAD_X, PAD_Y = 8, 5
SPEAKER_KEYS: dict[int, SpeakerRole] = {
    Qt.Key.Key_C: SpeakerRole.CLINICIAN,
    Qt.Key.Key_P: SpeakerRole.PATIENT,
    Qt.Key.Key_O: SpeakerRole.OTHER,
}


class TranscriptDelegate(QStyledItemDelegate):
    """Draws time, speaker and words in three columns. Sizes are kept, so that appending stays cheap."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view
        self._heights: dict[tuple[Row, int], int] = {}
        self._speaker = 0
        theme.changed.connect(self._forget)

    @Slot()
    def _forget(self) -> None:
        self._heights.clear()
        self._speaker = 0

    def _columns(self) -> tuple[int, int]:
        if not self._speaker:
            names = QFontMetricsF(self._strong())
            widest = max(names.horizontalAdvance(tr(name)) for name in SPEAKERS.values())
            self._speaker = max(self._theme.scaled(SPEAKER_WIDTH), round(widest) + PAD_X)
        return self._theme.scaled(TIME_WIDTH), self._speaker

    def _strong(self) -> QFont:
        return self._theme.font(tokens.SMALL_PT, QFont.Weight.DemiBold)

    def _font(self, row: Row) -> QFont:
        font = self._theme.font()
        font.setItalic(row.id in (PREVIEW, GAP))
        return font

    def _text(self, row: Row, width: int) -> PlainText:
        wide = width - self._indent(row, width) - 2 * PAD_X
        return PlainText(
            row.text, self._font(row), wide, marks=row.marks, mark_colour=self._theme.tokens.warning
        )

    def _note(self, row: Row, width: int) -> PlainText:
        wide = width - self._indent(row, width) - 2 * PAD_X
        return PlainText(row.note, self._theme.font(tokens.SMALL_PT), wide)

    def note_at(self, row: Row, rect: QRect, position: QPoint) -> bool:
        """Whether a place in a row's rectangle is on its note."""
        return bool(row.note) and position.y() >= rect.bottom() - PAD_Y - self._note(row, rect.width()).height

    def _stacked(self, row: Row, width: int) -> bool:
        """Whether time and speaker stand above the words, because there is no room beside them."""
        return bool(row.speaker) and width < self._theme.scaled(NARROW)

    def _indent(self, row: Row, width: int) -> int:
        time, speaker = self._columns()
        if width >= self._theme.scaled(NARROW):
            return time + speaker
        return 0 if row.speaker else time

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as the column, as high as the words need."""
        row: Row = index.data(Role.ROW)
        width = self._view.viewport().width()
        key = (row, width)
        if key not in self._heights:
            if len(self._heights) > 20_000:
                self._heights.clear()
            above = self._theme.scaled(STACK_HEIGHT) if self._stacked(row, width) else 0
            note = self._note(row, width).height if row.note else 0.0
            self._heights[key] = round(self._text(row, width).height + note) + 2 * PAD_Y + above
        return QSize(width, self._heights[key])

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row."""
        row: Row = index.data(Role.ROW)
        t = self._theme.tokens
        lit = bool(index.data(Role.LIT))
        rect = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_paper(painter, rect, lit, option)
        x, y = rect.x() + PAD_X, rect.y() + PAD_Y
        time, speaker = self._columns()
        quiet = t.muted
        if row.id != GAP:
            small = self._theme.font(tokens.SMALL_PT)
            PlainText(controls.clock(row.start), small, time).paint(painter, x, y + 1, quiet)
        if row.speaker:
            PlainText(row.speaker, self._strong(), speaker).paint(
                painter, x + time, y + 1, t.accent if lit else quiet
            )
        ink = quiet if row.id in (PREVIEW, GAP) else t.text
        width = round(rect.width())
        below = self._theme.scaled(STACK_HEIGHT) if self._stacked(row, width) else 0
        words, left = self._text(row, width), x + self._indent(row, width)
        words.paint(painter, left, y + below, ink)
        if row.note:
            self._note(row, width).paint(painter, left, y + below + words.height, t.warning)
        painter.restore()

    def _paint_paper(self, painter: QPainter, rect: QRectF, lit: bool, option: QStyleOptionViewItem) -> None:
        t = self._theme.tokens
        inner = rect.adjusted(1, 1, -1, -1)
        if lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.accent_tint))
            painter.drawRoundedRect(inner, tokens.RADIUS, tokens.RADIUS)
        current = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if current and self._view.hasFocus():
            painter.setPen(QPen(QColor(t.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(inner, tokens.RADIUS, tokens.RADIUS)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A plain-text field over the row's words."""
        editor = controls.private(QPlainTextEdit(parent))
        editor.setAccessibleName(tr("Correct what was said"))
        editor.setTabChangesFocus(True)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Fill in the words on record."""
        assert isinstance(editor, QPlainTextEdit)
        editor.setPlainText(index.data(Qt.ItemDataRole.EditRole))
        editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Hand the correction to the model."""
        assert isinstance(editor, QPlainTextEdit)
        model.setData(index, editor.toPlainText())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Over the words, with room for one more line."""
        row: Row = index.data(Role.ROW)
        width = option.rect.width()
        below = self._theme.scaled(STACK_HEIGHT) if self._stacked(row, width) else 0
        rect = option.rect.adjusted(self._indent(row, width), below - 2, 0, 26)
        editor.setGeometry(rect)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Enter commits, Esc takes back (QPlainTextEdit would keep Enter for itself)."""
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            plain = not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
                assert isinstance(editor, QWidget)
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)
                return True
        return super().eventFilter(editor, event)


class TranscriptList(QListView):
    """Follows the newest line unless the reader has scrolled up."""

    speaker_wanted = Signal(int, object)
    """Utterance id and the SpeakerRole that a person says it has."""
    play_wanted = Signal(int)
    """Utterance id."""
    note_chosen = Signal(int)
    """Utterance id: a person clicked what is noted below it, or pressed F4."""
    kept = Signal(int)
    """Utterance id: it was heard rightly."""
    follows = Signal(bool)
    """Whether the newest line is kept in sight."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.transcript = TranscriptModel(self)
        self.setModel(self.transcript)
        self.setItemDelegate(TranscriptDelegate(theme, self))
        self.setAccessibleName(tr("Transcript"))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(200)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.setEditTriggers(QListView.EditTrigger.DoubleClicked | QListView.EditTrigger.EditKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self._following = True
        self._follow_soon = QTimer(self, singleShot=True, interval=0)
        self._follow_soon.timeout.connect(self._follow)
        self._rewidth_soon = QTimer(self, singleShot=True, interval=30)
        self._rewidth_soon.timeout.connect(self.doItemsLayout)
        self.verticalScrollBar().actionTriggered.connect(self._judge_soon)
        self.verticalScrollBar().rangeChanged.connect(self._range_changed)
        self.transcript.dataChanged.connect(self._sizes_changed)
        theme.changed.connect(self.doItemsLayout)

    def show_utterances(self, ids: Iterable[int]) -> None:
        """Light up utterances and scroll to the first of them."""
        wanted = frozenset(ids)
        self.transcript.light(wanted)
        rows = sorted(row for row in map(self.transcript.row_of, wanted) if row >= 0)
        if not rows:
            return
        self.follow(False)
        self.executeDelayedItemsLayout()
        self.scrollTo(self.transcript.index(rows[-1]), QListView.ScrollHint.EnsureVisible)
        self.scrollTo(self.transcript.index(rows[0]), QListView.ScrollHint.EnsureVisible)

    def follow(self, following: bool = True) -> None:
        """Stay at the newest line from now on, or stay here."""
        if following:
            self._follow_soon.start()
        if following != self._following:
            self._following = following
            self.follows.emit(following)

    @property
    def following(self) -> bool:
        """Whether the newest line is kept in sight."""
        return self._following

    def current_utterance(self) -> int:
        """Id of the utterance under the cursor; 0 when there is none."""
        index = self.currentIndex()
        return max(0, self.transcript.at(index.row()).id) if index.isValid() else 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words wrap anew."""
        super().resizeEvent(event)
        self._rewidth_soon.start()

    @Slot()
    def _follow(self) -> None:
        if self._following:
            self.scrollToBottom()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A reader who scrolls up is left in peace."""
        super().wheelEvent(event)
        self._judge()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """So is one who walks up with the arrow keys. One letter says who spoke."""
        role, id = SPEAKER_KEYS.get(event.key()), self.current_utterance()
        if role is not None and id and self.transcript.correctable and not event.modifiers():
            self.speaker_wanted.emit(id, role)
            return
        super().keyPressEvent(event)
        self._judge()
        if event.key() == Qt.Key.Key_F4 and self.current_utterance():
            self.note_chosen.emit(self.current_utterance())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a note does what the note says."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            return
        row, delegate = self.transcript.at(index.row()), self.itemDelegate()
        assert isinstance(delegate, TranscriptDelegate)
        if row.id > 0 and delegate.note_at(row, self.visualRect(index), event.position().toPoint()):
            self.note_chosen.emit(row.id)

    @Slot(int)
    def _judge_soon(self, _action: int) -> None:
        QTimer.singleShot(0, self, self._judge)

    @Slot()
    def _judge(self) -> None:
        bar = self.verticalScrollBar()
        self.follow(bar.value() >= bar.maximum() - tokens.GRID)

    @Slot(int, int)
    def _range_changed(self, _low: int, _high: int) -> None:
        self._follow_soon.start()

    @Slot(QModelIndex, QModelIndex, list)
    def _sizes_changed(self, _first: QModelIndex, _last: QModelIndex, roles: list[int]) -> None:
        if Role.LIT not in roles:
            self.scheduleDelayedItemsLayout()

    @Slot(QPoint)
    def _open_menu(self, position: QPoint) -> None:
        index = self.indexAt(position)
        if not index.isValid() or self.transcript.at(index.row()).id <= 0:
            return
        id = self.transcript.at(index.row()).id
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        controls.add_action(menu, tr("Play")).triggered.connect(lambda: self.play_wanted.emit(id))
        row = self.transcript.at(index.row())
        if row.note:
            controls.add_action(menu, f"{row.note} (F4)").triggered.connect(lambda: self.note_chosen.emit(id))
        if row.marks and self.transcript.correctable:
            controls.add_action(menu, tr("It was heard rightly")).triggered.connect(
                lambda: self.kept.emit(id)
            )
        if self.transcript.correctable:
            controls.add_action(menu, tr("Correct the words (F2)")).triggered.connect(
                lambda: self.edit(index)
            )
            menu.addSeparator()
            for role in (SpeakerRole.CLINICIAN, SpeakerRole.PATIENT, SpeakerRole.OTHER):
                action = controls.add_action(menu, tr("Said by: {speaker}", speaker=tr(SPEAKERS[role])))
                action.triggered.connect(lambda _on=False, role=role: self.speaker_wanted.emit(id, role))
        menu.popup(self.viewport().mapToGlobal(position))

"""The left column: new consultation, find, and the consultations by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum

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
    QGridLayout,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from scribe_app.domain.consultation import Consultation, ConsultationState
from scribe_app.domain.ids import ConsultationId
from scribe_app.language import later, tr
from scribe_app.ui import controls, moments, tokens
from scribe_app.ui.plain_layout import PlainText, elided
from scribe_app.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex

FIND_DELAY_MS = 250
SIDE = 12
"""Pixels left and right of what stands in it."""
STATES = {
    ConsultationState.READY: later("Ready"),
    ConsultationState.RECORDING: later("Recording"),
    ConsultationState.PAUSED: later("Paused"),
    ConsultationState.TRANSCRIBING: later("Transcribing"),
    ConsultationState.DRAFTING: later("Drafting"),
    ConsultationState.IN_REVIEW: later("To review"),
    ConsultationState.SIGNED: later("Signed"),
    ConsultationState.AMENDED: later("Being amended"),
    ConsultationState.FAILED: later("Needs attention"),
}
ROW_ROLE = Qt.ItemDataRole.UserRole + 1


class Kind(IntEnum):
    """Rows are days or consultations."""

    DAY = 0
    CONSULTATION = 1


@dataclass(frozen=True, slots=True)
class Summary:
    """A consultation as the list shows it."""

    consultation: Consultation
    unsettled: int = 0

    @property
    def title(self) -> str:
        """Whom it was with."""
        return self.consultation.patient.name or tr("Unnamed")

    @property
    def line(self) -> str:
        """When, and how far it has come."""
        state = tr(STATES[self.consultation.state])
        if self.consultation.state is ConsultationState.IN_REVIEW and self.unsettled:
            state = tr("{unsettled} to settle", unsettled=self.unsettled)
        return f"{self.consultation.started_at.astimezone():%H:%M} · {state}"


@dataclass(frozen=True, slots=True)
class ListRow:
    """A day's heading, or one consultation below it."""

    kind: Kind
    title: str
    line: str = ""
    summary: Summary | None = None


class ConsultationModel(QAbstractListModel):
    """Newest first, with a heading per day."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._summaries: list[Summary] = []
        self._rows: list[ListRow] = []

    def show_all(self, summaries: list[Summary], today: date) -> None:
        """Show these and no others."""
        self.beginResetModel()
        self._summaries = summaries
        self._rows = _rows(summaries, today)
        self.endResetModel()

    def update_one(self, consultation: Consultation, unsettled: int | None = None) -> bool:
        """Show a change; False when the consultation is not in the list."""
        for at, row in enumerate(self._rows):
            if row.summary is not None and row.summary.consultation.id == consultation.id:
                known = row.summary.unsettled if unsettled is None else unsettled
                self._rows[at] = _row(Summary(consultation, known))
                self.dataChanged.emit(self.index(at), self.index(at))
                return True
        return False

    def row_of(self, id: ConsultationId | None) -> int:
        """Row number of a consultation; -1 when it is not in the list."""
        for at, row in enumerate(self._rows):
            if row.summary is not None and row.summary.consultation.id == id:
                return at
        return -1

    def at(self, number: int) -> ListRow:
        """The row with this number."""
        return self._rows[number]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Days and consultations."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts for people, and the row itself for the delegate."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{row.title}, {row.line}" if row.line else row.title
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Days cannot be opened."""
        if not index.isValid() or self._rows[index.row()].kind is Kind.DAY:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


def _row(summary: Summary) -> ListRow:
    return ListRow(Kind.CONSULTATION, summary.title, summary.line, summary)


def _rows(summaries: list[Summary], today: date) -> list[ListRow]:
    rows: list[ListRow] = []
    day: date | None = None
    for summary in summaries:
        started = summary.consultation.started_at.astimezone()
        if started.date() != day:
            day = started.date()
            rows.append(ListRow(Kind.DAY, _day_name(started, today)))
        rows.append(_row(summary))
    return rows


def _day_name(started: datetime, today: date) -> str:
    if started.date() == today:
        return tr("Today")
    if started.date() == today - timedelta(days=1):
        return tr("Yesterday")
    return moments.day(started)


class ConsultationDelegate(QStyledItemDelegate):
    """Name above, time and state below; the open one on white with the accent at its edge."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Days are lower than consultations."""
        row: ListRow = index.data(ROW_ROLE)
        height = 36 if row.kind is Kind.DAY else 58
        return QSize(self._view.viewport().width(), self._theme.scaled(height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row."""
        row: ListRow = index.data(ROW_ROLE)
        t = self._theme.tokens
        rect = QRectF(option.rect).adjusted(0, 1, 0, -1)
        width = rect.width() - 20
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.kind is Kind.DAY:
            font = self._theme.font(tokens.SMALL_PT, QFont.Weight.DemiBold)
            PlainText(row.title, font, width).paint(
                painter, rect.x(), rect.y() + self._theme.scaled(11), t.muted
            )
        else:
            self._paint_paper(painter, rect, option)
            strong = self._theme.font(tokens.BODY_PT, QFont.Weight.DemiBold)
            small = self._theme.font(tokens.SMALL_PT)
            top = rect.y() + self._theme.scaled(7)
            PlainText(elided(row.title, strong, width), strong, width + 4).paint(
                painter, rect.x() + 10, top, t.text
            )
            PlainText(elided(row.line, small, width), small, width + 4).paint(
                painter, rect.x() + 10, top + self._theme.scaled(22), self._line_colour(row)
            )
        painter.restore()

    def _line_colour(self, row: ListRow) -> str:
        t = self._theme.tokens
        live = (ConsultationState.RECORDING, ConsultationState.PAUSED)
        if row.summary is not None and row.summary.consultation.state in live:
            return t.recording
        return t.muted

    def _paint_paper(self, painter: QPainter, rect: QRectF, option: QStyleOptionViewItem) -> None:
        t = self._theme.tokens
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.surface))
            painter.drawRoundedRect(rect, tokens.RADIUS, tokens.RADIUS)
            painter.setBrush(QColor(t.accent))
            painter.drawRoundedRect(QRectF(rect.x(), rect.y(), 3, rect.height()), 1.5, 1.5)
        if self._view.hasFocus() and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(t.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), tokens.RADIUS, tokens.RADIUS)


class Sidebar(QWidget):
    """The way to every consultation."""

    new_wanted = Signal()
    find_wanted = Signal(str)
    open_wanted = Signal(str)
    """Consultation id."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(tokens.SIDEBAR_WIDTH)
        self.new = controls.button(tr("New consultation"), "primary")
        self.import_audio = controls.button(tr("Import audio…"))
        self.import_audio.setToolTip(tr("Make a consultation of an audio file (Ctrl+O), or drop one here"))
        self.search = controls.private(
            QLineEdit(placeholderText=tr("Find patient or text"), clearButtonEnabled=True)
        )
        controls.set_name(self.search, tr("Find patient or text"))
        self.model = ConsultationModel(self)
        self.list = self._make_list(theme)
        self.teaching = controls.label("", "small", wrap=True)
        self.caveat = controls.label("", wrap=True)
        self.caveat.setObjectName("caveat")
        self.caveat.hide()
        self.settings = controls.button(tr("Settings"), "quiet")
        self.lock = controls.button(tr("Lock"), "quiet", tr("Lock the consultations"))
        self.lock.setToolTip(tr("Close the vault until you type your passphrase (Ctrl+L)"))
        self.help = controls.button(tr("Help"), "quiet", tr("Help and keyboard shortcuts"))
        self._wait = QTimer(self, singleShot=True, interval=FIND_DELAY_MS)
        self._wait.timeout.connect(self._find_now)
        self.search.textChanged.connect(self._wait.start)
        self.new.clicked.connect(self.new_wanted)
        self._lay_out()

    def show_all(self, summaries: list[Summary], today: date, current: ConsultationId | None) -> None:
        """Fill the list and keep the open consultation marked."""
        self.model.show_all(summaries, today)
        self.mark(current)
        looking = bool(self.search.text())
        self.teaching.setText(
            tr("Nothing found. Names, and words that were said, are searched.")
            if looking
            else tr("Your consultations will be listed here, newest first.")
        )
        self.teaching.setVisible(not summaries)

    def mark(self, id: ConsultationId | None) -> None:
        """Show which consultation is open."""
        row = self.model.row_of(id)
        selection = self.list.selectionModel()
        if row < 0:
            selection.clear()
            return
        selection.setCurrentIndex(self.model.index(row), selection.SelectionFlag.ClearAndSelect)

    def set_caveat(self, text: str) -> None:
        """What must be known about the models in use; empty hides it."""
        self.caveat.setText(text)
        self.caveat.setVisible(bool(text))

    def _make_list(self, theme: Theme) -> QListView:
        view = QListView()
        view.setModel(self.model)
        view.setItemDelegate(ConsultationDelegate(theme, view))
        view.setAccessibleName(tr("Consultations"))
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.clicked.connect(self._chosen)
        view.activated.connect(self._chosen)
        theme.changed.connect(view.doItemsLayout)
        return view

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SIDE, 16, SIDE, 10)
        column.setSpacing(12)
        column.addWidget(self.new)
        column.addWidget(self.import_audio)
        column.addWidget(self.search)
        column.addWidget(self.teaching)
        column.addWidget(self.list, 1)
        column.addWidget(self.caveat)
        column.addWidget(
            controls.label(tr("Offline. Everything stays on this computer."), "small", wrap=True)
        )
        column.addLayout(self._foot())

    def _foot(self) -> QGridLayout:
        """Settings, lock and help in one row, or in two where their words are too long for one."""
        foot = QGridLayout()
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setVerticalSpacing(0)
        actions = (self.settings, self.help, self.lock)
        for action in actions:
            action.ensurePolished()
        room = tokens.SIDEBAR_NARROW - 2 * SIDE
        fits = sum(action.sizeHint().width() for action in actions) <= room
        places = ((0, 0), (0, 2), (0, 1)) if fits else ((0, 0), (0, 1), (1, 0))
        for action, (row, at) in zip(actions, places, strict=True):
            foot.addWidget(action, row, at, Qt.AlignmentFlag.AlignLeft)
        foot.setColumnStretch(3, 1)
        return foot

    @Slot()
    def _find_now(self) -> None:
        self.find_wanted.emit(self.search.text().strip())

    @Slot(QModelIndex)
    def _chosen(self, index: QModelIndex) -> None:
        row = self.model.at(index.row())
        if row.summary is not None:
            self.open_wanted.emit(row.summary.consultation.id)

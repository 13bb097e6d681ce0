"""The main window: where everything stands. What it does is in the presenters."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from scribe_app.language import tr, translated
from scribe_app.paths import resources_folder
from scribe_app.ui import controls, tokens
from scribe_app.ui.asking import QuestionLine
from scribe_app.ui.banner import Banner
from scribe_app.ui.header import Header
from scribe_app.ui.identity_strip import IdentityStrip
from scribe_app.ui.letter_panel import LetterPanel
from scribe_app.ui.notes_panel import NotesPanel
from scribe_app.ui.shortcuts import KEYS
from scribe_app.ui.sidebar import Sidebar
from scribe_app.ui.theme import Theme
from scribe_app.ui.transcript_view import TranscriptList

TITLE = "Scribe"
SMALLEST = QSize(1024, 640)
USUAL = QSize(1280, 800)
TITLE_BAR = 32
"""Room that the system's frame takes above a window, pixels: about that on Windows, macOS and Linux."""
NARROW = 1160
"""Pixels."""


class TranscriptColumn(QWidget):
    """What was said, with how far behind it is and the way to hear it again."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("transcriptColumn")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.lag = controls.pill("", "ok")
        self.latest = controls.button(tr("Latest"), "link", tr("Go to the latest words"))
        self.play = controls.button(tr("Play"), "quiet", tr("Play what the statement rests on"))
        self.swap = controls.button(tr("Swap speakers"), "quiet")
        self.swap.setToolTip(tr("Clinician becomes patient and the other way round (Ctrl+Shift+S)"))
        self.list = TranscriptList(theme)
        self.question = QuestionLine()
        self.teaching = controls.label("", "muted", wrap=True)
        self.teaching.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 0, 0)
        head.setSpacing(tokens.GRID)
        head.addStrut(tokens.CONTROL_HEIGHT)
        head.addWidget(controls.label(tr("Transcript"), "title"))
        head.addWidget(self.lag)
        head.addStretch(1)
        for action in (self.latest, self.play, self.swap):
            head.addWidget(action)
            action.hide()
        self.teaching.setContentsMargins(8, 8, 24, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 8)
        column.setSpacing(tokens.GRID)
        column.addLayout(head)
        column.addWidget(self.teaching)
        column.addWidget(self.list, 1)
        column.addWidget(self.question)

    def show_pace(self, short: str, full: str, *, slow: bool) -> None:
        """How far behind it is, in a few words and in more."""
        controls.set_tone(self.lag, translated(short), "warning" if slow else "ok")
        self.lag.setToolTip(translated(full))
        self.lag.setAccessibleDescription(self.lag.toolTip())

    def show_left(self, seconds: int) -> None:
        """How much of the recording is still to be transcribed."""
        controls.set_tone(self.lag, tr("{seconds} s left", seconds=seconds), "quiet")


def opening_size(room: QSize) -> QSize:
    """The usual size, or as much of it as fits on the screen: a laptop of 1366 x 768 shows every button."""
    return USUAL.boundedTo(room - QSize(0, TITLE_BAR)).expandedTo(SMALLEST)


class MainWindow(QMainWindow):
    """Three columns under one header."""

    close_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle(TITLE)
        self.setWindowIcon(QIcon(str(resources_folder() / "icons" / "scribe.svg")))
        self.setMinimumSize(SMALLEST)
        self.resize(opening_size(self.screen().availableSize()))
        self.sidebar = Sidebar(theme)
        self.header = Header(theme)
        self.identity = IdentityStrip()
        self.banner = Banner()
        self.transcript = TranscriptColumn(theme)
        self.notes = NotesPanel(theme)
        self.letter = LetterPanel(theme)
        self.right = QStackedWidget()
        self.right.addWidget(self.notes)
        self.right.addWidget(self.letter)
        self.may_close = False
        self._lay_out()

    def _lay_out(self) -> None:
        columns = QSplitter(Qt.Orientation.Horizontal)
        columns.setChildrenCollapsible(False)
        columns.addWidget(self.transcript)
        columns.addWidget(self.right)
        columns.setSizes([488, 544])
        self.transcript.setMinimumWidth(312)
        columns.setStretchFactor(0, 1)
        columns.setStretchFactor(1, 1)
        main = QVBoxLayout()
        main.setContentsMargins(0, 0, 0, 0)
        main.setSpacing(0)
        for widget in (self.header, self.identity, self.banner):
            main.addWidget(widget)
        main.addWidget(columns, 1)
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        row.addLayout(main, 1)
        self.setCentralWidget(centre)

    def show_letter_side(self, letter: bool) -> None:
        """The letter, or the notes."""
        self.right.setCurrentWidget(self.letter if letter else self.notes)

    def bind_keys(self, actions: dict[str, Callable[[], None]]) -> None:
        """Give every action of the table its key; one that is missing is a mistake."""
        for key in KEYS:
            shortcut = QShortcut(self)
            shortcut.setKeys([QKeySequence(keys) for keys in (key.keys, key.also) if keys])
            shortcut.activated.connect(actions[key.action])

    def next_pane(self) -> None:
        """Go round the columns by keyboard."""
        right = self.right.currentWidget()
        letter_rows = self.letter.view.rows
        letter = self.letter.view.chosen_row or (letter_rows[0] if letter_rows else self.letter.another)
        panes: list[tuple[QWidget, QWidget]] = [
            (self.sidebar, self.sidebar.list),
            (self.transcript, self.transcript.list),
            (self.right, self.notes.notes if right is self.notes else letter),
        ]
        focus = self.focusWidget()
        at = next((i for i, (pane, _) in enumerate(panes) if focus and pane.isAncestorOf(focus)), -1)
        panes[(at + 1) % len(panes)][1].setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes a message."""
        if event.key() == Qt.Key.Key_Escape and self.banner.isVisible():
            self.banner.dismiss()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window takes from the list first."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        self.sidebar.setFixedWidth(tokens.SIDEBAR_NARROW if narrow else tokens.SIDEBAR_WIDTH)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The presenter decides; a running recording is never ended by a stray click."""
        if self.may_close:
            event.accept()
            return
        event.ignore()
        self.close_wanted.emit()

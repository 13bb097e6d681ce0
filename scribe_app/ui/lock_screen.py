"""The window while the vault is locked: nothing of any patient, and the sign of a running recording."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QIcon
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from scribe_app.domain.events import (
    Event,
    LevelMeasured,
    RecordingClosed,
    RecordingPaused,
    RecordingResumed,
)
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.language import later, tr
from scribe_app.paths import resources_folder
from scribe_app.ui import controls, tokens
from scribe_app.ui.header import StateDot
from scribe_app.ui.theme import Theme

TITLE = later("Scribe is locked")
LOCKED_WORDS = later("Type your passphrase to go on where you were.")
SYSTEM_WORDS = later("This computer has been unlocked: press Unlock to go on where you were.")
CARD_WIDTH = 440
"""Pixels."""


class LockScreen(QWidget):
    """Passphrase and Unlock; above them, while it records, the red sign, the time and Stop."""

    entered = Signal(str)
    """The passphrase; empty asks the keychain."""
    recovery_wanted = Signal()
    stop_wanted = Signal()
    close_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle(tr(TITLE))
        self.setWindowIcon(QIcon(str(resources_folder() / "icons" / "scribe.svg")))
        self.may_close = False
        self._keychain = False
        self._seconds = 0.0
        self._paused = False
        self.dot = StateDot(theme)
        self.state = controls.label("", "clock")
        self.stop = controls.button(tr("Stop recording"), "recording")
        self.note = controls.label("", "small", wrap=True)
        self.sign = QFrame()
        self.sign.setObjectName("card")
        self.words = controls.label(tr(LOCKED_WORDS), wrap=True)
        self.field = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.field.setMaxLength(500)
        self.field.setPlaceholderText(tr("Passphrase"))
        controls.set_name(self.field, tr("Passphrase"))
        self.trouble = controls.label("", "reason", wrap=True)
        self.unlock = controls.button(tr("Unlock"), "primary")
        self.recovery = controls.button(tr("Use the recovery key"), "link")
        self.leave = controls.button(tr("Close Scribe"), "quiet")
        self._connect()
        self._lay_out()
        self.show_recording(None)

    def _connect(self) -> None:
        self.field.returnPressed.connect(self._enter)
        self.unlock.clicked.connect(self._enter)
        self.recovery.clicked.connect(self.recovery_wanted)
        self.stop.clicked.connect(self._stop_clicked)
        self.leave.clicked.connect(self.close_wanted)

    def _lay_out(self) -> None:
        sign = QVBoxLayout(self.sign)
        sign.setContentsMargins(20, 14, 20, 14)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.dot)
        row.addWidget(self.state, 1)
        row.addWidget(self.stop)
        sign.addLayout(row)
        sign.addWidget(self.note)
        foot = QHBoxLayout()
        foot.addWidget(self.recovery)
        foot.addStretch(1)
        foot.addWidget(self.leave)
        foot.addWidget(self.unlock)
        card = QFrame()
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(controls.label(tr(TITLE), "name"))
        for widget in (self.words, self.field, self.trouble):
            column.addWidget(widget)
        column.addLayout(foot)
        middle = QVBoxLayout()
        middle.setSpacing(2 * tokens.GRID)
        middle.addStretch(2)
        middle.addWidget(self.sign)
        middle.addWidget(card)
        middle.addStretch(3)
        for frame in (self.sign, card):
            frame.setFixedWidth(CARD_WIDTH)
        page = QHBoxLayout(self)
        page.addStretch(1)
        page.addLayout(middle)
        page.addStretch(1)

    # --- what it shows ------------------------------------------------------------------------------

    def show_recording(self, seconds: float | None, *, paused: bool = False) -> None:
        """The red sign with the length of the recording; None when nothing is recorded."""
        self.sign.setVisible(seconds is not None)
        self._paused = paused
        self.dot.set_paused(paused)
        self.note.hide()
        self.stop.show()
        self.stop.setEnabled(True)
        if seconds is not None:
            self._show_seconds(seconds)

    @Slot(object)
    def on_event(self, event: Event) -> None:
        """What the recorder says: how long, paused or not, ended."""
        if isinstance(event, LevelMeasured):
            self._show_seconds(event.samples / SAMPLE_RATE)
        elif isinstance(event, RecordingPaused | RecordingResumed):
            self.show_recording(self._seconds, paused=isinstance(event, RecordingPaused))
        elif isinstance(event, RecordingClosed):
            self.stop.hide()
            self.dot.hide()
            self.state.setText(tr("Recorded {seconds}", seconds=controls.clock(event.recording.seconds)))
            self._say(tr("The recording is sealed. Its letter follows when you unlock."))
            self.setWindowTitle(tr(TITLE))

    def _show_seconds(self, seconds: float) -> None:
        self._seconds = seconds
        words = f"{tr('Paused') if self._paused else tr('Recording')} {controls.clock(seconds)}"
        self.dot.show()
        self.state.setText(words)
        self.setWindowTitle(f"● {words} – {tr(TITLE)}")

    def _say(self, text: str) -> None:
        self.note.setText(text)
        self.note.show()

    def trust_the_system(self, trusted: bool) -> None:
        """The person has just unlocked this computer, so that its keychain may open the vault."""
        self._keychain = trusted
        self.words.setText(tr(SYSTEM_WORDS if trusted else LOCKED_WORDS))

    def set_busy(self, text: str) -> None:
        """While it is tried, or (with an empty text) no longer."""
        for widget in (self.field, self.unlock, self.recovery):
            widget.setEnabled(not text)
        self.trouble.setText(text)

    def show_trouble(self, text: str) -> None:
        """It did not open, and why."""
        self.set_busy("")
        self.trouble.setText(text)
        self.field.selectAll()
        self.field.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The entrance decides; a running recording is sealed first."""
        if self.may_close:
            event.accept()
            return
        event.ignore()
        self.close_wanted.emit()

    # --- wishes -------------------------------------------------------------------------------------

    @Slot()
    def _enter(self) -> None:
        if self.field.text() or self._keychain:
            self.entered.emit(self.field.text())
        else:
            self.field.setFocus()

    @Slot()
    def _stop_clicked(self) -> None:
        self.stop.setEnabled(False)
        self._say(tr("Stopping…"))
        self.stop_wanted.emit()


def keep_place(old: QWidget, new: QWidget) -> None:
    """The new window where the old one was, as large."""
    new.setMinimumSize(old.minimumSize())
    new.setGeometry(old.geometry())
    if old.windowState() & Qt.WindowState.WindowMaximized:
        new.setWindowState(Qt.WindowState.WindowMaximized)

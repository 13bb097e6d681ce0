"""The only place where errors and warnings are shown: in the window, never in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from scribe_app.errors import ScribeError
from scribe_app.language import tr, translated
from scribe_app.ui import controls

NOTE, WARNING, ERROR = "note", "warning", "error"
WEIGHT = {NOTE: 0, WARNING: 1, ERROR: 2}


@dataclass(frozen=True, slots=True)
class Message:
    """What is shown, how grave it is, and what may be done about it."""

    title: str
    text: str = ""
    tone: str = WARNING
    key: str = ""
    """Lets what caused it take it back."""
    action: str = ""
    then: Callable[[], None] | None = None


class Banner(QFrame):
    """What happened, what was kept and what to do, with at most one action besides closing it.

    A graver message goes first; the others wait until it is closed, so that none is lost unseen.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.setAccessibleName(tr("Messages"))
        self.title = controls.label("", "strong", wrap=True)
        self.text = controls.label("", wrap=True)
        self.action = controls.button("", name=tr("Action"))
        self.close_button = controls.button(tr("Close"), "quiet", tr("Close this message"))
        self._shown: Message | None = None
        self._waiting: list[Message] = []
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.text)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addWidget(self.action, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.action.clicked.connect(self._act)
        self.close_button.clicked.connect(self.dismiss)
        self.hide()

    def show_error(self, error: ScribeError) -> None:
        """Show an error in its own words."""
        text = " ".join(part for part in (translated(error.detail), translated(error.remedy)) if part)
        self.say(Message(translated(error.title), text, ERROR))

    def warn(self, text: str, key: str) -> None:
        """Show a warning that was written below the window."""
        self.say(Message(translated(text), key=key))

    def say(self, message: Message) -> None:
        """Show a message, or let it wait behind a graver one; the same thing twice is shown once."""
        if message in (self._shown, *self._waiting):
            return
        shown = self._shown
        if shown is not None and WEIGHT[shown.tone] > WEIGHT[message.tone]:
            self._waiting.append(message)
            return
        if shown is not None and shown.tone != NOTE and not (shown.key and shown.key == message.key):
            self._waiting.insert(0, shown)
        self._show(message)

    def take_back(self, key: str) -> None:
        """The cause is gone: drop its message."""
        self._waiting = [message for message in self._waiting if message.key != key]
        if self._shown is not None and self._shown.key == key:
            self.dismiss()

    def drop_notes(self) -> None:
        """Notes belong to what was on screen; warnings and errors stay."""
        self._waiting = [message for message in self._waiting if message.tone != NOTE]
        if self._shown is not None and self._shown.tone == NOTE:
            self.dismiss()

    @Slot()
    def dismiss(self) -> None:
        """Close this message; the next one that waits is shown."""
        self._shown = None
        if self._waiting:
            self._show(self._waiting.pop(0))
        else:
            self.hide()

    def _show(self, message: Message) -> None:
        self._shown = message
        self.title.setText(message.title)
        self.text.setText(message.text)
        self.text.setVisible(bool(message.text))
        controls.set_text(self.action, message.action, message.action or tr("Action"))
        self.action.setVisible(bool(message.action))
        controls.set_property(self, "tone", message.tone)
        self.show()
        announcement = QAccessibleAnnouncementEvent(self, f"{message.title} {message.text}")
        QAccessible.updateAccessibility(announcement)

    @Slot()
    def _act(self) -> None:
        then = self._shown.then if self._shown is not None else None
        self.dismiss()
        if then is not None:
            then()

"""The only place where errors and warnings are shown: in the window, never in the way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from scribe_app.errors import ScribeError
from scribe_app.ui import controls


class Banner(QFrame):
    """What happened, what was kept and what to do, with at most one action besides closing it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.setAccessibleName("Messages")
        self.title = controls.label("", "strong", wrap=True)
        self.text = controls.label("", wrap=True)
        self.action = controls.button("")
        self.close_button = controls.button("Close", "quiet", "Close this message")
        self._then: Callable[[], None] | None = None
        self.key = ""
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
        self.close_button.clicked.connect(self.hide)
        self.hide()

    def show_error(
        self, error: ScribeError, action: str = "", then: Callable[[], None] | None = None
    ) -> None:
        """Show an error in its own words."""
        text = " ".join(part for part in (error.detail, error.remedy) if part)
        self.say(error.title, text, "error", action=action, then=then)

    def say(
        self,
        title: str,
        text: str = "",
        tone: str = "warning",
        *,
        key: str = "",
        action: str = "",
        then: Callable[[], None] | None = None,
    ) -> None:
        """Show a message: error, warning or note. `key` lets what caused it take it back."""
        self.key = key
        self._then = then
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        controls.set_text(self.action, action, action or "Action")
        self.action.setVisible(bool(action))
        controls.set_property(self, "tone", tone)
        self.show()
        announcement = QAccessibleAnnouncementEvent(self, f"{title} {text}")
        QAccessible.updateAccessibility(announcement)

    def take_back(self, key: str) -> None:
        """The cause is gone: hide the message, if it is still the one shown."""
        if self.key == key:
            self.hide()

    @Slot()
    def _act(self) -> None:
        then = self._then
        self.hide()
        if then is not None:
            then()

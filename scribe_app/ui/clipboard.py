"""A letter in the clipboard: marked as private, and taken away again after a while."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication

CONCEALED: dict[str, bytes] = {
    # Plasma's clipboard history leaves it out.
    "x-kde-passwordManagerHint": b"secret",
    # nspasteboard.org: macOS clipboard histories leave it out.
    "application/x-nspasteboard-concealed-type": b"1",
    'application/x-qt-mac-mime;value="org.nspasteboard.ConcealedType"': b"1",
    # Windows: no history, no cloud copy (a DWORD of zero), no monitoring programs.
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': b"1",
    'application/x-qt-windows-mime;value="CanIncludeInClipboardHistory"': bytes(4),
    'application/x-qt-windows-mime;value="CanUploadToCloudClipboard"': bytes(4),
}
"""Only programs that respect these marks leave it alone (research: KeePassXC, QtPass)."""


class LetterClipboard(QObject):
    """Copies text, and clears the clipboard later unless something else was copied since."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._copied = ""
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.clear)

    def copy(self, text: str, seconds: int) -> None:
        """Put text there, for `seconds` (0: until something else is copied)."""
        mime = QMimeData()
        mime.setText(text)
        for name, mark in CONCEALED.items():
            mime.setData(name, mark)
        QGuiApplication.clipboard().setMimeData(mime)
        self._copied = text
        self._timer.stop()
        if seconds:
            self._timer.start(seconds * 1000)

    @property
    def holds_letter(self) -> bool:
        """Whether what was copied here is still in the clipboard."""
        return bool(self._copied) and QGuiApplication.clipboard().text() == self._copied

    @Slot()
    def clear(self) -> None:
        """Take the letter away; what another program put there stays."""
        if self.holds_letter:
            QGuiApplication.clipboard().clear()
        self._copied = ""
        self._timer.stop()

    @Slot()
    def clear_if_timed(self) -> None:
        """At locking and closing: what would have been cleared soon is cleared now."""
        if self._timer.isActive():
            self.clear()

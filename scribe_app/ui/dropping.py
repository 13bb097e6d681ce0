"""Files that are dragged onto the window: where they may be let go, and what then happens to them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from scribe_app.language import later, tr
from scribe_app.ui import controls

WORDS = later("Drop the audio file to import it as a consultation")
INSET = 0
"""Pixels between the edge of the window and the sign: it hides what may not be dropped on."""


def dragged_files(mime: QMimeData) -> list[Path]:
    """Files of this computer in what is dragged; nothing where something else is among it."""
    urls = mime.urls() if mime.hasUrls() else []
    return [Path(url.toLocalFile()) for url in urls] if all(url.isLocalFile() for url in urls) else []


class FileProofEdit(QPlainTextEdit):
    """A text field that leaves dragged files to the window, in place of taking their names as text."""

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Text, but no files."""
        return not source.hasUrls() and super().canInsertFromMimeData(source)


class DropSign(QObject):
    """Takes files that are dropped on a window, and says while they hover that it does."""

    dropped = Signal(list)
    """Paths."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.sign = controls.label(tr(WORDS))
        self.sign.setParent(window)
        self.sign.setObjectName("dropSign")
        self.sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sign.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.sign.hide()
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Drag and drop of the window; everything else passes."""
        kind = event.type()
        if kind == QEvent.Type.DragLeave:
            self.sign.hide()
        elif kind in (QEvent.Type.DragEnter, QEvent.Type.Drop):
            assert isinstance(event, QDragEnterEvent | QDropEvent)
            files = dragged_files(event.mimeData())
            self._show(bool(files) and kind == QEvent.Type.DragEnter)
            if files:
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                if kind == QEvent.Type.Drop:
                    self.dropped.emit(files)
                return True
        return False

    def _show(self, shown: bool) -> None:
        self.sign.setGeometry(self._window.rect().adjusted(INSET, INSET, -INSET, -INSET))
        self.sign.setVisible(shown)
        self.sign.raise_()

"""Everything that a person can read on a widget, and a language that shows what was not translated."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QTabWidget, QWidget

from scribe_app.language import Catalogue

READERS = (
    "windowTitle",
    "text",
    "toolTip",
    "placeholderText",
    "accessibleName",
    "accessibleDescription",
    "title",
)
ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)


class Marking(Catalogue):
    """Every text that has its Dutch stands between marks; what has none, or went round it, does not."""

    def one(self, text: str) -> str:
        return f"⟦{text}⟧" if text in self.texts or text in self.below else text

    def many(self, one: str, many: str, count: int) -> str:
        return self.one(one) if count == 1 or one not in self.texts else f"⟦{many}⟧"

    def whole(self, text: str) -> str:
        found = any(pattern.fullmatch(text) for pattern, _ in self.patterns)
        return f"⟦{text}⟧" if found else self.one(text)


def words_of(top: QWidget) -> Iterator[tuple[str, str]]:
    """(where, text) of everything on this widget and in it, shown or not."""
    for widget in [top, *top.findChildren(QWidget)]:
        if widget.objectName().startswith("qt_"):
            continue
        where = type(widget).__name__
        for reader in READERS:
            read = getattr(widget, reader, None)
            typed = isinstance(widget, QLineEdit | QPlainTextEdit) and reader == "text"
            if callable(read) and not typed:
                yield f"{where}.{reader}", str(read())
        yield from ((f"{where} action", text) for action in widget.actions() for text in _action(action))
        if isinstance(widget, QTabWidget):
            yield from ((f"{where} tab", widget.tabText(at)) for at in range(widget.count()))
        if isinstance(widget, QAbstractItemView | QComboBox):
            yield from _model(where, widget.model())


def _action(action: QAction) -> tuple[str, str]:
    tip = action.toolTip()
    return action.text(), tip if tip != action.text() else ""


def _model(where: str, model: QAbstractItemModel | None) -> Iterator[tuple[str, str]]:
    if model is None:
        return
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())
    for column in range(columns):
        yield f"{where} header", str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(model.rowCount(QModelIndex())):
            for role in ROLES:
                yield f"{where} row", str(model.data(model.index(row, column, QModelIndex()), role) or "")

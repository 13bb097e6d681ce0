"""The few kinds of label and button that the window is made of. All text is plain text."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from scribe_app.language import tr

Field = TypeVar("Field", bound=QWidget)


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A label that shows exactly its text: no mark-up, no links, nothing loaded."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    made.setText(text)
    if role:
        made.setProperty("role", role)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


class OneLine(QLabel):
    """A plain label that shortens its text with an ellipsis where there is no room."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """A few letters and the ellipsis."""
        return QSize(48, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """What fits, and the whole as a name for screen readers."""
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.style().drawItemText(
            painter,
            self.rect(),
            int(self.alignment()),
            self.palette(),
            self.isEnabled(),
            shown,
            self.foregroundRole(),
        )
        painter.end()


def pill(text: str = "", tone: str = "ok") -> QLabel:
    """A rounded word or two about a state."""
    made = label(text, "pill")
    made.setProperty("tone", tone)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
    return made


def button(text: str, kind: str = "", name: str = "") -> QPushButton:
    """A button with words on it; `name` says more to a screen reader where the words alone are too few."""
    made = QPushButton(text.replace("&", "&&"))
    made.setAccessibleName(name or text)
    made.setAutoDefault(False)
    if kind:
        made.setProperty("kind", kind)
        if kind in ("quiet", "link", "faint"):
            made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def set_text(made: QPushButton, text: str, name: str = "") -> None:
    """Change a button's words and its accessible name together."""
    made.setText(text.replace("&", "&&"))
    made.setAccessibleName(name or text)


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the stylesheet looks at, and have the widget drawn by it."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def set_tone(made: QLabel, text: str, tone: str) -> None:
    """Change a pill; an empty text hides it."""
    made.setText(text)
    made.setVisible(bool(text))
    set_property(made, "tone", tone)


def set_name(widget: QWidget, name: str) -> None:
    """Name a control for screen readers, with the inner parts that Qt leaves without one."""
    widget.setAccessibleName(name)
    if isinstance(widget, QComboBox):
        widget.view().setAccessibleName(name)
    for inner in widget.findChildren(QToolButton):
        inner.setAccessibleName(tr("Clear: {name}", name=name))


def field_under(words: str, field: QWidget) -> QVBoxLayout:
    """A field with its words above it, named after them."""
    heading = label(words, "heading")
    heading.setBuddy(field)
    set_name(field, words)
    group = QVBoxLayout()
    group.setSpacing(4)
    group.addWidget(heading)
    group.addWidget(field)
    return group


def row_list(name: str) -> tuple[QScrollArea, QWidget, QVBoxLayout]:
    """A list of widgets that scrolls up and down: the area, what is in it, and where rows are added."""
    inner = QWidget()
    inner.setMinimumSize(1, 1)  # the height follows from the width that there is
    rows = QVBoxLayout(inner)
    rows.setContentsMargins(0, 0, 4, 0)
    rows.setSpacing(0)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setAccessibleName(name)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    return area, inner, rows


def private(field: Field) -> Field:
    """A field whose words no keyboard or input method may learn, predict from or send to be checked."""
    hints = Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
    field.setInputMethodHints(field.inputMethodHints() | hints)
    return field


def clock(seconds: float) -> str:
    """01:32, or 1:01:32 from an hour on."""
    whole = int(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def add_action(menu: QMenu, text: str, *, checked: bool | None = None) -> QAction:
    """A menu entry; an ampersand in a title stays an ampersand."""
    action = menu.addAction(text.replace("&", "&&"))
    if checked is not None:
        action.setCheckable(True)
        action.setChecked(checked)
    return action

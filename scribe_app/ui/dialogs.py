"""Dialogs for what happens before or after a consultation. None opens by itself while recording."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QBoxLayout, QDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from scribe_app.language import tr
from scribe_app.ui import controls, tokens
from scribe_app.ui.shortcuts import IN_PLACE, KEYS

SHORTEST_PASSPHRASE = 12
"""Characters. NIST SP 800-63B asks for 8 and recommends 15; Argon2id makes each guess slow."""


TEXT_WIDTH = 452
MARGIN = 24


class Dialog(QDialog):
    """A title, a few lines, a row of buttons."""

    def __init__(self, parent: QWidget | None, title: str, text: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setMinimumWidth(TEXT_WIDTH + 2 * MARGIN)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(MARGIN, 20, MARGIN, 20)
        self.column.setSpacing(12)
        self.column.addWidget(controls.label(title, "name", wrap=True))
        self.text = controls.label(text, wrap=True)
        self.text.setVisible(bool(text))
        if text:
            self.text.ensurePolished()
            self.text.setMinimumHeight(self.text.heightForWidth(TEXT_WIDTH))
        self.column.addWidget(self.text)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(tokens.GRID)
        self.buttons.addStretch(1)

    def showEvent(self, event: QShowEvent) -> None:
        """As wide as its words need; they are longer in one language than in another."""
        super().showEvent(event)
        needed = self.column.minimumSize().width()
        if needed > self.minimumWidth():
            self.setMinimumWidth(needed)

    def finish_layout(self) -> None:
        """Buttons come last."""
        self.column.addSpacing(4)
        self.column.addLayout(self.buttons)

    def add_field(self, label_text: str, field: QWidget, place: QBoxLayout | None = None) -> None:
        """A field with its words above it, in the column or in a row of it."""
        (place or self.column).addLayout(controls.field_under(label_text, field))


class SecretDialog(Dialog):
    """A dialog that asks for secrets: advice below them, and two buttons that wait while it works."""

    def add_choices(self, back: str, go_on: str, *inputs: QWidget) -> None:
        """Advice and buttons; `inputs` rest while something is under way. The subclass connects go_on."""
        self._inputs = inputs
        self.advice = controls.label("", "reason", wrap=True)
        self.column.addWidget(self.advice)
        self.back = controls.button(back)
        self.go_on = controls.button(go_on, "primary")
        self.go_on.setDefault(True)
        self.buttons.addWidget(self.back)
        self.buttons.addWidget(self.go_on)
        self.finish_layout()
        self.back.clicked.connect(self.reject)

    def set_busy(self, text: str) -> None:
        """While it is under way, or (with an empty text) no longer."""
        for widget in (*self._inputs, self.go_on, self.back):
            widget.setEnabled(not text)
        self.advice.setText(text)

    def show_trouble(self, text: str) -> None:
        """It did not come about, and why."""
        self.set_busy("")
        self.advice.setText(text)


class NewVaultDialog(Dialog):
    """First run: the passphrase, twice, and why. The recovery key comes next, then the vault is made."""

    chosen = Signal(str)
    backup_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            tr("Choose a passphrase"),
            tr(
                "Recordings, transcripts and letters are kept encrypted on this computer. The "
                "passphrase is the way back in.\n\nNobody can reset it, we cannot either. Four or more "
                "ordinary words are easy to remember and hard to guess. On the next page you get a "
                "recovery key for the day that you forget it."
            ),
        )
        self.first = secret_field()
        self.second = secret_field()
        self.add_field(tr("Passphrase"), self.first)
        self.add_field(tr("The same again"), self.second)
        self.advice = controls.label("", "reason", wrap=True)
        self.column.addWidget(self.advice)
        self.quit = controls.button(tr("Quit"))
        self.make = controls.button(tr("Next"), "primary", tr("Next: the recovery key"))
        self.make.setDefault(True)
        self.make.setEnabled(False)
        self.backup = controls.button(tr("I have a backup"), "link", tr("Put a backup back instead"))
        self.backup.clicked.connect(self.backup_wanted)
        self.buttons.insertWidget(0, self.backup)
        self.buttons.addWidget(self.quit)
        self.buttons.addWidget(self.make)
        self.finish_layout()
        self.first.textChanged.connect(self._judge)
        self.second.textChanged.connect(self._judge)
        self.quit.clicked.connect(self.reject)
        self.make.clicked.connect(self._create)

    def set_busy(self, text: str) -> None:
        """While the key is being made, or (with an empty text) no longer."""
        for widget in (self.first, self.second, self.make):
            widget.setEnabled(not text)
        self.advice.setText(text)

    @Slot()
    def _judge(self) -> None:
        first, second = self.first.text(), self.second.text()
        if len(first) < SHORTEST_PASSPHRASE:
            left = SHORTEST_PASSPHRASE - len(first)
            advice = (
                tr(
                    "At least {least} characters: {left} more.",
                    least=SHORTEST_PASSPHRASE,
                    left=left,
                )
                if first
                else ""
            )
        elif first != second:
            advice = tr("The two are not the same yet.") if second else tr("Now the same again.")
        else:
            advice = ""
        self.advice.setText(advice)
        self.make.setEnabled(len(first) >= SHORTEST_PASSPHRASE and first == second)

    @Slot()
    def _create(self) -> None:
        self.chosen.emit(self.first.text())


class UnlockDialog(Dialog):
    """Later runs without a keychain: the passphrase."""

    entered = Signal(str)
    recovery_wanted = Signal()

    def __init__(self, parent: QWidget | None = None, reason: str = "") -> None:
        super().__init__(
            parent,
            tr("Unlock your consultations"),
            tr("They are encrypted on this computer. Enter the passphrase that you chose."),
        )
        self.field = secret_field()
        self.add_field(tr("Passphrase"), self.field)
        self.trouble = controls.label(reason, "reason", wrap=True)
        self.column.addWidget(self.trouble)
        self.recovery = controls.button(tr("Use the recovery key"), "link")
        self.recovery.clicked.connect(self.recovery_wanted)
        self.buttons.insertWidget(0, self.recovery)
        self.quit = controls.button(tr("Quit"))
        self.unlock = controls.button(tr("Unlock"), "primary")
        self.unlock.setDefault(True)
        self.buttons.addWidget(self.quit)
        self.buttons.addWidget(self.unlock)
        self.finish_layout()
        self.quit.clicked.connect(self.reject)
        self.unlock.clicked.connect(self._enter)

    def set_busy(self, text: str) -> None:
        """While it is tried."""
        for widget in (self.field, self.unlock, self.recovery):
            widget.setEnabled(not text)
        self.trouble.setText(text)

    def show_trouble(self, text: str) -> None:
        """It did not open, and why."""
        self.set_busy("")
        self.trouble.setText(text)
        self.field.selectAll()
        self.field.setFocus()

    @Slot()
    def _enter(self) -> None:
        if self.field.text():
            self.entered.emit(self.field.text())


class NoticeDialog(Dialog):
    """Something keeps the program from starting: what, and what to do."""

    backup_wanted = Signal()

    def __init__(self, title: str, text: str, *, may_restore: bool = False) -> None:
        super().__init__(None, title, text)
        self.backup = controls.button(tr("Put a backup back…"))
        self.backup.clicked.connect(self.backup_wanted)
        self.backup.setVisible(may_restore)
        self.buttons.addWidget(self.backup)
        self.quit = controls.button(tr("Quit"), "primary")
        self.quit.setDefault(True)
        self.buttons.addWidget(self.quit)
        self.finish_layout()
        self.quit.clicked.connect(self.reject)


class SignDialog(Dialog):
    """Who signs. The last look before the letter is frozen."""

    signed = Signal(str, str)

    def __init__(self, parent: QWidget, title: str, patient: str, name: str, role: str) -> None:
        whom = patient or tr("an unnamed patient")
        super().__init__(
            parent,
            tr("Sign this letter?"),
            tr(
                "{title} for {whom}. Signing says that you have read it and that it is right. The "
                "signed text cannot be changed; it can be amended, as a new version.",
                title=title,
                whom=whom,
            ),
        )
        self.name = QLineEdit(name)
        self.role = QLineEdit(role)
        self.add_field(tr("Your name"), self.name)
        self.add_field(tr("Your role"), self.role)
        self.back = controls.button(tr("Not yet"))
        self.sign = controls.button(tr("Sign letter"), "primary")
        self.sign.setDefault(True)
        self.buttons.addWidget(self.back)
        self.buttons.addWidget(self.sign)
        self.finish_layout()
        self.name.textChanged.connect(self._judge)
        self.back.clicked.connect(self.reject)
        self.sign.clicked.connect(self._sign)
        self._judge()
        (self.sign if name else self.name).setFocus()

    @Slot()
    def _judge(self) -> None:
        self.sign.setEnabled(bool(self.name.text().strip()))

    @Slot()
    def _sign(self) -> None:
        self.signed.emit(self.name.text().strip(), self.role.text().strip())
        self.accept()


class ChoiceDialog(Dialog):
    """A question with two answers, the safe one first in line for the Enter key."""

    def __init__(
        self, parent: QWidget, title: str, text: str, safe: str, other: str, then: Callable[[], None]
    ) -> None:
        super().__init__(parent, title, text)
        self.other = controls.button(other)
        self.safe = controls.button(safe, "primary")
        self.safe.setDefault(True)
        self.buttons.addWidget(self.other)
        self.buttons.addWidget(self.safe)
        self.finish_layout()
        self._then = then
        self.safe.clicked.connect(self.reject)
        self.other.clicked.connect(self._chosen)
        self.safe.setFocus()

    @Slot()
    def _chosen(self) -> None:
        self.accept()
        self._then()


class HelpDialog(Dialog):
    """The keys, grouped, on one page."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, tr("Keyboard shortcuts"))
        self.setMinimumWidth(720)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        self._columns = [0, 0]
        for group in dict.fromkeys(key.group for key in KEYS):
            column = 1 if group == "Letter" else 0
            rows = [(key.keys, key.text) for key in KEYS if key.group == group]
            self._add_group(grid, column, group, rows)
        self._add_group(grid, 1, tr("On the row under the cursor"), list(IN_PLACE))
        self.column.addLayout(grid)
        close = controls.button(tr("Close"), "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        self.buttons.addWidget(close)
        self.finish_layout()

    def _add_group(self, grid: QGridLayout, column: int, title: str, rows: list[tuple[str, str]]) -> None:
        at = self._columns[column]
        grid.addWidget(controls.label(tr(title), "heading"), at, column * 2, 1, 2)
        for keys, text in rows:
            at += 1
            grid.addWidget(controls.label(tr(keys), "strong"), at, column * 2, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(controls.label(tr(text)), at, column * 2 + 1)
        self._columns[column] = at + 1


def secret_field() -> QLineEdit:
    """For a passphrase."""
    field = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
    field.setMaxLength(500)
    return field

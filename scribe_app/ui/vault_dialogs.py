"""Dialogs about the keys of the vault: the recovery key on paper, a new passphrase, restoring the way in."""

from __future__ import annotations

import secrets
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from scribe_app.domain.recovery_key import GROUPS, RecoveryKey, read_recovery_key, same_group
from scribe_app.errors import MistypedKeyError
from scribe_app.language import tr, translated
from scribe_app.ui import controls, tokens
from scribe_app.ui.clipboard import LetterClipboard
from scribe_app.ui.dialogs import SHORTEST_PASSPHRASE, Dialog, SecretDialog, secret_field

ASKED = 2
"""Groups that are typed back."""
COPIED_SECONDS = 60
"""That a copied key stays in the clipboard at the most."""


class RecoveryKeyDialog(SecretDialog):
    """The key on screen, once: print it or write it down, and type two groups back."""

    confirmed = Signal(object)
    """The RecoveryKey, now on paper."""

    def __init__(self, key: RecoveryKey, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            tr("Your recovery key"),
            tr(
                "It opens your consultations if you forget the passphrase. Write it down or print "
                "it, and keep it away from this computer. It is shown only now."
            ),
        )
        self._key = key
        places = secrets.SystemRandom().sample(range(GROUPS), ASKED)
        self.asked = tuple(sorted(places))
        self.column.addWidget(self._paper())
        self.column.addLayout(self._keeping())
        self.fields = tuple(controls.private(QLineEdit(maxLength=80)) for _ in self.asked)
        row = QHBoxLayout()
        row.setSpacing(2 * tokens.GRID)
        for place, field in zip(self.asked, self.fields, strict=True):
            self.add_field(tr("Type group {place} from your paper", place=place + 1), field, row)
            field.textChanged.connect(self._judge)
        self.column.addLayout(row)
        self.add_choices(tr("Back"), tr("I have it on paper"), *self.fields)
        self.go_on.setEnabled(False)
        self.go_on.clicked.connect(self._confirm)
        self.fields[0].setFocus()

    def _paper(self) -> QFrame:
        paper = QFrame()
        paper.setObjectName("card")
        grid = QGridLayout(paper)
        grid.setContentsMargins(16, 12, 16, 12)
        grid.setHorizontalSpacing(10)
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPointSizeF(tokens.TITLE_PT + 1)
        fixed.setWeight(QFont.Weight.DemiBold)
        for place, group in enumerate(self._key.groups):
            row, column = divmod(place, 4)
            grid.addWidget(controls.label(f"{place + 1}", "small"), row, 2 * column)
            grid.setColumnStretch(2 * column + 1, 1)
            words = controls.label(group)
            words.setFont(fixed)
            words.setAccessibleName(tr("Group {place}: {group}", place=place + 1, group=" ".join(group)))
            grid.addWidget(words, row, 2 * column + 1, Qt.AlignmentFlag.AlignLeft)
        return paper

    def _keeping(self) -> QHBoxLayout:
        self.print = controls.button(tr("Print…"))
        self.print.setToolTip(tr("The print queue may keep a copy; written by hand, there is none"))
        self.save = controls.button(tr("Save to a file…"))
        self.save.setToolTip(tr("For a stick or a safe folder that is not on this computer"))
        self.copy = controls.button(tr("Copy"), name=tr("Copy the recovery key"))
        self.copy.setToolTip(tr("For a password manager; taken from the clipboard again after a minute"))
        self.clipboard = LetterClipboard(self)
        self.copy.clicked.connect(self._copy)
        self.rejected.connect(self.clipboard.clear_if_timed)
        self.print.clicked.connect(self._print)
        self.save.clicked.connect(self._save)
        row = QHBoxLayout()
        row.addWidget(self.print)
        row.addWidget(self.save)
        row.addWidget(self.copy)
        row.addStretch(1)
        return row

    @property
    def paper_text(self) -> str:
        """What is printed or saved."""
        rows = [f"{place + 1}.  {group}" for place, group in enumerate(self._key.groups)]
        return (
            tr("Recovery key of Scribe\n\n")
            + "\n".join(rows)
            + tr(
                "\n\nWith it anybody opens your consultations: keep it locked away, and not with the "
                "computer.\n"
            )
        )

    @Slot()
    def _judge(self) -> None:
        typed = [field.text() for field in self.fields]
        right = [self._is_back(text, at) for text, at in zip(typed, self.asked, strict=True)]
        wrong = [
            tr("Group {at} is not as on the screen.", at=at + 1)
            for text, fits, at in zip(typed, right, self.asked, strict=True)
            if len(text.strip()) >= 5 and not fits
        ]
        self.advice.setText(" ".join(wrong))
        self.go_on.setEnabled(all(right))

    def _is_back(self, typed: str, place: int) -> bool:
        """The group, or all of the key, as a password manager gives it back."""
        return same_group(typed, self._key.groups[place]) or typed.strip() == str(self._key)

    @Slot()
    def _copy(self) -> None:
        self.clipboard.copy(str(self._key), COPIED_SECONDS)

    @Slot()
    def _confirm(self) -> None:
        self.clipboard.clear_if_timed()
        self.confirmed.emit(self._key)

    @Slot()
    def _print(self) -> None:
        printer = QPrinter()
        dialog = QPrintDialog(printer, self)
        if dialog.exec():
            QPlainTextEdit(self.paper_text).print_(printer)

    @Slot()
    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, tr("Save the recovery key"), "scribe-recovery-key.txt")
        if name:
            self.save_to(Path(name))

    def save_to(self, file: Path) -> None:
        """Only its owner may read it."""
        try:
            file.touch(0o600)
            file.chmod(0o600)  # it may have been there already
            file.write_text(self.paper_text, encoding="utf-8")
        except OSError as error:
            self.advice.setText(tr("It could not be saved: {strerror}.", strerror=error.strerror))


class RecoverDialog(SecretDialog):
    """The passphrase is forgotten: the key from the paper, and a new passphrase."""

    entered = Signal(object, str)
    """RecoveryKey, new passphrase."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            tr("Open with the recovery key"),
            tr("Type the eight groups from your paper, and choose a new passphrase."),
        )
        self.key = controls.private(QLineEdit(placeholderText="XXXXX-XXXXX-…", maxLength=120))
        self.passphrases = PassphraseFields(self)
        self.add_field(tr("Recovery key"), self.key)
        self.passphrases.add_to(self)
        self.add_choices(tr("Back"), tr("Open"), self.key, *self.passphrases.fields)
        self.go_on.setEnabled(False)
        self.key.textChanged.connect(self._judge)
        self.passphrases.changed.connect(self._judge)
        self.go_on.clicked.connect(self._enter)

    @Slot()
    def _judge(self) -> None:
        mistake = ""
        try:
            read_recovery_key(self.key.text())
        except MistypedKeyError as error:
            mistake = translated(error.title)
        typed = "".join(sign for sign in self.key.text() if sign.isalnum())
        advice = mistake if len(typed) >= 40 else ""
        self.advice.setText(advice or self.passphrases.advice)
        self.go_on.setEnabled(not mistake and self.passphrases.ready)

    @Slot()
    def _enter(self) -> None:
        self.entered.emit(read_recovery_key(self.key.text()), self.passphrases.chosen)


class ChangePassphraseDialog(SecretDialog):
    """The passphrase of now, and the new one twice."""

    entered = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            tr("Change the passphrase"),
            tr("The recovery key stays as it is. The old passphrase stops working."),
        )
        self.current = secret_field()
        self.passphrases = PassphraseFields(self)
        self.add_field(tr("Passphrase of now"), self.current)
        self.passphrases.add_to(self)
        self.add_choices(tr("Cancel"), tr("Change"), self.current, *self.passphrases.fields)
        self.go_on.setEnabled(False)
        self.current.textChanged.connect(self._judge)
        self.passphrases.changed.connect(self._judge)
        self.go_on.clicked.connect(self._enter)

    @Slot()
    def _judge(self) -> None:
        self.advice.setText(self.passphrases.advice)
        self.go_on.setEnabled(bool(self.current.text()) and self.passphrases.ready)

    @Slot()
    def _enter(self) -> None:
        self.entered.emit(self.current.text(), self.passphrases.chosen)


class ConfirmDialog(SecretDialog):
    """The passphrase once more, before something about the keys is changed."""

    entered = Signal(str)

    def __init__(self, parent: QWidget | None, title: str, text: str, action: str) -> None:
        super().__init__(parent, title, text)
        self.field = secret_field()
        self.add_field(tr("Passphrase"), self.field)
        self.add_choices(tr("Cancel"), action, self.field)
        self.go_on.clicked.connect(self._enter)

    @Slot()
    def _enter(self) -> None:
        if self.field.text():
            self.field.setEnabled(False)
            self.go_on.setEnabled(False)
            self.entered.emit(self.field.text())


class PassphraseFields(QWidget):
    """A new passphrase, twice, with advice while it is typed."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self.first, self.second = secret_field(), secret_field()
        self.fields = (self.first, self.second)
        for field in self.fields:
            field.textChanged.connect(self.changed)

    def add_to(self, dialog: Dialog) -> None:
        """Put both into a dialog."""
        dialog.add_field(tr("New passphrase"), self.first)
        dialog.add_field(tr("The same again"), self.second)

    @property
    def advice(self) -> str:
        """What is missing, in words; empty before anything is typed."""
        return passphrase_advice(self.first.text(), self.second.text())

    @property
    def ready(self) -> bool:
        """Whether it is long enough and twice the same."""
        return len(self.first.text()) >= SHORTEST_PASSPHRASE and self.first.text() == self.second.text()

    @property
    def chosen(self) -> str:
        """The passphrase."""
        return self.first.text()


def passphrase_advice(first: str, second: str) -> str:
    """What is missing from a new passphrase, typed twice."""
    if len(first) < SHORTEST_PASSPHRASE:
        left = SHORTEST_PASSPHRASE - len(first)
        return (
            tr(
                "At least {least} characters: {left} more.",
                least=SHORTEST_PASSPHRASE,
                left=left,
            )
            if first
            else ""
        )
    if first != second:
        return tr("The two are not the same yet.") if second else tr("Now the same again.")
    return ""

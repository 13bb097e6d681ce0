"""Putting a backup back, at the door: on a new computer, or where the records cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from scribe_app.domain.recovery_key import read_recovery_key
from scribe_app.domain.vault import Secret
from scribe_app.errors import MistypedKeyError
from scribe_app.language import later, tr
from scribe_app.ui import controls
from scribe_app.ui.dialogs import SecretDialog, secret_field

TEXT = later(
    "A backup holds transcripts, letters and the audit trail of its day, but no sound. What is "
    "on this computer now is kept aside for 30 days; what was deleted since the backup is "
    "deleted again."
)


class RestoreDialog(SecretDialog):
    """Which backup, and what opens it."""

    chosen = Signal(object, object)
    """Path, and the Secret of the backup's day."""

    def __init__(self, backups: Sequence[Path], folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("Put a backup back"), tr(TEXT))
        self._folder = folder
        self.file = QComboBox()
        for backup in backups:
            self.file.addItem(backup.name, backup)
        self.other = controls.button(tr("Another file…"), name=tr("Choose another backup file"))
        self.field = secret_field()
        self.add_field(tr("Backup, the newest first"), self.file)
        self.column.addWidget(self.other)
        self.add_field(tr("Passphrase of that day, or the recovery key"), self.field)
        self.add_choices(tr("Back"), tr("Put back"), self.file, self.other, self.field)
        self.other.clicked.connect(self._choose)
        self.field.textChanged.connect(self._judge)
        self.file.currentIndexChanged.connect(self._judge)
        self.go_on.clicked.connect(self._go)
        self._judge()

    def add_file(self, file: Path) -> None:
        """One that was chosen from elsewhere."""
        self.file.insertItem(0, file.name, file)
        self.file.setCurrentIndex(0)

    @Slot()
    def _judge(self) -> None:
        self.go_on.setEnabled(bool(self.field.text()) and self.file.currentData() is not None)

    @Slot()
    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, tr("Choose a backup"), str(self._folder), tr("Backups (*.scribevault)")
        )
        if name:
            self.add_file(Path(name))

    @Slot()
    def _go(self) -> None:
        typed = self.field.text()
        secret: Secret = typed
        with suppress(MistypedKeyError):  # then it is a passphrase
            secret = read_recovery_key(typed)
        self.chosen.emit(self.file.currentData(), secret)

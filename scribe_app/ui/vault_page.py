"""The page of the settings about the vault's keys and copies."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from scribe_app.config import Settings
from scribe_app.language import later, tr
from scribe_app.policy import Policy
from scribe_app.ui import controls
from scribe_app.ui.settings_pages import SettingsPage


class VaultPage(SettingsPage):
    """Passphrase, recovery key, backups."""

    title = later("Vault")
    passphrase_wanted = Signal()
    recovery_wanted = Signal()
    backup_wanted = Signal()

    def __init__(self, policy: Policy, settings: Settings) -> None:
        super().__init__(policy)
        self.passphrase = controls.button(tr("Change the passphrase…"))
        self.recovery = controls.button(tr("Make a new recovery key…"))
        self.backup = controls.button(tr("Back up now"))
        self.told = controls.label("", "small", wrap=True)
        self.folder = QLineEdit(settings.backup_folder, placeholderText=tr("This computer's own data folder"))
        self.choose = controls.button(tr("Choose…"), name=tr("Choose the folder of the backups"))
        self._section(
            tr("Ways in"), tr("Two ways open your consultations: the passphrase, and the key on paper.")
        )
        self._row(self.passphrase, self.recovery)
        self._section(
            tr("Backups"),
            tr(
                "An encrypted copy of transcripts and letters, checked when it is made; sound is not "
                "in it. A folder on another drive also helps when this computer is lost."
            ),
        )
        self.add_field(tr("Where backups go"), self.folder, "backup_folder")
        self._row(self.choose, self.backup)
        self.column.addWidget(self.told)
        self.column.addStretch(1)
        self.choose.setEnabled(not policy.locks("backup_folder"))
        self.passphrase.clicked.connect(self.passphrase_wanted)
        self.recovery.clicked.connect(self.recovery_wanted)
        self.backup.clicked.connect(self.backup_wanted)
        self.choose.clicked.connect(self._choose)

    def show_keys(self, possible: bool) -> None:
        """Whether this vault's keys are the clinician's to change; a demonstration's are not."""
        for button in (self.passphrase, self.recovery):
            button.setEnabled(possible)

    def tell(self, text: str) -> None:
        """What came of it, or when the last backup was."""
        self.told.setText(text)

    def apply(self, settings: Settings) -> Settings:
        """The folder of the backups."""
        return replace(settings, backup_folder=self.folder.text().strip())

    def _section(self, title: str, text: str) -> None:
        group = QVBoxLayout()
        group.setSpacing(4)
        group.addWidget(controls.label(title, "heading"))
        group.addWidget(controls.label(text, "small", wrap=True))
        self.column.addLayout(group)

    def _row(self, *buttons: QWidget) -> None:
        row = QHBoxLayout()
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        self.column.addLayout(row)

    @Slot()
    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("Where backups go"), self.folder.text())
        if folder:
            self.folder.setText(folder)

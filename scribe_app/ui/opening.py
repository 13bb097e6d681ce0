"""Before any window: is there a vault, and what opens it? First run, passphrase, recovery key."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from scribe_app.domain.recovery_key import RecoveryKey, new_recovery_key
from scribe_app.domain.vault import Secret
from scribe_app.errors import (
    PassphraseNeededError,
    SchemaTooNewError,
    ScribeError,
    StorageError,
    VaultInUseError,
    WrongPassphraseError,
)
from scribe_app.language import error_text, tr, translated
from scribe_app.ports import ConsultationStore
from scribe_app.services.application import Application, VaultDoor, Workshop
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.dialogs import NewVaultDialog, NoticeDialog, UnlockDialog
from scribe_app.ui.key_changes import briefly
from scribe_app.ui.restore_dialog import RestoreDialog
from scribe_app.ui.vault_dialogs import RecoverDialog, RecoveryKeyDialog

OpeningDialog = (
    NewVaultDialog | UnlockDialog | NoticeDialog | RecoveryKeyDialog | RecoverDialog | RestoreDialog
)


class Opening(QObject):
    """Leads to an open vault by one dialog after the other, without ever blocking."""

    opened = Signal(object)
    """The Application of the vault, now open."""
    left = Signal()
    """The person gave up."""

    def __init__(self, workshop: Workshop, bridge: Bridge) -> None:
        super().__init__()
        self._workshop, self._bridge = workshop, bridge
        self._passphrase = ""
        self.dialog: OpeningDialog | None = None
        """What is asked now."""

    @property
    def door(self) -> VaultDoor:
        """Of the clinician's own vault."""
        return self._workshop.door(self._workshop.folders.vault)

    def begin(self) -> None:
        """Is there a vault, and does the keychain open it?"""

        def open_or_none() -> Application | None:
            return self._built(self.door.open(None)) if self.door.exists() else None

        self._bridge.run(open_or_none, self._first_try, self._not_opened)

    def close(self) -> None:
        """Take away whatever is asked."""
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.rejected.disconnect()
            dialog.hide()
            dialog.deleteLater()

    def _built(self, store: ConsultationStore) -> Application:
        return self._workshop.build(store, self._workshop.folders)

    def _first_try(self, scribe: Application | None) -> None:
        if scribe is not None:
            self.opened.emit(scribe)
            return
        dialog = NewVaultDialog()
        dialog.chosen.connect(self._show_new_key)
        dialog.backup_wanted.connect(self._ask_backup)
        self._show(dialog)

    def _not_opened(self, error: ScribeError) -> None:
        if not isinstance(error, WrongPassphraseError | PassphraseNeededError):
            self._tell(error)
            return
        self._ask_passphrase()

    def _ask_passphrase(self) -> None:
        dialog = UnlockDialog()
        dialog.entered.connect(self._open)
        dialog.recovery_wanted.connect(self._ask_recovery_key)
        self._show(dialog)

    def _show(self, dialog: OpeningDialog) -> None:
        self.close()
        self.dialog = dialog
        dialog.rejected.connect(self._gave_up)
        dialog.show()

    @Slot()
    def _gave_up(self) -> None:
        if isinstance(self.dialog, RecoverDialog):
            self._ask_passphrase()
        elif isinstance(self.dialog, RecoveryKeyDialog):
            self._first_try(None)
        elif isinstance(self.dialog, RestoreDialog):
            self.begin()
        else:
            self.left.emit()

    @Slot(str)
    def _show_new_key(self, passphrase: str) -> None:
        """The key first, the vault after it: who leaves here has made nothing."""
        self._passphrase = passphrase
        dialog = RecoveryKeyDialog(new_recovery_key())
        dialog.confirmed.connect(self._create)
        self._show(dialog)

    @Slot(object)
    def _create(self, recovery: RecoveryKey) -> None:
        assert isinstance(self.dialog, RecoveryKeyDialog)
        self.dialog.set_busy(tr("Making the vault…"))
        passphrase, self._passphrase = self._passphrase, ""
        self._bridge.run(
            lambda: self._built(self.door.create(passphrase, recovery)), self.opened.emit, self._trouble
        )

    @Slot(str)
    def _open(self, passphrase: str) -> None:
        assert isinstance(self.dialog, UnlockDialog)
        self.dialog.set_busy(tr("Unlocking…"))
        self._bridge.run(lambda: self._built(self.door.open(passphrase)), self.opened.emit, self._trouble)

    @Slot()
    def _ask_recovery_key(self) -> None:
        dialog = RecoverDialog()
        dialog.entered.connect(self._recover)
        self._show(dialog)

    @Slot(object, str)
    def _recover(self, recovery: RecoveryKey, passphrase: str) -> None:
        assert isinstance(self.dialog, RecoverDialog)
        self.dialog.set_busy(tr("Opening…"))
        door = self.door

        def open_anew() -> Application:
            door.change_passphrase(recovery, passphrase)
            return self._built(door.open(passphrase))

        self._bridge.run(open_anew, self.opened.emit, self._trouble)

    def _trouble(self, error: ScribeError) -> None:
        wrong = isinstance(error, WrongPassphraseError)
        may_try_again = wrong and isinstance(self.dialog, UnlockDialog | RecoverDialog)
        if may_try_again or isinstance(self.dialog, RestoreDialog):
            assert isinstance(self.dialog, UnlockDialog | RecoverDialog | RestoreDialog)
            self.dialog.show_trouble(briefly(error))
        elif isinstance(self.dialog, RecoveryKeyDialog):
            self.dialog.set_busy("")
            self.dialog.advice.setText(error_text(error))
        else:
            self._tell(error)

    def _tell(self, error: ScribeError) -> None:
        """What keeps the vault shut; where it is the vault itself, a backup may help."""
        elsewhere = isinstance(error, VaultInUseError | SchemaTooNewError)
        may_restore = isinstance(error, StorageError) and not elsewhere
        text = " ".join(filter(None, (translated(error.detail), translated(error.remedy))))
        dialog = NoticeDialog(translated(error.title), text, may_restore=may_restore)
        dialog.backup_wanted.connect(self._ask_backup)
        self._show(dialog)

    # --- a backup -----------------------------------------------------------------------------------

    @Slot()
    def _ask_backup(self) -> None:
        chosen = self._workshop.settings.backup_folder
        folder = Path(chosen).expanduser() if chosen else self._workshop.folders.data / "backups"

        def show(backups: list[Path]) -> None:
            dialog = RestoreDialog(backups, folder)
            dialog.chosen.connect(self._restore)
            self._show(dialog)

        self._bridge.run(lambda: sorted(folder.glob("scribe-*.scribevault"), reverse=True), show)

    @Slot(object, object)
    def _restore(self, backup: Path, secret: Secret) -> None:
        assert isinstance(self.dialog, RestoreDialog)
        self.dialog.set_busy(tr("Checking the backup, and putting it back…"))
        door = self.door

        def put_back() -> Application:
            door.restore(backup, secret, datetime.now(UTC))
            return self._built(door.open(secret))

        self._bridge.run(put_back, self.opened.emit, self._trouble)

"""Before any window: is there a vault, and what opens it? First run, passphrase, recovery key."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from scribe_app.domain.recovery_key import RecoveryKey, new_recovery_key
from scribe_app.errors import PassphraseNeededError, ScribeError, WrongPassphraseError
from scribe_app.ports import ConsultationStore
from scribe_app.services.application import Application, VaultDoor, Workshop
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.dialogs import NewVaultDialog, NoticeDialog, UnlockDialog
from scribe_app.ui.key_changes import briefly
from scribe_app.ui.vault_dialogs import RecoverDialog, RecoveryKeyDialog

OpeningDialog = NewVaultDialog | UnlockDialog | NoticeDialog | RecoveryKeyDialog | RecoverDialog


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
        self._show(dialog)

    def _not_opened(self, error: ScribeError) -> None:
        if not isinstance(error, WrongPassphraseError | PassphraseNeededError):
            text = " ".join(part for part in (error.detail, error.remedy) if part)
            self._show(NoticeDialog(error.title, text))
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
        self.dialog.set_busy("Making the vault…")
        passphrase, self._passphrase = self._passphrase, ""
        self._bridge.run(
            lambda: self._built(self.door.create(passphrase, recovery)), self.opened.emit, self._trouble
        )

    @Slot(str)
    def _open(self, passphrase: str) -> None:
        assert isinstance(self.dialog, UnlockDialog)
        self.dialog.set_busy("Unlocking…")
        self._bridge.run(lambda: self._built(self.door.open(passphrase)), self.opened.emit, self._trouble)

    @Slot()
    def _ask_recovery_key(self) -> None:
        dialog = RecoverDialog()
        dialog.entered.connect(self._recover)
        self._show(dialog)

    @Slot(object, str)
    def _recover(self, recovery: RecoveryKey, passphrase: str) -> None:
        assert isinstance(self.dialog, RecoverDialog)
        self.dialog.set_busy("Opening…")
        door = self.door

        def open_anew() -> Application:
            door.change_passphrase(recovery, passphrase)
            return self._built(door.open(passphrase))

        self._bridge.run(open_anew, self.opened.emit, self._trouble)

    def _trouble(self, error: ScribeError) -> None:
        may_try_again = isinstance(error, WrongPassphraseError)
        if isinstance(self.dialog, UnlockDialog | RecoverDialog) and may_try_again:
            self.dialog.show_trouble(briefly(error))
        elif isinstance(self.dialog, RecoveryKeyDialog):
            self.dialog.set_busy("")
            self.dialog.advice.setText(str(error))
        else:
            self._show(NoticeDialog(error.title, " ".join(filter(None, (error.detail, error.remedy)))))

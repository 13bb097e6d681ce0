"""Changing the keys of the open vault, from the settings."""

from __future__ import annotations

from functools import partial

from scribe_app.domain.recovery_key import RecoveryKey, new_recovery_key
from scribe_app.errors import ScribeError, StorageError, WrongPassphraseError
from scribe_app.language import tr, translated
from scribe_app.services.application import VaultDoor
from scribe_app.ui.conductor import Conductor
from scribe_app.ui.vault_dialogs import ChangePassphraseDialog, ConfirmDialog, RecoveryKeyDialog


def change_passphrase(conductor: Conductor, door: VaultDoor) -> None:
    """The one of now, and a new one."""
    dialog = ChangePassphraseDialog(conductor.window)
    store = conductor.application.store

    def change(now: str, new: str) -> None:
        dialog.set_busy(tr("Changing…"))
        conductor.bridge.run(
            partial(door.change_passphrase, now, new, store),
            lambda _done: dialog.accept(),
            lambda error: dialog.show_trouble(briefly(error)),
        )

    dialog.entered.connect(change)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def renew_recovery_key(conductor: Conductor, door: VaultDoor) -> None:
    """The passphrase, then the new key on paper; only then the old one stops working."""
    asking = ConfirmDialog(
        conductor.window,
        tr("Make a new recovery key"),
        tr("The key on your old paper stops working as soon as the new one is confirmed."),
        tr("Show the new key"),
    )

    def show(passphrase: str) -> None:
        asking.accept()
        _show_new_key(conductor, door, passphrase)

    def check(passphrase: str) -> None:
        conductor.bridge.run(
            partial(door.check, passphrase),
            lambda _done: show(passphrase),
            lambda error: asking.show_trouble(briefly(error)),
        )

    asking.entered.connect(check)
    asking.finished.connect(asking.deleteLater)
    asking.open()


def _show_new_key(conductor: Conductor, door: VaultDoor, passphrase: str) -> None:
    dialog = RecoveryKeyDialog(new_recovery_key(), conductor.window)

    def keep(key: RecoveryKey) -> None:
        dialog.set_busy(tr("Keeping it…"))
        conductor.bridge.run(
            partial(door.renew_recovery_key, passphrase, key, conductor.application.store),
            lambda _done: dialog.accept(),
            lambda error: dialog.show_trouble(briefly(error)),
        )

    dialog.confirmed.connect(keep)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def briefly(error: ScribeError) -> str:
    """An error for the line under a field: of a mistyped passphrase, that nothing was changed is plain."""
    told = (error.title, error.detail, error.remedy)
    if isinstance(error, WrongPassphraseError) or not isinstance(error, StorageError):
        told = (error.title, "", error.remedy)
    return " ".join(translated(part) for part in told if part)

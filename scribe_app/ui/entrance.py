"""From the first click to the open window, to the locked one, and back."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from scribe_app.domain.consultation import ConsultationState
from scribe_app.domain.recovery_key import RecoveryKey
from scribe_app.domain.vault import Secret
from scribe_app.errors import ScribeError
from scribe_app.language import tr
from scribe_app.services.application import Application, Workshop
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.conductor import Conductor
from scribe_app.ui.guard import Guard
from scribe_app.ui.key_changes import briefly, change_passphrase, renew_recovery_key
from scribe_app.ui.lock_screen import LockScreen, keep_place
from scribe_app.ui.opening import Opening
from scribe_app.ui.theme import Theme
from scribe_app.ui.vault_dialogs import RecoverDialog

log = logging.getLogger(__name__)


class Entrance(QObject):
    """Opens, locks and unlocks, without ever blocking the window."""

    left = Signal()
    """The person gave up at the door, or the window has closed."""
    locked = Signal()
    """The database is closed and its key is gone."""

    def __init__(self, workshop: Workshop | None, theme: Theme) -> None:
        super().__init__()
        self._workshop, self._theme = workshop, theme
        self.bridge = Bridge()
        self.opening = Opening(workshop, self.bridge) if workshop is not None else None
        self.recovering: RecoverDialog | None = None
        """Over the locked window, while the recovery key is typed."""
        self.conductor: Conductor | None = None
        self.lock_screen: LockScreen | None = None
        self._application: Application | None = None
        self._guard: Guard | None = None

    def begin(self) -> None:
        """Open the vault, by keychain or by asking; then the window."""
        assert self.opening is not None
        self.opening.opened.connect(self._entered)
        self.opening.left.connect(self.left)
        self.opening.begin()

    @Slot(object)
    def _entered(self, application: Application) -> None:
        self.enter(application)

    def enter(self, application: Application, owned: bool = True, parked: bytes | None = None) -> Conductor:
        """The vault is open: show the window. An owned application is closed with it."""
        conductor = Conductor(application, Bridge(), self._theme, owned=owned)
        self._application, self.conductor = application, conductor
        conductor.closed.connect(self._conductor_closed)
        conductor.lock_wanted.connect(self.lock)
        conductor.settings.passphrase_wanted.connect(self._change_passphrase)
        conductor.settings.recovery_wanted.connect(self._renew_recovery_key)
        if self.lock_screen is not None:
            keep_place(self.lock_screen, conductor.window)
        conductor.begin(parked)
        self._close_lock_screen()
        self._close_recovering()
        if self.opening is not None:
            self.opening.close()
        if owned and self._workshop is not None:
            self._watch(conductor)
        return conductor

    def end(self) -> None:
        """The session ends: seal what is running and go, without asking."""
        if self.conductor is not None:
            self.conductor.close_down()
        elif self.lock_screen is not None:
            self._close_locked()
        else:
            self.left.emit()

    # --- locking ------------------------------------------------------------------------------------

    def _watch(self, conductor: Conductor) -> None:
        if self._guard is None:
            self._guard = Guard()
            self._guard.lock_wanted.connect(self.lock)
            self._guard.system_unlocked.connect(self._system_unlocked)
        self._guard.watch(conductor)

    @Slot()
    def _system_unlocked(self) -> None:
        if self.lock_screen is not None:
            self.lock_screen.trust_the_system(True)

    @Slot()
    def lock(self) -> None:
        """Show nothing of any patient at once; close the database as soon as what was typed is stored."""
        conductor = self.conductor
        if conductor is None or self._workshop is None or self._application is None:
            return
        screen = LockScreen(self._theme)
        screen.entered.connect(self._unlock)
        screen.recovery_wanted.connect(self._unlock_by_recovery_key)
        screen.stop_wanted.connect(self._stop_recording)
        screen.close_wanted.connect(self._close_locked)
        keep_place(conductor.window, screen)
        if (live := conductor.screen.recording) is not None:
            paused = live.state is ConsultationState.PAUSED
            screen.show_recording(conductor.screen.recording_seconds, paused=paused)
        self.lock_screen = screen
        screen.show()
        screen.field.setFocus()
        if self._guard is not None:
            self._guard.rest(screen)
        self.bridge.happened.connect(screen.on_event)
        self.bridge.attach(self._application.bus)
        bridge, now = conductor.bridge, conductor.screen.settings
        self._application = application = replace(self._application, settings=now)
        parked = conductor.leave()
        self.conductor = None

        def close_vault() -> None:
            bridge.wait()
            application.lock(parked)
            gc.collect()

        self.bridge.run(close_vault, lambda _done: self.locked.emit(), self._lock_failed)

    def _lock_failed(self, error: ScribeError) -> None:
        log.error("the vault did not close: %s", type(error).__name__)
        if self.lock_screen is not None:
            self.lock_screen.show_trouble(briefly(error))

    @Slot()
    def _stop_recording(self) -> None:
        application = self._application
        assert application is not None
        active = application.consultations.active
        if active is not None:
            self.bridge.run(partial(application.consultations.stop, active), None, self._lock_failed)

    @Slot(str)
    def _unlock(self, passphrase: str) -> None:
        assert self.lock_screen is not None
        self.lock_screen.set_busy(tr("Unlocking…"))
        self._reopen(passphrase or None)

    def _reopen(self, secret: Secret, before: Callable[[], None] = lambda: None) -> None:
        application, opening = self._application, self.opening
        assert application is not None
        assert opening is not None

        def reopen() -> bytes:
            before()
            return opening.door.reopen(application.store, secret)

        self.bridge.run(reopen, self._unlocked, self._not_unlocked)

    def _unlocked(self, parked: bytes) -> None:
        assert self._application is not None
        self.bridge.detach()
        self.enter(self._application, parked=parked)

    def _not_unlocked(self, error: ScribeError) -> None:
        if self.recovering is not None:
            self.recovering.show_trouble(briefly(error))
        if self.lock_screen is not None:
            self.lock_screen.trust_the_system(False)
            self.lock_screen.show_trouble(briefly(error))

    @Slot()
    def _unlock_by_recovery_key(self) -> None:
        dialog = RecoverDialog(self.lock_screen)
        dialog.entered.connect(self._recover_locked)
        self._close_recovering()
        self.recovering = dialog
        dialog.rejected.connect(self._close_recovering)
        dialog.open()

    @Slot()
    def _close_recovering(self) -> None:
        dialog, self.recovering = self.recovering, None
        if dialog is not None:
            dialog.rejected.disconnect()
            dialog.hide()
            dialog.deleteLater()

    @Slot(object, str)
    def _recover_locked(self, recovery: RecoveryKey, passphrase: str) -> None:
        assert self.recovering is not None
        self.recovering.set_busy(tr("Opening…"))
        application, opening = self._application, self.opening
        assert application is not None
        assert opening is not None
        self._reopen(
            passphrase, partial(opening.door.change_passphrase, recovery, passphrase, application.store)
        )

    @Slot()
    def _close_locked(self) -> None:
        """Close from the locked window: a recording is sealed, and the rest waits for the next start."""
        application = self._application
        assert application is not None
        self._close_lock_screen()
        self.bridge.run(application.close, lambda _done: self._gone(), lambda _error: self._gone())

    def _close_lock_screen(self) -> None:
        screen, self.lock_screen = self.lock_screen, None
        if screen is not None:
            screen.may_close = True
            screen.close()
            screen.deleteLater()

    @Slot()
    def _conductor_closed(self) -> None:
        self.conductor = None
        self._gone()

    def _gone(self) -> None:
        if self._guard is not None:
            self._guard.close()
        self.left.emit()

    @Slot()
    def _change_passphrase(self) -> None:
        assert self.conductor is not None
        assert self.opening is not None
        change_passphrase(self.conductor, self.opening.door)

    @Slot()
    def _renew_recovery_key(self) -> None:
        assert self.conductor is not None
        assert self.opening is not None
        renew_recovery_key(self.conductor, self.opening.door)

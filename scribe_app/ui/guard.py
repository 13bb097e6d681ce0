"""Says when to lock: nobody there, the system locks or sleeps."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from scribe_app.config import Settings
from scribe_app.ui.conductor import Conductor
from scribe_app.ui.presence import Presence
from scribe_app.ui.system_lock import SystemLock


class Guard(QObject):
    """Watches one window after the other."""

    lock_wanted = Signal()
    system_unlocked = Signal()
    """The person has just proven to the system who they are."""

    def __init__(self) -> None:
        super().__init__()
        self.presence, self.system = Presence(), SystemLock()
        self.presence.gone.connect(self.lock_wanted)
        self.system.locked.connect(self.lock_wanted)
        self.system.slept.connect(self.lock_wanted)
        self.system.unlocked.connect(self.system_unlocked)

    def watch(self, conductor: Conductor) -> None:
        """An open window, by the settings that it has and gets."""
        self.system.attach(conductor.window)
        conductor.bridge.happened.connect(self.presence.on_event)
        conductor.settings.changed.connect(self._use)
        self._use(conductor.screen.settings)
        self.presence.note()
        self.presence.start()

    def rest(self, window: QWidget) -> None:
        """It is locked: only the system is still listened to."""
        self.presence.stop()
        self.system.attach(window)

    def close(self) -> None:
        """Watch no longer."""
        self.presence.stop()
        self.system.close()

    @Slot(object)
    def _use(self, settings: Settings) -> None:
        self.presence.set_minutes(settings.lock_minutes)

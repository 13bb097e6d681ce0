"""Hears when the system locks its screen or goes to sleep.

Linux: signals of the desktop and of logind over D-Bus, on Unix sockets only. Windows: session messages to
the window. macOS, and desktops that do not tell: only the late tick of presence.py notices a suspend.
Windows' part has not been run there yet.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    SLOT,
    QAbstractNativeEventFilter,
    QByteArray,
    QCoreApplication,
    QObject,
    Signal,
    Slot,
)
from PySide6.QtWidgets import QWidget

_SCREEN_SAVERS = (
    ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"),
    ("org.freedesktop.ScreenSaver", "/ScreenSaver"),
    ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"),
    ("org.mate.ScreenSaver", "/org/mate/ScreenSaver"),
    ("org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver"),
    ("org.xfce.ScreenSaver", "/org/xfce/ScreenSaver"),
)
_WM_POWERBROADCAST, _WM_WTSSESSION_CHANGE = 0x0218, 0x02B1
_PBT_APMSUSPEND, _WTS_SESSION_LOCK, _WTS_SESSION_UNLOCK = 0x4, 0x7, 0x8


class SystemLock(QObject):
    """Tells of the system's own lock; `unlocked` means that the person has just proven who they are."""

    locked = Signal()
    unlocked = Signal()
    slept = Signal()

    def __init__(self, session_address: str | None = None, system_address: str | None = None) -> None:
        """Listens at once; addresses of D-Bus are given by tests only."""
        super().__init__()
        self._filter: _WindowsMessages | None = None
        self._buses: list[Any] = []
        if sys.platform == "linux":
            self._listen(
                session_address if session_address is not None else _session_address(),
                system_address if system_address is not None else _system_address(),
            )

    def attach(self, window: QWidget) -> None:
        """Windows tells a window; elsewhere nothing has to be done."""
        if sys.platform == "win32" and self._filter is None:
            self._filter = _WindowsMessages(self)
            application = QCoreApplication.instance()
            assert application is not None
            application.installNativeEventFilter(self._filter)
            ctypes.windll.wtsapi32.WTSRegisterSessionNotification(int(window.winId()), 0)

    def close(self) -> None:
        """Listen no longer."""
        if self._buses:
            from PySide6.QtDBus import QDBusConnection

            for name in self._buses:
                QDBusConnection.disconnectFromBus(name)
        self._buses = []

    def _listen(self, session: str, system: str) -> None:
        if not session and not system:
            return
        from PySide6.QtDBus import QDBusConnection

        if session:
            bus = QDBusConnection.connectToBus(session, f"scribe-session-{id(self)}")
            self._buses.append(bus.name())
            for name, path in _SCREEN_SAVERS:
                bus.connect("", path, name, "ActiveChanged", self, _slot("screen_saver(bool)"))
        if system:
            bus = QDBusConnection.connectToBus(system, f"scribe-system-{id(self)}")
            self._buses.append(bus.name())
            manager, session_name = "org.freedesktop.login1.Manager", "org.freedesktop.login1.Session"
            bus.connect("", "/org/freedesktop/login1", manager, "PrepareForSleep", self, _slot("sleep(bool)"))
            bus.connect("", "", session_name, "Lock", self, _slot("session_locked()"))
            bus.connect("", "", session_name, "Unlock", self, _slot("session_unlocked()"))

    @Slot(bool)
    def screen_saver(self, active: bool) -> None:
        """The desktop's screen lock came on, or went off."""
        (self.locked if active else self.unlocked).emit()

    @Slot(bool)
    def sleep(self, begins: bool) -> None:
        """The computer is about to sleep, or is back."""
        if begins:
            self.slept.emit()

    @Slot()
    def session_locked(self) -> None:
        """logind asks this login's programs to lock."""
        self.locked.emit()

    @Slot()
    def session_unlocked(self) -> None:
        """logind says that the login is unlocked."""
        self.unlocked.emit()


def _slot(signature: str) -> Any:
    return SLOT(signature)  # the stubs ask for bytes, which PySide6 6.11 then refuses


class _WindowsMessages(QAbstractNativeEventFilter):
    """Session and power messages (learn.microsoft.com: WM_WTSSESSION_CHANGE, WM_POWERBROADCAST)."""

    def __init__(self, lock: SystemLock) -> None:
        super().__init__()
        self._lock = lock

    def nativeEventFilter(
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> tuple[bool, int]:
        """Looks, and leaves every message to Qt."""
        if QByteArray(kind) == QByteArray(b"windows_generic_MSG"):
            # MSG: window handle, message number, wParam, each of pointer size but the second.
            address, word = int(message), ctypes.sizeof(ctypes.c_void_p)
            number = ctypes.c_uint.from_address(address + word).value
            what = ctypes.c_size_t.from_address(address + 2 * word).value
            if number == _WM_POWERBROADCAST and what == _PBT_APMSUSPEND:
                self._lock.slept.emit()
            elif number == _WM_WTSSESSION_CHANGE and what == _WTS_SESSION_LOCK:
                self._lock.locked.emit()
            elif number == _WM_WTSSESSION_CHANGE and what == _WTS_SESSION_UNLOCK:
                self._lock.unlocked.emit()
        return False, 0


def _session_address() -> str:
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    if address:
        return address if address.startswith("unix:") else ""  # never over a network
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    file = Path(runtime) / "bus"
    return f"unix:path={file}" if runtime and file.exists() else ""


def _system_address() -> str:
    file = Path("/run/dbus/system_bus_socket")
    return f"unix:path={file}" if file.exists() else ""

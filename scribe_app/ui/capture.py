"""Keeping the window out of screenshots and shared screens, where the system offers it.

Windows: SetWindowDisplayAffinity with WDA_EXCLUDEFROMCAPTURE (Windows 10 2004 and later; by Microsoft's own
words no security guarantee). macOS: NSWindow sharingType none. Linux desktops offer nothing of the kind.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QWidget

WDA_NONE, WDA_EXCLUDEFROMCAPTURE = 0x00, 0x11
NS_WINDOW_SHARING_NONE, NS_WINDOW_SHARING_READ_ONLY = 0, 1


def capture_can_be_refused() -> bool:
    """Whether this system can keep a window out of captures."""
    return sys.platform in ("win32", "darwin")


class CaptureRefusal(QObject):
    """Keeps every window of the program out, dialogs too: each has a name or a letter in it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._refuse = False
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.focusWindowChanged.connect(self._meet)

    def use(self, refuse: bool) -> None:
        """As chosen now, for the windows that there are and those to come."""
        self._refuse = refuse
        for window in QGuiApplication.topLevelWindows():
            refuse_capture(window, refuse)

    @Slot(QWindow)
    def _meet(self, window: QWindow | None) -> None:
        if window is not None and self._refuse:
            refuse_capture(window, True)


def refuse_capture(window: QWidget | QWindow, refuse: bool) -> bool:
    """Keep a window out of captures, or let it in again; False where the system did not do it."""
    if sys.platform == "win32":
        affinity = WDA_EXCLUDEFROMCAPTURE if refuse else WDA_NONE
        user32 = ctypes.windll.user32
        return bool(user32.SetWindowDisplayAffinity(ctypes.c_void_p(int(window.winId())), affinity))
    if sys.platform == "darwin":
        return _share_on_macos(int(window.winId()), not refuse)
    return False


def _share_on_macos(view: int, share: bool) -> bool:
    """[[view window] setSharingType:] through the Objective-C runtime."""
    library = ctypes.util.find_library("objc")
    if library is None:
        return False
    objc = ctypes.CDLL(library)
    objc.sel_registerName.restype = ctypes.c_void_p
    objc.sel_registerName.argtypes = [ctypes.c_char_p]
    send = ctypes.cast(objc.objc_msgSend, ctypes.c_void_p).value
    get = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(send or 0)
    put = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ulong)(send or 0)
    window = get(view, objc.sel_registerName(b"window"))
    if not window:
        return False
    sharing = NS_WINDOW_SHARING_READ_ONLY if share else NS_WINDOW_SHARING_NONE
    put(window, objc.sel_registerName(b"setSharingType:"), sharing)
    return True

"""A screen and a keyboard for tests of the real window: Xvfb, and xdotool to type on it.

There is no window manager: windows have no frame, and nothing moves the focus but the test and the program.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import pytest
from PIL import Image

WAIT_SECONDS = 40
"""For a window, on a busy two-core computer that loads Qt and unlocks a vault."""
READ_CLIPBOARD = """
import sys
from PySide6.QtGui import QGuiApplication
application = QGuiApplication(sys.argv)
sys.stdout.write(application.clipboard().text())
"""


class VirtualScreen:
    """A private X server."""

    def __init__(self, width: int = 1400, height: int = 900) -> None:
        self._size = f"{width}x{height}x24"
        self._folder = Path(tempfile.mkdtemp(prefix="screen-", dir="/tmp"))
        self._server: subprocess.Popen[bytes] | None = None
        self._display = ""

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs in its environment to appear here."""
        return {"DISPLAY": self._display, "QT_QPA_PLATFORM": "xcb", "XDG_RUNTIME_DIR": str(self._folder)}

    def __enter__(self) -> VirtualScreen:
        told, telling = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(telling), "-screen", "0", self._size, "-nolisten", "tcp", "-noreset",
             "-fbdir", str(self._folder)],
            pass_fds=(telling,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(telling)
        with os.fdopen(told, encoding="ascii") as number:
            self._display = f":{number.readline().strip()}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def find(self, title: str) -> int | None:
        """The visible window whose title begins with these words, if there is one."""
        found = self._xdotool("search", "--onlyvisible", "--name", f"^{title}").stdout.split()
        return int(found[0]) if found else None

    def wait_for(self, title: str, seconds: float = WAIT_SECONDS) -> int:
        """The window with this title, as soon as it is there."""
        deadline = time.monotonic() + seconds
        while (window := self.find(title)) is None:
            assert time.monotonic() < deadline, f"no window {title!r}; there are {self.titles()}"
            time.sleep(0.2)
        return window

    def wait_gone(self, title: str, seconds: float = WAIT_SECONDS) -> None:
        """Until no window has this title."""
        deadline = time.monotonic() + seconds
        while self.find(title) is not None:
            assert time.monotonic() < deadline, f"the window {title!r} is still there"
            time.sleep(0.2)

    def titles(self) -> list[str]:
        """Of all visible windows."""
        windows = self._xdotool("search", "--onlyvisible", "--name", ".").stdout.split()
        return [self._xdotool("getwindowname", window).stdout.strip() for window in windows]

    def press(self, window: int, *keys: str) -> None:
        """Type keys ("ctrl+j") into a window."""
        self._xdotool("windowfocus", str(window), "key", "--delay", "40", *keys)

    def type(self, window: int, text: str) -> None:
        """Type a text into a window."""
        self._xdotool("windowfocus", str(window), "type", "--delay", "20", text)

    def close(self, window: int) -> None:
        """Ask a window to close, as the cross in its corner does (WM_DELETE_WINDOW)."""
        x11 = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
        x11.XOpenDisplay.restype = ctypes.c_void_p
        x11.XInternAtom.restype = ctypes.c_ulong
        display = ctypes.c_void_p(x11.XOpenDisplay(self._display.encode()))
        atoms = [x11.XInternAtom(display, name, 0) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW")]
        client_message, format_bits = 33, 32
        event = ctypes.create_string_buffer(
            struct.pack(
                "@iLiPLLi5l", client_message, 0, 1, 0, window, atoms[0], format_bits, atoms[1], 0, 0, 0, 0
            ),
            24 * ctypes.sizeof(ctypes.c_long),
        )
        x11.XSendEvent(display, ctypes.c_ulong(window), 0, ctypes.c_long(0), event)
        x11.XCloseDisplay(display)

    def clipboard(self) -> str:
        """The text on the clipboard, read by another program."""
        return subprocess.run(
            [sys.executable, "-c", READ_CLIPBOARD],
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        ).stdout

    def picture(self) -> Image.Image:
        """What the screen shows."""
        dump = (self._folder / "Xvfb_screen0").read_bytes()  # XWD: a header of big-endian words, then pixels
        header = struct.unpack(">25I", dump[:100])
        size, width, height, stride, colours = header[0], header[4], header[5], header[12], header[19]
        pixels = dump[size + 12 * colours :]
        return Image.frombytes("RGB", (width, height), pixels, "raw", "BGRX", stride)

    def _xdotool(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "DISPLAY": self._display}
        return subprocess.run(
            ["xdotool", *arguments], env=environment, capture_output=True, text=True, timeout=20, check=False
        )


@pytest.fixture
def virtual_screen() -> Iterator[VirtualScreen]:
    """A screen for one test; skips, saying why, where its programs are not installed."""
    missing = [name for name in ("Xvfb", "xdotool") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed (Debian: xvfb xdotool)")
    with VirtualScreen() as screen:
        yield screen

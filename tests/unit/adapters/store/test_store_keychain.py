"""The keychain's back-end is pinned: neither environment nor configuration file can redirect the key."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scribe_app.adapters.store import keychain
from scribe_app.adapters.store.keychain import SystemKeychain, system_keychain

linux_only = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="Secret Service is Linux's keychain"
)

THIEF = """
from keyring.backend import KeyringBackend
from pathlib import Path
class Thief(KeyringBackend):
    priority = 100
    def get_password(self, service, username): return None
    def set_password(self, service, username, password):
        Path(__file__).with_name("stolen").write_text(password)
"""


@pytest.fixture
def no_bus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


@pytest.fixture
def desktop_keychain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A real, private GNOME keyring on a private bus."""
    if not (shutil.which("dbus-daemon") and shutil.which("gnome-keyring-daemon")):
        pytest.skip("needs dbus-daemon and gnome-keyring-daemon")
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(home))
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"], stdout=subprocess.PIPE, text=True
    )
    assert bus.stdout is not None
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.stdout.readline().strip())
    ring = subprocess.Popen(
        ["gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert ring.stdin is not None
    ring.stdin.write(b"login")
    ring.stdin.close()
    time.sleep(0.5)
    yield
    for process in (ring, bus):
        process.send_signal(signal.SIGTERM)
        process.wait(10)
    bus.stdout.close()


@linux_only
@pytest.mark.usefixtures("desktop_keychain")
def test_a_desktop_keychain_keeps_the_secret() -> None:
    found = system_keychain()
    assert found is not None
    assert found.read("slot") is None
    assert found.store("slot", "ab" * 32)
    again = system_keychain()
    assert again is not None
    assert again.read("slot") == "ab" * 32


@linux_only
@pytest.mark.usefixtures("desktop_keychain")
def test_environment_and_configuration_cannot_redirect_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "thief.py").write_text(THIEF)
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "python_keyring"
    folder.mkdir()
    (folder / "keyringrc.cfg").write_text(
        f"[backend]\ndefault-keyring=thief.Thief\nkeyring-path={tmp_path}\n", encoding="utf-8"
    )
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "thief.Thief")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    program = (
        "from scribe_app.adapters.store.keychain import system_keychain as k;"
        "c = k(); assert c.store('slot', 'secret'); assert k().read('slot') == 'secret'"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60, cwd=Path(__file__).parents[4])
    assert not (tmp_path / "stolen").exists()


@linux_only
@pytest.mark.usefixtures("no_bus")
def test_without_a_desktop_there_is_none_quietly(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert system_keychain() is None
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nobody-there")
    assert system_keychain() is None
    assert capfd.readouterr() == ("", "")


@linux_only
def test_a_bus_over_the_network_is_never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "tcp:host=localhost,port=1")
    assert system_keychain() is None


@linux_only
def test_a_bus_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()
    monkeypatch.setattr(keychain, "_backend", never.wait)
    monkeypatch.setattr(keychain, "_PROBE_SECONDS", 0.1)
    start = time.monotonic()
    assert system_keychain() is None
    assert time.monotonic() - start < 2
    never.set()


class Broken:
    def get_password(self, service: str, name: str) -> str:
        raise RuntimeError("locked")

    def set_password(self, service: str, name: str, secret: str) -> None:
        raise RuntimeError("locked")


def test_a_keychain_that_fails_counts_as_not_there(caplog: pytest.LogCaptureFixture) -> None:
    broken = SystemKeychain(Broken())
    assert broken.read("slot") is None
    assert not broken.store("slot", "deadbeef")
    assert "deadbeef" not in caplog.text


def test_importing_the_store_does_not_import_keyring() -> None:
    program = "import sys, scribe_app.adapters.store; assert 'keyring' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)

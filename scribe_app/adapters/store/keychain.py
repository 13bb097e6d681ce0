"""The operating system's keychain, its back-end chosen here and nowhere else.

keyring would otherwise take a back-end from PYTHON_KEYRING_BACKEND or keyringrc.cfg, and so hand the key
to whatever class these name. Here the back-end is made by name and keyring's own choice never runs.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
log = logging.getLogger(__name__)

_SERVICE = "Scribe vault"
_PROBE_SECONDS = 3.0
_CALL_SECONDS = 5.0
"""D-Bus may hang, and a locked keychain asks for its password in its own window: do not wait for that."""


class Keychain(Protocol):
    """Somewhere that keeps a short secret for this user on this computer."""

    def read(self, name: str) -> str | None:
        """The secret; None when it is not there or cannot be had now."""

    def store(self, name: str, secret: str) -> bool:
        """Keep a secret; False when that failed."""


def system_keychain() -> Keychain | None:
    """This computer's keychain; None where there is none, as on a machine without a desktop."""
    try:
        backend = _within(_PROBE_SECONDS, _backend)
    except Exception as error:  # noqa: BLE001 - boundary: a broken keychain of any kind means "none"
        log.info("no keychain: %s", type(error).__name__)
        return None
    return None if backend is None else SystemKeychain(backend)


class SystemKeychain:
    """One pinned keyring back-end. A call that fails or hangs counts as "not there"."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def read(self, name: str) -> str | None:
        """The secret; None when it is not there or cannot be had now."""
        try:
            secret = _within(_CALL_SECONDS, lambda: self._backend.get_password(_SERVICE, name))
        except Exception as error:  # noqa: BLE001 - boundary: back-ends raise errors of many packages
            log.warning("keychain not readable: %s", type(error).__name__)
            return None
        return None if secret is None else str(secret)

    def store(self, name: str, secret: str) -> bool:
        """Keep a secret; False when that failed."""
        try:
            _within(_CALL_SECONDS, lambda: self._backend.set_password(_SERVICE, name, secret))
        except Exception as error:  # noqa: BLE001 - boundary: back-ends raise errors of many packages
            log.warning("keychain not writable: %s", type(error).__name__)
            return False
        return True


def _backend() -> Any | None:
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring

        windows = WinVaultKeyring()
        windows.persist = "local machine"  # the default roams to other computers with the user's profile
        return windows
    if sys.platform == "darwin":
        from keyring.backends.macOS import Keyring as MacKeychain

        return MacKeychain()
    return _secret_service()


def _secret_service() -> Any | None:
    # GNOME Keyring, KeePassXC and KWallet (from KDE Frameworks 5.97) all answer to this interface.
    if not _session_bus_exists():
        return None
    import secretstorage

    connection = secretstorage.dbus_init()
    try:
        if not secretstorage.check_service_availability(connection):
            return None
        if secretstorage.get_default_collection(connection).is_locked():
            return None  # reading would open a password window nobody asked for
    finally:
        connection.close()
    from keyring.backends.SecretService import Keyring as SecretService

    return SecretService()  # type: ignore[no-untyped-call]  # keyring leaves its constructor untyped


def _session_bus_exists() -> bool:
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    if address:
        return address.startswith("unix:")
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return bool(runtime) and (Path(runtime) / "bus").exists()


def _within(seconds: float, call: Callable[[], T]) -> T:
    """The call's answer. Raises TimeoutError when it does not come; the thread is left to end by itself."""
    answers: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(call())
        except BaseException as error:  # noqa: BLE001 - boundary: raised again in the caller's thread
            errors.append(error)

    thread = threading.Thread(target=run, name="keychain", daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not answers:
        raise TimeoutError("the keychain does not answer")
    return answers[0]

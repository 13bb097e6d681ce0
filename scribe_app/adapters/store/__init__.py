"""The vault: an encrypted database of consultations, and the key slots that open it."""

from __future__ import annotations

from scribe_app.adapters.store import shim  # noqa: F401 - first of all: it must run before sqlite_utils is imported
from scribe_app.adapters.store.store import SqlCipherStore
from scribe_app.adapters.store.vault import VaultDoor

__all__ = ["SqlCipherStore", "VaultDoor"]

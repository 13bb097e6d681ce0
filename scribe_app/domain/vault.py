"""What is said about a vault from outside: its ways in, its backups, its condition. No keys, no content."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from scribe_app.domain.recovery_key import RecoveryKey

SHORTEST_PASSPHRASE = 8
"""Characters, of any passphrase (NIST SP 800-63B, 5.1.1.2); the window asks for more."""


@dataclass(frozen=True, slots=True)
class EscrowKey:
    """The organisation's private key, with which IT opens a vault whose owner cannot."""

    pem: bytes = field(repr=False)
    """PKCS#8, X25519, without a password."""


Secret = str | RecoveryKey | EscrowKey | None
"""What opens a vault: a passphrase, the recovery key, the organisation's key, or None for the keychain."""


def way_of(secret: Secret) -> str:
    """Which way in a secret is for, in words."""
    if secret is None:
        return "keychain"
    if isinstance(secret, RecoveryKey):
        return "recovery key"
    return "organisation's key" if isinstance(secret, EscrowKey) else "passphrase"


@dataclass(frozen=True, slots=True)
class WayIn:
    """One key slot, as it may be shown."""

    kind: str
    """passphrase, keychain, recovery or escrow."""
    damaged: bool = False
    strength: str = ""
    """How a passphrase is stretched, or whose escrow key it is."""


@dataclass(frozen=True, slots=True)
class VaultStatus:
    """A vault from outside; told without opening it."""

    folder: Path
    exists: bool
    ways_in: tuple[WayIn, ...] = ()
    bytes_on_disk: int = 0
    in_use: bool = False
    warning: str = ""
    """What about the place is not safe, such as a network drive."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A verified encrypted copy."""

    file: Path
    made_at: datetime
    bytes: int
    consultations: int
    seconds: float = 0.0
    """How long it took."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A vault that was put back from a backup."""

    made_at: datetime
    consultations: int
    erased_again: int
    """Consultations of the backup that had been deleted since, and are again."""
    kept_aside: Path | None
    """Where the vault that was there before is now."""

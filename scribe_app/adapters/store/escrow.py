"""A way in for the organisation: the database key, sealed so that only IT's private key opens it.

X25519 between a key made for this slot and the organisation's public key, HKDF-SHA-256 over the shared
secret with both public keys as salt, AES-256-GCM: the shape of HPKE's base mode (RFC 9180), by hand because
both ends are this file. IT makes a pair with `openssl genpkey -algorithm X25519`, keeps the private half
away from all clinicians' computers, and puts the public half in the policy file.
"""

from __future__ import annotations

import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from scribe_app.adapters.store import slots
from scribe_app.adapters.store.slots import Slot
from scribe_app.errors import StorageError, UsageError


def seal(install: str, public_pem: str, database_key: bytes) -> Slot:
    """The slot for this public key. Raises StorageError when that is none."""
    recipient = _public(public_pem)
    sender = X25519PrivateKey.generate()
    agreed = _agreed(sender.exchange(recipient), sender.public_key(), recipient)
    return slots.escrow_slot(
        install, agreed, database_key, sender.public_key().public_bytes_raw(), fingerprint(public_pem)
    )


def wrapping_key(slot: Slot, private_pem: bytes) -> bytes:
    """What opens the slot, if this is the organisation's private key.

    Raises:
        UsageError: it is no X25519 key.
    """
    try:
        private = load_pem_private_key(private_pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _no_private_key() from error
    if not isinstance(private, X25519PrivateKey):
        raise _no_private_key()
    sender = X25519PublicKey.from_public_bytes(slot.salt)
    return _agreed(private.exchange(sender), sender, private.public_key())


def fingerprint(public_pem: str) -> str:
    """Sixteen hexadecimal signs that name a public key. Raises StorageError when it is none."""
    return hashlib.sha256(_public(public_pem).public_bytes_raw()).hexdigest()[:16]


def _agreed(shared: bytes, sender: X25519PublicKey, recipient: X25519PublicKey) -> bytes:
    return slots.derive(shared, sender.public_bytes_raw() + recipient.public_bytes_raw(), "escrow")


def _public(pem: str) -> X25519PublicKey:
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _no_public_key() from error
    if not isinstance(key, X25519PublicKey):
        raise _no_public_key()
    return key


def _no_public_key() -> StorageError:
    return StorageError(
        "The escrow_public_key of your organisation's policy is no X25519 public key.",
        "Nothing was changed.",
        "IT: openssl pkey -in escrow.pem -pubout writes the right one.",
    )


def _no_private_key() -> UsageError:
    return UsageError(
        "That file is no X25519 private key in PEM without a password.",
        "Nothing was changed.",
        "Give the private half of the key that the policy names.",
    )

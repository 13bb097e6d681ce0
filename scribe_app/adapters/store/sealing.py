"""Small things sealed under keys that only the open database gives away."""

from __future__ import annotations

import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12
_SECRET_BYTES = 32


def side_secret(db: Any) -> bytes:
    """The random secret of this vault from which keys for side files are derived; made at first use."""
    db.execute("INSERT OR IGNORE INTO vault_secret VALUES ('side', ?)", [secrets.token_bytes(_SECRET_BYTES)])
    return bytes(db.execute("SELECT value FROM vault_secret WHERE name = 'side'").fetchone()[0])


def seal(key: bytes, content: bytes) -> bytes:
    """AES-256-GCM with a random nonce in front; nothing stays nothing."""
    if not content:
        return b""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, None)


def unseal(key: bytes, sealed: bytes) -> bytes:
    """What was sealed; nothing where it is not what this key sealed."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
    except InvalidTag:
        return b""

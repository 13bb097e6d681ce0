"""Who may vouch for a model: public keys of the organisation (its policy) and of who makes the program."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from scribe_app.errors import ModelError

KEY_BYTES = 32
FINGERPRINT_SIGNS = 16
RELEASE_KEYS, MANIFEST_SIGNATURE = "release_keys.txt", "manifest.sig"
MANIFEST_SIGNED_AS = b"scribe model manifest 1\n"


class NotTrustedError(Exception):
    """The key that signed is not among those that are trusted."""


class ChangedError(Exception):
    """What was signed is not what is here."""


def fingerprint(key: bytes) -> str:
    """Sixteen hexadecimal signs that name a public key of 32 bytes."""
    return hashlib.sha256(key).hexdigest()[:FINGERPRINT_SIGNS]


def read_key(text: str) -> bytes:
    """The 32 bytes of an Ed25519 public key in base64. Raises ValueError."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("a model key is not base64") from error
    if len(key) != KEY_BYTES:
        raise ValueError(f"a model key has {len(key)} bytes, not {KEY_BYTES}")
    return key


@dataclass(frozen=True, slots=True)
class Trust:
    """Keys that count, and whether a model that nobody signed may be used."""

    keys: tuple[bytes, ...] = ()
    unsigned: bool = True

    @classmethod
    def of(cls, texts: Iterable[str], unsigned: bool, released: Path | None = None) -> Trust:
        """From keys as the policy has them, and those released in a folder. Raises ModelError."""
        try:
            more = release_keys(released) if released is not None else ()
            return cls((*(read_key(text) for text in texts), *more), unsigned)
        except (ValueError, OSError) as error:
            raise ModelError(
                f"The keys that vouch for models cannot be read: {error}.",
                "Nothing was loaded and nothing was changed.",
                "Install the program again, or have IT correct the policy.",
            ) from error

    def check(self, signer: str, signature: bytes, content: bytes) -> None:
        """Whether the key of this fingerprint made this signature (Ed25519, RFC 8032) over the content.

        Raises:
            NotTrustedError: no trusted key has this fingerprint.
            ChangedError: content or signature is another.
        """
        key = next((key for key in self.keys if fingerprint(key) == signer), None)
        if key is None:
            raise NotTrustedError(signer)
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, content)
        except (InvalidSignature, ValueError) as error:
            raise ChangedError from error


def release_keys(folder: Path) -> tuple[bytes, ...]:
    """Keys of who makes the program, as released beside its manifest; none in a working tree.

    Raises:
        ValueError: a line is none. OSError.
    """
    file = folder / RELEASE_KEYS
    if not file.exists():
        return ()
    lines = (line.split("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return tuple(read_key(line) for line in lines if line)


def check_release(manifest: Path, content: bytes) -> None:
    """Whether a manifest is as it was released. A working tree has no release keys, and is not signed.

    Raises:
        ValueError: its signature is missing or does not hold. OSError.
    """
    keys = release_keys(manifest.parent)
    if not keys:
        return
    signature = base64.b64decode((manifest.parent / MANIFEST_SIGNATURE).read_bytes().strip(), validate=True)
    for key in keys:
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, MANIFEST_SIGNED_AS + content)
        except InvalidSignature:
            continue
        return
    raise ValueError("it is not as it was released (its signature does not hold)")

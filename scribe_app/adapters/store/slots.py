"""Key slots: the database key, wrapped once for each way to open the vault."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import secrets
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from scribe_app.errors import StorageError
from scribe_app.paths import sync_folder as sync_folder

KEY_BYTES = 32
_FORMAT = 1
_SLOT_VERSION = 1
_NONCE_BYTES = 12
"""For AES-GCM; random, and each wrapping key wraps once only (NIST SP 800-38D, 8.2.2)."""
_SALT_BYTES = 16


class SlotKind(StrEnum):
    """Ways to open the vault."""

    PASSPHRASE = "passphrase"  # noqa: S105 - a kind of slot, not a passphrase
    KEYCHAIN = "keychain"


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """How much work a guess at the passphrase costs. Default: RFC 9106, section 4, second choice."""

    memory_kib: int = 65_536
    passes: int = 3
    lanes: int = 4

    def __post_init__(self) -> None:
        """Bounds keep a changed slots file from asking for all memory. Raises ValueError outside them."""
        if not (8 * self.lanes <= self.memory_kib <= 4_194_304 and 1 <= self.passes <= 64):
            raise ValueError("Argon2 cost out of bounds")
        if not 1 <= self.lanes <= 64:
            raise ValueError("Argon2 lanes out of bounds")


@dataclass(frozen=True, slots=True)
class Slot:
    """The database key under one wrapping key."""

    id: str
    kind: SlotKind
    nonce: bytes
    wrapped: bytes
    salt: bytes = b""
    """Passphrase slots only."""
    cost: Argon2Cost | None = None
    """Passphrase slots only."""
    version: int = _SLOT_VERSION


@dataclass(frozen=True, slots=True)
class SlotsFile:
    """All slots of one vault."""

    install: str
    """Random id of this vault; binds the slots to it."""
    slots: tuple[Slot, ...]

    def of(self, kind: SlotKind) -> Slot | None:
        """The slot of this kind; None when there is none."""
        return next((slot for slot in self.slots if slot.kind is kind), None)


class WrongKeyError(Exception):
    """The wrapping key does not fit this slot."""


def passphrase_slot(install: str, passphrase: str, database_key: bytes, cost: Argon2Cost) -> Slot:
    """Wrap the database key under a passphrase."""
    salt = secrets.token_bytes(_SALT_BYTES)
    empty = Slot(secrets.token_hex(16), SlotKind.PASSPHRASE, b"", b"", salt, cost)
    return _wrap(install, empty, stretch(passphrase, salt, cost), database_key)


def keychain_slot(install: str, wrapping_key: bytes, database_key: bytes, id: str) -> Slot:
    """Wrap the database key under a random key that the keychain holds by the slot's id."""
    return _wrap(install, Slot(id, SlotKind.KEYCHAIN, b"", b""), wrapping_key, database_key)


def unwrap(install: str, slot: Slot, wrapping_key: bytes) -> bytes:
    """The database key. Raises WrongKeyError."""
    try:
        return AESGCM(wrapping_key).decrypt(slot.nonce, slot.wrapped, _bound_to(install, slot))
    except InvalidTag as error:
        raise WrongKeyError from error


def stretch(passphrase: str, salt: bytes, cost: Argon2Cost) -> bytes:
    """The wrapping key of a passphrase: Argon2id (RFC 9106), 32 bytes.

    The passphrase is composed first (NFC, as RFC 8265 asks), so that every keyboard gives the same key.

    Raises:
        StorageError: there is not enough memory.
    """
    typed = unicodedata.normalize("NFC", passphrase).encode(errors="surrogatepass")
    try:
        return hash_secret_raw(typed, salt, cost.passes, cost.memory_kib, cost.lanes, KEY_BYTES, Type.ID)
    except (HashingError, MemoryError) as error:
        raise StorageError(
            "There is not enough free memory to check the passphrase.",
            "Nothing was changed.",
            f"Close other programs ({cost.memory_kib // 1024} MB are needed) and try again.",
        ) from error


def write(file: Path, slots: SlotsFile) -> None:
    """Write the slots in one step: after a crash the old file is there, or the new one."""
    rows = [_row(slot) for slot in slots.slots]
    document = {"format": _FORMAT, "install": slots.install, "slots": rows}
    part = file.with_name(file.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(document, stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(file)
    sync_folder(file.parent)


def read(file: Path) -> SlotsFile:
    """The slots of a vault.

    Raises:
        StorageError: unreadable, or damaged in any of its fields. Nothing is deleted.
    """
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        if document["format"] != _FORMAT:
            raise ValueError("unknown format")
        slots = tuple(_slot(row) for row in document["slots"])
        install = document["install"]
        if not slots or not isinstance(install, str):
            raise ValueError("no slots")
    except OSError as error:
        raise StorageError(
            f"The key slots cannot be read: {error.strerror}.",
            "Nothing was changed.",
            f"Check that you may read {file}.",
        ) from error
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as error:
        raise StorageError(
            f"The key slots in {file.name} are damaged.",
            "The records are kept; nothing was deleted or changed.",
            f"Put {file} back from a backup. Your passphrase is not the problem.",
        ) from error
    return SlotsFile(install, slots)


def _wrap(install: str, slot: Slot, wrapping_key: bytes, database_key: bytes) -> Slot:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    wrapped = AESGCM(wrapping_key).encrypt(nonce, database_key, _bound_to(install, slot))
    return replace(slot, nonce=nonce, wrapped=wrapped)


def _bound_to(install: str, slot: Slot) -> bytes:
    return f"{install}|{slot.id}|{slot.version}".encode()


def _row(slot: Slot) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": slot.id,
        "kind": slot.kind.value,
        "version": slot.version,
        "nonce": base64.b64encode(slot.nonce).decode(),
        "wrapped": base64.b64encode(slot.wrapped).decode(),
    }
    if slot.cost is not None:
        row["kdf"] = {
            "name": "argon2id",
            "salt": base64.b64encode(slot.salt).decode(),
            "memory_kib": slot.cost.memory_kib,
            "passes": slot.cost.passes,
            "lanes": slot.cost.lanes,
        }
    return {**row, "check": _check(row)}


def _slot(row: dict[str, Any]) -> Slot:
    content = {name: value for name, value in row.items() if name != "check"}
    if row["check"] != _check(content):
        raise ValueError("slot check differs")
    kdf = row.get("kdf")
    return Slot(
        id=str(row["id"]),
        kind=SlotKind(row["kind"]),
        nonce=base64.b64decode(row["nonce"], validate=True),
        wrapped=base64.b64decode(row["wrapped"], validate=True),
        salt=base64.b64decode(kdf["salt"], validate=True) if kdf else b"",
        cost=Argon2Cost(kdf["memory_kib"], kdf["passes"], kdf["lanes"]) if kdf else None,
        version=int(row["version"]),
    )


def _check(row: dict[str, Any]) -> str:
    # No secret is in it: it tells a damaged slot from a wrong passphrase, which AES-GCM alone cannot.
    text = json.dumps(row, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()

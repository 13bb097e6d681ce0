"""Key slots: the database key, wrapped once for each way to open the vault."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import re
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
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from scribe_app.errors import StorageError
from scribe_app.paths import sync_folder as sync_folder

KEY_BYTES = 32
_FORMAT = 1
_SLOT_VERSION = 1
_NONCE_BYTES = 12
"""For AES-GCM; random, and each wrapping key wraps once only (NIST SP 800-38D, 8.2.2)."""
_SALT_BYTES = 16
DATABASE = "vault.db"
DATABASES = re.compile(r"vault(-[0-9a-f]{8})?\.db")
"""Names that a database may have: rotation and restoring put a new file beside the old one."""


DAMAGED = (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error)
"""What reading a file that is not as it was written may raise."""


class SlotKind(StrEnum):
    """Ways to open the vault."""

    PASSPHRASE = "passphrase"  # noqa: S105 - a kind of slot, not a passphrase
    KEYCHAIN = "keychain"
    RECOVERY = "recovery"
    ESCROW = "escrow"


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

    def weaker_than(self, other: Argon2Cost) -> bool:
        """Whether a guess costs less memory or less work than with the other."""
        work, others = self.memory_kib * self.passes, other.memory_kib * other.passes
        return self.memory_kib < other.memory_kib or work < others


@dataclass(frozen=True, slots=True)
class Slot:
    """The database key under one wrapping key."""

    id: str
    kind: SlotKind
    nonce: bytes
    wrapped: bytes
    salt: bytes = b""
    """Passphrase and recovery slots; in an escrow slot the sender's public key."""
    cost: Argon2Cost | None = None
    """Passphrase slots only."""
    recipient: str = ""
    """Escrow slots only: fingerprint of the organisation's public key."""
    version: int = _SLOT_VERSION


@dataclass(frozen=True, slots=True)
class SlotsFile:
    """All slots of one vault."""

    install: str
    """Random id of this vault; binds the slots to it."""
    slots: tuple[Slot, ...]
    database: str = DATABASE
    """File name of the database that these slots open."""
    retired: tuple[str, ...] = ()
    """Databases that these slots have replaced and that may be removed."""
    damaged: tuple[dict[str, Any], ...] = ()
    """Slots that cannot be read, kept as they are: the others still open the vault."""

    def of(self, kind: SlotKind) -> Slot | None:
        """The slot of this kind; None when there is none.

        Raises:
            StorageError: it is there, but damaged.
        """
        slot = next((slot for slot in self.slots if slot.kind is kind), None)
        if slot is None and kind in self.damaged_kinds:
            raise StorageError(
                f"The {kind} slot of this vault is damaged.",
                "The records and the other ways in are kept; nothing was changed.",
                f"Open the vault in another way ({self.others(kind)}), then make this one anew.",
            )
        return slot

    @property
    def damaged_kinds(self) -> frozenset[str]:
        """Which kinds of slot cannot be read."""
        return frozenset(str(row.get("kind")) for row in self.damaged)

    def others(self, kind: SlotKind) -> str:
        """The other ways in, in words."""
        names = [slot.kind.value for slot in self.slots if slot.kind is not kind]
        return ", ".join(f"{name} key" if name == "recovery" else name for name in names) or "a backup"

    def with_slot(self, slot: Slot) -> SlotsFile:
        """The same with this slot in the place of the one of its kind, damaged or not."""
        return replace(self.without(slot.kind), slots=(*self.without(slot.kind).slots, slot))

    def without(self, kind: SlotKind) -> SlotsFile:
        """The same without slots of a kind."""
        return replace(
            self,
            slots=tuple(slot for slot in self.slots if slot.kind is not kind),
            damaged=tuple(row for row in self.damaged if row.get("kind") != kind),
        )


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


def recovery_slot(install: str, recovery: bytes, database_key: bytes) -> Slot:
    """Wrap the database key under the printed recovery key."""
    salt = secrets.token_bytes(_SALT_BYTES)
    empty = Slot(secrets.token_hex(16), SlotKind.RECOVERY, b"", b"", salt)
    return _wrap(install, empty, derive(recovery, salt, "recovery"), database_key)


def escrow_slot(
    install: str, wrapping_key: bytes, database_key: bytes, sender: bytes, recipient: str
) -> Slot:
    """Wrap the database key under a key agreed with the organisation's public key."""
    empty = Slot(secrets.token_hex(16), SlotKind.ESCROW, b"", b"", sender, recipient=recipient)
    return _wrap(install, empty, wrapping_key, database_key)


def derive(secret: bytes, salt: bytes, purpose: str) -> bytes:
    """32 bytes from a secret that is random already: HKDF-SHA-256 (RFC 5869)."""
    return HKDF(SHA256(), KEY_BYTES, salt, f"scribe {purpose}".encode()).derive(secret)


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
    part = file.with_name(file.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text(slots))
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(file)
    sync_folder(file.parent)


def text(slots: SlotsFile) -> str:
    """The slots as a file holds them."""
    rows = [*(_row(slot) for slot in slots.slots), *slots.damaged]
    head = {"install": slots.install, "database": slots.database, "retired": list(slots.retired)}
    return json.dumps({"format": _FORMAT, **head, "check": _check(head), "slots": rows}, indent=1)


def read(file: Path) -> SlotsFile:
    """The slots of a vault.

    Raises:
        StorageError: unreadable, or damaged in any of its fields. Nothing is deleted.
    """
    try:
        return parse(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise StorageError(
            f"The key slots cannot be read: {error.strerror}.",
            "Nothing was changed.",
            f"Check that you may read {file}.",
        ) from error
    except DAMAGED as error:
        raise StorageError(
            f"The key slots in {file.name} are damaged.",
            "The records are kept; nothing was deleted or changed.",
            f"Put {file} back from a backup. Your passphrase is not the problem.",
        ) from error


def parse(text: str) -> SlotsFile:
    """The slots in a file's text. Raises what is in DAMAGED."""
    document = json.loads(text)
    if document["format"] != _FORMAT:
        raise ValueError("unknown format")
    install, database = document["install"], document.get("database", DATABASE)
    retired = tuple(document.get("retired", ()))
    if "check" in document:
        head = {"install": install, "database": database, "retired": list(retired)}
        if document["check"] != _check(head):
            raise ValueError("head differs")
    if not isinstance(install, str) or not all(DATABASES.fullmatch(name) for name in (database, *retired)):
        raise ValueError("install or database name")
    whole, damaged = [], []
    for row in document["slots"]:
        try:
            whole.append(_slot(row))
        except (ValueError, KeyError, TypeError, binascii.Error):
            damaged.append(dict(row))
    if not whole:
        raise ValueError("no slots")
    return SlotsFile(install, tuple(whole), database, retired, tuple(damaged))


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
    if slot.kind in (SlotKind.RECOVERY, SlotKind.ESCROW):
        row["salt"] = base64.b64encode(slot.salt).decode()
    if slot.recipient:
        row["recipient"] = slot.recipient
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
    salt = kdf["salt"] if kdf else row.get("salt", "")
    return Slot(
        id=str(row["id"]),
        kind=SlotKind(row["kind"]),
        nonce=base64.b64decode(row["nonce"], validate=True),
        wrapped=base64.b64decode(row["wrapped"], validate=True),
        salt=base64.b64decode(salt, validate=True),
        cost=Argon2Cost(kdf["memory_kib"], kdf["passes"], kdf["lanes"]) if kdf else None,
        recipient=str(row.get("recipient", "")),
        version=int(row["version"]),
    )


def _check(row: dict[str, Any]) -> str:
    # No secret is in it: it tells a damaged slot from a wrong passphrase, which AES-GCM alone cannot.
    text = json.dumps(row, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()

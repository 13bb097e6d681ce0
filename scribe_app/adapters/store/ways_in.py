"""From what a person has (passphrase, keychain, paper, the organisation's key) to the database key."""

from __future__ import annotations

import secrets

from scribe_app.adapters.store import escrow, slots
from scribe_app.adapters.store.keychain import Keychain
from scribe_app.adapters.store.slots import Slot, SlotKind, SlotsFile, WrongKeyError
from scribe_app.domain.recovery_key import RecoveryKey
from scribe_app.domain.vault import EscrowKey, Secret, WayIn
from scribe_app.errors import PassphraseNeededError, StorageError, WrongPassphraseError


def database_key(held: SlotsFile, secret: Secret, keychain: Keychain | None) -> bytes:
    """The database key, by whichever way the secret is for.

    Raises:
        WrongPassphraseError: passphrase or recovery key of another vault, or an old one.
        PassphraseNeededError: the keychain does not open it, and why.
        StorageError: there is no such way in, or its slot is damaged.
    """
    if secret is None:
        return _by_keychain(held, keychain)
    if isinstance(secret, RecoveryKey):
        return _by_recovery_key(held, secret)
    if isinstance(secret, EscrowKey):
        return _by_escrow(held, secret)
    return _by_passphrase(held, secret)


def new_keychain_slot(install: str, keychain: Keychain | None, key: bytes) -> Slot | None:
    """A slot whose wrapping key the keychain now holds; None where that could not be done."""
    if keychain is None:
        return None
    wrapping, id = secrets.token_bytes(slots.KEY_BYTES), secrets.token_hex(16)
    # As hexadecimal text: keyring stores text, and Windows allows 2,560 bytes of it.
    if not keychain.store(id, wrapping.hex()) or keychain.read(id) != wrapping.hex():
        return None
    return slots.keychain_slot(install, wrapping, key, id)


def told(held: SlotsFile) -> tuple[WayIn, ...]:
    """The ways in, as they may be shown."""
    whole = tuple(WayIn(slot.kind.value, strength=_strength(slot)) for slot in held.slots)
    return whole + tuple(WayIn(kind, damaged=True) for kind in sorted(held.damaged_kinds))


def _strength(slot: Slot) -> str:
    if slot.cost is not None:
        cost = slot.cost
        return f"Argon2id, {cost.memory_kib // 1024} MiB, {cost.passes} passes, {cost.lanes} lanes"
    return f"X25519 key {slot.recipient}" if slot.recipient else ""


def _by_passphrase(held: SlotsFile, passphrase: str) -> bytes:
    slot = held.of(SlotKind.PASSPHRASE)
    if slot is None or slot.cost is None:
        raise StorageError(
            "This vault has no passphrase.",
            "Nothing was changed.",
            f"Open it in another way ({held.others(SlotKind.PASSPHRASE)}).",
        )
    try:
        return slots.unwrap(held.install, slot, slots.stretch(passphrase, slot.salt, slot.cost))
    except WrongKeyError as error:
        raise WrongPassphraseError(
            "That passphrase does not open these records.",
            "Nothing was changed.",
            "Type it again; check Caps Lock and the keyboard layout.",
        ) from error


def _by_recovery_key(held: SlotsFile, key: RecoveryKey) -> bytes:
    slot = held.of(SlotKind.RECOVERY)
    if slot is None:
        raise StorageError(
            "This vault has no recovery key.",
            "Nothing was changed.",
            f"Open it in another way ({held.others(SlotKind.RECOVERY)}).",
        )
    try:
        return slots.unwrap(held.install, slot, slots.derive(key.secret, slot.salt, "recovery"))
    except WrongKeyError as error:
        raise WrongPassphraseError(
            "That is a recovery key, but not the one of these records.",
            "Nothing was changed.",
            "Look for a newer one: an older key stops working when a new one is made.",
        ) from error


def _by_escrow(held: SlotsFile, key: EscrowKey) -> bytes:
    slot = held.of(SlotKind.ESCROW)
    if slot is None:
        raise StorageError(
            "This vault was not made for an organisation's key.",
            "Nothing was changed.",
            f"Open it in another way ({held.others(SlotKind.ESCROW)}).",
        )
    try:
        return slots.unwrap(held.install, slot, escrow.wrapping_key(slot, key.pem))
    except WrongKeyError as error:
        raise WrongPassphraseError(
            "That private key does not open this vault.",
            "Nothing was changed.",
            f"It was sealed for the key with the fingerprint {slot.recipient}.",
        ) from error


def _by_keychain(held: SlotsFile, keychain: Keychain | None) -> bytes:
    slot = held.of(SlotKind.KEYCHAIN)
    if slot is None:
        raise passphrase_needed("This vault opens by its passphrase only.")
    if keychain is None:
        raise passphrase_needed("The keychain of this computer cannot be asked.")
    secret = keychain.read(slot.id)
    if secret is None:
        raise passphrase_needed("The keychain of this computer no longer holds the key.")
    try:
        return slots.unwrap(held.install, slot, bytes.fromhex(secret))
    except (WrongKeyError, ValueError) as error:
        raise passphrase_needed(
            "The key in this computer's keychain is not the one of this vault."
        ) from error


def passphrase_needed(why: str) -> PassphraseNeededError:
    """The keychain does not open it; nothing is lost by that."""
    return PassphraseNeededError(
        "A passphrase is needed.", why, "Type the passphrase of the records, or use the recovery key."
    )

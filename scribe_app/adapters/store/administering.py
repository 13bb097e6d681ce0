"""Making, proving and renewing the ways into a vault."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from scribe_app.adapters.store import copying, escrow, slots, ways_in
from scribe_app.adapters.store.keychain import Keychain
from scribe_app.adapters.store.slots import Argon2Cost, Slot, SlotKind, SlotsFile
from scribe_app.adapters.store.vault_files import VaultFiles
from scribe_app.domain.recovery_key import RecoveryKey
from scribe_app.domain.vault import Secret
from scribe_app.errors import StorageError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """What ways in are made of."""

    files: VaultFiles
    cost: Argon2Cost
    find_keychain: Callable[[], Keychain | None]
    escrow_public_key: str


def all_slots(
    parts: Parts,
    install: str,
    key: bytes,
    passphrase: str,
    recovery: RecoveryKey | None,
    keychain_wanted: bool = True,
) -> SlotsFile:
    """A slot for every way in that there can be here. Raises StorageError: the policy's key is none."""
    made: list[Slot | None] = [slots.passphrase_slot(install, passphrase, key, parts.cost)]
    if recovery is not None:
        made.append(slots.recovery_slot(install, recovery.secret, key))
    if parts.escrow_public_key:
        made.append(escrow.seal(install, parts.escrow_public_key, key))
    if keychain_wanted:
        made.append(ways_in.new_keychain_slot(install, parts.find_keychain(), key))
    return SlotsFile(install, tuple(slot for slot in made if slot is not None))


def make_slots(parts: Parts, key: bytes, passphrase: str, recovery: RecoveryKey | None) -> None:
    """The slots of a new vault: read back and opened before they count, so that nobody must find out later
    that a way in does not work.
    """
    part = parts.files.slots.with_name("slots.json.new")
    slots.write(part, all_slots(parts, secrets.token_hex(16), key, passphrase, recovery))
    tried: list[Secret] = [passphrase] if recovery is None else [passphrase, recovery]
    proven(slots.read(part), key, tried)
    part.replace(parts.files.slots)
    slots.sync_folder(parts.files.folder)


def proven(held: SlotsFile, key: bytes, tried: Sequence[Secret]) -> SlotsFile:
    """The same slots, once each of these secrets has opened them. Raises StorageError."""
    for secret in tried:
        if ways_in.database_key(held, secret, None) != key:
            raise StorageError(
                "The new way in does not open the vault.", "Nothing was changed.", "Try again."
            )
    return held


def keep_up(parts: Parts, held: SlotsFile, secret: Secret, key: bytes) -> None:
    """After an opening: raise the cost of a guess to today's, seal for the policy's key, tidy up."""
    now = held
    slot = None if SlotKind.PASSPHRASE in held.damaged_kinds else held.of(SlotKind.PASSPHRASE)
    weak = slot is not None and slot.cost is not None and slot.cost.weaker_than(parts.cost)
    if weak and isinstance(secret, str):
        raised = slots.passphrase_slot(held.install, secret, key, parts.cost)
        now = proven(now.with_slot(raised), key, [secret])
    now = _with_escrow(parts, now, key)
    for name in held.retired:
        parts.files.remove_database(name)
    now = replace(now, retired=())
    parts.files.remove_parts()
    if now != held:
        slots.write(parts.files.slots, now)


def _with_escrow(parts: Parts, held: SlotsFile, key: bytes) -> SlotsFile:
    if not parts.escrow_public_key:
        return held
    try:
        wanted = escrow.fingerprint(parts.escrow_public_key)
        if any(slot.recipient == wanted for slot in held.slots):
            return held
        return held.with_slot(escrow.seal(held.install, parts.escrow_public_key, key))
    except StorageError:
        # A mistake in the policy must not keep a clinician from the records; scribe vault status tells it.
        log.warning("the policy's escrow key cannot be used")
        return held


def rotate(parts: Parts, held: SlotsFile, passphrase: str, recovery: RecoveryKey) -> bytes:
    """Encrypt a verified copy with a new key and put it in the old one's place; returns the new key.

    The one step that counts is the renaming of slots.json, which names the database it opens: before it the
    old vault is whole, after it the new one is, and the old database is only a file to be removed.
    """
    old = ways_in.database_key(held, passphrase, None)
    new = secrets.token_bytes(slots.KEY_BYTES)
    name = f"vault-{secrets.token_hex(4)}.db"
    part = parts.files.part(name)
    try:
        contents = copying.verified_copy(parts.files.database(held.database), old, part)
        copying.rekey(part, old, new)
        if copying.inspect(part, new) != contents:
            raise StorageError(
                "The copy under the new key does not hold what the records hold.",
                "It was thrown away; the vault is as it was.",
                "Try again; if it happens again, check this computer's disk.",
            )
    except BaseException:
        parts.files.remove_parts()
        raise
    keychain_wanted = any(slot.kind is SlotKind.KEYCHAIN for slot in held.slots)
    made = all_slots(parts, held.install, new, passphrase, recovery, keychain_wanted)
    proven(made, new, [passphrase, recovery])
    part.replace(parts.files.database(name))
    slots.sync_folder(parts.files.folder)
    slots.write(parts.files.slots, replace(made, database=name, retired=(held.database,)))
    parts.files.remove_database(held.database)
    slots.write(parts.files.slots, replace(made, database=name))
    return new

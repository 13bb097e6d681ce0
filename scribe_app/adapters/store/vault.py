"""The door of the vault: makes it, and opens it by passphrase or by the keychain."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from scribe_app.adapters.store import slots
from scribe_app.adapters.store.database import unreadable
from scribe_app.adapters.store.keychain import Keychain, system_keychain
from scribe_app.adapters.store.lock import VaultLock
from scribe_app.adapters.store.slots import Argon2Cost, SlotKind, SlotsFile, WrongKeyError
from scribe_app.adapters.store.store import SqlCipherStore
from scribe_app.errors import ScribeError, StorageError, UsageError, WrongPassphraseError

SHORTEST_PASSPHRASE = 8
DATABASE = "vault.db"
SLOTS = "slots.json"
_UNFINISHED = "vault.db.new"


class VaultDoor:
    """One clinician's vault: a folder with the encrypted database and its key slots."""

    def __init__(
        self,
        folder: Path,
        use_keychain: bool = True,
        *,
        cost: Argon2Cost | None = None,
        keychain: Callable[[], Keychain | None] = system_keychain,
    ) -> None:
        """Nothing is opened or made yet.

        Args:
            folder: made on `create` where it does not exist.
            use_keychain: also keep a way in by the operating system's keychain, where there is one.
            cost: Argon2id parameters of new passphrase slots; tests only.
            keychain: finds the keychain; tests only.
        """
        self._folder = folder
        self._cost = cost or Argon2Cost()
        self._find_keychain = keychain if use_keychain else lambda: None

    def exists(self) -> bool:
        """Whether there is a vault here, whatever its condition."""
        return self._slots_file.exists() or self._database.exists()

    def create(self, passphrase: str) -> SqlCipherStore:
        """Make a new vault and open it; every way in is tried out before this returns.

        Raises:
            UsageError: the passphrase is too short.
            VaultInUseError: another program is at it.
            StorageError: there is a vault already, or the folder cannot be written.
        """
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise UsageError(
                f"The passphrase is too short: it needs at least {SHORTEST_PASSPHRASE} characters.",
                "Nothing was made.",
                "Choose a longer one; a few words in a row are good.",
            )
        self._make_folder()
        return self._locked(lambda lock: self._create(passphrase, lock))

    def open(self, passphrase: str | None) -> SqlCipherStore:
        """Open the vault by passphrase, or with None by the keychain.

        Raises:
            WrongPassphraseError: nothing was changed.
            VaultInUseError: another program holds it.
            SchemaTooNewError: a newer version wrote it.
            StorageError: no vault, a passphrase is needed, or something is damaged; nothing is deleted.
        """
        if not self.exists():
            raise StorageError(
                "There are no records here yet.", "", f"A new vault can be made in {self._folder}."
            )
        return self._locked(lambda lock: self._open(passphrase, lock))

    # --- making -------------------------------------------------------------------------------------

    def _create(self, passphrase: str, lock: VaultLock) -> SqlCipherStore:
        if self.exists():
            raise StorageError(
                "There is a vault here already.",
                "It was not touched.",
                "Open it with its passphrase instead.",
            )
        # Left by a creation that was cut off: without slots nobody ever had its key.
        for leftover in self._folder.glob(_UNFINISHED + "*"):
            leftover.unlink()
        key = secrets.token_bytes(slots.KEY_BYTES)
        SqlCipherStore(self._folder / _UNFINISHED, key).close()
        self._write_slots(passphrase, key)
        (self._folder / _UNFINISHED).replace(self._database)
        slots.sync_folder(self._folder)
        return SqlCipherStore(self._database, key, lock.release)

    def _write_slots(self, passphrase: str, key: bytes) -> None:
        install = secrets.token_hex(16)
        made = [slots.passphrase_slot(install, passphrase, key, self._cost)]
        part = self._slots_file.with_name("slots.json.new")
        keychain = self._find_keychain()
        if keychain is not None and (slot := _keychain_slot(keychain, install, key)) is not None:
            made.append(slot)
        slots.write(part, SlotsFile(install, tuple(made)))
        written = slots.read(part)
        proven = [_by_passphrase(written, passphrase)]
        if written.of(SlotKind.KEYCHAIN) is not None:
            proven.append(_by_keychain(written, keychain))
        if any(unwrapped != key for unwrapped in proven):
            raise StorageError(
                "The new vault could not be opened again.", "No records were made.", "Try again."
            )
        part.replace(self._slots_file)
        slots.sync_folder(self._folder)

    # --- opening ------------------------------------------------------------------------------------

    def _open(self, passphrase: str | None, lock: VaultLock) -> SqlCipherStore:
        if not self._slots_file.exists():
            raise StorageError(
                f"The key slots ({SLOTS}) of this vault are missing.",
                "The encrypted records are kept; nothing was deleted.",
                f"Put {self._slots_file} back from a backup: without it nobody can open them.",
            )
        held = slots.read(self._slots_file)
        key = (
            _by_keychain(held, self._find_keychain())
            if passphrase is None
            else _by_passphrase(held, passphrase)
        )
        unfinished = self._folder / _UNFINISHED
        if not self._database.exists() and unfinished.exists():
            unfinished.replace(self._database)  # the creation was cut off after its slots were written
        if not self._database.exists():
            raise StorageError(
                f"The database {DATABASE} of this vault is missing.",
                "Its keys are kept; nothing was changed.",
                f"Put {self._database} back from a backup.",
            )
        if self._database.stat().st_size == 0:
            raise unreadable(self._database)  # SQLite would take an empty file for a new database
        return SqlCipherStore(self._database, key, lock.release)

    # --- both ---------------------------------------------------------------------------------------

    def _locked(self, use: Callable[[VaultLock], SqlCipherStore]) -> SqlCipherStore:
        lock = VaultLock(self._folder)
        try:
            return use(lock)
        except OSError as error:
            lock.release()
            raise StorageError(
                f"The vault cannot be read or written: {error.strerror}.",
                "Nothing was deleted.",
                f"Check free space and permissions of {self._folder}.",
            ) from error
        except BaseException:
            lock.release()
            raise

    def _make_folder(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StorageError(
                f"The folder for the records cannot be made: {error.strerror}.",
                "Nothing was made.",
                f"Check {self._folder}.",
            ) from error

    @property
    def _database(self) -> Path:
        return self._folder / DATABASE

    @property
    def _slots_file(self) -> Path:
        return self._folder / SLOTS


def _keychain_slot(keychain: Keychain, install: str, key: bytes) -> slots.Slot | None:
    wrapping, id = secrets.token_bytes(slots.KEY_BYTES), secrets.token_hex(16)
    # As hexadecimal text: keyring stores text, and Windows allows 2,560 bytes of it.
    if not keychain.store(id, wrapping.hex()) or keychain.read(id) != wrapping.hex():
        return None
    return slots.keychain_slot(install, wrapping, key, id)


def _by_passphrase(held: SlotsFile, passphrase: str) -> bytes:
    slot = held.of(SlotKind.PASSPHRASE)
    if slot is None or slot.cost is None:
        raise StorageError(
            "This vault has no passphrase.", "Nothing was changed.", "Open it without one, by the keychain."
        )
    try:
        return slots.unwrap(held.install, slot, slots.stretch(passphrase, slot.salt, slot.cost))
    except WrongKeyError as error:
        raise WrongPassphraseError(
            "That passphrase does not open these records.",
            "Nothing was changed.",
            "Type it again; check Caps Lock and the keyboard layout.",
        ) from error


def _by_keychain(held: SlotsFile, keychain: Keychain | None) -> bytes:
    slot = held.of(SlotKind.KEYCHAIN)
    if slot is None:
        raise _passphrase_needed("This vault opens by its passphrase only.")
    secret = None if keychain is None else keychain.read(slot.id)
    if secret is None:
        raise _passphrase_needed("The keychain of this computer cannot be asked, or no longer holds the key.")
    try:
        return slots.unwrap(held.install, slot, bytes.fromhex(secret))
    except (WrongKeyError, ValueError) as error:
        raise _passphrase_needed(
            "The key in this computer's keychain is not the one of this vault."
        ) from error


def _passphrase_needed(why: str) -> ScribeError:
    return StorageError("A passphrase is needed.", why, "Type the passphrase of the records.")

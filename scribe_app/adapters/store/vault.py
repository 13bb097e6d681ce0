"""The door of the vault: made and opened by passphrase, keychain, recovery key or organisation's key."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from scribe_app.adapters.store import administering, attempts, noting, restoring, slots, ways_in
from scribe_app.adapters.store.database import unreadable
from scribe_app.adapters.store.keychain import Keychain, system_keychain
from scribe_app.adapters.store.lock import VaultLock
from scribe_app.adapters.store.place import network_warning
from scribe_app.adapters.store.slots import Argon2Cost, SlotKind, SlotsFile
from scribe_app.adapters.store.store import SqlCipherStore
from scribe_app.adapters.store.vault_files import VaultFiles
from scribe_app.domain.recovery_key import RecoveryKey
from scribe_app.domain.vault import SHORTEST_PASSPHRASE, Restored, Secret, VaultStatus, way_of
from scribe_app.errors import StorageError, UsageError, VaultInUseError, WrongPassphraseError

Done = TypeVar("Done")


class VaultDoor:
    """One clinician's vault: a folder with the encrypted database and its key slots."""

    def __init__(
        self,
        folder: Path,
        use_keychain: bool = True,
        *,
        escrow_public_key: str = "",
        user: str = "unknown",
        cost: Argon2Cost | None = None,
        keychain: Callable[[], Keychain | None] = system_keychain,
    ) -> None:
        """Nothing is opened or made yet.

        Args:
            folder: made on `create` where it does not exist.
            use_keychain: also keep a way in by the operating system's keychain, where there is one.
            escrow_public_key: PEM of the organisation's X25519 key; each vault gets a way in for it.
            user: in whose name a change of the ways in is noted.
            cost: Argon2id parameters of new passphrase slots; tests only.
            keychain: finds the keychain; tests only.
        """
        self._files = VaultFiles(folder)
        self._escrow, self._user = escrow_public_key, user
        self._cost = cost or Argon2Cost()
        self._find_keychain = keychain if use_keychain else lambda: None

    @property
    def _parts(self) -> administering.Parts:
        return administering.Parts(self._files, self._cost, self._find_keychain, self._escrow)

    def exists(self) -> bool:
        """Whether there is a vault here, whatever its condition."""
        return self._files.slots.exists() or self._files.database().exists()

    def create(
        self, passphrase: str, recovery: RecoveryKey | None = None, *, keychain: bool = True
    ) -> SqlCipherStore:
        """Make a new vault and open it; every way in is tried out before this returns.

        Without `keychain` nothing is left in the system's keychain: for a vault that nobody opens again.

        Raises:
            UsageError: the passphrase is too short.
            VaultInUseError: another program is at it.
            StorageError: there is a vault already, the folder cannot be written or is on a network drive.
        """
        _refuse_short(passphrase)
        warning = network_warning(self._files.folder)
        if warning:
            raise StorageError(
                warning,
                "Nothing was made.",
                "Have IT set a folder on this computer's own drive (XDG_DATA_HOME).",
            )
        self._files.make_folder()
        if not keychain:
            self._find_keychain = lambda: None
        return self._locked(lambda lock: self._create(passphrase, recovery, lock))

    def open(self, secret: Secret) -> SqlCipherStore:
        """Open the vault by passphrase, recovery key or organisation's key, or with None by the keychain.

        Raises:
            WrongPassphraseError: nothing was changed.
            PassphraseNeededError: the keychain does not open it, or it was locked.
            VaultInUseError: another program holds it.
            SchemaTooNewError: a newer version wrote it.
            StorageError: no vault, or something is damaged; nothing is deleted.
        """
        if not self.exists():
            raise StorageError(
                "There are no records here yet.", "", f"A new vault can be made in {self._files.folder}."
            )
        if secret is None and self._files.was_locked():
            raise ways_in.passphrase_needed("It was locked, and the keychain alone does not open it then.")
        return self._locked(lambda lock: self._open(secret, lock))

    def reopen(self, store: SqlCipherStore, secret: Secret) -> bytes:
        """Unlock a store of this program; returns what it kept sealed. Raises what open raises."""
        key = self._key(self._read(), secret)
        parked = store.reopen(key)
        store.opened_by = way_of(secret)
        self._files.mark_locked(False)
        return parked

    def check(self, secret: Secret) -> None:
        """Whether this opens the vault; nothing is opened. Raises what open raises."""
        self._key(self._read(), secret)

    # --- ways in ------------------------------------------------------------------------------------

    def change_passphrase(self, secret: Secret, passphrase: str, held: SqlCipherStore | None = None) -> None:
        """Set a new passphrase; the old one stops working. `held` is this vault, if it is open here.

        Raises:
            UsageError: the new one is too short.
            WrongPassphraseError, StorageError: nothing was changed.
        """
        _refuse_short(passphrase)

        def change(before: SlotsFile, key: bytes) -> SlotsFile:
            slot = slots.passphrase_slot(before.install, passphrase, key, self._cost)
            return administering.proven(before.with_slot(slot), key, [passphrase])

        self._change_slots(secret, change, held, "new passphrase")

    def renew_recovery_key(
        self, secret: Secret, recovery: RecoveryKey, held: SqlCipherStore | None = None
    ) -> None:
        """Set a new recovery key; the old paper stops working."""

        def change(before: SlotsFile, key: bytes) -> SlotsFile:
            slot = slots.recovery_slot(before.install, recovery.secret, key)
            return administering.proven(before.with_slot(slot), key, [recovery])

        self._change_slots(secret, change, held, "new recovery key")

    def use_keychain(self, secret: Secret, wanted: bool, held: SqlCipherStore | None = None) -> None:
        """Let this computer's keychain open the vault, or no longer. Raises StorageError: there is none."""

        def change(before: SlotsFile, key: bytes) -> SlotsFile:
            if not wanted:
                return before.without(SlotKind.KEYCHAIN)
            slot = ways_in.new_keychain_slot(before.install, self._find_keychain(), key)
            if slot is None:
                raise StorageError(
                    "There is no keychain that can be used here.",
                    "Nothing was changed.",
                    "Use the passphrase.",
                )
            return before.with_slot(slot)

        self._change_slots(secret, change, held, f"keychain {'on' if wanted else 'off'}")

    def rotate(self, passphrase: str, recovery: RecoveryKey) -> None:
        """Give the vault a new database key, on a verified copy; only these two open it afterwards.

        The keychain's way in and the organisation's are made anew. Killed at any point, the old vault or
        the new one opens.
        """

        def run() -> None:
            new = administering.rotate(self._parts, self._read(), passphrase, recovery)
            noting.note(self._database(), new, None, self._user, "new database key, new recovery key")

        self._locked_while(run)

    # --- from outside -------------------------------------------------------------------------------

    def status(self) -> VaultStatus:
        """The vault as it can be seen without opening it. Raises StorageError when its slots are damaged."""
        folder = self._files.folder
        known = ways_in.told(slots.read(self._files.slots)) if self._files.slots.exists() else ()
        return VaultStatus(
            folder,
            self.exists(),
            known,
            self._files.size(),
            self._in_use(),
            network_warning(folder),
        )

    def restore(self, backup: Path, secret: Secret, at: datetime, user: str = "") -> Restored:
        """Put a backup in the place of what is here; what was here is kept aside.

        Raises:
            WrongPassphraseError: it does not open the backup.
            StorageError: not a backup, damaged, or no room. What was here is unchanged.
        """
        self._files.make_folder()
        return self._locked_while(
            lambda: restoring.restore(
                self._files,
                backup,
                lambda held: ways_in.database_key(held, secret, self._find_keychain()),
                at,
                user or self._user,
            )
        )

    # --- making -------------------------------------------------------------------------------------

    def _create(self, passphrase: str, recovery: RecoveryKey | None, lock: VaultLock) -> SqlCipherStore:
        if self.exists():
            raise StorageError(
                "There is a vault here already.",
                "It was not touched.",
                "Open it with its passphrase instead.",
            )
        # Left by a creation that was cut off: without slots nobody ever had its key.
        self._files.remove_unfinished()
        key = secrets.token_bytes(slots.KEY_BYTES)
        SqlCipherStore(self._files.unfinished, key).close()
        administering.make_slots(self._parts, key, passphrase, recovery)
        self._files.unfinished.replace(self._files.database())
        slots.sync_folder(self._files.folder)
        return SqlCipherStore(self._files.database(), key, lock.release)

    # --- opening ------------------------------------------------------------------------------------

    def _open(self, secret: Secret, lock: VaultLock) -> SqlCipherStore:
        held = self._read()
        key = self._key(held, secret)
        self._files.finish_creation(held.database)
        database = self._files.database(held.database)
        if not database.exists():
            raise StorageError(
                f"The database {held.database} of this vault is missing.",
                "Its keys are kept; nothing was changed.",
                f"Put {database} back from a backup.",
            )
        if database.stat().st_size == 0:
            raise unreadable(database)  # SQLite would take an empty file for a new database
        store = SqlCipherStore(database, key, lock.release)
        self._keep_up(held, secret, key)
        self._files.mark_locked(False)
        store.opened_by = way_of(secret)
        return store

    def _keep_up(self, held: SlotsFile, secret: Secret, key: bytes) -> None:
        """After a good opening: today's Argon2 cost, the policy's escrow key, nothing left of a rotation."""
        administering.keep_up(self._parts, held, secret, key)

    def _database(self) -> Path:
        return self._files.database(self._read().database)

    def _read(self) -> SlotsFile:
        if not self._files.slots.exists():
            raise StorageError(
                f"The key slots ({self._files.slots.name}) of this vault are missing.",
                "The encrypted records are kept; nothing was deleted.",
                f"Put {self._files.slots} back from a backup: without it nobody can open them.",
            )
        return slots.read(self._files.slots)

    def _key(self, held: SlotsFile, secret: Secret) -> bytes:
        keychain = self._find_keychain() if secret is None else None
        try:
            return ways_in.database_key(held, secret, keychain)
        except WrongPassphraseError:
            attempts.note(self._files.folder)
            raise

    def _change_slots(
        self,
        secret: Secret,
        change: Callable[[SlotsFile, bytes], SlotsFile],
        held: SqlCipherStore | None,
        what: str,
    ) -> None:
        def run() -> None:
            before = self._read()
            key = self._key(before, secret)
            slots.write(self._files.slots, change(before, key))
            detail = f"{what}, opened by {way_of(secret)}"
            noting.note(self._database(), key, held, self._user, detail)

        if held is not None:
            run()  # this program holds the vault's lock already
        else:
            self._locked_while(run)

    # --- both ---------------------------------------------------------------------------------------

    def _in_use(self) -> bool:
        if not self._files.folder.exists():
            return False
        try:
            VaultLock(self._files.folder).release()
        except VaultInUseError:
            return True
        return False

    def _locked_while(self, use: Callable[[], Done]) -> Done:
        def run(lock: VaultLock) -> Done:
            done = use()
            lock.release()
            return done

        return self._locked(run)

    def _locked(self, use: Callable[[VaultLock], Done]) -> Done:
        lock = VaultLock(self._files.folder)
        try:
            return use(lock)
        except OSError as error:
            lock.release()
            raise StorageError(
                f"The vault cannot be read or written: {error.strerror}.",
                "Nothing was deleted.",
                f"Check free space and permissions of {self._files.folder}.",
            ) from error
        except BaseException:
            lock.release()
            raise


def _refuse_short(passphrase: str) -> None:
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise UsageError(
            f"The passphrase is too short: it needs at least {SHORTEST_PASSPHRASE} characters.",
            "Nothing was made or changed.",
            "Choose a longer one; a few words in a row are good.",
        )

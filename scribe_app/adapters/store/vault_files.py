"""Where the files of one vault are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scribe_app.adapters.store.slots import DATABASE
from scribe_app.errors import StorageError

_UNFINISHED = "vault.db.new"
_PART = ".part"


@dataclass(frozen=True, slots=True)
class VaultFiles:
    """The folder of a vault: slots.json, the database that it names, the lock, and what is being made."""

    folder: Path

    @property
    def slots(self) -> Path:
        """The key slots."""
        return self.folder / "slots.json"

    @property
    def unfinished(self) -> Path:
        """The database of a vault that is being made."""
        return self.folder / _UNFINISHED

    def database(self, name: str = DATABASE) -> Path:
        """A database by its name in the slots."""
        return self.folder / name

    def make_folder(self) -> None:
        """Only its owner may look into it. Raises StorageError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StorageError(
                f"The folder for the records cannot be made: {error.strerror}.",
                "Nothing was made.",
                f"Check {self.folder}.",
            ) from error

    def remove_unfinished(self) -> None:
        """What a cut-off creation left."""
        for leftover in self.folder.glob(_UNFINISHED + "*"):
            leftover.unlink()

    def finish_creation(self, name: str) -> None:
        """A creation was cut off after its slots were written: its database gets its name."""
        if not self.database(name).exists() and self.unfinished.exists():
            self.unfinished.replace(self.database(name))

    def remove_database(self, name: str) -> None:
        """A replaced database with its log."""
        for suffix in ("", "-wal", "-shm"):
            self.database(name + suffix).unlink(missing_ok=True)

    def part(self, name: str) -> Path:
        """A copy that is being made; what a crash leaves of it is removed at the next opening."""
        return self.folder / (name + _PART)

    def remove_parts(self) -> None:
        """Copies that were cut off: encrypted, incomplete, of no use."""
        for pattern in ("vault-*.db.part*", "copy-*.part*"):
            for leftover in self.folder.glob(pattern):
                leftover.unlink(missing_ok=True)

    def size(self) -> int:
        """Bytes on disk."""
        if not self.folder.exists():
            return 0
        return sum(file.stat().st_size for file in self.folder.iterdir() if file.is_file())

    def was_locked(self) -> bool:
        """Whether it was locked and not unlocked since: starting the program anew must not be a way round."""
        return (self.folder / "locked").exists()

    def mark_locked(self, locked: bool) -> None:
        """Remember that. It stops a colleague at the desk, not a program of the same user."""
        if locked:
            (self.folder / "locked").touch(0o600)
        else:
            (self.folder / "locked").unlink(missing_ok=True)

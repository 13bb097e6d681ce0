"""A small sealed file beside the database, written in one step."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scribe_app.adapters.store import sealing, slots

_PART = ".part"


@dataclass(frozen=True, slots=True)
class SideFile:
    """What must not be in the database, sealed under a key that only the open database gives away."""

    file: Path
    key: bytes

    def read(self) -> bytes | None:
        """What it holds; None where there is no file, or none that this vault sealed."""
        try:
            return sealing.unseal(self.key, self.file.read_bytes()) or None
        except FileNotFoundError:
            return None

    def set_aside(self) -> None:
        """One that cannot be read is not lost without a trace: somebody may still want to look at it."""
        if self.file.exists():
            self.file.replace(self.file.with_name(f"{self.file.name}.unreadable-{secrets.token_hex(4)}"))

    def write(self, content: bytes) -> None:
        """Replace it: after a crash the old content is there, or the new one."""
        part = self.file.with_name(self.file.name + _PART)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(sealing.seal(self.key, content))
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(self.file)

    def replace_for_good(self, content: bytes) -> None:
        """Replace it and write over what it held: on a magnetic disk nothing of that is left.

        A solid-state drive may keep the old block until it is reused; so may a snapshot or a copy.
        """
        held = self.file.open("r+b") if self.file.exists() else None
        self.write(content)
        slots.sync_folder(self.file.parent)
        if held is not None:
            with held:
                length = os.fstat(held.fileno()).st_size
                held.write(secrets.token_bytes(length))
                held.flush()
                os.fsync(held.fileno())


def side_key(db: Any, purpose: str) -> bytes:
    """The key of a side file, for use in the store thread."""
    return slots.derive(sealing.side_secret(db), b"", f"side {purpose}")

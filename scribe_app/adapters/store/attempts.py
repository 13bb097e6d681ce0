"""When somebody tried to open the vault and could not: for the audit trail, once it is open again."""

from __future__ import annotations

import contextlib
import os
from datetime import UTC, datetime
from pathlib import Path

ATTEMPTS_FILE = "attempts"
MOST_KEPT = 10_000
"""Bytes; a program that guesses all night fills no disk."""


def note(folder: Path) -> None:
    """One more, now. The database is closed, so it cannot be written there."""
    file = folder / ATTEMPTS_FILE
    with contextlib.suppress(OSError):  # what the person is told matters more than that it is counted
        if file.exists() and file.stat().st_size > MOST_KEPT:
            return
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="ascii") as stream:
            stream.write(datetime.now(UTC).isoformat(timespec="seconds") + "\n")


def take(folder: Path) -> list[datetime]:
    """Those since the last time; they are forgotten here."""
    file = folder / ATTEMPTS_FILE
    try:
        lines = file.read_text(encoding="ascii", errors="replace").splitlines()
        file.unlink()
    except OSError:
        return []
    found = []
    for line in lines:
        with contextlib.suppress(ValueError):
            moment = datetime.fromisoformat(line)
            found.append(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return found

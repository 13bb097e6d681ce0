"""What was erased, outside the database: a backup that is put back must not bring it back.

One sealed line for each erasure: which part of which consultation, when. No name, nothing of what was said.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from scribe_app.adapters.store import sealing
from scribe_app.adapters.store.deletion import erase_rows, exists
from scribe_app.domain.erasure import Erasure, Part
from scribe_app.domain.ids import ConsultationId
from scribe_app.paths import sync_folder

LEDGER_FILE = "ledger"
PURPOSE = "ledger"
"""Of its key, for derived_key()."""


@dataclass(frozen=True, slots=True)
class Erased:
    """A line of the ledger."""

    consultation: ConsultationId
    part: Part
    at: datetime
    """UTC."""


def append(folder: Path, key: bytes, erasures: Sequence[Erasure], at: datetime) -> None:
    """Write it down, before anything is erased: what is in the ledger was meant to go."""
    file = folder / LEDGER_FILE
    begun = file.exists()
    lines = b"".join(_line(key, erasure, at) for erasure in erasures)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab") as stream:
        stream.write(lines)
        stream.flush()
        os.fsync(stream.fileno())
    if not begun:
        sync_folder(folder)


def read(folder: Path, derived: Callable[[str], bytes]) -> list[Erased]:
    """All of it, oldest first. A line that a crash cut off, or that another vault wrote, is passed over."""
    try:
        lines = (folder / LEDGER_FILE).read_bytes().splitlines()
    except FileNotFoundError:
        return []
    key = derived(PURPOSE)
    return [erased for line in lines if (erased := _erased(key, line)) is not None]


def apply(db: Any, entries: Iterable[Erased]) -> int:
    """Erase it again in a database that was put back; returns how many consultations that touched."""
    touched = set()
    for entry in entries:
        if exists(db, entry.consultation, entry.part):
            erase_rows(db, entry.consultation, entry.part, entry.at)
            touched.add(entry.consultation)
    return len(touched)


def _line(key: bytes, erasure: Erasure, at: datetime) -> bytes:
    content = {"id": erasure.consultation, "part": erasure.part.value, "at": at.isoformat()}
    return base64.b64encode(sealing.seal(key, json.dumps(content).encode())) + b"\n"


def _erased(key: bytes, line: bytes) -> Erased | None:
    try:
        content = json.loads(sealing.unseal(key, base64.b64decode(line, validate=True)) or b"null")
    except (binascii.Error, ValueError):
        return None
    if content is None:
        return None
    at = datetime.fromisoformat(content["at"])
    return Erased(ConsultationId(content["id"]), Part(content["part"]), at)

"""What is written down of imports: the files of each, the highest serial number, and who did it when."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from scribe_app.adapters.models.manifest import BROKEN, Model
from scribe_app.errors import ModelError
from scribe_app.paths import sync_folder
from scribe_app.ports import ModelFile, ModelImport

SERIALS, IMPORTS = "serials.json", "imports.jsonl"
_MOST_BYTES = 4 << 20


def recorded_files(record: Path, listed: Model) -> tuple[ModelFile, ...]:
    """The files as they were when they were imported; none where that was not written down."""
    try:
        rows = json.loads(_text(record))["files"]
        held = {str(row["path"]): (int(row["size"]), str(row["sha256"])) for row in rows}
        return tuple(ModelFile(file.path, *held[file.path]) for file in listed.files)
    except BROKEN:
        return ()


def file_record(files: tuple[ModelFile, ...]) -> bytes:
    """What recorded_files reads."""
    rows = [{"path": file.path, "size": file.size, "sha256": file.sha256} for file in files]
    return json.dumps({"files": rows}, indent=1).encode()


def highest_serial(roots: tuple[Path, ...], id: str) -> tuple[int, str]:
    """The highest serial number that was ever imported of a model, and the digest of that bundle; 0 for none.

    Raises:
        ModelError: it cannot be read; going on would let an older bundle in.
    """
    found = (0, "")
    for root in roots:
        try:
            row = json.loads(_text(root / SERIALS)).get(id, {})
            found = max(found, (int(row.get("serial", 0)), str(row.get("digest", ""))))
        except FileNotFoundError:
            continue
        except BROKEN as error:
            raise ModelError(
                "Which bundles were imported before cannot be read, so an older one might be taken for new.",
                "Nothing was imported and nothing was changed.",
                f"Put {root / SERIALS} back from a backup, or have IT take it away.",
            ) from error
    return found


def keep_serial(root: Path, id: str, serial: int, digest: str) -> None:
    """Write it down, in one step. Raises OSError."""
    file = root / SERIALS
    held = json.loads(_text(file)) if file.exists() else {}
    write_whole(file, json.dumps({**held, id: {"serial": serial, "digest": digest}}, indent=1).encode())


def read_imports(root: Path) -> list[ModelImport]:
    """Imports into this folder, in order; a line that cannot be read is left out."""
    try:
        lines = _text(root / IMPORTS).splitlines()
    except (OSError, ValueError):
        return []
    return [found for line in lines if (found := _import(line)) is not None]


def add_import(root: Path, done: ModelImport) -> None:
    """Append one. Raises OSError."""
    row = {
        "number": done.number, "at": done.at.isoformat(), "user": done.user, "id": done.id,
        "serial": done.serial, "sha256": done.sha256, "vouched": done.vouched,
    }  # fmt: skip
    with (root / IMPORTS).open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(row) + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def write_whole(file: Path, content: bytes) -> None:
    """Write a file in one step: after a crash the old one is there, or the new one. Raises OSError."""
    part = file.with_name(file.name + ".part")
    with part.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(file)
    sync_folder(file.parent)


def _import(line: str) -> ModelImport | None:
    try:
        row: Mapping[str, Any] = json.loads(line)
        at = datetime.fromisoformat(row["at"])
        texts = [str(row[name])[:200] for name in ("number", "user", "id", "sha256", "vouched")]
        if at.tzinfo is None or not texts[0].isalnum():
            return None
        number, user, id, sha256, vouched = texts
        return ModelImport(number, at, user, id, int(row["serial"]), sha256, vouched)
    except BROKEN:
        return None


def _text(file: Path) -> str:
    with file.open("rb") as stream:
        return stream.read(_MOST_BYTES).decode("utf-8")

"""A backup as one file: the encrypted database, its wrapped keys, and what they must hold.

A plain zip archive without compression (what is encrypted does not shrink), with exactly three members.
Nothing in it is readable without a way into the vault. Recordings are not in it: they are erased some days
after signing, and a backup must not bring them back.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from scribe_app import __version__
from scribe_app.adapters import zips
from scribe_app.adapters.store import slots
from scribe_app.adapters.store.copying import Contents
from scribe_app.errors import StorageError
from scribe_app.paths import sync_folder

SUFFIX = ".scribevault"
MEMBERS = ("backup.json", "slots.json", "vault.db")
_FORMAT = 1
_MOST_TEXT = 1 << 20
"""Bytes of the two small members."""
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    made_at: datetime
    sha256: str
    consultations: int


def write(folder: Path, database: Path, held: slots.SlotsFile, contents: Contents, at: datetime) -> Path:
    """Put a verified copy and its slots into one file; after a power cut it is there whole, or not at all.

    Raises:
        StorageError: it cannot be written, or does not read back as it was written.
    """
    final = folder / f"scribe-{at.astimezone(UTC):%Y%m%d-%H%M%S}Z{SUFFIX}"
    part = final.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for leftover in folder.glob("scribe-*.part"):
            leftover.unlink()
        digest = _sha256(database)
        manifest = _manifest(digest, contents, at)
        with _private(part) as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
                archive.writestr("backup.json", json.dumps(manifest, indent=1))
                archive.writestr("slots.json", slots.text(held))
                archive.write(database, "vault.db")
            stream.flush()
            os.fsync(stream.fileno())
        with _opened(part) as archive, archive.open("vault.db") as copied:
            if _sha256_of(copied) != digest:
                raise _damaged(part)
        part.replace(final)
        sync_folder(folder)
    except OSError as error:
        with suppress(OSError):  # the folder itself may be what is wrong
            part.unlink()
        raise StorageError(
            f"The backup cannot be written: {error.strerror}.",
            "The records are untouched, and earlier backups are kept.",
            f"Check free space and permissions of {folder}.",
        ) from error
    return final


def manifest(file: Path) -> Manifest:
    """What a backup says of itself. Raises StorageError when it is none."""
    with _opened(file) as archive:
        return _read_manifest(file, archive)


def unpack(file: Path, database: Path) -> tuple[Manifest, slots.SlotsFile]:
    """Write the backup's database to a new file and read its slots; nothing else in it is looked at.

    Raises:
        StorageError: it is no backup, damaged, or there is no room.
    """
    with _opened(file) as archive:
        found = _read_manifest(file, archive)
        try:
            held = slots.parse(archive.read("slots.json").decode())
        except slots.DAMAGED as error:
            raise _damaged(file) from error
        size = archive.getinfo("vault.db").file_size
        if size > shutil.disk_usage(database.parent).free:
            raise StorageError(
                "There is not enough room to restore this backup.", "Nothing was changed.", "Free some space."
            )
        with archive.open("vault.db") as source, _private(database) as target:
            digest = _sha256_of(source, target)
            target.flush()
            os.fsync(target.fileno())
    if digest != found.sha256:
        database.unlink()
        raise _damaged(file)
    return found, held


def listed(folder: Path) -> list[Path]:
    """Backups in a folder, newest first."""
    try:
        return sorted(folder.glob(f"scribe-*{SUFFIX}"), reverse=True)
    except OSError:
        return []


def prune(folder: Path, keep: int) -> int:
    """Remove all but the newest `keep`; how many went. One that cannot be removed stays."""
    gone = 0
    for file in listed(folder)[max(1, keep) :]:
        try:
            file.unlink()
            gone += 1
        except OSError:
            continue
    return gone


def _manifest(digest: str, contents: Contents, at: datetime) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "program": __version__,
        "made_at": at.astimezone(UTC).isoformat(timespec="seconds"),
        "sha256": digest,
        "consultations": contents.consultations,
        "audit_head": contents.audit_head,
        "schema": list(contents.steps),
    }


def _read_manifest(file: Path, archive: zipfile.ZipFile) -> Manifest:
    try:
        document = json.loads(archive.read("backup.json"))
        if document["format"] != _FORMAT:
            raise StorageError(
                f"The backup {file.name} was made by a newer version of the program.",
                "Nothing was changed.",
                "Install that version on this computer and restore with it.",
            )
        made_at = datetime.fromisoformat(document["made_at"]).astimezone(UTC)
        return Manifest(made_at, str(document["sha256"]), int(document["consultations"]))
    except (*slots.DAMAGED, OverflowError, OSError) as error:
        raise _damaged(file) from error


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with file.open("rb") as stream, zips.open_zip(stream) as archive:
            _refuse_strange(file, archive.infolist())
            yield archive
    except FileNotFoundError as error:
        raise StorageError(
            f"There is no file {file}.",
            "Nothing was changed.",
            "Check its name; scribe vault status lists backups.",
        ) from error
    except (zips.StrangeZipError, *zips.BROKEN) as error:
        raise _damaged(file) from error
    except IsADirectoryError as error:
        raise _damaged(file) from error


def _refuse_strange(file: Path, members: list[zipfile.ZipInfo]) -> None:
    """Exactly our three members, stored as they are: no bombs, no links, no paths."""
    sizes = {member.filename: member.file_size for member in members}
    stored = all(
        member.compress_type == zipfile.ZIP_STORED
        and member.file_size == member.compress_size
        and not member.flag_bits & 1
        for member in members
    )
    small = all(sizes.get(name, 0) <= _MOST_TEXT for name in ("backup.json", "slots.json"))
    if len(members) != len(MEMBERS) or set(sizes) != set(MEMBERS) or not stored or not small:
        raise _damaged(file)


@contextmanager
def _private(file: Path) -> Iterator[IO[bytes]]:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "r+b") as stream:
        yield stream


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return _sha256_of(stream)


def _sha256_of(stream: IO[bytes], copy: IO[bytes] | None = None) -> str:
    digest = hashlib.sha256()
    while piece := stream.read(_PIECE):
        digest.update(piece)
        if copy is not None:
            copy.write(piece)
    return digest.hexdigest()


def _damaged(file: Path) -> StorageError:
    return StorageError(
        f"{file.name} is not a backup of this program, or it is damaged.",
        "Nothing was changed.",
        "Use another backup.",
    )

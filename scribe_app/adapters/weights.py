"""What an engine loads is what was checked: files are opened once, compared, and loaded from there.

Between a check and a load by name somebody could put another file in its place. So each file is opened and
kept open, and compared with its list: by its hash, or by what a comparison of its hash noted (device, inode,
size, times of change). On Linux the engine is given a folder of links to the open files themselves; elsewhere
it loads by name, and what the names stand for is compared once more afterwards.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import psutil

from scribe_app.errors import ModelError
from scribe_app.language import later
from scribe_app.ports import ModelContents, ModelFile

OPEN_FILES = Path("/proc/self/fd")
_LINKS = "loading-"
_MOST_NOTES = 1 << 20
_KEPT = "Recordings and what was transcribed and drafted are kept."
Stamp = list[int]
"""Device, inode, size, time of modification, time of change."""


@dataclass
class Weights:
    """A model's open files, checked."""

    folder: Path
    """Where to load them from."""
    contents: ModelContents | None
    _opened: dict[str, BinaryIO]
    _stamps: dict[str, Stamp]
    _hashes: dict[str, str]

    def sha256(self, path: str) -> str:
        """Of one file; computed where no list knows it."""
        if path not in self._hashes:
            assert self.contents is not None
            self._hashes[path] = _sha256(self._opened[path])
            note = {str(self.contents.folder / path): [*self._stamps[path], self._hashes[path]]}
            _keep(self.contents.notes, note)
        return self._hashes[path]


@contextmanager
def checked(folder: Path, contents: ModelContents | None) -> Iterator[Weights]:
    """The model's files, open and compared, for as long as it is being loaded.

    Raises:
        ModelError: one is missing, is no file, or is not what its list says; or became another meanwhile.
    """
    if contents is None:
        yield Weights(folder, None, {}, {}, {})
        return
    with ExitStack() as opened:
        weights = Weights(contents.folder, contents, {}, {}, {})
        for file in contents.files:
            weights._opened[file.path] = opened.enter_context(_open(contents.folder, file))
        _compare(weights)
        with _links(weights) as place:
            weights.folder = place
            yield weights
        _compare_again(weights)


def _open(folder: Path, file: ModelFile) -> BinaryIO:
    try:
        stream = (folder / file.path).open("rb")
    except OSError as error:
        raise _wrong(folder, file.path, f"cannot be read: {error.strerror}") from error
    held = os.fstat(stream.fileno())
    if not stat.S_ISREG(held.st_mode) or (file.size and held.st_size != file.size):
        stream.close()
        raise _wrong(folder, file.path, later("is not the one that its list names"))
    return stream


def _compare(weights: Weights) -> None:
    """Every hash that is known with every file; one that was compared before and is the same is not read."""
    contents = weights.contents
    assert contents is not None
    notes, fresh = _notes(contents.notes), {}
    for file in contents.files:
        stream, name = weights._opened[file.path], str(contents.folder / file.path)
        stamp = weights._stamps[file.path] = _stamp(os.fstat(stream.fileno()))
        noted = notes.get(name)
        digest = noted[-1] if noted is not None and noted[:-1] == stamp else ""
        if file.sha256 and digest != file.sha256:
            digest = _sha256(stream)
            fresh[name] = [*stamp, digest]
            if digest != file.sha256:
                raise _wrong(
                    contents.folder, file.path, later("is not the genuine one: its SHA-256 is another")
                )
        if digest:
            weights._hashes[file.path] = digest
    if fresh:
        _keep(contents.notes, fresh)


def _compare_again(weights: Weights) -> None:
    """After loading by name the names must stand for the same files still; after loading by links they may
    not, as when a newer model has just come, but what the open files hold must be the same."""
    contents = weights.contents
    assert contents is not None
    for path, stream in weights._opened.items():
        try:
            if weights.folder == contents.folder:
                same = _stamp((contents.folder / path).stat()) == weights._stamps[path]
            else:
                same = _stamp(os.fstat(stream.fileno())) == weights._stamps[path] or (
                    path in weights._hashes and _sha256(stream) == weights._hashes[path]
                )
        except OSError:
            same = False
        if not same:
            raise _wrong(contents.folder, path, later("was changed while it was loaded"))


@contextmanager
def _links(weights: Weights) -> Iterator[Path]:
    """A folder whose names lead to the open files, whatever lies under those names elsewhere by now."""
    contents = weights.contents
    assert contents is not None
    if sys.platform != "linux" or contents.notes is None or not OPEN_FILES.exists():
        yield contents.folder
        return
    place = contents.notes.parent / f"{_LINKS}{os.getpid()}"
    try:
        _tidy(contents.notes.parent)
        place.mkdir(mode=0o700)
        for path, stream in weights._opened.items():
            link = place / path
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(OPEN_FILES / str(stream.fileno()))
    except OSError:  # a full disk, or a drive that knows no links
        shutil.rmtree(place, ignore_errors=True)
        yield contents.folder
        return
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _tidy(folder: Path) -> None:
    """Links of processes that were killed while they loaded, and our own of an earlier life."""
    for old in folder.glob(f"{_LINKS}*"):
        number = old.name.removeprefix(_LINKS)
        if number.isdigit() and (int(number) == os.getpid() or not psutil.pid_exists(int(number))):
            shutil.rmtree(old, ignore_errors=True)


def _stamp(held: os.stat_result) -> Stamp:
    return [held.st_dev, held.st_ino, held.st_size, held.st_mtime_ns, held.st_ctime_ns]


def _sha256(stream: BinaryIO) -> str:
    stream.seek(0)
    return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]  # open() gives a reader


def _notes(file: Path | None) -> dict[str, list[Any]]:
    """What was compared before; a file that cannot be read is as good as none."""
    if file is None:
        return {}
    try:
        with file.open("rb") as stream:
            held = json.loads(stream.read(_MOST_NOTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return {k: v for k, v in held.items() if isinstance(v, list) and v} if isinstance(held, dict) else {}


def _keep(file: Path | None, fresh: dict[str, list[Any]]) -> None:
    """A disk that refuses costs another comparison later, nothing else."""
    if file is None:
        return
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    with suppress(OSError):
        known = {name: note for name, note in _notes(file).items() if Path(name).exists()}
        part.write_text(json.dumps(known | fresh, indent=1), encoding="utf-8")
        part.replace(file)


def _wrong(folder: Path, path: str, what: str) -> ModelError:
    return ModelError(
        f"The file {path} of the model in {folder} {what}. It was not used.",
        _KEPT,
        "Run scribe models verify, and import the model anew; or choose another model.",
    )

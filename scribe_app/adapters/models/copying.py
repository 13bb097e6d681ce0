"""The copy of one model: made beside its place, taken up where it was cut off, renamed when it is whole."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from scribe_app.adapters import zips
from scribe_app.adapters.models.manifest import Model
from scribe_app.adapters.models.sources import Source
from scribe_app.errors import Cancelled, ModelError
from scribe_app.paths import sync_folder
from scribe_app.ports import ModelFile

Progress = Callable[[int, int], None]
PIECE = 1 << 20
ROOM_TO_SPARE = 64 << 20
"""Bytes that stay free: a full disk costs a recording."""
AS_BEFORE = "What was there before is as it was."
_GOES_ON = "What was copied is kept; the same command goes on from there."


class Copying:
    """One import into `root`/<id>. Raises ModelError; Cancelled leaves nothing behind."""

    def __init__(self, root: Path, model: Model, progress: Progress, size: int) -> None:
        self._root, self._model, self._progress, self._size = root, model, progress, size
        self._part = root / f".importing-{model.id}"
        self._place = root / model.id
        self._done = 0
        self._goes_on = False

    def copy(self, source: Source, papers: tuple[tuple[str, bytes], ...]) -> tuple[ModelFile, ...]:
        """All files into the part folder, each compared with its list after it was written."""
        self._goes_on = bool(papers)
        with self.told_as_errors():
            self._begin(papers)
            try:
                return tuple(self._copied(source, file) for file in self._model.files)
            except (Cancelled, KeyboardInterrupt):
                shutil.rmtree(self._part, ignore_errors=True)
                raise

    def keep(self, name: str, content: bytes) -> None:
        """A small file beside them."""
        with (self._part / name).open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())

    def put_in_place(self) -> None:
        """The part folder takes the model's name; what had it goes."""
        for path in (self._part, *self._part.rglob("*")):  # whatever the umask of who imports for everyone
            path.chmod(0o755 if path.is_dir() else 0o644)
        sync_folder(self._part)
        aside = self._root / f".replaced-{self._model.id}-{secrets.token_hex(4)}"
        if self._place.exists():
            self._place.replace(aside)
        try:
            self._part.replace(self._place)
        except OSError:
            if aside.exists():
                aside.replace(self._place)
            raise
        sync_folder(self._root)
        shutil.rmtree(aside, ignore_errors=True)

    @contextmanager
    def told_as_errors(self) -> Iterator[None]:
        """Disk errors in words."""
        try:
            yield
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise self._no_room() from error
            raise ModelError(
                f"The model {self._model.id} cannot be copied: {error.strerror or error}.",
                f"{AS_BEFORE} {_GOES_ON}" if self._goes_on else AS_BEFORE,
                f"Check the share or stick, and that you may write to {self._root}; close Scribe if it runs.",
            ) from error
        except zips.BROKEN as error:
            shutil.rmtree(self._part, ignore_errors=True)
            raise ModelError(
                f"The bundle of {self._model.id} is damaged: it cannot be unpacked.",
                AS_BEFORE,
                "Get it anew from whoever made it.",
            ) from error

    # --- inside -------------------------------------------------------------------------------------

    def _begin(self, papers: tuple[tuple[str, bytes], ...]) -> None:
        """Take up a part folder of the very same bundle; throw any other away."""
        if not self._root.exists():
            self._root.mkdir(parents=True)
            self._root.chmod(0o755)
        for old in self._root.glob(f".replaced-{self._model.id}-*"):
            if not self._place.exists():
                old.replace(self._place)  # a crash between two renames
            else:
                shutil.rmtree(old, ignore_errors=True)
        if self._part.is_symlink() or not self._same(papers):
            self._part.unlink() if self._part.is_symlink() else shutil.rmtree(self._part, ignore_errors=True)
            self._part.mkdir(mode=0o755)
            for name, content in papers:
                self.keep(name, content)
        held = sum(file.stat().st_size for file in self._part.rglob("*") if file.is_file())
        if shutil.disk_usage(self._root).free < self._size - held + ROOM_TO_SPARE:
            raise self._no_room()

    def _same(self, papers: tuple[tuple[str, bytes], ...]) -> bool:
        if not self._part.is_dir() or not papers:
            return False
        with suppress(OSError):
            return all((self._part / name).read_bytes() == content for name, content in papers)
        return False

    def _copied(self, source: Source, file: ModelFile) -> ModelFile:
        target = self._part / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_symlink():
            target.unlink()
        begun = target.exists()
        made = self._copy(source, file, target)
        if begun and not _fits(made, file):  # what a power cut left is not always what was written
            self._done -= made.size
            target.unlink()
            made = self._copy(source, file, target)
        if not _fits(made, file):
            shutil.rmtree(self._part, ignore_errors=True)
            raise ModelError(
                f"{file.path} in {source.name} is not what its list says: {made.size:,} bytes with SHA-256 "
                f"{made.sha256[:12]}…, not {file.size:,} with {file.sha256[:12]}….",
                AS_BEFORE,
                "Do not use it. Get it anew from whoever made it.",
            )
        return made

    def _copy(self, source: Source, file: ModelFile, target: Path) -> ModelFile:
        """What lies in `target` afterwards, read back from the disk."""
        with open(target, "a+b") as written:  # noqa: PTH123 - one descriptor for writing and reading back
            most = file.size or self._size
            with source.open(file.path) as stream:
                begin = self._pass_over(stream, written, most)
                self._progress(self._done, self._size)
                while (piece := stream.read(PIECE)) and begin <= most:
                    written.write(piece)
                    begin += len(piece)
                    self._done += len(piece)
                    self._progress(self._done, self._size)
            written.flush()
            os.fsync(written.fileno())
            if sys.platform == "linux":  # read back from the disk, not from memory
                os.posix_fadvise(written.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            written.seek(0)
            digest = hashlib.file_digest(written, "sha256").hexdigest()
            return ModelFile(file.path, written.tell(), digest)

    def _pass_over(self, stream: BinaryIO, written: BinaryIO, most: int) -> int:
        """Leave out what a copy that was cut off holds already; how many bytes that is."""
        begin = written.seek(0, os.SEEK_END)
        if begin > most:
            written.truncate(0)
            begin = 0
        stream.seek(begin)
        self._done += begin
        return begin

    def _no_room(self) -> ModelError:
        return ModelError(
            f"There is not enough room for the model {self._model.id}: it takes {self._size / 1e6:,.0f} MB.",
            AS_BEFORE,
            f"Free some space on the drive of {self._root}.",
        )


def _fits(made: ModelFile, wanted: ModelFile) -> bool:
    size = not wanted.size or made.size == wanted.size
    return bool(made.size) and size and (not wanted.sha256 or made.sha256 == wanted.sha256)

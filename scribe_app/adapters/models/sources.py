"""Where a model comes from: an archive, a folder, or one file of weights. Only named files are read."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol

from scribe_app.adapters import zips
from scribe_app.errors import ModelError

NOTHING = "Nothing was imported and nothing was changed."


class Source(Protocol):
    """Files by name. All may raise ModelError; reading may raise OSError and what is in zips.BROKEN."""

    name: str

    def has(self, path: str) -> bool:
        """Whether there is such a file."""

    def open(self, path: str) -> BinaryIO:
        """Read one."""

    def require_only(self, paths: Iterable[str]) -> None:
        """Refuse it where it holds anything else."""

    def close(self) -> None:
        """Let go of it."""

    def __enter__(self) -> Source: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class _Closing:
    def close(self) -> None:
        """Nothing to let go of."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class FolderSource(_Closing):
    """A folder. Links in it are not followed; what is not asked for is not looked at."""

    def __init__(self, folder: Path, only: str = "") -> None:
        """`only` makes a folder of one file."""
        self.name = only or folder.name or str(folder)
        self._folder, self._only = folder, only

    def __enter__(self) -> FolderSource:
        return self

    def has(self, path: str) -> bool:
        """Whether there is such a file."""
        return (not self._only or path == self._only) and os.path.lexists(self._folder / path)

    def open(self, path: str) -> BinaryIO:
        """Read one, if it is an ordinary file and no link leads to it."""
        if self._only and path != self._only:
            raise FileNotFoundError(path)
        place = self._folder
        for part in path.split("/"):
            place = place / part
            if place.is_symlink():
                raise ModelError(f"{path} in {self.name} is a link.", NOTHING, "Put the file itself there.")
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(place, flags | getattr(os, "O_NONBLOCK", 0))
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise ModelError(f"{path} in {self.name} is no ordinary file.", NOTHING, "Get the bundle anew.")
        return os.fdopen(descriptor, "rb")

    def require_only(self, paths: Iterable[str]) -> None:
        """A folder may hold other things: a stick has its own. They are not copied."""


class ZipSource(_Closing):
    """A bundle's archive."""

    def __init__(self, file: Path) -> None:
        """Raises ModelError, OSError."""
        self.name = file.name
        self._stream = file.open("rb")
        try:
            self._archive = zips.open_zip(self._stream)
        except zips.StrangeZipError as error:
            self._stream.close()
            raise ModelError(
                f"{file.name} is not a model bundle: {error}.",
                NOTHING,
                "Get it anew from whoever made it.",
            ) from error
        except BaseException:
            self._stream.close()
            raise
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in self._archive.infolist():
            if member.filename in self._members:
                self.close()
                raise ModelError(
                    f"{file.name} holds two files called {member.filename[:80]}.",
                    NOTHING,
                    "Get it anew from whoever made it.",
                )
            self._members[member.filename] = member

    def __enter__(self) -> ZipSource:
        return self

    def has(self, path: str) -> bool:
        """Whether there is such a file."""
        return path in self._members

    def open(self, path: str) -> BinaryIO:
        """Read one."""
        if path not in self._members:
            raise FileNotFoundError(path)
        return self._archive.open(self._members[path])  # type: ignore[return-value]  # IO[bytes] reads alike

    def require_only(self, paths: Iterable[str]) -> None:
        """Its files and no others."""
        more = sorted(set(self._members) - set(paths))
        if more:
            raise ModelError(
                f"{self.name} holds {more[0][:80]!r}, which its list does not name.",
                NOTHING,
                "Get it anew from whoever made it.",
            )

    def close(self) -> None:
        """Let go of it."""
        self._archive.close()
        self._stream.close()


def source_of(path: Path) -> Source:
    """What lies at a path.

    Raises:
        ModelError: nothing that can be imported.
    """
    try:
        if path.is_dir():
            return FolderSource(path)
        if path.suffix.lower() == ".gguf":
            return FolderSource(path.parent, only=path.name)
        if path.is_file():
            return ZipSource(path)
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or 'its name is not valid'}.",
            NOTHING,
            "Check the share or stick, and your access to it.",
        ) from error
    raise ModelError(
        f"There is nothing to import at {path}.",
        NOTHING,
        "Give a bundle (*.scribemodel), a model's folder or a GGUF file.",
    )

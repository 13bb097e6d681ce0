"""What a list of models says of one model, in the manifest that ships (TOML) and in a bundle (JSON) alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scribe_app.domain.portable_paths import clash, is_portable
from scribe_app.ports import ModelFile, ModelTask

WHISPER_WINDOW = 28.0
"""Seconds: what every real Whisper takes at once."""
MOST_FILES = 64
LARGEST_MODEL = 1 << 40
"""Bytes."""
LONGEST_TEXT = 400
_SHA256 = re.compile(r"[0-9a-f]{64}")
BROKEN = (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
"""What reading a list that is not as it should be may raise."""


@dataclass(frozen=True, slots=True)
class Model:
    """One model as listed."""

    id: str
    name: str
    task: ModelTask
    languages: tuple[str, ...]
    licence: str
    rank: int
    caveat: str
    longest_window: float
    min_ram_mb: int
    second_look: bool
    package: str
    """Python package that carries the files; empty for a folder of the model's own."""
    files: tuple[ModelFile, ...]
    source: str = ""
    """Where it is published; nothing is ever fetched from there by the program."""
    for_gb: int = 0
    for_card_gb: int = 0
    about_mb: int = 0
    measured: str = ""
    checked: str = ""
    unverified: str = ""

    @property
    def weights(self) -> ModelFile:
        """The one file that holds the weights: model.bin, or the GGUF file."""
        return next((file for file in self.files if file.path.endswith((".bin", ".gguf"))), self.files[0])

    @property
    def size(self) -> int:
        """Bytes of all its files, where they are known."""
        return sum(file.size for file in self.files)

    @property
    def hashed(self) -> bool:
        """Whether every file's hash is known."""
        return all(file.sha256 for file in self.files)


def model_of(row: Mapping[str, Any]) -> Model:
    """The model that a row describes. Raises what is in BROKEN."""
    files = tuple(_file(file) for file in row["file"])
    id = str(_inside(row["id"]))
    if not 1 <= len(files) <= MOST_FILES:
        raise ValueError(f"{id} has {len(files)} files")
    if twice := clash(file.path for file in files):
        raise ValueError(f"{id} has two files called {twice}")
    if "/" in id:
        raise ValueError(f"{id} cannot be the name of a folder")
    return Model(
        id=id,
        name=_text(row["name"]),
        task=ModelTask(row["task"]),
        languages=tuple(_text(language) for language in row["languages"]),
        licence=_text(row["licence"]),
        rank=_number(row["rank"], 1_000_000),
        caveat=_text(row.get("caveat", "")),
        longest_window=_seconds(row.get("longest_window_s", WHISPER_WINDOW)),
        min_ram_mb=_number(row.get("min_ram_mb", 0), 10_000_000),
        second_look=bool(row.get("second_look", False)),
        package=_text(row.get("package", "")),
        files=files,
        source=_text(row.get("source", "")),
        for_gb=_number(row.get("for_gb", 0), 100_000),
        for_card_gb=_number(row.get("for_card_gb", 0), 100_000),
        about_mb=_number(row.get("about_mb", 0), LARGEST_MODEL // 1_000_000),
        measured=_text(row.get("measured", "")),
        checked=_text(row.get("checked", "")),
        unverified=_text(row.get("unverified", "")),
    )


def reason(error: Exception) -> str:
    """Why a list cannot be read, in words."""
    return f"{error} is missing" if isinstance(error, KeyError) else (str(error) or type(error).__name__)


def _file(row: Mapping[str, Any]) -> ModelFile:
    sha256 = _text(row["sha256"])
    if sha256 and not _SHA256.fullmatch(sha256):
        raise ValueError(f"{sha256[:80]!r} is no SHA-256")
    return ModelFile(_inside(row["path"]), _number(row["size"], LARGEST_MODEL), sha256)


def _inside(path: Any) -> str:
    if not is_portable(path):
        raise ValueError(f"{str(path)[:80]!r} is not a path inside the model's folder")
    return str(path)


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise ValueError(f"{str(value)[:80]!r} is not a short text")
    return value


def _number(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError(f"{str(value)[:80]!r} is not a number from 0 to {most}")
    return value


def _seconds(value: Any) -> float:
    if type(value) not in (int, float) or not 1 <= value <= 60:
        raise ValueError(f"{str(value)[:80]!r} is not a number of seconds")
    return float(value)

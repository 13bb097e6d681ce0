"""The manifest and the weights on this machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class ModelTask(StrEnum):
    """What a model does."""

    SPEECH = "speech"
    DRAFTING = "drafting"
    DIARISATION = "diarisation"
    """Tells voices apart, in any language."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model, as its list has it."""

    path: str
    """Inside the model's folder, with forward slashes."""
    size: int
    """Bytes; 0 where the list does not know it."""
    sha256: str
    """Hexadecimal; empty where the list does not know it."""


@dataclass(frozen=True, slots=True)
class ModelContents:
    """What an engine must find in a model's folder at the moment it loads it."""

    folder: Path
    files: tuple[ModelFile, ...]
    notes: Path | None = None
    """Where it may note that it has compared the hashes; without it they are compared each time."""


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model of the manifest and whether it is on this machine."""

    id: str
    name: str
    task: ModelTask
    languages: tuple[str, ...]
    licence: str
    size: int
    """Bytes of all its files."""
    path: Path | None
    """Folder (speech) or GGUF file (drafting); None when not installed."""
    sha256: str = ""
    """Of the weights file, as in the manifest."""
    rank: int = 0
    """The installed model with the highest rank for task and language is picked."""
    caveat: str = ""
    """What the clinician must know whenever it is in use; empty for real models."""
    longest_window: float = 28.0
    """Speech: most seconds of audio that it hears well at once; real Whispers take 28."""
    min_ram_mb: int = 0
    """Free memory that it needs, in MB."""
    for_gb: int = 0
    """Drafting: memory of a computer, in GB, that runs it with comfort; 0 where no computer is advised to."""
    for_card_gb: int = 0
    """Drafting: memory of a graphics card, in GB, that holds it whole; 0 where none is advised to."""
    about_mb: int = 0
    """Size of its files as published, rounded, where `size` is not known."""
    measured: str = ""
    """Drafting: tokens a second and memory, of which weights, where and when; empty where nobody measured."""
    checked: str = ""
    """Where its licence and model card were read, and what they say."""
    unverified: str = ""
    """What is said of it and could not be checked; empty where all was."""
    second_look: bool = False
    """Drafting: whether its yes or no about a statement is worth hearing."""
    contents: ModelContents | None = None
    """For the engine that loads it; None when not installed."""
    source: str = ""
    """Where it is published."""
    files: tuple[ModelFile, ...] = ()
    vouched: str = ""
    """Who vouches for its files: the program's own list, or whose signature; empty for nobody."""


class ModelLibrary(Protocol):
    """The manifest and the weights on this machine."""

    def entries(self) -> list[ModelEntry]:
        """Every model of the manifest."""

    def pick(self, task: ModelTask, language: str, id: str = "") -> ModelEntry | None:
        """The wanted model, or the best installed one; None when there is none.

        Raises:
            ModelError: `id` is unknown, not installed, or a file is missing or has another size.
        """

    def verify(self, id: str) -> None:
        """Hash every file of a model against the manifest. Raises ModelError naming the file that differs."""

    def imports(self) -> list[ModelImport]:
        """What was imported on this computer, oldest first."""


@dataclass(frozen=True, slots=True)
class ModelImport:
    """A model that was brought here, as the audit trail is told."""

    number: str
    """Eight hexadecimal signs that name this import."""
    at: datetime
    user: str
    id: str
    serial: int
    """Of its bundle; 0 for one that nobody signed."""
    sha256: str
    """Of its weights."""
    vouched: str


@dataclass(frozen=True, slots=True)
class FoundModel:
    """What lies in a bundle or folder, its signature checked, nothing copied yet."""

    id: str
    name: str
    licence: str
    licence_text: str
    """Its beginning, where the bundle carries it."""
    size: int
    """Bytes to be copied."""
    serial: int
    vouched: str
    """Empty: nobody vouches for it."""
    target: Path


class ModelImporter(Protocol):
    """Brings models from a bundle, a folder, a share or a stick. Never runs anything of what it brings."""

    def bring(
        self,
        source: Path,
        id: str = "",
        *,
        machine: bool = False,
        unsigned: bool = False,
        found: Callable[[FoundModel], None] = lambda found: None,
        progress: Callable[[int, int], None] = lambda done, size: None,
    ) -> ModelImport:
        """Check, copy, check what was copied, and put it in its place in one step.

        Args:
            source: a bundle, a folder, or one file of weights.
            id: which model of the manifest it is, for a folder that does not say.
            machine: for everyone on this computer.
            unsigned: take it though nobody vouches for it.
            found: told what it is before copying begins; may raise Cancelled.
            progress: told bytes done and in all; may raise Cancelled.

        Raises:
            ModelError: refused, and why. What was there before is as it was.
            Cancelled: as `found` or `progress` raised it; nothing is left of the copy.
        """

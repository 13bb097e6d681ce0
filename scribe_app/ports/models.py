"""The manifest and the weights on this machine."""

from __future__ import annotations

from dataclasses import dataclass
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
    second_look: bool = False
    """Drafting: whether its yes or no about a statement is worth hearing."""


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

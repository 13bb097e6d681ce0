"""Everything the window and the command line may use once the vault is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from scribe_app.config import Settings
from scribe_app.paths import UserFolders
from scribe_app.policy import Policy
from scribe_app.ports import (
    AudioPlayer,
    AudioRecorder,
    ConsultationStore,
    LetterDrafter,
    LetterExporter,
    ModelLibrary,
    TemplateLibrary,
    Transcriber,
)
from scribe_app.services.consultations import ConsultationService
from scribe_app.services.events import EventBus
from scribe_app.services.review import ReviewService


@dataclass(frozen=True)
class Application:
    """The services of one open vault."""

    folders: UserFolders
    settings: Settings
    bus: EventBus
    store: ConsultationStore
    recorder: AudioRecorder
    models: ModelLibrary
    templates: TemplateLibrary
    exporter: LetterExporter
    player: AudioPlayer
    consultations: ConsultationService
    review: ReviewService
    policy: Policy = field(default_factory=Policy)

    def close(self) -> None:
        """Seal what is running, end the engines, close the vault."""
        self.consultations.close()
        self.store.close()


class VaultDoor(Protocol):
    """The way into a clinician's vault."""

    def exists(self) -> bool:
        """Whether there is a vault to open."""

    def create(self, passphrase: str) -> ConsultationStore:
        """Make a new vault and open it."""

    def open(self, passphrase: str | None) -> ConsultationStore:
        """Open it; None tries the system's keychain.

        Raises:
            WrongPassphraseError, VaultInUseError, StorageError.
        """


@dataclass(frozen=True)
class Workshop:
    """The parts that need no vault, and the two steps that lead to an Application."""

    folders: UserFolders
    settings: Settings
    recorder: AudioRecorder
    transcriber: Transcriber
    drafter: LetterDrafter
    models: ModelLibrary
    templates: TemplateLibrary
    exporter: LetterExporter
    player: AudioPlayer
    samples: Path
    """Folder of the bundled sample consultations."""
    door: Callable[[Path], VaultDoor]
    """The way into the vault kept in a folder."""
    build: Callable[[ConsultationStore, UserFolders], Application]
    """An open vault's services, working in these folders."""
    policy: Policy = field(default_factory=Policy)

"""Everything the window and the command line may use once the vault is open."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from scribe_app.config import Settings
from scribe_app.domain.readings import clear_readings
from scribe_app.domain.recovery_key import RecoveryKey
from scribe_app.domain.vault import Restored, Secret, VaultStatus
from scribe_app.errors import VaultLockedError
from scribe_app.paths import UserFolders
from scribe_app.policy import Policy
from scribe_app.ports import (
    AudioPlayer,
    AudioRecorder,
    AuditAction,
    ConsultationStore,
    DraftingYardstick,
    LetterDrafter,
    LetterExporter,
    ModelImporter,
    ModelLibrary,
    SpeechYardstick,
    TemplateLibrary,
    Transcriber,
    VocabularyLibrary,
    VoiceListener,
)
from scribe_app.services.audit_log import AuditLog
from scribe_app.services.auditing import AuditTrail, note_opening
from scribe_app.services.backups import Backups
from scribe_app.services.consultations import ConsultationService
from scribe_app.services.events import EventBus
from scribe_app.services.in_effect import InEffect
from scribe_app.services.prior_letters import PriorLetters
from scribe_app.services.retention import Retention
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
    vocabularies: VocabularyLibrary | None = None
    backups: Backups | None = None
    retention: Retention | None = None
    in_effect: InEffect | None = None

    @property
    def trail(self) -> AuditTrail:
        """Who did what, from here on."""
        return self.consultations.trail

    @property
    def audit_log(self) -> AuditLog:
        """Who did what, so far."""
        return AuditLog(self.store, self.trail)

    @property
    def prior_letters(self) -> PriorLetters:
        """Letters from before, by consultation."""
        return PriorLetters(self.store, self.trail)

    def lock(self, parked: bytes = b"") -> None:
        """Close the database and forget what was said; a running recording goes on with its own key.

        `parked` is kept sealed until the door reopens the store; then call unlocked().
        """
        self.player.stop()
        self.consultations.lock()
        with suppress(VaultLockedError):  # it was locked already
            self.trail.note(AuditAction.LOCKED)
        self.store.lock(parked)
        clear_readings()

    def unlocked(self) -> None:
        """The store is open again: take up what waited."""
        note_opening(self.trail)
        self.consultations.unlock()

    def close(self) -> None:
        """Seal what is running, end the engines, close the vault."""
        if self.backups is not None:
            self.backups.close()
        self.consultations.close()
        self.store.close()


class VaultDoor(Protocol):
    """The way into a clinician's vault."""

    def exists(self) -> bool:
        """Whether there is a vault to open."""

    def create(
        self, passphrase: str, recovery: RecoveryKey | None = None, *, keychain: bool = True
    ) -> ConsultationStore:
        """Make a new vault and open it, once each way in has been tried."""

    def open(self, secret: Secret) -> ConsultationStore:
        """Open it; None tries the system's keychain.

        Raises:
            WrongPassphraseError, PassphraseNeededError, VaultInUseError, SchemaTooNewError, StorageError.
        """

    def reopen(self, store: Any, secret: Secret) -> bytes:
        """Unlock a store that this program has locked; what it kept sealed. Raises what open raises."""

    def check(self, secret: Secret) -> None:
        """Whether this opens the vault; nothing is opened. Raises what open raises."""

    def change_passphrase(self, secret: Secret, passphrase: str, held: Any = None) -> None:
        """Set a new passphrase. `held` is this vault's store, where it is open or locked in this program."""

    def renew_recovery_key(self, secret: Secret, recovery: RecoveryKey, held: Any = None) -> None:
        """Set a new recovery key; the old paper stops working."""

    def use_keychain(self, secret: Secret, wanted: bool, held: Any = None) -> None:
        """Let this computer's keychain open the vault, or no longer."""

    def rotate(self, passphrase: str, recovery: RecoveryKey) -> None:
        """Give the vault a new database key, on a verified copy; only these two open it afterwards."""

    def status(self) -> VaultStatus:
        """The vault as it can be seen without opening it."""

    def restore(self, backup: Path, secret: Secret, at: datetime, user: str = "") -> Restored:
        """Put a backup in the place of what is here, which is kept aside."""


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
    vocabularies: VocabularyLibrary | None = None
    voices: VoiceListener | None = None
    """Who tells voices apart; nobody where None."""
    yardstick: SpeechYardstick | None = None
    drafting_yardstick: DraftingYardstick | None = None
    """What live transcription is measured against."""
    importer: ModelImporter | None = None
    """Who brings models from outside; nobody where None."""

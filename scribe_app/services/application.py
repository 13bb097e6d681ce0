"""Everything the window and the command line may use once the vault is open."""

from __future__ import annotations

from dataclasses import dataclass

from scribe_app.config import Settings
from scribe_app.paths import UserFolders
from scribe_app.ports import (
    AudioRecorder,
    ConsultationStore,
    LetterExporter,
    ModelLibrary,
    TemplateLibrary,
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
    consultations: ConsultationService
    review: ReviewService

    def close(self) -> None:
        """Seal what is running, end the engines, close the vault."""
        self.consultations.close()
        self.store.close()

"""The two engines of one consultation: which models, started and ended when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scribe_app.config import Settings
from scribe_app.domain.consultation import Consultation
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.template import LetterTemplate
from scribe_app.domain.transcript import Transcript, Utterance
from scribe_app.errors import ModelError
from scribe_app.ports import (
    ActiveDrafting,
    ActiveTranscription,
    ConsultationStore,
    DraftingRequest,
    EventSink,
    LetterDrafter,
    ModelEntry,
    ModelLibrary,
    ModelTask,
    Transcriber,
    TranscriptionRequest,
)

NO_DRAFTING_MODEL = "none"


@dataclass(frozen=True, slots=True)
class EngineParts:
    """What engines are made of."""

    transcriber: Transcriber
    drafter: LetterDrafter
    models: ModelLibrary
    settings: Settings
    store: ConsultationStore


class Engines:
    """Speech recognition and drafting for one consultation; each in a process that may die alone.

    Raises:
        ModelError: no speech model for the language, or a wanted model is not whole.
    """

    def __init__(self, consultation: Consultation, parts: EngineParts, sink: EventSink) -> None:
        self._id = consultation.id
        self._language = consultation.language
        self._parts = parts
        self._sink = sink
        self._transcription: ActiveTranscription | None = None
        self._drafting: ActiveDrafting | None = None
        self.speech_model = self._pick_speech()
        self.drafting_model = self._pick_drafting()

    # --- speech -------------------------------------------------------------------------------------

    def start_transcribing(self, folder: Path, key: bytes) -> None:
        """Transcribe a journal from where the stored transcript ends."""
        assert self.speech_model.path is not None
        until = self._parts.store.transcribed_until(self._id)
        # Utterances of a window that was stored by half are told again under the same ids.
        settled = sum(u.start * SAMPLE_RATE < until for u in self._parts.store.transcript(self._id))
        request = TranscriptionRequest(
            consultation=self._id,
            folder=folder,
            key=key,
            model=self.speech_model.path,
            language=self._language,
            threads=self._parts.settings.speech_threads,
            from_sample=until,
            first_id=settled + 1,
        )
        self._transcription = self._parts.transcriber.start(request, self._sink)

    def finish_transcribing(self) -> None:
        """The journal will not grow any more."""
        if self._transcription is not None:
            self._transcription.finish()

    # --- drafting -----------------------------------------------------------------------------------

    def start_drafting(self) -> None:
        """Load the drafting model, so that it can read along."""
        model = self.drafting_model
        request = DraftingRequest(
            consultation=self._id,
            model=model.path if model else None,
            language=self._language,
            threads=self._parts.settings.drafting_threads,
        )
        self._drafting = self._parts.drafter.start(request, self._sink)

    def read(self, utterances: Sequence[Utterance]) -> None:
        """Let the drafting model read along."""
        if self._drafting is not None:
            self._drafting.read(utterances)

    def write(
        self, template: LetterTemplate, transcript: Transcript, notes: str, sections: tuple[str, ...]
    ) -> None:
        """Write a letter, or these sections of it."""
        if self._drafting is None:
            self.start_drafting()
        assert self._drafting is not None
        self._drafting.write(template, transcript, notes, sections)

    def cancel_writing(self) -> None:
        """Stop writing; what was drafted stays."""
        if self._drafting is not None:
            self._drafting.cancel()

    def without_drafting_model(self) -> bool:
        """After a failure: quote from now on. Returns False when that is what failed."""
        had_model = self.drafting_model is not None
        self._drafting, self.drafting_model = None, None
        return had_model

    def release_drafting(self) -> None:
        """Give the drafting model's memory back."""
        if self._drafting is not None:
            self._drafting.close()
            self._drafting = None

    def end(self) -> None:
        """End both at once; settled utterances and drafted statements stay."""
        if self._transcription is not None:
            self._transcription.cancel()
            self._transcription = None
        self.release_drafting()

    # --- models -------------------------------------------------------------------------------------

    def _pick_speech(self) -> ModelEntry:
        model = self._parts.models.pick(ModelTask.SPEECH, self._language, self._parts.settings.speech_model)
        if model is None:
            raise ModelError(
                f"No speech model for the language {self._language!r} is installed.",
                "Nothing was recorded.",
                "Choose another language, or have IT install a model (see scribe models list).",
            )
        return model

    def _pick_drafting(self) -> ModelEntry | None:
        wanted = self._parts.settings.drafting_model
        if wanted == NO_DRAFTING_MODEL:
            return None
        return self._parts.models.pick(ModelTask.DRAFTING, self._language, wanted)

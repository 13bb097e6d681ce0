"""The two engines of one consultation: which models, started and ended when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scribe_app.config import Settings
from scribe_app.domain.consultation import Consultation
from scribe_app.domain.events import Event
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.prior_letters import PriorLetter
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.template import LetterTemplate
from scribe_app.domain.transcript import Transcript, Utterance
from scribe_app.domain.vocabulary import Term
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
    VocabularyLibrary,
    VoiceListener,
)

NO_DRAFTING_MODEL = "none"
READING_WAITS_SECONDS = 4.0
"""Beyond one window of speech: what waits longer waits for the cores."""


@dataclass(frozen=True, slots=True)
class EngineParts:
    """What engines are made of."""

    transcriber: Transcriber
    drafter: LetterDrafter
    models: ModelLibrary
    settings: Settings
    store: ConsultationStore
    voices: VoiceListener | None = None
    """Who tells voices apart; nobody where None."""
    vocabularies: VocabularyLibrary | None = None
    """Names to listen for; none where None."""


def drafting_request(
    consultation: ConsultationId, model: ModelEntry | None, language: str, settings: Settings
) -> DraftingRequest:
    """What the drafter is asked to load; without a model it quotes."""
    return DraftingRequest(
        consultation=consultation,
        model=model.path if model else None,
        language=language,
        threads=settings.drafting_threads,
        gpu_layers=settings.n_gpu_layers,
        sha256=model.sha256 if model else "",
        contents=model.contents if model else None,
        second_look=model is not None and model.second_look and settings.second_look,
    )


class Gate:
    """A worker's way to the sink, shut when the worker is ended: what it still says is not heard."""

    def __init__(self, sink: EventSink) -> None:
        self._sink = sink
        self.is_open = True

    def __call__(self, event: Event) -> None:
        """Pass an event on."""
        if self.is_open:
            self._sink(event)


class Engines:
    """Speech recognition and drafting for one consultation; each in a process that may die alone."""

    def __init__(self, consultation: Consultation, parts: EngineParts, sink: EventSink) -> None:
        self._id = consultation.id
        self._language, self._template = consultation.language, consultation.template
        self._parts = parts
        self._sink = sink
        self._transcription: ActiveTranscription | None = None
        self._drafting: ActiveDrafting | None = None
        self._speech_gate, self._drafting_gate = Gate(sink), Gate(sink)
        self._unread: list[Utterance] = []
        self._speech_is_behind = False
        self.speech_model: ModelEntry | None = None
        """The model that transcribes; None until transcription was started."""
        self.only_quotes = parts.settings.drafting_model == NO_DRAFTING_MODEL
        """Whether letters are quoted, without a model."""

    @property
    def busy(self) -> bool:
        """Whether one of them runs."""
        return self._transcription is not None or self._drafting is not None

    def check_models(self) -> None:
        """Find out before anything is recorded.

        Raises:
            ModelError: no speech model for the language, or a wanted model is not whole.
        """
        self._pick_speech()
        self._pick_drafting()

    # --- speech -------------------------------------------------------------------------------------

    @property
    def transcribing(self) -> bool:
        """Whether speech recognition runs."""
        return self._transcription is not None

    def start_transcribing(self, folder: Path, key: bytes, careful: bool = False) -> None:
        """Transcribe a journal from where the stored transcript ends.

        Utterances that were told but lie after that point are told again under the same ids.
        careful: the process before this one died.

        Raises:
            ModelError: no speech model for the language, or it is not whole.
            EngineError: the process cannot be started.
        """
        self.end_transcribing()
        self.speech_model = self._pick_speech()
        assert self.speech_model.path is not None
        until = self._parts.store.transcribed_until(self._id)
        before = [u for u in self._parts.store.transcript(self._id) if u.start * SAMPLE_RATE < until]
        request = TranscriptionRequest(
            consultation=self._id,
            folder=folder,
            key=key,
            model=self.speech_model.path,
            language=self._language,
            longest_window=self.speech_model.longest_window,
            threads=self._parts.settings.speech_threads,
            from_sample=until,
            first_id=len(before) + 1,
            terms=self._terms(),
            contents=self.speech_model.contents,
            careful=careful,
            may_end_early=True,
        )
        self._speech_gate = Gate(self._sink)
        self._transcription = self._parts.transcriber.start(request, self._speech_gate)

    def _terms(self) -> tuple[Term, ...]:
        """The clinician's names, the letter's and the language's."""
        library = self._parts.vocabularies
        return library.terms(self._template, self._language) if library is not None else ()

    def finish_transcribing(self) -> None:
        """The journal will not grow any more."""
        if self._transcription is not None:
            self._transcription.finish()

    def end_transcribing(self) -> None:
        """End speech recognition at once; settled utterances stay."""
        self._speech_gate.is_open = False
        if self._transcription is not None:
            self._transcription.cancel()
            self._transcription = None

    # --- drafting -----------------------------------------------------------------------------------

    def start_drafting(self) -> None:
        """Load the drafting model, so that it can read along.

        Raises:
            ModelError: the wanted model is not whole.
            EngineError: the process cannot be started.
        """
        model = None if self.only_quotes else self._pick_drafting()
        self.only_quotes = model is None
        request = drafting_request(self._id, model, self._language, self._parts.settings)
        self._drafting_gate = Gate(self._sink)
        self._drafting = self._parts.drafter.start(request, self._drafting_gate)

    def read(self, utterances: Sequence[Utterance]) -> None:
        """Let the drafting model read along, unless speech recognition needs the cores.

        Utterances come when a window has just been recognised, so reading falls into the pause that follows.
        """
        self._unread.extend(utterances)
        if self._drafting is not None and not self._speech_is_behind:
            self._drafting.read(tuple(self._unread))
            self._unread.clear()

    def pace_reading(self, waiting: int) -> None:
        """Hold reading along back while more than a window and a bit waits to be recognised (samples)."""
        longest = self.speech_model.longest_window if self.speech_model else 0.0
        self._speech_is_behind = waiting > (longest + READING_WAITS_SECONDS) * SAMPLE_RATE
        if self._unread and not self._speech_is_behind:
            self.read(())

    def write(
        self,
        template: LetterTemplate,
        transcript: Transcript,
        notes: str,
        sections: tuple[str, ...] = (),
        prior: Sequence[PriorLetter] = (),
    ) -> None:
        """Write a letter, or these sections of it. Raises what start_drafting raises."""
        if self._drafting is None:
            self.start_drafting()
        assert self._drafting is not None
        self._unread.clear()  # the transcript holds them
        self._drafting.write(template, transcript, notes, sections, prior)

    def correct(self, utterances: Sequence[Utterance]) -> None:
        """Tell the letter under way what these utterances tell now."""
        if self._drafting is not None:
            self._drafting.correct(utterances)

    def cancel_writing(self) -> None:
        """Stop writing; what was drafted stays."""
        if self._drafting is not None:
            self._drafting.cancel()

    def end_drafting(self) -> None:
        """End drafting and give the model's memory back."""
        self._drafting_gate.is_open = False
        if self._drafting is not None:
            self._drafting.close()
            self._drafting = None

    def end(self) -> None:
        """End both at once; settled utterances and drafted statements stay."""
        self.end_transcribing()
        self.end_drafting()

    # --- models -------------------------------------------------------------------------------------

    def _pick_speech(self) -> ModelEntry:
        model = self._parts.models.pick(ModelTask.SPEECH, self._language, self._parts.settings.speech_model)
        if model is None:
            raise ModelError(
                f"No speech model for the language {self._language!r} is installed.",
                "Nothing new was recorded; what was recorded earlier is kept.",
                "Choose another language, or have IT install a model (see scribe models list).",
            )
        return model

    def _pick_drafting(self) -> ModelEntry | None:
        wanted = self._parts.settings.drafting_model
        if wanted == NO_DRAFTING_MODEL:
            return None
        return self._parts.models.pick(ModelTask.DRAFTING, self._language, wanted)

"""What the window shows right now: one consultation with its letters. Presenters read and change it here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from scribe_app.config import Settings
from scribe_app.domain.consultation import Consultation, ConsultationState, Informed, PatientIdentity
from scribe_app.domain.ids import ConsultationId, LetterId
from scribe_app.domain.letter import Letter
from scribe_app.domain.prior_letters import PriorLetter
from scribe_app.domain.recording import AudioGap
from scribe_app.domain.template import LetterTemplate
from scribe_app.domain.transcript import Transcript
from scribe_app.ports import ConsultationStore

LIVE = frozenset({ConsultationState.RECORDING, ConsultationState.PAUSED})
WORKING = frozenset({ConsultationState.TRANSCRIBING, ConsultationState.DRAFTING})


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that the window shows of one consultation."""

    consultation: Consultation
    transcript: Transcript
    gaps: tuple[AudioGap, ...] = ()
    seconds: float = 0.0
    letters: tuple[Letter, ...] = ()
    audio_erased_at: datetime | None = None


@dataclass(slots=True)
class NewVisit:
    """What the clinician has entered before Start; not stored yet."""

    patient: PatientIdentity = field(default_factory=PatientIdentity)
    informed: Informed = Informed.NOT_STATED
    prior: tuple[PriorLetter, ...] = ()
    speakers: int = 2


def load(store: ConsultationStore, id: ConsultationId) -> Loaded:
    """Read one consultation. Blocks: never on the window's thread."""
    held = store.recording(id)
    return Loaded(
        store.consultation(id),
        store.transcript(id),
        held[0].gaps if held else (),
        held[0].seconds if held else 0.0,
        tuple(store.letters(id)),
        held[0].erased_at if held else None,
    )


class Screen(QObject):
    """The consultation on screen; None is a new one that has not started."""

    shown = Signal()
    """Another consultation (or a new one) is on screen."""
    changed = Signal()
    """The same consultation has another state, patient or length."""
    letter_changed = Signal()
    """Another letter, or another version of it."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.consultation: Consultation | None = None
        self.visit = NewVisit()
        self.loaded: Loaded | None = None
        self.seconds = 0.0
        self.letters: list[Letter] = []
        self.letter: Letter | None = None
        self.stale: dict[LetterId, int] = {}
        """By letter, how many statements rest on what was changed elsewhere."""
        self.writing: dict[ConsultationId, Letter] = {}
        """Letters that are streaming in, whichever consultation is on screen."""
        self.wanted_template: dict[ConsultationId, str] = {}
        """Which letter was asked for, until it is there; the consultation's own where none was."""
        self.templates: list[LetterTemplate] = []
        self.imports: set[ConsultationId] = set()
        """Audio files that are on their way to a transcript."""
        self.recording: Consultation | None = None
        """The one that is being recorded now, on screen or not."""
        self.recording_seconds = 0.0

    @property
    def id(self) -> ConsultationId | None:
        """Of the consultation on screen."""
        return self.consultation.id if self.consultation else None

    @property
    def state(self) -> ConsultationState:
        """Of the consultation on screen."""
        return self.consultation.state if self.consultation else ConsultationState.READY

    @property
    def patient(self) -> PatientIdentity:
        """Whom the consultation on screen is with."""
        return self.consultation.patient if self.consultation else self.visit.patient

    @property
    def informed(self) -> Informed:
        """What that patient was told."""
        return self.consultation.informed if self.consultation else self.visit.informed

    @property
    def language(self) -> str:
        """Of the consultation on screen."""
        return self.consultation.language if self.consultation else self.settings.language

    @property
    def importing(self) -> bool:
        """Whether the consultation on screen is an audio file on its way."""
        return self.id in self.imports and self.state is ConsultationState.TRANSCRIBING

    @property
    def being_written(self) -> Letter | None:
        """The letter that streams in for the consultation on screen."""
        return self.writing.get(self.consultation.id) if self.consultation else None

    def templates_for(self, language: str) -> list[LetterTemplate]:
        """Letters in this language; all of them where there is none."""
        fitting = [template for template in self.templates if template.language == language]
        return fitting or list(self.templates)

    def template(self, name: str) -> LetterTemplate | None:
        """A template by name, once they are loaded."""
        return next((template for template in self.templates if template.name == name), None)

    # --- changes ------------------------------------------------------------------------------------

    def show_new(self) -> None:
        """A fresh consultation, ready to start."""
        self.consultation, self.loaded = None, None
        self.visit = NewVisit()
        self.seconds, self.letters, self.letter = 0.0, [], None
        self.shown.emit()

    def show_loaded(self, loaded: Loaded) -> None:
        """An existing consultation."""
        self.loaded = loaded
        self.consultation = loaded.consultation
        self.seconds = loaded.seconds
        if self.recording is not None and self.recording.id == loaded.consultation.id:
            self.seconds = self.recording_seconds
        self.letters = list(loaded.letters)
        self.letter = self.letters[-1] if self.letters else None
        self.shown.emit()

    def show_started(self, consultation: Consultation) -> None:
        """The new consultation on screen has begun."""
        self.show_loaded(Loaded(consultation, Transcript(language=consultation.language)))

    def set_consultation(self, consultation: Consultation) -> None:
        """Another state, or other fields, of the one on screen."""
        self.consultation = consultation
        self.changed.emit()

    def set_letter(self, letter: Letter) -> None:
        """A letter changed, or a new one is there: keep it and show it."""
        self.put_letters((letter,))
        self.letter = letter
        self.letter_changed.emit()

    def put_letters(self, letters: Iterable[Letter]) -> None:
        """Keep these in the place of earlier versions, without showing another letter."""
        for letter in letters:
            at = next((i for i, known in enumerate(self.letters) if known.id == letter.id), None)
            if at is None:
                self.letters.append(letter)
            else:
                self.letters[at] = letter
            if self.letter is not None and self.letter.id == letter.id:
                self.letter = letter

    def note_recording(self, consultation: Consultation) -> None:
        """Remember which consultation is being recorded."""
        if consultation.state in LIVE:
            if self.recording is None or self.recording.id != consultation.id:
                self.recording_seconds = 0.0
            self.recording = consultation
        elif self.recording is not None and self.recording.id == consultation.id:
            self.recording = None

    def set_settings(self, settings: Settings) -> None:
        """What the clinician chose."""
        self.settings = settings

    def set_prior(self, letters: tuple[PriorLetter, ...]) -> None:
        """Letters from before that the new consultation will be given."""
        self.visit = replace(self.visit, prior=letters)
        self.changed.emit()

    def set_speakers(self, number: int) -> None:
        """How many people will speak in the new consultation."""
        self.visit = replace(self.visit, speakers=number)

    def set_visit(self, patient: PatientIdentity, informed: Informed) -> None:
        """Who the new consultation will be with."""
        self.visit = replace(self.visit, patient=patient, informed=informed)
        self.changed.emit()

"""What happens to a consultation, as values that cross processes and threads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scribe_app.domain.consultation import Consultation, ConsultationState
from scribe_app.domain.ids import ConsultationId, LetterId, StatementId, UtteranceId
from scribe_app.domain.letter import Letter, Statement
from scribe_app.domain.pace import Pace
from scribe_app.domain.recording import AudioGap, Recording
from scribe_app.domain.transcript import RejectedText, Utterance
from scribe_app.errors import ScribeError


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened to this consultation."""

    consultation: ConsultationId


# --- recorder ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecordingStarted(Event):
    """The microphone is open and the first record is sealed."""

    device: str
    native_rate: int
    """Hz."""


@dataclass(frozen=True, slots=True)
class LevelMeasured(Event):
    """How loud it is, about 15 times a second."""

    rms: float
    """dBFS; -120 is digital silence."""
    peak: float
    """dBFS; 0 is clipping."""
    samples: int
    """Sealed so far (16 kHz)."""


class CaptureWarning(StrEnum):
    """Something about the microphone that a person should know at once."""

    ALL_ZERO = "all_zero"
    """Digital silence: no permission, or a muted switch."""
    TOO_QUIET = "too_quiet"
    CLIPPING = "clipping"
    DEVICE_LOST = "device_lost"
    DEVICE_BACK = "device_back"
    DEVICE_CHANGED = "device_changed"
    """It goes on with another microphone, which the system or a person chose."""
    DISK_LOW = "disk_low"
    STALLED = "stalled"
    """The recorder does not answer, or had to be started again."""
    NARROW_BAND = "narrow_band"
    """It hears like a telephone, as Bluetooth headsets do."""
    RECOVERED = "recovered"
    """The microphone hears well again."""
    DISK_BACK = "disk_back"
    """The disk takes the recording again."""
    ANSWERS = "answers"
    """The recorder answers again."""


@dataclass(frozen=True, slots=True)
class CaptureWarned(Event):
    """A warning about capture; recording goes on where it can."""

    warning: CaptureWarning
    text: str
    """In words for a person."""


@dataclass(frozen=True, slots=True)
class GapRecorded(Event):
    """Audio is missing here, and the journal says so."""

    gap: AudioGap


@dataclass(frozen=True, slots=True)
class RecordingPaused(Event):
    """The microphone is closed until it is resumed."""


@dataclass(frozen=True, slots=True)
class RecordingResumed(Event):
    """The microphone is open again."""


@dataclass(frozen=True, slots=True)
class RecordingClosed(Event):
    """The journal has its clean end; nothing will be added to it."""

    recording: Recording


# --- speech -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TranscriberReady(Event):
    """The speech model is loaded."""

    model: str


@dataclass(frozen=True, slots=True)
class UtteranceSettled(Event):
    """An utterance that will not change unless a person corrects it."""

    utterance: Utterance
    until_sample: int
    """The transcript is complete up to here; transcription resumes here after a crash."""


@dataclass(frozen=True, slots=True)
class TextRejected(Event):
    """The recogniser wrote this and the checks did not let it stand; it is kept, never shown as said."""

    rejected: RejectedText


@dataclass(frozen=True, slots=True)
class WindowTaken(Event):
    """The recogniser is at this window: if it dies now, it dies of its audio."""

    start_sample: int
    end_sample: int
    """Of the speech in it."""
    until_sample: int
    """Where the window after it begins."""
    under_way: bool = True
    """False: it has been told."""


@dataclass(frozen=True, slots=True)
class PreviewChanged(Event):
    """Grey text of the open window; never part of the record."""

    text: str
    start: float


@dataclass(frozen=True, slots=True)
class TranscriptionProgressed(Event):
    """How far transcription is behind the recording."""

    done_samples: int
    recorded_samples: int


@dataclass(frozen=True, slots=True)
class PaceChanged(Event):
    """Transcription keeps up again, or something gave way to the talk; told at each change."""

    pace: Pace
    behind: float
    """Seconds of recording that wait for the recogniser; the window still open does not wait."""
    ready_after_stop: float
    """Seconds from Stop to the whole transcript, if Stop came now; 0 while the speed is unknown."""


@dataclass(frozen=True, slots=True)
class MemoryGrown(Event):
    """The speech process ended between two windows, to give memory back; a new one goes on."""


@dataclass(frozen=True, slots=True)
class SpeechWork:
    """What a transcription cost, as counted in its process."""

    windows: int = 0
    packed_seconds: float = 0.0
    """Audio in the windows, silences between their pieces left out."""
    encodings: int = 0
    """Passes through the encoder for the record; each takes as long as 30 s of audio."""
    with_names: int = 0
    """Second decodings with names in the prompt."""
    previews: int = 0
    cpu_seconds: float = 0.0
    peak_memory_mb: int = 0


@dataclass(frozen=True, slots=True)
class TranscriptionFinished(Event):
    """Everything that was recorded has been transcribed."""

    samples: int
    work: SpeechWork = SpeechWork()


# --- voices -----------------------------------------------------------------------------------------


class VoiceWay(StrEnum):
    """How voices were told apart."""

    CHANNELS = "channels"
    """Each speaker is louder in a channel of their own."""
    MODEL = "model"
    """By a diarisation model."""
    SOUND = "sound"
    """By pitch and timbre, without a model."""
    NONE = "none"
    """Not at all: the words alone decide."""


@dataclass(frozen=True, slots=True)
class VoicesTold(Event):
    """Which utterances sound like the same person; without any where that could not be told."""

    voices: tuple[tuple[UtteranceId, int], ...] = ()
    way: VoiceWay = VoiceWay.NONE


# --- drafting ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DrafterReady(Event):
    """The drafting model is loaded (or there is none and utterances will be quoted)."""

    model: str
    sha256: str
    prompt_version: str


@dataclass(frozen=True, slots=True)
class TranscriptRead(Event):
    """The drafting model has read the transcript up to here."""

    seconds: float
    tokens: int
    facts_until: float = 0.0
    """Seconds of its beginning that the model was given as facts, because the words did not fit."""


@dataclass(frozen=True, slots=True)
class FactsCorrected(Event):
    """The clinician corrected or rejected a fact of the consultation, or took that back."""


@dataclass(frozen=True, slots=True)
class StatementDrafted(Event):
    """One statement of one section; checked when `statement.support` says so."""

    section: str
    statement: Statement


@dataclass(frozen=True, slots=True)
class SectionDrafted(Event):
    """No more statements will come for this section."""

    section: str


@dataclass(frozen=True, slots=True)
class DraftFinished(Event):
    """All sections are written."""

    read_until: float
    """Seconds of transcript that the model was given."""
    facts_until: float = 0.0
    """Seconds of its beginning that were given as facts, not word for word."""


@dataclass(frozen=True, slots=True)
class StatementJudged(Event):
    """The model looked a second time at a statement and the lines that it cites."""

    statement: StatementId
    agreement: float
    """0 to 1: how far the lines say it."""


# --- any worker -------------------------------------------------------------------------------------


class WorkerKind(StrEnum):
    """The processes that do the work."""

    RECORDER = "recorder"
    SPEECH = "speech"
    DRAFTING = "drafting"


@dataclass(frozen=True, slots=True)
class WorkerFailed(Event):
    """A worker could not go on; what it had finished is kept."""

    worker: WorkerKind
    error: ScribeError


# --- services ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StateChanged(Event):
    """The consultation went to another state."""

    state: ConsultationState
    value: Consultation


@dataclass(frozen=True, slots=True)
class PatientChanged(Event):
    """Another name, date of birth or number was typed in; letters that are not signed follow."""

    before: Consultation
    after: Consultation


@dataclass(frozen=True, slots=True)
class LetterReady(Event):
    """A draft is complete and stored, ready for review."""

    letter: Letter


@dataclass(frozen=True, slots=True)
class SectionRedrafted(Event):
    """One section was drafted anew and checked; nothing of it is in the letter yet."""

    letter: LetterId
    section: str
    statements: tuple[Statement, ...]
    made: str = ""
    """By which model, by which prompts and when, for the letter's provenance."""


@dataclass(frozen=True, slots=True)
class ConsultationFailed(Event):
    """Something failed; the text says what was kept and what to do."""

    error: ScribeError

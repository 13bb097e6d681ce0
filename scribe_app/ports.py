"""What the services need from outside, as protocols. Adapters fulfil them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from scribe_app.domain.consultation import Consultation
from scribe_app.domain.corrections import Correction
from scribe_app.domain.erasure import Erasure, Held
from scribe_app.domain.events import Event, VoiceWay
from scribe_app.domain.ids import ConsultationId, LetterId, UtteranceId
from scribe_app.domain.letter import Letter
from scribe_app.domain.recording import Recording
from scribe_app.domain.template import LetterTemplate
from scribe_app.domain.transcript import RejectedText, SpeakerRole, Transcript, Utterance
from scribe_app.domain.vault import Backup
from scribe_app.domain.vocabulary import Term
from scribe_app.errors import ScribeError, TemplateError

EventSink = Callable[[Event], None]
"""Called from the worker's reader thread; must return quickly and never raise."""

Clock = Callable[[], datetime]
"""The time now, UTC."""


# --- recording --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MicrophoneSource:
    """An input device by the name that the system shows; empty is the default."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class FileSource:
    """An audio file played into the line as if it were a microphone."""

    path: Path
    speed: float = 1.0
    """1 is real time; 0 is as fast as the machine allows."""


@dataclass(frozen=True, slots=True)
class ImportSource:
    """A foreign audio file, decoded as fast as the machine allows in a process that can do nothing else."""

    path: Path


AudioSource = MicrophoneSource | FileSource | ImportSource


@dataclass(frozen=True, slots=True)
class RecordingRequest:
    """What to record, and where the sealed journal goes."""

    consultation: ConsultationId
    folder: Path
    key: bytes = field(repr=False)
    """32 bytes that wrap the per-segment keys of this recording alone."""
    source: AudioSource = field(default_factory=MicrophoneSource)
    speakers: int = 2
    """How many people speak, for whoever tells voices apart."""


class ActiveRecording(Protocol):
    """A recording under way in its own process."""

    def pause(self) -> None:
        """Close the microphone and note the gap."""

    def resume(self) -> None:
        """Open the microphone again."""

    def stop(self) -> None:
        """Seal what is left and end the journal cleanly; RecordingClosed follows."""

    def join(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds for the process to end; True when it has."""

    def kill(self) -> None:
        """End the process at once; what is sealed stays."""


@dataclass(frozen=True, slots=True)
class Microphone:
    """An input device as the system knows it."""

    name: str
    channels: int
    rate: int
    """Hz, its own default."""
    is_default: bool


class AudioRecorder(Protocol):
    """Microphone to sealed journal."""

    def microphones(self) -> list[Microphone]:
        """Input devices now present, the default first. Raises MicrophoneError when audio cannot be asked."""

    def prepare(self) -> None:
        """Have a recorder process stand by, so that Start listens at once."""

    def close(self) -> None:
        """End the process that stands by. Recordings under way are not touched."""

    def start(self, request: RecordingRequest, sink: EventSink) -> ActiveRecording:
        """Start recording. Failures arrive as WorkerFailed."""

    def file_seconds(self, path: Path) -> float:
        """How long a foreign audio file says that it is; 0 where it does not say. Raises AudioFileError."""

    def recover(self, consultation: ConsultationId, folder: Path, key: bytes) -> Recording:
        """What an interrupted journal still holds, with its gaps."""

    def read(self, folder: Path, key: bytes, start: int, end: int) -> bytes:
        """16 kHz mono s16le audio of samples [start, end), gaps closed up; for playing and export."""


class AudioPlayer(Protocol):
    """Lets the clinician hear a stretch of the recording again."""

    def play(self, pcm: bytes, on_end: Callable[[ScribeError | None], None]) -> None:
        """Play 16 kHz mono s16le, in place of what was playing.

        on_end is called once, from another thread: None after the end or a stop, the error otherwise.
        """

    def stop(self) -> None:
        """Silence, at once."""


# --- speech -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TranscriptionRequest:
    """Which journal to transcribe, with which model."""

    consultation: ConsultationId
    folder: Path
    key: bytes = field(repr=False)
    model: Path
    """A local model folder; nothing else is ever loaded."""
    language: str
    threads: int = 0
    """0 picks by the machine."""
    from_sample: int = 0
    first_id: int = 1
    """Id of the first utterance to come."""
    terms: tuple[Term, ...] = ()
    """Names and drugs to listen for, where the first pass over a window nearly heard one."""
    longest_window: float = 28.0
    """Seconds of audio decoded at once at the most."""


class ActiveTranscription(Protocol):
    """Transcription under way in its own process, tailing a journal."""

    def finish(self) -> None:
        """The journal will not grow any more: transcribe what is left, then TranscriptionFinished."""

    def cancel(self) -> None:
        """End at once; settled utterances stay."""


class Power(StrEnum):
    """Where the computer's power comes from."""

    MAINS = "mains"
    BATTERY = "battery"


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was measured of a speech model on this computer."""

    power: Power
    seconds: Mapping[int, float]
    """For 30 s of audio, by number of threads."""

    @property
    def threads(self) -> int:
        """The fastest number."""
        return min(self.seconds, key=lambda count: (self.seconds[count], count))


class Transcriber(Protocol):
    """Sealed journal to utterances."""

    def start_plain(self, request: TranscriptionRequest, sink: EventSink) -> ActiveTranscription:
        """The recogniser as it is usually used, on the whole recording after finish(); to compare with."""

    def prepare(self, model: Path, language: str) -> None:
        """Measure beside everything else how many threads suit the model, unless that is known already."""

    def calibrate(self, model: Path, language: str) -> Calibration | None:
        """The same, and wait for it (up to a minute); None when the model cannot be loaded."""

    def close(self) -> None:
        """End a measurement that is under way. Transcriptions are not touched."""

    def start(self, request: TranscriptionRequest, sink: EventSink) -> ActiveTranscription:
        """Start transcribing. Failures arrive as WorkerFailed."""


# --- voices -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VoicesRequest:
    """Whose voices to tell apart, in which journal."""

    consultation: ConsultationId
    folder: Path
    key: bytes = field(repr=False)
    speakers: int = 2
    """How many people speak."""
    model: Path | None = None
    """Folder of a diarisation model; None tells voices apart by channel, pitch and timbre."""


class ActiveVoices(Protocol):
    """A process that hears who sounds alike, while it has nothing to disturb."""

    def hear(self, utterances: Sequence[Utterance]) -> None:
        """These are settled: listen to them when there is time."""

    def tell(self, limit: float) -> None:
        """Say what was found. One VoicesTold follows within `limit` seconds, come what may; it then ends."""

    def cancel(self) -> None:
        """End at once, without a word."""


class VoiceListener(Protocol):
    """Recorded utterances to groups that sound like one person. It never fails aloud: it tells less."""

    def start(self, request: VoicesRequest, sink: EventSink) -> ActiveVoices:
        """Listen along. Raises EngineError when no process can be started."""

    def way(self, model: Path | None) -> VoiceWay:
        """How one channel's voices will be told apart, given the folder of a diarisation model or none."""


# --- drafting ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DraftingRequest:
    """Which model reads along with which consultation."""

    consultation: ConsultationId
    model: Path | None
    """A local GGUF file; None quotes utterances under the headings that fit."""
    language: str
    threads: int = 0
    """0 picks by the machine."""
    sha256: str = ""
    """Of the file, as its manifest says (`scribe models verify` compares them); empty: not known."""
    second_look: bool = False
    """Ask the model once more about each statement that does harm when wrong; StatementJudged tells."""


class ActiveDrafting(Protocol):
    """A drafting model that reads along and then writes."""

    def read(self, utterances: Sequence[Utterance]) -> None:
        """Append settled utterances to what the model has read."""

    def write(
        self,
        template: LetterTemplate,
        transcript: Transcript,
        notes: str = "",
        sections: tuple[str, ...] = (),
    ) -> None:
        """Write the letter, or only these sections; StatementDrafted events stream, DraftFinished ends."""

    def cancel(self) -> None:
        """Stop writing within 0.2 s; what was drafted stays."""

    def close(self) -> None:
        """End the process and give its memory back."""


class LetterDrafter(Protocol):
    """Transcript and template to statements with evidence."""

    def start(self, request: DraftingRequest, sink: EventSink) -> ActiveDrafting:
        """Load the model and wait for utterances. Failures arrive as WorkerFailed."""


# --- store ------------------------------------------------------------------------------------------


class AuditAction(StrEnum):
    """What was done, for the audit trail (NEN 7513 event kinds)."""

    CREATED = "created"
    RECORDED = "recorded"
    OPENED = "opened"
    SEARCHED = "searched"
    EDITED = "edited"
    DRAFTED = "drafted"
    SIGNED = "signed"
    COPIED = "copied"
    EXPORTED = "exported"
    PRINTED = "printed"
    DELETED = "deleted"
    RECOVERED = "recovered"
    SETTINGS = "settings"
    MODELS = "models"
    INFORMED = "informed"
    """What the patient was told, or that they object or withdraw."""
    RETENTION = "retention"
    """A run over what may have outlived its time; each erasure is an entry of its own."""
    READ_LOG = "read_log"
    UNLOCKED = "unlocked"
    UNLOCK_FAILED = "unlock_failed"
    LOCKED = "locked"
    BACKED_UP = "backed_up"
    RESTORED = "restored"
    SEALED = "sealed"
    """From here on the trail vouches for everything before as it was found."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to which consultation, when; the fields that NEN 7513 lists. No clinical content."""

    at: datetime
    user: str
    action: AuditAction
    consultation: ConsultationId | None = None
    detail: str = ""
    """Codes, ids and counts only."""
    responsible: str = ""
    """On whose behalf; empty is the user."""
    patient: str = field(default="", compare=False)
    """Pseudonym; the store fills it in from the consultation."""
    object: str = ""
    """What in the consultation: a letter's or an utterance's id."""
    outcome: str = "done"
    """done or failed."""
    workstation: str = ""
    number: int = field(default=0, compare=False)
    """Counts from 1; given by the store."""
    seal: str = field(default="", compare=False)
    """Hex; given by the store."""


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """Whether the trail is what was written."""

    count: int
    code: str
    """Of the last entry; signed letters and exports carry it."""
    faults: tuple[str, ...] = ()
    """What was changed, taken out or cut off, in words; empty when it is whole."""


@dataclass(frozen=True, slots=True)
class AuditSignature:
    """By the vault's own Ed25519 key; hex."""

    public_key: str
    signature: str


class ConsultationStore(Protocol):
    """The vault's database. Calls block until done and may come from any thread but the window's."""

    def save_consultation(self, consultation: Consultation) -> None:
        """Insert or replace."""

    def change_consultation(
        self, id: ConsultationId, change: Callable[[Consultation], Consultation]
    ) -> Consultation:
        """Replace it by what `change` makes of it, in one step, so that two changes at once both last.

        `change` must not call the store. Raises StorageError when there is no such consultation.
        """

    def consultation(self, id: ConsultationId) -> Consultation:
        """One consultation. Raises StorageError when there is none."""

    def consultations(self, find: str = "") -> list[Consultation]:
        """All, newest first; with `find`, those whose patient or spoken text contains it."""

    def held(self) -> list[Held]:
        """Every consultation with the times from which its clocks of retention run, oldest first."""

    def erase(self, erasures: Sequence[Erasure], receipts: Sequence[AuditEntry], at: datetime) -> None:
        """Erase for good (the keys of the audio first of all), with the receipts in the audit trail.

        All in one step: after a crash everything is as before, or everything is gone.
        """

    def save_recording(self, recording: Recording, key: bytes) -> None:
        """Insert or replace what is known of the audio, with the key that wraps its segments."""

    def recording(self, id: ConsultationId) -> tuple[Recording, bytes] | None:
        """The recording and its key (nothing once the audio is erased); None where there never was audio."""

    def add_utterances(self, id: ConsultationId, window: Sequence[Utterance], until_sample: int) -> None:
        """Append a whole window at once, or nothing of it; remembers how far transcription has come.

        Idempotent by utterance id.
        """

    def correct_utterance(self, id: ConsultationId, utterance: Utterance) -> None:
        """A person replaces an utterance's words or speaker; the recogniser's own words stay on record."""

    def set_speakers(
        self, id: ConsultationId, speakers: Mapping[UtteranceId, SpeakerRole], by_person: bool
    ) -> None:
        """Who spoke, for several utterances at once; the program never overrules what a person corrected."""

    def set_voices(self, id: ConsultationId, voices: Mapping[UtteranceId, int]) -> None:
        """Which utterances sound like the same person, in place of what was known of that."""

    def corrected(self, id: ConsultationId) -> frozenset[UtteranceId]:
        """Utterances whose words or speaker a person has corrected."""

    def add_rejected(self, id: ConsultationId, rejected: RejectedText) -> None:
        """Keep what the recogniser wrote and the checks did not let stand; the same again changes nothing."""

    def rejected(self, id: ConsultationId) -> tuple[RejectedText, ...]:
        """All of it, in order of time."""

    def transcript(self, id: ConsultationId) -> Transcript:
        """All utterances, in order."""

    def transcribed_until(self, id: ConsultationId) -> int:
        """Sample up to which the transcript is complete."""

    def save_letter(self, letter: Letter) -> None:
        """Insert or replace one version. Raises SigningError when that version is signed already."""

    def letter(self, id: LetterId) -> Letter:
        """Newest version. Raises StorageError when there is none."""

    def letters(self, id: ConsultationId) -> list[Letter]:
        """Newest version of each letter of a consultation, oldest letter first."""

    def add_correction(self, correction: Correction) -> None:
        """Append to the consultation's log of corrections; its number is given by the store."""

    def corrections(self, id: ConsultationId) -> tuple[Correction, ...]:
        """The log of corrections to a consultation's letters, oldest first."""

    def add_audit(self, entry: AuditEntry) -> None:
        """Append to the audit trail."""

    def audit(self) -> list[AuditEntry]:
        """The whole trail, oldest first."""

    def failed_openings(self) -> list[datetime]:
        """When somebody tried to open the vault and could not, since this was asked last."""

    def check_audit(self) -> AuditCheck:
        """Look whether the trail is what was written."""

    def audit_head(self) -> str:
        """Code of the last entry; empty while there is none."""

    def sign_audit(self, content: bytes) -> AuditSignature:
        """Sign an export of the trail."""

    def lock(self, parked: bytes = b"") -> None:
        """Close the database and drop its key until it is reopened by the door; every call then raises
        StorageError. `parked` is kept sealed and comes back at reopening.
        """

    def backup(self, folder: Path, keep: int, at: datetime) -> Backup:
        """Put a verified encrypted copy into a folder; the newest `keep` stay. Raises StorageError."""

    def close(self) -> None:
        """Finish what was posted and close the database."""


# --- models, templates, export ----------------------------------------------------------------------


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


class TemplateLibrary(Protocol):
    """Letter templates, bundled and the clinician's own."""

    def names(self) -> list[str]:
        """All template names, also of files that turn out to be broken."""

    def own(self) -> frozenset[str]:
        """Names of the clinician's own templates, changed bundled ones too."""

    def bundled(self) -> frozenset[str]:
        """Names that come with the program, which `restore` brings back."""

    def template(self, name: str, version: int = 0) -> LetterTemplate:
        """One template; with `version`, as it was then where that is still known.

        Raises TemplateError when it is unknown (listing those that exist) or broken.
        """

    def working(self) -> tuple[list[LetterTemplate], list[TemplateError]]:
        """Every template that can be used, and for each broken file what is wrong with it."""

    def check(self, text: str, name: str) -> LetterTemplate:
        """A template from the text of a file. Raises TemplateError naming the line and the reason."""

    def text_of(self, template: LetterTemplate) -> str:
        """A template as the text of its file."""

    def example(self, file: Path) -> str:
        """The text of an example letter, .txt or .docx. Raises TemplateError."""

    def save(self, template: LetterTemplate) -> LetterTemplate:
        """Keep it as the clinician's own, as a new version. Raises TemplateError; nothing is changed then."""

    def restore(self, name: str) -> None:
        """Take the clinician's own away, back to the bundled one. Raises TemplateError."""


OWN_TERMS = "clinician"
"""The clinician's own list; other own lists are named after the letter template they belong to."""


@dataclass(frozen=True, slots=True)
class TermList:
    """A list of names to listen for."""

    name: str
    count: int
    bundled: bool
    problems: tuple[str, ...] = ()
    """Lines that cannot be used, in words."""


@dataclass(frozen=True, slots=True)
class ImportedTerms:
    """What came of an import."""

    added: int
    known: int
    """Terms that were on the list already."""
    left_out: int
    """Rows of a table that hold no name to listen for: inactive, or too long to be said in one breath."""


class VocabularyLibrary(Protocol):
    """Lists of names to listen for: bundled, the clinician's own, and one for each letter template."""

    def lists(self) -> list[TermList]:
        """Own lists first, then bundled ones."""

    def own_terms(self, name: str = OWN_TERMS) -> tuple[Term, ...]:
        """An own list's terms; none where there is no such list. Raises TermListError."""

    def save(self, name: str, terms: tuple[Term, ...]) -> None:
        """Replace an own list in one step; an empty one is removed. Raises TermListError, old list kept."""

    def import_file(self, name: str, file: Path, column: str = "") -> ImportedTerms:
        """Add a text file's or a table's terms to an own list, all or nothing. Raises TermListError."""

    def terms(self, template: str, language: str) -> tuple[Term, ...]:
        """What to listen for in one consultation. Never raises: a broken list is left out."""


class ExportFormat(StrEnum):
    """Ways a letter leaves the program."""

    TXT = "txt"
    DOCX = "docx"
    PDF = "pdf"
    FHIR = "fhir"
    JSON = "json"


class LetterExporter(Protocol):
    """A letter as a file."""

    def export(
        self, letter: Letter, consultation: Consultation, transcript: Transcript, format: ExportFormat
    ) -> bytes:
        """The file's bytes; an unsigned letter carries a plain DRAFT mark. Raises ExportError."""

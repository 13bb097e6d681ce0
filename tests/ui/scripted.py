"""A whole Application around scripted engines: real services and a real vault, no microphone and no models.

The recorder, the transcriber and the drafter are the outermost ports; here the test says what they report.
Everything between them and the window is the program itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from scribe_app.adapters.export import Exporter
from scribe_app.adapters.store import VaultDoor
from scribe_app.adapters.store.slots import Argon2Cost
from scribe_app.adapters.templates import TomlTemplates
from scribe_app.adapters.vocabularies import TextVocabularies
from scribe_app.config import Settings
from scribe_app.domain.events import (
    DrafterReady,
    DraftFinished,
    GapRecorded,
    LevelMeasured,
    PaceChanged,
    PreviewChanged,
    RecordingClosed,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    SectionDrafted,
    StatementDrafted,
    TextRejected,
    TranscriptionFinished,
    TranscriptionProgressed,
    UtteranceSettled,
    WorkerFailed,
    WorkerKind,
)
from scribe_app.domain.ids import ConsultationId, UtteranceId
from scribe_app.domain.letter import Statement
from scribe_app.domain.pace import Pace
from scribe_app.domain.prior_letters import PriorLetter
from scribe_app.domain.recording import SAMPLE_RATE, AudioGap, GapReason, Recording
from scribe_app.domain.template import LetterTemplate, SectionSpec
from scribe_app.domain.topics import utterances_for
from scribe_app.domain.transcript import RejectedText, SpeakerRole, Transcript, Utterance
from scribe_app.errors import ScribeError
from scribe_app.paths import UserFolders, resources_folder
from scribe_app.ports import (
    ConsultationStore,
    DraftingRequest,
    EventSink,
    Microphone,
    ModelEntry,
    ModelTask,
    RecordingRequest,
    TranscriptionRequest,
)
from scribe_app.services.application import Application
from scribe_app.services.auditing import AuditTrail
from scribe_app.services.consultations import ConsultationService
from scribe_app.services.engines import EngineParts
from scribe_app.services.events import EventBus
from scribe_app.services.line import LineParts
from scribe_app.services.review import ReviewService

PASSPHRASE = "four ordinary words here"
QUICK = Argon2Cost(memory_kib=64, passes=1, lanes=1)
"""What a passphrase usually costs would be a third of the time of every test."""
CAVEAT = "Starter model: synthetic voices only, not for patients"


def sample_utterances(name: str = "chest-pain-en") -> list[Utterance]:
    """The bundled sample consultation, as it was spoken."""
    file = resources_folder() / "sample_consultations" / f"{name}.json"
    spoken = json.loads(file.read_text(encoding="utf-8"))["utterances"]
    return [
        Utterance(UtteranceId(u["id"]), u["text"], u["start"], u["end"], SpeakerRole(u["speaker"]))
        for u in spoken
    ]


class ScriptedRecorder:
    """AudioRecorder whose microphone is the test."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.request: RecordingRequest | None = None
        self.failure: ScribeError | None = None
        self.file_failure: ScribeError | None = None
        self._sink: EventSink = lambda _event: None
        self._samples = 0
        self._gaps: list[AudioGap] = []

    def microphones(self) -> list[Microphone]:
        return [Microphone("Desk microphone", 1, 48_000, True), Microphone("Headset", 1, 44_100, False)]

    def start(self, request: RecordingRequest, sink: EventSink) -> ScriptedRecorder:
        if self.failure is not None:
            raise self.failure
        self.request, self._sink = request, sink
        self._samples, self._gaps = 0, []
        self.calls.append("start")
        sink(RecordingStarted(request.consultation, "Desk microphone", 48_000))
        return self

    def file_seconds(self, path: Path) -> float:
        if self.file_failure is not None:
            raise self.file_failure
        return 60.0

    def recover(self, consultation: ConsultationId, folder: Path, key: bytes) -> Recording:
        return Recording(consultation, self._samples, tuple(self._gaps), complete=False)

    def read(self, folder: Path, key: bytes, start: int, end: int) -> bytes:
        self.calls.append(f"read {start / SAMPLE_RATE:.1f}-{end / SAMPLE_RATE:.1f}")
        return bytes(2 * max(0, end - start))

    @property
    def id(self) -> ConsultationId:
        assert self.request is not None
        return self.request.consultation

    def hear(self, seconds: float, decibels: float = -24.0) -> None:
        """So much has been recorded by now."""
        self._samples = round(seconds * SAMPLE_RATE)
        self._sink(LevelMeasured(self.id, decibels, decibels + 8, self._samples))

    def pause(self) -> None:
        self.calls.append("pause")
        self._sink(RecordingPaused(self.id))

    def resume(self, seconds: float = 12.0) -> None:
        self.calls.append("resume")
        gap = AudioGap(self._samples, seconds, GapReason.PAUSED)
        self._gaps.append(gap)
        self._sink(GapRecorded(self.id, gap))
        self._sink(RecordingResumed(self.id))

    def stop(self) -> None:
        self.calls.append("stop")
        self._sink(RecordingClosed(self.id, Recording(self.id, self._samples, tuple(self._gaps), True)))

    def join(self, timeout: float) -> bool:
        return True

    def kill(self) -> None:
        self.calls.append("kill")

    def crash(self, error: ScribeError) -> None:
        self._sink(WorkerFailed(self.id, WorkerKind.RECORDER, error))


class ScriptedTranscriber:
    """Transcriber that hears what the test says."""

    def __init__(self) -> None:
        self.request: TranscriptionRequest | None = None
        self.hold = False
        self._sink: EventSink = lambda _event: None
        self._until = 0

    def start(self, request: TranscriptionRequest, sink: EventSink) -> ScriptedTranscriber:
        self.request, self._sink, self._until = request, sink, 0
        return self

    @property
    def id(self) -> ConsultationId:
        assert self.request is not None
        return self.request.consultation

    def settle(self, utterance: Utterance) -> None:
        self._until = round(utterance.end * SAMPLE_RATE)
        self._sink(UtteranceSettled(self.id, utterance, self._until))

    def preview(self, text: str, start: float) -> None:
        self._sink(PreviewChanged(self.id, text, start))

    def progress(self, recorded_seconds: float) -> None:
        self._sink(TranscriptionProgressed(self.id, self._until, round(recorded_seconds * SAMPLE_RATE)))

    def slow(self, pace: Pace, behind: float, ready_after_stop: float = 0.0) -> None:
        self._sink(PaceChanged(self.id, pace, behind, ready_after_stop))

    def reject(self, rejected: RejectedText) -> None:
        self._sink(TextRejected(self.id, rejected))

    def finish(self) -> None:
        if not self.hold:
            self._sink(TranscriptionFinished(self.id, self._until))

    def cancel(self) -> None:
        pass


class ScriptedDrafter:
    """LetterDrafter that writes what the test scripted per section, else quotes what fits."""

    def __init__(self) -> None:
        self.script: dict[str, list[Statement]] = {}
        self.sections_before_holding: int | None = None
        self._sink: EventSink = lambda _event: None
        self._id = ConsultationId("")
        self._until = 0.0
        self._left: list[SectionSpec] = []
        self._transcript = Transcript()

    def start(self, request: DraftingRequest, sink: EventSink) -> ScriptedDrafter:
        self._sink, self._id = sink, request.consultation
        sink(DrafterReady(request.consultation, "scripted", "", "1"))
        return self

    def read(self, utterances: Sequence[Utterance]) -> None:
        pass

    def write(
        self,
        template: LetterTemplate,
        transcript: Transcript,
        notes: str = "",
        sections: tuple[str, ...] = (),
        prior: Sequence[PriorLetter] = (),
    ) -> None:
        self._until = transcript.seconds
        wanted = [spec for spec in template.sections if not sections or spec.key in sections]
        self._left, self._transcript = wanted, transcript
        self._write(self.sections_before_holding)

    def correct(self, utterances: Sequence[Utterance]) -> None:
        pass

    @property
    def at_work(self) -> bool:
        """Whether something is asked for and not written yet."""
        return bool(self._left)

    def fail(self, error: ScribeError) -> None:
        """The process dies."""
        self._sink(WorkerFailed(self._id, WorkerKind.DRAFTING, error))

    def go_on(self) -> None:
        """Write what was held back."""
        self._write(None)

    def _write(self, most: int | None) -> None:
        now, self._left = self._left[:most], self._left[len(self._left[:most]) :]
        transcript = self._transcript
        for spec in now:
            for statement in self.script.get(spec.key, []) if self.script else _quoted(spec, transcript):
                self._sink(StatementDrafted(self._id, spec.key, statement))
            self._sink(SectionDrafted(self._id, spec.key))
        if not self._left:
            self._sink(DraftFinished(self._id, self._until))

    def cancel(self) -> None:
        self._sink(DraftFinished(self._id, self._until))

    def close(self) -> None:
        pass


def _quoted(spec: SectionSpec, transcript: Transcript) -> list[Statement]:
    chosen = utterances_for(spec, transcript)[:3]
    return [Statement(utterance.text, evidence=(utterance.id,), quoted=True) for utterance in chosen]


class ScriptedModels:
    """ModelLibrary with one speech model, which has a caveat."""

    def __init__(self, caveat: str = CAVEAT) -> None:
        self._entry = ModelEntry(
            "starter",
            "Starter",
            ModelTask.SPEECH,
            ("en", "nl"),
            "Apache-2.0",
            1,
            Path("starter"),
            caveat=caveat,
        )

    def entries(self) -> list[ModelEntry]:
        return [self._entry]

    def pick(self, task: ModelTask, language: str, id: str = "") -> ModelEntry | None:
        return self._entry if task is ModelTask.SPEECH else None

    def verify(self, id: str) -> None:
        pass


@dataclass
class ScriptedPlayer:
    """AudioPlayer that remembers what it was given; the test says when it has ended."""

    played: list[bytes] = field(default_factory=list)
    stopped: int = 0
    end: Callable[[ScribeError | None], None] = lambda _error: None

    def play(self, pcm: bytes, on_end: Callable[[ScribeError | None], None]) -> None:
        self.played.append(pcm)
        self.end = on_end

    def stop(self) -> None:
        self.stopped += 1


class Clock:
    """Counts on from a morning in the test's own time."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Stage:
    """The application and everything that a test may play on it."""

    application: Application
    recorder: ScriptedRecorder
    transcriber: ScriptedTranscriber
    drafter: ScriptedDrafter
    player: ScriptedPlayer
    clock: Clock


def make_folders(root: Path) -> UserFolders:
    folders = UserFolders(root / "data", root / "config", root / "cache", root / "logs")
    folders.create()
    return folders


def make_stage(root: Path, store: ConsultationStore | None = None, settings: Settings | None = None) -> Stage:
    """Real services and vault in `root`, scripted engines."""
    folders = make_folders(root)
    settings = settings or Settings(clinician_name="Dr Sam Sample", clinician_role="GP", theme="light")
    store = store or VaultDoor(folders.vault, use_keychain=False, cost=QUICK).create(PASSPHRASE)
    recorder, transcriber, drafter = ScriptedRecorder(), ScriptedTranscriber(), ScriptedDrafter()
    player, clock, bus = ScriptedPlayer(), Clock(datetime.now(UTC)), EventBus()
    models = ScriptedModels()
    templates = TomlTemplates([resources_folder() / "letter_templates", folders.config / "letter_templates"])
    trail = AuditTrail(store, "tester", clock)
    vocabularies = TextVocabularies(resources_folder() / "vocabularies", folders.config / "vocabulary")
    engines = EngineParts(transcriber, drafter, models, settings, store)
    parts = LineParts(store, engines, templates, settings, bus, trail)
    consultations = ConsultationService(parts, recorder, folders, clock)
    exporter = Exporter()
    review = ReviewService(store, templates, exporter, bus, trail, clock)
    application = Application(
        folders=folders,
        settings=settings,
        bus=bus,
        store=store,
        recorder=recorder,
        models=models,
        templates=templates,
        exporter=exporter,
        player=player,
        consultations=consultations,
        review=review,
        vocabularies=vocabularies,
    )
    return Stage(application, recorder, transcriber, drafter, player, clock)

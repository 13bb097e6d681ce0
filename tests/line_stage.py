"""The consultation service on a real vault, with recorder, recogniser and drafter played by the test.

The scripted workers keep the contracts of tests/contract: an utterance's words follow from its place in the
recording, its id from the request, so that a wrong resumption shows as lost or doubled words.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from scribe_app.adapters.export import Exporter
from scribe_app.adapters.store import SqlCipherStore, VaultDoor
from scribe_app.adapters.store.slots import Argon2Cost
from scribe_app.adapters.templates import TomlTemplates
from scribe_app.config import Settings
from scribe_app.domain.consultation import Consultation, ConsultationState
from scribe_app.domain.events import (
    DrafterReady,
    DraftFinished,
    Event,
    GapRecorded,
    RecordingClosed,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    SectionDrafted,
    SpeechWork,
    StateChanged,
    StatementDrafted,
    TranscriptionFinished,
    UtteranceSettled,
    WorkerFailed,
    WorkerKind,
)
from scribe_app.domain.ids import ConsultationId, UtteranceId, new_consultation_id
from scribe_app.domain.letter import Statement
from scribe_app.domain.pace import Pace
from scribe_app.domain.prior_letters import PriorLetter
from scribe_app.domain.recording import SAMPLE_RATE, AudioGap, GapReason, Recording
from scribe_app.domain.template import LetterTemplate
from scribe_app.domain.topics import utterances_for
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.errors import EngineError, ModelError, RecordingError, ScribeError
from scribe_app.paths import UserFolders, resources_folder
from scribe_app.ports import (
    DraftingRequest,
    EventSink,
    Microphone,
    ModelCost,
    ModelEntry,
    ModelSize,
    ModelTask,
    Outlook,
    RecordingRequest,
    TranscriptionRequest,
    UsualWay,
    VoiceListener,
)
from scribe_app.services.auditing import AuditTrail
from scribe_app.services.consultations import ConsultationService
from scribe_app.services.engines import EngineParts
from scribe_app.services.events import EventBus
from scribe_app.services.line import LineParts
from scribe_app.services.review import ReviewService

E = TypeVar("E", bound=Event)

NOBODY = ConsultationId("nobody")
STEP = 2 * SAMPLE_RATE
"""Samples of one spoken line."""
DIED = EngineError("It stopped unexpectedly.", "Everything so far is kept.", "Try again.")


def spoken_lines() -> list[str]:
    """The words of the bundled sample consultation, turn by turn."""
    file = resources_folder() / "sample_consultations" / "chest-pain-en.json"
    return [turn["text"] for turn in json.loads(file.read_text(encoding="utf-8"))["utterances"]]


@dataclass
class ScriptedRecording:
    """One recording under way."""

    request: RecordingRequest
    sink: EventSink
    journals: dict[ConsultationId, Recording]
    holds: bool = False
    """Whether Stop is not answered yet."""
    calls: list[str] = field(default_factory=list)

    def hear(self, lines: int) -> None:
        """So many lines are sealed by now."""
        self._keep(lines * STEP, ())

    def _keep(self, samples: int, gaps: tuple[AudioGap, ...], complete: bool = False) -> Recording:
        id = self.request.consultation
        self.journals[id] = Recording(id, samples, (*self.sealed.gaps, *gaps), complete)
        return self.journals[id]

    @property
    def sealed(self) -> Recording:
        return self.journals[self.request.consultation]

    def pause(self) -> None:
        self.calls.append("pause")
        self.sink(RecordingPaused(self.request.consultation))

    def resume(self) -> None:
        self.calls.append("resume")
        gap = AudioGap(self.sealed.samples, 12.0, GapReason.PAUSED)
        self._keep(self.sealed.samples, (gap,))
        self.sink(GapRecorded(self.request.consultation, gap))
        self.sink(RecordingResumed(self.request.consultation))

    def stop(self) -> None:
        self.calls.append("stop")
        if not self.holds:
            self.close()

    def close(self) -> None:
        closed = self._keep(self.sealed.samples, (), complete=True)
        self.sink(RecordingClosed(self.request.consultation, closed))

    def die(self, error: ScribeError) -> None:
        self.sink(WorkerFailed(self.request.consultation, WorkerKind.RECORDER, error))

    def join(self, timeout: float) -> bool:
        self.calls.append("join")
        return True

    def kill(self) -> None:
        self.calls.append("kill")


class ScriptedRecorder:
    """AudioRecorder whose microphone is the test; journals outlive the service."""

    def __init__(self) -> None:
        self.started: list[ScriptedRecording] = []
        self.journals: dict[ConsultationId, Recording] = {}
        self.refuses: ScribeError | None = None
        self.refuses_file: ScribeError | None = None

    def file_seconds(self, path: Path) -> float:
        if self.refuses_file is not None:
            raise self.refuses_file
        return 60.0

    def microphones(self) -> list[Microphone]:
        return []

    def start(self, request: RecordingRequest, sink: EventSink) -> ScriptedRecording:
        if self.refuses is not None:
            raise self.refuses
        self.journals[request.consultation] = Recording(request.consultation, 0)
        self.started.append(ScriptedRecording(request, sink, self.journals))
        sink(RecordingStarted(request.consultation, "Desk microphone", 48_000))
        return self.started[-1]

    def recover(self, consultation: ConsultationId, folder: Path, key: bytes) -> Recording:
        if consultation not in self.journals:
            raise RecordingError("The journal cannot be read.", "Nothing was changed.")
        return self.journals[consultation]

    def read(self, folder: Path, key: bytes, start: int, end: int) -> bytes:
        return bytes(2 * max(0, end - start))


@dataclass
class ScriptedTranscription:
    """One recogniser at work."""

    request: TranscriptionRequest
    sink: EventSink
    recorder: ScriptedRecorder
    holds: bool
    lines: list[str]
    told: int = 0
    finished: bool = False
    cancelled: bool = False

    def tell(self, count: int = 1) -> None:
        """Settle the next lines of the recording."""
        for _ in range(count):
            place = self.request.from_sample // STEP + self.told
            id = UtteranceId(self.request.first_id + self.told)
            start = place * STEP / SAMPLE_RATE
            line = Utterance(id, self.lines[place], start, start + 1.9, confidence=0.8)
            self.told += 1
            self.sink(UtteranceSettled(self.request.consultation, line, (place + 1) * STEP))

    def die(self, error: ScribeError = DIED) -> None:
        self.sink(WorkerFailed(self.request.consultation, WorkerKind.SPEECH, error))

    def finish(self) -> None:
        self.finished = True
        if not self.holds:
            self.end()

    def end(self) -> None:
        samples = self.recorder.journals[self.request.consultation].samples
        self.tell(max(0, samples // STEP - self.request.from_sample // STEP - self.told))
        self.sink(TranscriptionFinished(self.request.consultation, samples))

    def cancel(self) -> None:
        self.cancelled = True


class ScriptedTranscriber:
    """Transcriber that knows what the recordings say."""

    def __init__(self, recorder: ScriptedRecorder) -> None:
        self._recorder = recorder
        self.started: list[ScriptedTranscription] = []
        self.holds = False
        """Whether finish() is not answered by itself."""
        self.lines = spoken_lines()

    def start(self, request: TranscriptionRequest, sink: EventSink) -> ScriptedTranscription:
        self.started.append(ScriptedTranscription(request, sink, self._recorder, self.holds, self.lines))
        return self.started[-1]


@dataclass
class ScriptedDrafting:
    """One drafter at work; with a model it writes what the test says, without it quotes what fits."""

    request: DraftingRequest
    sink: EventSink
    holds: bool
    heard: list[Utterance] = field(default_factory=list)
    written: list[tuple[LetterTemplate, Transcript, str, tuple[str, ...]]] = field(default_factory=list)
    corrected: list[Utterance] = field(default_factory=list)
    closed: bool = False
    prior: tuple[PriorLetter, ...] = ()

    def read(self, utterances: Sequence[Utterance]) -> None:
        self.heard += utterances

    def write(
        self,
        template: LetterTemplate,
        transcript: Transcript,
        notes: str = "",
        sections: tuple[str, ...] = (),
        prior: Sequence[PriorLetter] = (),
    ) -> None:
        self.written.append((template, transcript, notes, sections))
        self.prior = tuple(prior)
        if not self.holds:
            for spec in template.sections:
                if not sections or spec.key in sections:
                    chosen = utterances_for(spec, transcript)[:2]
                    self.section(
                        spec.key, *(Statement(u.text, evidence=(u.id,), quoted=True) for u in chosen)
                    )
            self.finish()

    def section(self, key: str, *statements: Statement, ends: bool = True) -> None:
        for statement in statements:
            self.sink(StatementDrafted(self.request.consultation, key, statement))
        if ends:
            self.sink(SectionDrafted(self.request.consultation, key))

    def finish(self) -> None:
        self.sink(DraftFinished(self.request.consultation, self.written[-1][1].seconds))

    def correct(self, utterances: Sequence[Utterance]) -> None:
        self.corrected += utterances

    def die(self, error: ScribeError = DIED) -> None:
        self.sink(WorkerFailed(self.request.consultation, WorkerKind.DRAFTING, error))

    def cancel(self) -> None:
        if self.written:
            self.finish()

    def close(self) -> None:
        self.closed = True


class ScriptedDrafter:
    """LetterDrafter that remembers every process it was asked for."""

    def __init__(self) -> None:
        self.started: list[ScriptedDrafting] = []
        self.holds = False
        """Whether processes with a model wait for the test to write."""
        self.rules_hold = False
        """Whether those without one do."""

    def start(self, request: DraftingRequest, sink: EventSink) -> ScriptedDrafting:
        model = request.model.stem if request.model else "none"
        self.started.append(ScriptedDrafting(request, sink, self.holds if request.model else self.rules_hold))
        sink(DrafterReady(request.consultation, model, "abc" if request.model else "", "1"))
        return self.started[-1]


class ScriptedModels:
    """ModelLibrary with one model of each kind, which may be taken away."""

    def __init__(self) -> None:
        self.speech = self._entry("whisper", ModelTask.SPEECH)
        self.drafting: ModelEntry | None = self._entry("llama", ModelTask.DRAFTING)
        self.speech_installed = True
        self.broken: ModelError | None = None

    def _entry(self, id: str, task: ModelTask) -> ModelEntry:
        return ModelEntry(id, id, task, ("en", "nl"), "MIT", 1, Path(id))

    def entries(self) -> list[ModelEntry]:
        return [self.speech]

    def pick(self, task: ModelTask, language: str, id: str = "") -> ModelEntry | None:
        if task is ModelTask.SPEECH:
            return self.speech if self.speech_installed else None
        if task is ModelTask.DIARISATION:
            return None
        if self.broken is not None:
            raise self.broken
        return self.drafting

    def verify(self, id: str) -> None:
        pass


class Stage:
    """The services on a vault in a folder; may be closed and opened again as after a crash."""

    def __init__(self, root: Path, settings: Settings | None = None, vocabularies: Any = None) -> None:
        self.folders = UserFolders(root / "data", root / "config", root / "cache", root / "logs")
        self.folders.create()
        self.settings = settings or Settings(clinician_name="Dr Sam Sample", clinician_role="GP")
        self.recorder = ScriptedRecorder()
        self.transcriber, self.drafter = ScriptedTranscriber(self.recorder), ScriptedDrafter()
        self.models, self.vocabularies = ScriptedModels(), vocabularies
        self.voices: VoiceListener | None = None
        self.templates = TomlTemplates([resources_folder() / "letter_templates"])
        cheap = Argon2Cost(memory_kib=64, passes=1, lanes=1)
        door = VaultDoor(self.folders.vault, use_keychain=False, cost=cheap)
        self.store: SqlCipherStore = door.create("four ordinary words")
        self.events: list[Event] = []
        self.open()

    def open(self) -> None:
        """The services, as at the start of the program."""
        self.bus = EventBus()
        self.bus.subscribe(self.events.append)
        trail = AuditTrail(self.store, "tester", self.now)
        engines = EngineParts(
            self.transcriber,
            self.drafter,
            self.models,
            self.settings,
            self.store,
            voices=self.voices,
            vocabularies=self.vocabularies,
        )
        parts = LineParts(self.store, engines, self.templates, self.settings, self.bus, trail)
        self.service = ConsultationService(parts, self.recorder, self.folders, self.now)
        self.review = ReviewService(self.store, self.templates, Exporter(), self.bus, trail, self.now)

    def visited(self, spoken: Sequence[tuple[SpeakerRole, str]], template: str = "soap") -> ConsultationId:
        """A consultation of which this was said, one utterance after the other, waiting for its letter."""
        value = Consultation(new_consultation_id(), self.now(), "en", template, ConsultationState.IN_REVIEW)
        self.store.save_consultation(value)
        for number, (speaker, text) in enumerate(spoken, start=1):
            said = Utterance(UtteranceId(number), text, number * 4.0, number * 4.0 + 3, speaker, 0.8)
            self.store.add_utterances(value.id, [said], number * 64_000)
        return value.id

    def reopen(self) -> None:
        """Close the program and start it again on the same vault."""
        self.service.close()
        self.open()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def close(self) -> None:
        self.service.close()
        self.store.close()

    def settle(self) -> None:
        """Wait until the coordinator has dealt with everything, and with what came of it."""
        turns = 12
        while turns:
            self.service.cancel_writing(NOBODY)
            turns = 12 if self._checking() else turns - 1

    def _checking(self) -> bool:
        """Whether the checks of some letter still run."""
        lines = tuple(vars(self.service)["_lines"].values())
        return any(vars(line)["_writing"].checking or vars(line)["_transcribing"].judging for line in lines)

    def of(self, kind: type[E], id: ConsultationId | None = None) -> list[E]:
        return [e for e in self.events if isinstance(e, kind) and id in (None, e.consultation)]

    def states(self, id: ConsultationId) -> list[str]:
        """The states it went through, changes of fields left out."""
        went: list[str] = []
        for event in self.of(StateChanged, id):
            if not went or went[-1] != event.state.value:
                went.append(event.state.value)
        return went

    @property
    def recording(self) -> ScriptedRecording:
        return self.recorder.started[-1]

    @property
    def speech(self) -> ScriptedTranscription:
        return self.transcriber.started[-1]

    @property
    def drafting(self) -> ScriptedDrafting:
        return self.drafter.started[-1]

    def texts(self, id: ConsultationId) -> list[str]:
        return [utterance.text for utterance in self.store.transcript(id)]

    def audited(self, id: ConsultationId | None = None) -> list[Any]:
        return [entry.action.value for entry in self.store.audit() if id in (None, entry.consultation)]


class ScriptedWay:
    """One of the usual ways at work: it says one thing once the recording has ended."""

    def __init__(
        self, request: TranscriptionRequest, sink: EventSink, text: str, error: ScribeError | None
    ) -> None:
        self._request, self._sink, self._text, self._error = request, sink, text, error
        self.cancelled = False

    def finish(self) -> None:
        id = self._request.consultation
        if self._error is not None:
            self._sink(WorkerFailed(id, WorkerKind.SPEECH, self._error))
            return
        utterance = Utterance(UtteranceId(self._request.first_id), self._text, 0.0, 1.0)
        self._sink(UtteranceSettled(id, utterance, SAMPLE_RATE))
        work = SpeechWork(encodings=1, cpu_seconds=1.0, peak_memory_mb=100)
        self._sink(TranscriptionFinished(id, SAMPLE_RATE, work))

    def cancel(self) -> None:
        self.cancelled = True


class ScriptedYardstick:
    """SpeechYardstick that hears what the test says, at a speed the test says."""

    def __init__(self, text: str, window_s: float = 5.0) -> None:
        self._text, self._window_s = text, window_s
        self.refuses: ScribeError | None = None
        self.bytes_needed = dict.fromkeys(ModelSize, (1, 1))

    def start(self, way: UsualWay, request: TranscriptionRequest, sink: EventSink) -> ScriptedWay:
        return ScriptedWay(request, sink, self._text, self.refuses)

    def needs(self, size: ModelSize) -> tuple[int, int]:
        return self.bytes_needed[size]

    def cost(self, size: ModelSize, folder: Path, threads: int = 0) -> ModelCost:
        if self.refuses is not None:
            raise self.refuses
        outlook = Outlook(1800.0, Pace.LIVE, 0.0, 24.0, self._window_s)
        rtf = self._window_s / 28
        return ModelCost(size, threads or 1, 1, self._window_s, self._window_s, 0.1, rtf, rtf, 100, outlook)

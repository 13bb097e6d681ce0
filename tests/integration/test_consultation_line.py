"""One consultation from a played file to a stored letter: every part is the real one, no language model."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import soundfile

from scribe_app.adapters.export import Exporter
from scribe_app.adapters.llama import LlamaDrafter
from scribe_app.adapters.models import ManifestModels
from scribe_app.adapters.recorder import ProcessRecorder
from scribe_app.adapters.speech import WhisperTranscriber, WhisperTranscription
from scribe_app.adapters.store import VaultDoor
from scribe_app.adapters.store.slots import Argon2Cost
from scribe_app.adapters.templates import TomlTemplates
from scribe_app.config import Settings
from scribe_app.domain.consultation import ConsultationState
from scribe_app.domain.events import (
    ConsultationFailed,
    Event,
    LetterReady,
    RecordingStarted,
    StateChanged,
    UtteranceSettled,
)
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.transcript import Transcript
from scribe_app.paths import UserFolders, bundled_models_folder, resources_folder
from scribe_app.ports import EventSink, ExportFormat, FileSource, TranscriptionRequest
from scribe_app.services.auditing import AuditTrail
from scribe_app.services.consultations import ConsultationService, NewConsultation
from scribe_app.services.engines import EngineParts
from scribe_app.services.events import EventBus
from scribe_app.services.line import LineParts
from scribe_app.services.review import ReviewService

CLIP_SECONDS = 20
PATIENCE_SECONDS = 80
SETTINGS = Settings(speech_model="starter-whisper", drafting_model="none", clinician_name="Dr Sam Sample")


class WatchedTranscriber(WhisperTranscriber):
    """The real transcriber; remembers its processes, so that the test can kill one."""

    def __init__(self) -> None:
        self.started: list[WhisperTranscription] = []

    def start(self, request: TranscriptionRequest, sink: EventSink) -> WhisperTranscription:
        self.started.append(super().start(request, sink))
        return self.started[-1]


class Clinic:
    """The program without window or command line."""

    def __init__(self, root: Path) -> None:
        self.folders = UserFolders(root / "data", root / "config", root / "cache", root / "logs")
        self.folders.create()
        door = VaultDoor(self.folders.vault, use_keychain=False, cost=Argon2Cost(64, 1, 1))
        self.store = door.create("four ordinary words")
        self.transcriber = WatchedTranscriber()
        self.events: list[Event] = []
        self._changed = threading.Condition()
        self.open()

    def open(self) -> None:
        self.bus = EventBus()
        self.bus.subscribe(self._hear)
        models = ManifestModels(bundled_models_folder() / "manifest.toml", [bundled_models_folder()])
        templates = TomlTemplates([resources_folder() / "letter_templates"])
        trail = AuditTrail(self.store, "tester", now)
        engines = EngineParts(self.transcriber, LlamaDrafter(), models, SETTINGS, self.store)
        parts = LineParts(self.store, engines, templates, SETTINGS, self.bus, trail)
        self.service = ConsultationService(parts, ProcessRecorder(), self.folders, now)
        self.review = ReviewService(self.store, templates, Exporter(), self.bus, trail, now)

    def _hear(self, event: Event) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def wait(self, kind: type[Event], id: ConsultationId) -> None:
        def there() -> bool:
            mine = [event for event in self.events if event.consultation == id]
            return any(isinstance(event, kind | ConsultationFailed) for event in mine)

        with self._changed:
            assert self._changed.wait_for(there, PATIENCE_SECONDS), self.events[-5:]

    def play(self, clip: Path, speed: float = 0.0) -> ConsultationId:
        return self.service.start(NewConsultation(source=FileSource(clip, speed))).id

    def transcript(self, id: ConsultationId) -> Transcript:
        return self.store.transcript(id)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first seconds of the bundled sample consultation."""
    sample = resources_folder() / "sample_consultations" / "chest-pain-en.flac"
    audio, rate = soundfile.read(sample, frames=CLIP_SECONDS * SAMPLE_RATE, dtype="int16")
    file = tmp_path_factory.mktemp("clip") / "clip.flac"
    soundfile.write(file, audio, rate)
    return file


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    made = Clinic(tmp_path)
    yield made
    made.service.close()
    made.store.close()


def test_a_played_consultation_becomes_a_letter_also_when_the_speech_process_is_killed(
    clinic: Clinic, clip: Path
) -> None:
    first = clinic.play(clip)
    clinic.wait(LetterReady, first)
    assert clinic.store.consultation(first).state is ConsultationState.IN_REVIEW
    recording, _ = clinic.store.recording(first) or (None, b"")
    assert recording is not None
    assert recording.complete
    assert abs(recording.seconds - CLIP_SECONDS) < 0.1
    heard = clinic.transcript(first)
    assert len(heard) >= 2
    (letter,) = clinic.store.letters(first)
    assert letter.provenance is not None
    assert letter.provenance.speech_model == "starter-whisper"
    assert b"DRAFT" in clinic.review.export(letter.id, ExportFormat.TXT)
    assert len(clinic.service.audio(first, 1.0, 2.0)) == 2 * SAMPLE_RATE

    second = clinic.play(clip)
    clinic.wait(UtteranceSettled, second)
    os.kill(clinic.transcriber.started[-1].pid or 0, signal.SIGKILL)
    clinic.wait(LetterReady, second)
    assert len(clinic.transcriber.started) == 3, "it was started once more"
    assert clinic.transcript(second) == heard
    assert not [event for event in clinic.events if isinstance(event, ConsultationFailed)]


def test_a_program_that_closes_while_recording_finishes_the_consultation_in_its_next_run(
    clinic: Clinic, clip: Path
) -> None:
    id = clinic.play(clip, speed=4.0)
    clinic.wait(RecordingStarted, id)
    clinic.wait(UtteranceSettled, id)
    clinic.service.close()
    clinic.open()
    assert [back.id for back in clinic.service.recover()] == [id]
    clinic.wait(LetterReady, id)
    recording, _ = clinic.store.recording(id) or (None, b"")
    assert recording is not None
    assert 0 < recording.seconds <= CLIP_SECONDS
    assert clinic.transcript(id).utterances
    states = [event.state.value for event in clinic.events if isinstance(event, StateChanged)]
    assert states == ["recording", "transcribing", "drafting", "in_review"]


def test_silence_is_said_to_be_silence_and_leaves_room_for_a_typed_letter(
    clinic: Clinic, tmp_path: Path
) -> None:
    silence = tmp_path / "silence.wav"
    soundfile.write(silence, [0.0] * SAMPLE_RATE * 3, SAMPLE_RATE)
    id = clinic.play(silence)
    clinic.wait(ConsultationFailed, id)
    assert "No speech was heard" in clinic.store.consultation(id).failure
    clinic.events.clear()
    clinic.service.write(id, "soap")
    clinic.wait(LetterReady, id)
    (letter,) = clinic.store.letters(id)
    assert letter.statements == ()

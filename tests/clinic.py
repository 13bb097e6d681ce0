"""The program without window or command line, on real parts: vault, recorder, speech, drafting by rules.

As a module it is a whole program of its own, for tests that kill it:

    python tests/clinic.py FOLDER AUDIO_FILE SPEED      # prints the consultation's id, then "started"
"""

from __future__ import annotations

import multiprocessing
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import soundfile

from scribe_app.adapters import worker
from scribe_app.adapters.export import Exporter
from scribe_app.adapters.llama import LlamaDrafter
from scribe_app.adapters.llama.drafter import DraftingProcess
from scribe_app.adapters.models import ManifestModels
from scribe_app.adapters.recorder import ProcessRecorder
from scribe_app.adapters.speech import WhisperTranscriber, WhisperTranscription
from scribe_app.adapters.store import VaultDoor
from scribe_app.adapters.store.slots import Argon2Cost
from scribe_app.adapters.templates import TomlTemplates
from scribe_app.config import Settings
from scribe_app.domain.events import ConsultationFailed, Event, LetterReady, RecordingStarted
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE, Recording
from scribe_app.domain.transcript import Transcript
from scribe_app.paths import UserFolders, bundled_models_folder, resources_folder
from scribe_app.ports import (
    DraftingRequest,
    EventSink,
    FileSource,
    LetterDrafter,
    Transcriber,
    TranscriptionRequest,
)
from scribe_app.services.auditing import AuditTrail
from scribe_app.services.consultations import ConsultationService, NewConsultation
from scribe_app.services.engines import EngineParts
from scribe_app.services.events import EventBus
from scribe_app.services.line import LineParts
from scribe_app.services.review import ReviewService

PATIENCE_SECONDS = 80
PASSPHRASE = "four ordinary words"
SETTINGS = Settings(speech_model="starter-whisper", drafting_model="none", clinician_name="Dr Sam Sample")

ONE_THREAD = replace(SETTINGS, speech_threads=1)
"""Where several transcribe at once."""


class WatchedTranscriber(WhisperTranscriber):
    """The real transcriber; remembers its processes, so that a test can kill one."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[WhisperTranscription] = []
        self.asked: list[TranscriptionRequest] = []
        """For each of them."""
        self.longest_window = 60.0
        """Seconds, where shorter than the model's."""

    def start(self, request: TranscriptionRequest, sink: EventSink) -> WhisperTranscription:
        shortened = replace(request, longest_window=min(request.longest_window, self.longest_window))
        self.asked.append(shortened)
        self.started.append(super().start(shortened, sink))
        return self.started[-1]


class WatchedDrafter(LlamaDrafter):
    """The real drafter; remembers its processes."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[DraftingProcess] = []
        self.asked: list[ConsultationId] = []
        """For which consultation each of them."""

    def start(self, request: DraftingRequest, sink: EventSink) -> DraftingProcess:
        self.asked.append(request.consultation)
        self.started.append(super().start(request, sink))
        return self.started[-1]


class Clinic:
    """A vault in a folder, made or opened again, and the services on it."""

    def __init__(self, root: Path, settings: Settings = SETTINGS) -> None:
        self._settings = settings
        self.folders = UserFolders(root / "data", root / "config", root / "cache", root / "logs")
        self.folders.create()
        door = VaultDoor(self.folders.vault, use_keychain=False, cost=Argon2Cost(64, 1, 1))
        self.store = door.open(PASSPHRASE) if door.exists() else door.create(PASSPHRASE)
        self.watched, self.drafter = WatchedTranscriber(), WatchedDrafter()
        self.recorder = ProcessRecorder()
        self.events: list[Event] = []
        self._changed = threading.Condition()
        self.open(self.watched, self.drafter)

    def open(self, transcriber: Transcriber, drafter: LetterDrafter) -> None:
        """The services, as at the start of the program."""
        self.bus = EventBus()
        self.bus.subscribe(self._hear)
        models = ManifestModels(bundled_models_folder() / "manifest.toml", [bundled_models_folder()])
        templates = TomlTemplates([resources_folder() / "letter_templates"])
        trail = AuditTrail(self.store, "tester", now)
        engines = EngineParts(transcriber, drafter, models, self._settings, self.store)
        parts = LineParts(self.store, engines, templates, self._settings, self.bus, trail)
        self.service = ConsultationService(parts, self.recorder, self.folders, now)
        self.review = ReviewService(self.store, templates, Exporter(), self.bus, trail, now)

    def reopen(self) -> None:
        """Close the program and start it again on the same vault."""
        self.service.close()
        self.open(self.watched, self.drafter)

    def close(self) -> None:
        """End everything."""
        self.service.close()
        self.recorder.close()
        self.store.close()

    def wait(self, kind: type[Event], id: ConsultationId, seconds: float = PATIENCE_SECONDS) -> None:
        """Until this happened to the consultation, or it failed."""

        def there() -> bool:
            mine = [event for event in self.events if event.consultation == id]
            return any(isinstance(event, kind | ConsultationFailed) for event in mine)

        with self._changed:
            assert self._changed.wait_for(there, seconds), self.events[-5:]

    def play(self, clip: Path, speed: float = 0.0) -> ConsultationId:
        """Start a consultation that hears this file."""
        return self.service.start(NewConsultation(source=FileSource(clip, speed))).id

    def transcript(self, id: ConsultationId) -> Transcript:
        return self.store.transcript(id)

    def recording(self, id: ConsultationId) -> Recording:
        held = self.store.recording(id)
        assert held is not None
        return held[0]

    def failures(self) -> list[str]:
        return [str(event.error) for event in self.events if isinstance(event, ConsultationFailed)]

    def forget_all_but(self, id: ConsultationId) -> None:
        """Drop what is remembered of other consultations; each engine holds an open file for as long."""
        self.watched.started.clear()
        self.watched.asked.clear()
        self.drafter.started.clear()
        self.drafter.asked.clear()
        with self._changed:
            self.events[:] = [event for event in self.events if event.consultation == id]

    def _hear(self, event: Event) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()


def now() -> datetime:
    return datetime.now(UTC)


def write_clip(folder: Path, seconds: int) -> Path:
    """The first seconds of the bundled sample consultation."""
    sample = resources_folder() / "sample_consultations" / "chest-pain-en.flac"
    audio, rate = soundfile.read(sample, frames=seconds * SAMPLE_RATE, dtype="int16")
    file = folder / "clip.flac"
    soundfile.write(file, audio, rate)
    return file


def main(root: Path, clip: Path, speed: float) -> None:
    """Record one consultation to its letter, saying how far it is."""
    clinic = Clinic(root)
    id = clinic.play(clip, speed)
    print(id, flush=True)
    clinic.wait(RecordingStarted, id)
    print("started", time.monotonic(), flush=True)
    clinic.wait(LetterReady, id)
    print("letter", flush=True)
    clinic.close()


def begin_and_wait(connection: Connection, root: Path, clip: Path) -> None:
    """Main function of a program that recovers what there is, begins a consultation and waits for its end."""
    vars(worker)["BIRTH"] = multiprocessing.get_context("forkserver")  # it comes from one itself
    clinic = Clinic(root, ONE_THREAD)
    clinic.service.recover()
    connection.send(clinic.play(clip, 1.0))
    while not any(isinstance(event, RecordingStarted) for event in tuple(clinic.events)):
        time.sleep(0.005)
    connection.send(time.monotonic())
    threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))

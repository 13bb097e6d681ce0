"""One recording through one way of transcribing it: what was heard, when it was final, what it cost."""

from __future__ import annotations

import queue
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from scribe_app.cli.output import clock
from scribe_app.cli.transcribe import transcription_of
from scribe_app.domain.events import (
    ConsultationFailed,
    Event,
    RecordingClosed,
    RecordingStarted,
    SpeechWork,
    TranscriptionFinished,
    UtteranceSettled,
    WorkerFailed,
)
from scribe_app.domain.ids import new_consultation_id
from scribe_app.ports import (
    ActiveTranscription,
    EventSink,
    FileSource,
    ModelEntry,
    RecordingRequest,
    TranscriptionRequest,
)
from scribe_app.services.application import Workshop
from scribe_app.services.supervised import SupervisedTranscription

TOLD_EVERY = 60.0
"""Seconds of the recording between two remarks on how far it is."""
POLL_SECONDS = 0.5

Start = Callable[[TranscriptionRequest, EventSink], ActiveTranscription]
Tell = Callable[[str], None]


@dataclass
class Run:
    """One recording, transcribed one way."""

    texts: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    """Seconds from the end of each utterance to its final text; after the fact, as if it had been recorded
    in real time."""
    seconds: float = 0.0
    """Length of the recording."""
    stop_to_complete: float = 0.0
    work: SpeechWork = field(default_factory=SpeechWork)

    @property
    def text(self) -> str:
        """All that was heard."""
        return " ".join(self.texts)


@dataclass(frozen=True)
class Bench:
    """What every run of one benchmark shares."""

    workshop: Workshop
    model: ModelEntry
    language: str
    tell: Tell
    """Says how far a long run is."""

    def run(self, audio: Path, start: Start, speed: float = 0.0) -> Run:
        """Record the file and transcribe it; live at `speed` times real time, else after the fact.

        Whatever ends it, Ctrl+C too, both processes are gone and the sealed copy is erased.
        """
        id, key = new_consultation_id(), secrets.token_bytes(32)
        folder = Path(tempfile.mkdtemp(dir=self.workshop.folders.cache, prefix="bench-"))
        events: queue.SimpleQueue[tuple[float, Event]] = queue.SimpleQueue()

        def note(event: Event) -> None:
            events.put((time.monotonic(), event))

        request = transcription_of(self.workshop, self.model, self.language, id, folder, key)
        source = FileSource(audio, speed)
        recording = self.workshop.recorder.start(RecordingRequest(id, folder, key, source), note)
        transcription = start(request, note)
        try:
            run = listen(events, transcription, speed, self.tell)
            if isinstance(transcription, SupervisedTranscription) and transcription.deaths:
                self.tell(f"speech process stopped {transcription.deaths} times: its work is not all counted")
            return run
        finally:
            recording.kill()
            transcription.cancel()
            shutil.rmtree(folder, ignore_errors=True)


def listen(
    events: queue.SimpleQueue[tuple[float, Event]],
    transcription: ActiveTranscription,
    speed: float,
    tell: Tell,
) -> Run:
    """Follow a recording until its transcript is complete. Raises what its workers report."""
    run, began, stopped, told = Run(), time.monotonic(), 0.0, 0.0
    ends: list[tuple[float, float]] = []
    while True:
        at, event = _next(events)
        match event:
            case RecordingStarted():
                began = at
            case UtteranceSettled(utterance=said):
                run.texts.append(said.text)
                ends.append((at, said.end))
                if said.end >= told + TOLD_EVERY:
                    told = said.end
                    tell(f"{clock(told)} heard")
            case RecordingClosed(recording=recording):
                stopped, run.seconds = at, recording.seconds
                transcription.finish()
            case TranscriptionFinished():
                run.stop_to_complete, run.work = at - stopped, event.work
                heard = began if speed else stopped - run.seconds
                run.waits = [max(0.0, at - heard - end / (speed or 1.0)) for at, end in ends]
                return run
            case ConsultationFailed(error=passed_over):
                tell(str(passed_over))
            case WorkerFailed(error=error):
                raise error
            case _:
                pass


def _next(events: queue.SimpleQueue[tuple[float, Event]]) -> tuple[float, Event]:
    """In steps, so that an interrupt is heard on Windows too."""
    while True:
        try:
            return events.get(timeout=POLL_SECONDS)
        except queue.Empty:
            continue

"""What every Transcriber must do: the real speech process, and the scripted one of line_stage."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest
import soundfile
from line_stage import STEP, ScriptedRecorder, ScriptedTranscriber

from scribe_app.adapters.journal import JournalWriter, WriterTerms
from scribe_app.adapters.speech import WhisperTranscriber
from scribe_app.domain.events import Event, TranscriptionFinished, UtteranceSettled, WorkerFailed
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE, Recording
from scribe_app.paths import bundled_models_folder, resources_folder
from scribe_app.ports import ActiveTranscription, Transcriber, TranscriptionRequest

ID = ConsultationId("c1")
KEY = bytes(range(32))
SECONDS = 20
PATIENCE_SECONDS = 60


@dataclass
class Desk:
    """A transcriber and a whole recording for it."""

    transcriber: Transcriber
    request: TranscriptionRequest

    def start(self, **changes: int) -> tuple[ActiveTranscription, list[Event], threading.Event]:
        events: list[Event] = []
        done = threading.Event()

        def hear(event: Event) -> None:
            events.append(event)
            if isinstance(event, TranscriptionFinished | WorkerFailed):
                done.set()

        request = replace(self.request, **changes)  # type: ignore[arg-type]  # fields of the request
        return self.transcriber.start(request, hear), events, done

    def transcribe(self, **changes: int) -> list[UtteranceSettled]:
        active, events, done = self.start(**changes)
        active.finish()
        assert done.wait(PATIENCE_SECONDS)
        active.cancel()
        assert isinstance(events[-1], TranscriptionFinished), events[-1]
        return [event for event in events if isinstance(event, UtteranceSettled)]


def scripted(folder: Path) -> Desk:
    recorder = ScriptedRecorder()
    recorder.journals[ID] = Recording(ID, SECONDS * SAMPLE_RATE, complete=True)
    assert SECONDS * SAMPLE_RATE % STEP == 0
    return Desk(ScriptedTranscriber(recorder), TranscriptionRequest(ID, folder, KEY, folder, "en"))


def real(folder: Path) -> Desk:
    sample = resources_folder() / "sample_consultations" / "chest-pain-en.flac"
    audio, _ = soundfile.read(sample, frames=SECONDS * SAMPLE_RATE, dtype="int16")
    writer = JournalWriter(folder / "journal", KEY, ID, WriterTerms(sync_seconds=60))
    writer.append(audio.tobytes())
    writer.close()
    model = bundled_models_folder() / "starter-whisper"
    return Desk(WhisperTranscriber(), TranscriptionRequest(ID, folder / "journal", KEY, model, "en"))


@pytest.fixture(params=[scripted, real], ids=["scripted", "process"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    made: Desk = request.param(tmp_path)
    return made


def test_utterances_are_numbered_on_and_resume_where_the_largest_settled_sample_says(desk: Desk) -> None:
    settled = desk.transcribe()
    assert len(settled) >= 2
    assert [event.utterance.id for event in settled] == list(range(1, len(settled) + 1))
    assert all(a.until_sample <= b.until_sample for a, b in pairwise(settled))
    assert all(a.utterance.end <= b.utterance.start for a, b in pairwise(settled))
    assert settled[-1].until_sample <= SECONDS * SAMPLE_RATE

    until = next(event.until_sample for event in settled if event.until_sample)
    before = [event for event in settled if event.utterance.start * SAMPLE_RATE < until]
    rest = desk.transcribe(from_sample=until, first_id=len(before) + 1)
    assert [event.utterance for event in before + rest] == [event.utterance for event in settled]


def test_from_the_end_on_there_is_nothing_more(desk: Desk) -> None:
    assert desk.transcribe(from_sample=SECONDS * SAMPLE_RATE, first_id=9) == []


def test_cancelling_is_no_failure(desk: Desk) -> None:
    active, _, done = desk.start()
    active.cancel()
    assert not done.wait(2)

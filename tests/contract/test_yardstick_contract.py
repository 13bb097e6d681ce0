"""What every SpeechYardstick must do: the real one with a very small model, and the scripted one."""

from __future__ import annotations

import queue
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile
from line_stage import ScriptedYardstick

from scribe_app.adapters.journal import JournalWriter, WriterTerms
from scribe_app.adapters.speech import WhisperYardstick
from scribe_app.adapters.speech.model_shapes import Shape
from scribe_app.domain.events import Event, TranscriptionFinished, UtteranceSettled, WorkerFailed
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.wer import word_errors
from scribe_app.errors import EngineError, ScribeError
from scribe_app.paths import bundled_models_folder, resources_folder
from scribe_app.ports import ModelSize, SpeechYardstick, TranscriptionRequest, UsualWay

ID, KEY = ConsultationId("c1"), bytes(range(32))
SECONDS = 9.5
SAID = (
    "Hello Mister Example, come in and have a seat. I'm Doctor Sample. "
    "Morning, Doctor. Thanks for seeing me so quickly."
)
PATIENCE_SECONDS = 60
TINY = Shape(64, 2, 1, 1, 80, 99, ((0, 0),))


@pytest.fixture(params=["scripted", "process"])
def yardstick(request: pytest.FixtureRequest) -> SpeechYardstick:
    if request.param == "scripted":
        return ScriptedYardstick(SAID)
    return WhisperYardstick(shapes=dict.fromkeys(ModelSize, TINY))


@pytest.fixture
def recording(tmp_path: Path) -> TranscriptionRequest:
    sample = resources_folder() / "sample_consultations" / "chest-pain-en.flac"
    audio, _ = soundfile.read(sample, frames=int(SECONDS * SAMPLE_RATE), dtype="int16")
    writer = JournalWriter(tmp_path / "journal", KEY, ID, WriterTerms(sync_seconds=60))
    writer.append(audio.tobytes())
    writer.close()
    model = bundled_models_folder() / "starter-whisper"
    return TranscriptionRequest(ID, tmp_path / "journal", KEY, model, "en", longest_window=8.0, first_id=7)


@pytest.mark.parametrize("way", UsualWay)
def test_each_way_hears_the_recording_and_counts_its_work(
    yardstick: SpeechYardstick, recording: TranscriptionRequest, way: UsualWay
) -> None:
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    active = yardstick.start(way, recording, events.put)
    active.finish()
    told = [events.get(timeout=PATIENCE_SECONDS)]
    while not isinstance(told[-1], TranscriptionFinished | WorkerFailed):
        told.append(events.get(timeout=PATIENCE_SECONDS))
    active.cancel()
    *settled, finished = told
    assert isinstance(finished, TranscriptionFinished), finished
    assert finished.work.encodings >= 1
    assert finished.work.cpu_seconds > 0
    assert finished.work.peak_memory_mb > 50
    said = [event.utterance for event in settled if isinstance(event, UtteranceSettled)]
    assert [one.id for one in said] == list(range(7, 7 + len(said)))
    assert word_errors(SAID, " ".join(one.text for one in said)).rate < 0.5


def test_a_size_is_measured_and_nothing_is_left_behind(yardstick: SpeechYardstick, tmp_path: Path) -> None:
    cost = yardstick.cost(ModelSize.TURBO, tmp_path, threads=1)
    assert (cost.size, cost.threads) == (ModelSize.TURBO, 1)
    assert cost.window_s > 0
    assert cost.real_time_factor == pytest.approx(cost.window_s / 28, abs=0.01)
    assert cost.cpu_s_per_audio_s > 0
    assert cost.peak_memory_mb > 50
    assert list(tmp_path.iterdir()) == []
    disk, memory = yardstick.needs(ModelSize.TURBO)
    assert disk > 0
    assert memory > 0


def test_what_cannot_be_made_is_an_error_of_ours() -> None:
    with pytest.raises(EngineError, match="cannot be made"):
        WhisperYardstick().cost(ModelSize.SMALL, Path("/dev/null"))


def test_a_model_that_is_no_model_is_a_failure_told(recording: TranscriptionRequest, tmp_path: Path) -> None:
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    way = WhisperYardstick().start(UsualWay.BATCHED, replace(recording, model=tmp_path), events.put)
    way.finish()
    failed = events.get(timeout=PATIENCE_SECONDS)
    assert isinstance(failed, WorkerFailed)
    assert isinstance(failed.error, ScribeError)

"""The listening process: voices of the samples, of two channels; nothing worse than silence when it fails."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
import types
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import soundfile
from recording_events import RecordingEvents

from scribe_app.adapters.diarisation import Diarisation, Diariser
from scribe_app.adapters.diarisation.child import Listening
from scribe_app.adapters.diarisation.diariser import NICENESS
from scribe_app.adapters.diarisation.sherpa import Spoken
from scribe_app.adapters.journal import JournalReader, JournalWriter, WriterTerms
from scribe_app.adapters.models import ManifestModels
from scribe_app.adapters.recorder import ProcessRecorder
from scribe_app.domain.documents import transcript_from_json
from scribe_app.domain.events import Event, VoicesTold, VoiceWay
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.roles import guess_roles
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.paths import bundled_models_folder, resources_folder
from scribe_app.ports import ImportSource, ModelTask, RecordingRequest, VoicesRequest

KEY = bytes(range(32))
ID = ConsultationId("voices")
STARTER = bundled_models_folder() / "starter-diarisation"
SAMPLES = resources_folder() / "sample_consultations"
LIMIT = 30.0
"""Seconds; a busy computer spawns slowly."""


class Answer:
    """Waits for the one answer."""

    def __init__(self) -> None:
        self.told: list[VoicesTold] = []
        self._came = threading.Event()

    def __call__(self, event: Event) -> None:
        assert isinstance(event, VoicesTold)
        self.told.append(event)
        self._came.set()

    def wait(self, seconds: float = LIMIT + 5) -> VoicesTold:
        assert self._came.wait(seconds), "no answer came"
        return self.told[0]


def journal_of(folder: Path, audio: np.ndarray) -> Path:
    writer = JournalWriter(folder, KEY, ID, WriterTerms(sync_seconds=1.0))
    writer.append(np.rint(audio * 32_767).astype("<i2").tobytes())
    writer.close()
    return folder


def sample(name: str, seconds: float | None = None) -> tuple[np.ndarray, Transcript]:
    """A sample consultation, or so much of its beginning."""
    frames = -1 if seconds is None else int(seconds * SAMPLE_RATE)
    audio, _ = soundfile.read(SAMPLES / f"{name}.flac", dtype="float32", frames=frames)
    text = (SAMPLES / f"{name}.json").read_text(encoding="utf-8")
    truth = transcript_from_json(text, name[-2:])
    kept = tuple(u for u in truth if u.end * SAMPLE_RATE <= len(audio))
    return audio, replace(truth, utterances=kept)


def asked(
    folder: Path, utterances: Sequence[Utterance], model: Path | None = None, **terms: Any
) -> tuple[Diarisation, Answer]:
    answer = Answer()
    diarisation = Diariser().start(VoicesRequest(ID, folder, KEY, model=model, **terms), answer)
    diarisation.hear(utterances)
    return diarisation, answer


def listened(folder: Path, seconds: float, **terms: Any) -> tuple[Listening, Transcript]:
    """What the listening process does with the starter model, in this one."""
    audio, truth = sample("buikpijn-nl", seconds)
    journal = JournalReader(journal_of(folder / "journal", audio), KEY)
    listening = Listening(VoicesRequest(ID, folder / "journal", KEY, model=STARTER, **terms), journal)
    listening.hear(tuple(Spoken(u.id, int(u.start * SAMPLE_RATE), int(u.end * SAMPLE_RATE)) for u in truth))
    return listening, truth


def right_roles(truth: Transcript, told: VoicesTold) -> float:
    """Share of utterances whose role is right when words and these voices judge."""
    voices = dict(told.voices)
    open = tuple(
        Utterance(u.id, u.text, u.start, u.end, SpeakerRole.UNKNOWN, u.confidence, voices.get(u.id))
        for u in truth
    )
    guessed = guess_roles(Transcript(open, truth.language))
    return float(np.mean([a.speaker is b.speaker for a, b in zip(truth, guessed, strict=True)]))


@pytest.mark.parametrize("name", ["chest-pain-en", "buikpijn-nl"])
def test_the_roles_of_a_sample_are_right_by_voice_and_words(tmp_path: Path, name: str) -> None:
    audio, truth = sample(name)
    diarisation, answer = asked(journal_of(tmp_path / "journal", audio), truth.utterances)
    diarisation.tell(LIMIT)
    told = answer.wait()
    assert diarisation.join(10)
    assert told.way is VoiceWay.SOUND
    alone = right_roles(truth, VoicesTold(ID))
    together = right_roles(truth, told)
    print(f"{name}: roles right {alone:.1%} by words alone, {together:.1%} with voices")
    assert together >= max(0.97, alone)


@pytest.fixture
def sherpa() -> types.ModuleType:
    package: types.ModuleType = pytest.importorskip(
        "sherpa_onnx", reason="sherpa-onnx is an extra; setup.sh --dev installs it"
    )
    return package


@pytest.mark.usefixtures("sherpa")
@pytest.mark.parametrize("name", ["chest-pain-en", "buikpijn-nl"])
def test_the_roles_of_a_sample_are_right_by_the_model(tmp_path: Path, name: str) -> None:
    """The real package with the starter bundle, found and checked as the program does it."""
    audio, truth = sample(name, 130.0)
    models = ManifestModels(bundled_models_folder() / "manifest.toml", [bundled_models_folder()])
    entry = models.pick(ModelTask.DIARISATION, "")
    assert entry is not None
    folder = journal_of(tmp_path / "journal", audio)
    diarisation, answer = asked(folder, truth.utterances, entry.path, contents=entry.contents)
    diarisation.tell(LIMIT)
    told = answer.wait()
    assert diarisation.join(10)
    assert told.way is VoiceWay.MODEL
    together = right_roles(truth, told)
    print(f"{name}: roles right {together:.1%} by the model and words")
    assert together >= 0.97


@pytest.mark.usefixtures("sherpa")
@pytest.mark.parametrize(("speakers", "way"), [(2, VoiceWay.SOUND), (3, VoiceWay.MODEL)])
def test_a_model_that_only_fills_in_speaks_where_pitch_and_timbre_do_not_know(
    tmp_path: Path, speakers: int, way: VoiceWay
) -> None:
    listening, truth = listened(tmp_path, 60.0, speakers=speakers, model_first=False)
    told = listening.told(LIMIT)
    assert told.way is way
    assert len(told.voices) == len(truth)


@pytest.mark.usefixtures("sherpa")
def test_a_model_of_another_kind_ends_its_process_and_pitch_and_timbre_answer(tmp_path: Path) -> None:
    """sherpa-onnx ends the process that gives it a file without its metadata; it cannot be caught there."""
    audio, truth = sample("buikpijn-nl", 70.0)
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    for name in ("segmentation.onnx", "embedding.onnx"):
        shutil.copy(STARTER / "embedding.onnx", bundle / name)
    diarisation, answer = asked(journal_of(tmp_path / "journal", audio), truth.utterances, bundle)
    diarisation.tell(LIMIT)
    told = answer.wait()
    assert told.way is VoiceWay.SOUND
    assert right_roles(truth, told) >= 0.97
    assert diarisation.join(10)


@pytest.mark.usefixtures("sherpa")
def test_spans_are_divided_while_there_is_nothing_else_to_do(tmp_path: Path) -> None:
    listening, truth = listened(tmp_path, 60.0)
    while listening._waiting or listening._for_model or listening._spans:
        listening.work()
    assert 0 < listening._pace * SAMPLE_RATE < 1, "faster than it was spoken"
    assert right_roles(truth, listening.told(LIMIT)) >= 0.97


@pytest.mark.usefixtures("sherpa")
def test_where_no_time_is_left_spans_stay_undivided_and_all_is_told(tmp_path: Path) -> None:
    listening, truth = listened(tmp_path, 60.0)
    while listening._waiting or listening._for_model:
        listening.work()
    assert listening._spans
    listening._pace = 1.0
    told = listening.told(LIMIT)
    assert listening._spans, "none was begun"
    assert told.way is VoiceWay.MODEL
    assert {id for id, _ in told.voices} == {u.id for u in truth}
    assert right_roles(truth, told) >= 0.97


@pytest.mark.usefixtures("sherpa")
def test_nothing_waits_for_a_model_that_only_fills_in(tmp_path: Path) -> None:
    listening, _ = listened(tmp_path, 60.0, model_first=False)
    while listening._waiting:
        listening.work()
    assert not listening._model_wanted
    assert listening.told(LIMIT).way is VoiceWay.SOUND
    assert listening._model is None, "not even loaded"


def test_two_channels_of_an_imported_file_tell_two_speakers_apart(tmp_path: Path) -> None:
    audio, truth = sample("buikpijn-nl", 60.0)
    near, far = np.zeros_like(audio), np.zeros_like(audio)
    for utterance in truth:
        cut = slice(int(utterance.start * SAMPLE_RATE), int(utterance.end * SAMPLE_RATE))
        mine, other = (near, far) if utterance.speaker is SpeakerRole.CLINICIAN else (far, near)
        mine[cut], other[cut] = audio[cut], 0.25 * audio[cut]  # 12 dB of crosstalk
    soundfile.write(tmp_path / "stereo.flac", np.column_stack([near, far]), SAMPLE_RATE)
    events = RecordingEvents()
    request = RecordingRequest(ID, tmp_path / "journal", KEY, ImportSource(tmp_path / "stereo.flac"))
    ProcessRecorder().start(request, events)
    events.closed(60)
    diarisation, answer = asked(tmp_path / "journal", truth.utterances, STARTER)
    diarisation.tell(LIMIT)
    told = answer.wait()
    assert diarisation.join(10)
    assert told.way is VoiceWay.CHANNELS
    assert right_roles(truth, told) == 1.0


def test_it_works_in_what_the_others_leave_over(tmp_path: Path) -> None:
    audio, truth = sample("buikpijn-nl", 20.0)
    diarisation, _ = asked(journal_of(tmp_path / "journal", audio), truth.utterances)
    process, end = psutil.Process(diarisation.pid), time.monotonic() + LIMIT
    while process.nice() < min(19, psutil.Process().nice() + NICENESS):
        assert time.monotonic() < end, "as keen as the rest"
        time.sleep(0.02)
    diarisation.cancel()


def test_a_process_that_is_killed_tells_nothing_and_does_not_keep_anyone_waiting(tmp_path: Path) -> None:
    audio, truth = sample("buikpijn-nl")
    diarisation, answer = asked(journal_of(tmp_path / "journal", audio), truth.utterances)
    assert diarisation.pid is not None
    os.kill(diarisation.pid, signal.SIGKILL)
    diarisation.tell(LIMIT)
    assert answer.wait(5) == VoicesTold(ID)
    time.sleep(0.2)
    assert len(answer.told) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_process_that_hangs_is_given_up_in_time(tmp_path: Path) -> None:
    audio, truth = sample("buikpijn-nl")
    diarisation, answer = asked(journal_of(tmp_path / "journal", audio), truth.utterances)
    assert diarisation.pid is not None
    os.kill(diarisation.pid, signal.SIGSTOP)
    began = time.monotonic()
    diarisation.tell(1.0)
    assert answer.wait(5) == VoicesTold(ID)
    assert time.monotonic() - began < 2
    assert diarisation.join(5)


def test_a_journal_that_is_not_there_tells_nothing(tmp_path: Path) -> None:
    _, truth = sample("buikpijn-nl")
    diarisation, answer = asked(tmp_path / "nothing", truth.utterances)
    diarisation.tell(LIMIT)
    assert answer.wait() == VoicesTold(ID)
    assert diarisation.join(10)


def test_a_cancelled_listener_says_nothing(tmp_path: Path) -> None:
    audio, truth = sample("buikpijn-nl")
    diarisation, answer = asked(journal_of(tmp_path / "journal", audio), truth.utterances)
    diarisation.cancel()
    assert diarisation.join(5)
    diarisation.tell(0.2)
    time.sleep(0.5)
    assert answer.told == []


def test_a_model_that_cannot_be_loaded_leaves_pitch_and_timbre(tmp_path: Path) -> None:
    """Without the package, or with a folder that holds no model: both end here."""
    audio, truth = sample("buikpijn-nl")
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "segmentation.onnx").write_bytes(b"no model")
    (bundle / "embedding.onnx").write_bytes(b"no model")
    diarisation, answer = asked(journal_of(tmp_path / "journal", audio), truth.utterances, bundle)
    diarisation.tell(LIMIT)
    assert answer.wait().way is VoiceWay.SOUND
    assert diarisation.join(10)


def test_without_the_package_pitch_and_timbre_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scribe_app.adapters.diarisation.child.package_installed", lambda: False)
    listening, _ = listened(tmp_path, 60.0)
    assert listening.told(LIMIT).way is VoiceWay.SOUND


@pytest.mark.parametrize("breaks", ["load", "hear"])
def test_a_model_that_fails_at_work_leaves_pitch_and_timbre(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, breaks: str
) -> None:
    class Broken:
        def __init__(self, *_: object) -> None:
            if breaks == "load":
                raise RuntimeError("model")

        def hear(self, *_: object) -> None:  # as the package does
            raise RuntimeError("model")

        def told(self) -> dict[int, int]:
            return {}

    monkeypatch.setattr("scribe_app.adapters.diarisation.child.package_installed", lambda: True)
    monkeypatch.setattr("scribe_app.adapters.diarisation.child.SherpaVoices", Broken)
    audio, truth = sample("buikpijn-nl")
    journal = JournalReader(journal_of(tmp_path / "journal", audio), KEY)
    listening = Listening(VoicesRequest(ID, tmp_path / "journal", KEY, model=tmp_path), journal)
    listening.hear(tuple(Spoken(u.id, int(u.start * SAMPLE_RATE), int(u.end * SAMPLE_RATE)) for u in truth))
    told = listening.told(LIMIT)
    assert told.way is VoiceWay.SOUND
    assert len(told.voices) == len(truth)


def test_nothing_is_left_to_divide_where_nothing_was_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scribe_app.adapters.diarisation.child.package_installed", lambda: True)
    audio, _ = sample("buikpijn-nl", 5.0)
    journal = JournalReader(journal_of(tmp_path / "journal", audio), KEY)
    listening = Listening(VoicesRequest(ID, tmp_path / "journal", KEY, model=tmp_path), journal)
    assert listening.told(0.0).voices == ()
    assert not vars(listening)["_spans"]

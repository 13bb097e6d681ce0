"""kill -9 of each process, spawned as the program does: nothing heard is missing, nothing is there twice.

The hundred of each in every run are in test_killed_a_hundred_times.py (speech, drafting, main process) and
test_recorder.py; the vault is in test_vault_killed.py.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from clinic import Clinic, write_clip
from worker_mains import transcribe_until_it_is_loud

from scribe_app import app
from scribe_app.adapters.journal import JournalReader
from scribe_app.adapters.speech import WhisperTranscription, transcriber
from scribe_app.cli import verbs
from scribe_app.domain.consultation import ConsultationState
from scribe_app.domain.events import LetterReady, RecordingClosed, TranscriptionFinished
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.transcript import UNCLEAR
from scribe_app.domain.wer import word_errors
from scribe_app.paths import UserFolders
from scribe_app.ports import TranscriptionRequest

ROOT = Path(__file__).parents[2]
KEY = bytes(range(32))
CLIP_SECONDS = 20
RECORDINGS = 10
BUSY_SECONDS = 280
"""For a letter, with both engines loaded twice: at load 22 on two cores 80 s were not enough."""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX")

MAIN_WITH_RECORDERS = """
import sys, time
from pathlib import Path
from scribe_app.adapters.recorder import ProcessRecorder
from scribe_app.domain.events import RecordingStarted
from scribe_app.domain.ids import ConsultationId
from scribe_app.ports import FileSource, RecordingRequest
def sink(event):
    if isinstance(event, RecordingStarted):
        print(event.consultation, time.monotonic(), flush=True)
if __name__ == "__main__":
    root, file, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    for n in range(count):
        request = RecordingRequest(ConsultationId(str(n)), root / str(n), bytes(range(32)), FileSource(file))
        ProcessRecorder().start(request, sink)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("clip"), CLIP_SECONDS)


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    made = Clinic(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize(
    "kills",
    [
        pytest.param(10, marks=[pytest.mark.long, pytest.mark.timeout(1800)]),
    ],
)
def test_a_killed_main_process_loses_nothing_that_its_recorders_heard(tmp_path: Path, kills: int) -> None:
    """Ten recordings are under way in each of them: a hundred trials in the long form."""
    spoken = np.random.default_rng(7).integers(1, 9000, SAMPLE_RATE * 20).astype(np.int16)
    soundfile.write(tmp_path / "speech.wav", spoken, SAMPLE_RATE)
    rng, losses = random.Random(3), []
    for kill in range(kills):
        root = tmp_path / str(kill)
        command = [sys.executable, "-c", MAIN_WITH_RECORDERS, root, tmp_path / "speech.wav", str(RECORDINGS)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as main:
            assert main.stdout is not None
            started = {}
            for _ in range(RECORDINGS):
                name, at = main.stdout.readline().split()
                started[name] = float(at)
            time.sleep(rng.uniform(0.0, 1.5))
            main.kill()
            killed = time.monotonic()
        for name, at in started.items():
            losses.append(0.25 + killed - at - closed_seconds(root / name, spoken))
    print(f"main killed, {len(losses)} recordings: at most {max(losses):.3f} s lost")
    assert max(losses) <= 0.5


def closed_seconds(folder: Path, spoken: np.ndarray) -> float:
    """Seconds in a journal that its recorder closed by itself, and that are what was spoken."""
    reader, deadline = JournalReader(folder, KEY), time.monotonic() + 10
    while not reader.closed:
        assert time.monotonic() < deadline, "the recorder did not end its journal"
        time.sleep(0.05)
        reader.available()
    audio = reader.read(0, reader.available())
    assert np.array_equal(audio, spoken[: len(audio)]), "wrong samples"
    return len(audio) / SAMPLE_RATE


@pytest.mark.parametrize(
    "trials",
    [
        pytest.param(100, marks=[pytest.mark.long, pytest.mark.timeout(7200)]),
    ],
)
def test_killed_engines_change_neither_transcript_nor_letter(clinic: Clinic, clip: Path, trials: int) -> None:
    """Speech recognition is killed at any point up to the whole transcript, drafting up to the letter."""
    whole = clinic.play(clip)
    clinic.wait(LetterReady, whole)
    expected = clinic.transcript(whole).utterances
    (letter,) = clinic.store.letters(whole)
    rng = random.Random(5)
    for _ in range(trials):
        id = clinic.play(clip)
        clinic.wait(RecordingClosed, id)
        time.sleep(rng.uniform(0.0, 3.0))
        kill(clinic.watched.started[-1].pid)
        time.sleep(rng.uniform(0.0, 3.0))
        kill(clinic.drafter.started[-1].pid)
        clinic.wait(LetterReady, id, BUSY_SECONDS)
        assert clinic.transcript(id).utterances == expected
        (again,) = clinic.store.letters(id)
        assert [s.text for s in again.statements] == [s.text for s in letter.statements]
    assert clinic.failures() == []


@pytest.mark.timeout(200)
def test_audio_that_kills_speech_recognition_natively_costs_its_own_window_alone(
    clinic: Clinic, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcriber, "WhisperTranscription", mortal)
    id = clinic.play(loud_in_the_middle(clip))
    deadline = time.monotonic() + 150
    while not any(isinstance(event, LetterReady) for event in clinic.events):
        assert time.monotonic() < deadline
        assert clinic.store.consultation(id).state is not ConsultationState.FAILED
        time.sleep(0.05)
    said = clinic.transcript(id).utterances
    (unclear,) = [place for place, utterance in enumerate(said) if utterance.text == UNCLEAR]
    before, marked, after = said[:unclear], said[unclear], said[unclear + 1 :]
    assert before[-1].end < 14 <= marked.start < marked.end <= 21 + 0.5
    assert after[0].start >= 28
    said_first, said_last = (" ".join(u.text for u in side) for side in (before, after))
    assert word_errors(said_first, said_last).rate <= 0.2, "the same words, padded a little otherwise"
    (told,) = clinic.failures()
    assert f"{marked.end - marked.start:.0f} seconds from 0:14 on could not be transcribed" in told
    assert clinic.recording(id).samples == 35 * SAMPLE_RATE
    assert len(clinic.watched.started) == 3


def mortal(request: TranscriptionRequest, *args: Any) -> WhisperTranscription:
    """Dies of loud speech; windows of 8 s, whatever the model could take, so that it is one of three."""
    short = replace(request, longest_window=8.0)
    return WhisperTranscription(short, *args, main=transcribe_until_it_is_loud)


def loud_in_the_middle(clip: Path) -> Path:
    """Seven seconds of speech, three times, with pauses; the second time too loud for mortal."""
    speech, _ = soundfile.read(clip, frames=7 * SAMPLE_RATE, dtype="float64")
    speech *= 0.5 / abs(speech).max()
    pause = np.zeros(7 * SAMPLE_RATE)
    loud = clip.with_name("loud.flac")
    soundfile.write(loud, np.concatenate([speech, pause, 1.9 * speech, pause, speech]), SAMPLE_RATE)
    return loud


@pytest.mark.timeout(200)
@pytest.mark.usefixtures("fork_server")
def test_scribe_transcribe_marks_what_kills_speech_recognition_and_goes_on(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = UserFolders(*(tmp_path / name for name in ("data", "config", "cache", "logs")))
    monkeypatch.setattr(transcriber, "WhisperTranscription", mortal)
    wanted = verbs.parse(["transcribe", str(loud_in_the_middle(clip)), "--json", "--language", "en"])
    assert verbs.run(wanted, app.make_workshop(folders)) == 0
    printed, told = capsys.readouterr()
    said = json.loads(printed)["utterances"]
    (unclear,) = [place for place, utterance in enumerate(said) if utterance["text"] == UNCLEAR]
    assert said[unclear - 1]["end"] < 14 <= said[unclear]["start"] < said[unclear]["end"] <= 21.5
    assert said[unclear + 1]["start"] >= 28
    assert "could not be transcribed: the speech process stopped there twice" in told
    assert not list(tmp_path.rglob("*.journal")), "the working copy is erased"


def kill(pid: int | None) -> None:
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize(
    "trials",
    [
        pytest.param(50, marks=[pytest.mark.long, pytest.mark.timeout(7200)]),
    ],
)
def test_a_consultation_whose_program_was_killed_comes_back_with_all_that_was_heard(
    tmp_path: Path, clip: Path, trials: int
) -> None:
    rng = random.Random(8)
    for trial in range(trials):
        root = tmp_path / str(trial)
        command = [sys.executable, ROOT / "tests" / "clinic.py", root, clip, "2"]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as main:
            assert main.stdout is not None
            id = ConsultationId(main.stdout.readline().strip())
            _, started = main.stdout.readline().split()
            time.sleep(rng.uniform(0.0, 14.0))  # recording, transcribing, writing
            main.kill()
            heard = min(CLIP_SECONDS, 2 * (time.monotonic() - float(started)))
        clinic = Clinic(root)
        try:
            clinic.service.recover()
            if clinic.store.consultation(id).state is not ConsultationState.IN_REVIEW:
                clinic.wait(TranscriptionFinished, id)
                clinic.wait(LetterReady, id)
            recording = clinic.recording(id)
            print(f"killed after {heard:.1f} s heard: {recording.seconds:.1f} s kept, {recording.gaps}")
            assert recording.seconds >= heard - 1.0, "twice real time: half a second is a second of audio"
            ids = [utterance.id for utterance in clinic.transcript(id)]
            assert ids == list(range(1, len(ids) + 1))
        finally:
            clinic.close()

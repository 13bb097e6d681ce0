"""The listening process: voices of the samples, of two channels; nothing worse than silence when it fails."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import types
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile
from recording_events import RecordingEvents

from scribe_app.adapters.diarisation import Diarisation, Diariser
from scribe_app.adapters.diarisation.child import Listening
from scribe_app.adapters.diarisation.sherpa import Spoken
from scribe_app.adapters.journal import JournalReader, JournalWriter, WriterTerms
from scribe_app.adapters.recorder import ProcessRecorder
from scribe_app.domain.documents import transcript_from_json
from scribe_app.domain.events import Event, VoicesTold, VoiceWay
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.roles import guess_roles
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.paths import resources_folder
from scribe_app.ports import ImportSource, RecordingRequest, VoicesRequest

KEY = bytes(range(32))
ID = ConsultationId("voices")
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


def sample(name: str) -> tuple[np.ndarray, Transcript]:
    audio, _ = soundfile.read(SAMPLES / f"{name}.flac", dtype="float32")
    text = (SAMPLES / f"{name}.json").read_text(encoding="utf-8")
    return audio, transcript_from_json(text, name[-2:])


def asked(
    folder: Path, utterances: Sequence[Utterance], model: Path | None = None
) -> tuple[Diarisation, Answer]:
    answer = Answer()
    diarisation = Diariser().start(VoicesRequest(ID, folder, KEY, model=model), answer)
    diarisation.hear(utterances)
    return diarisation, answer


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


def test_two_channels_of_an_imported_file_tell_two_speakers_apart(tmp_path: Path) -> None:
    audio, truth = sample("buikpijn-nl")
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
    diarisation, answer = asked(tmp_path / "journal", truth.utterances)
    diarisation.tell(LIMIT)
    told = answer.wait()
    assert diarisation.join(10)
    assert told.way is VoiceWay.CHANNELS
    assert right_roles(truth, told) == 1.0


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


@pytest.mark.parametrize("breaks", ["load", "hear"])
def test_a_model_that_fails_at_work_leaves_pitch_and_timbre(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, breaks: str
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("model")

    class Whole:
        def __init__(self, *_: object, **__: object) -> None:
            pass

        def validate(self) -> bool:
            return True

    package = types.ModuleType("sherpa_onnx")
    for name in ("SpeakerEmbeddingExtractorConfig", "FastClusteringConfig", "OfflineSpeakerDiarizationConfig",
                 "OfflineSpeakerSegmentationModelConfig", "OfflineSpeakerSegmentationPyannoteModelConfig",
                 "SpeakerEmbeddingExtractor", "FastClustering"):  # fmt: skip
        setattr(package, name, Whole)
    broken = type("Broken", (Whole,), {"process": fails})
    package.OfflineSpeakerDiarization = fails if breaks == "load" else broken  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sherpa_onnx", package)
    audio, truth = sample("buikpijn-nl")
    journal = JournalReader(journal_of(tmp_path / "journal", audio), KEY)
    listening = Listening(VoicesRequest(ID, tmp_path / "journal", KEY, model=tmp_path), journal)
    listening.hear(tuple(Spoken(u.id, int(u.start * SAMPLE_RATE), int(u.end * SAMPLE_RATE)) for u in truth))
    told = listening.told(LIMIT)
    assert told.way is VoiceWay.SOUND
    assert len(told.voices) == len(truth)

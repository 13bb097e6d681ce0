"""The starter Whispers load without a network, hear synthetic speech and write nothing to silence."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import wave
from collections.abc import Callable
from pathlib import Path

import ctranslate2
import jiwer
import numpy as np
import pytest
import soundfile
import soxr

from scribe_app.adapters.speech.library import faster_whisper

WhisperModel = faster_whisper().WhisperModel
"""Imported as the program does it: without the libraries that do not ship."""
ROOT = Path(__file__).parents[2]
FOLDERS = {
    "en": ROOT / "models" / "starter-whisper",
    "nl": ROOT / "models" / "starter-whisper-nl",
}
SAMPLES = ROOT / "resources" / "sample_consultations"
RATE = 16_000

ENGLISH = [
    "Have you noticed any swelling in your ankles since you started the tablets?",
    "My father had a heart attack when he was fifty-three years old.",
    "I would like you to take one tablet in the morning and one at night.",
    "The pain gets worse when I climb the stairs, but it goes away when I rest.",
    "Your blood pressure today is one hundred and thirty-six over eighty-four.",
    "No fever, no vomiting and no blood in the urine.",
]
DUTCH = [
    "Ik heb al drie weken last van hoofdpijn en duizeligheid.",
    "Uw bloeddruk is vandaag honderdvierendertig over tachtig.",
    "Ik ben allergisch voor amoxicilline.",
    "Heeft u ook koorts gehad?",
]

#: Upper limits that the shipped weights keep (the model card has the measured figures and what is aimed at:
#: 0.08 for English, 0.15 for Dutch, 0.10 for the samples). Lower them whenever better weights are shipped.
ENGLISH_LIMIT, DUTCH_LIMIT, SAMPLE_LIMIT = 0.04, 0.04, 0.06

Listen = Callable[[np.ndarray], str]


def words(text: str) -> str:
    """Lower-case words alone; hyphens part words, for the sample's own transcripts have none."""
    return " ".join(re.sub(r"[^\w']", " ", text.lower()).split())


def word_error_rate(said: list[str], heard: list[str]) -> float:
    return float(jiwer.wer([words(text) for text in said], [words(text) or "-" for text in heard]))


def spoken(text: str, voice: str) -> np.ndarray:
    """``text`` by espeak-ng at 16 kHz, 0.2 s of silence before and after."""
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is not installed, so nothing can speak to the model")
    made = subprocess.run(
        ["espeak-ng", "-v", voice, "--stdout", text], capture_output=True, check=True
    ).stdout
    with wave.open(io.BytesIO(made)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768
        samples = soxr.resample(samples, file.getframerate(), RATE)
    quiet = np.zeros(RATE // 5, np.float32)
    return np.concatenate([quiet, samples.astype(np.float32), quiet])


def opened(language: str) -> WhisperModel:
    folder = str(FOLDERS[language])
    return WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=2, local_files_only=True)


def listener(model: WhisperModel) -> Listen:
    def heard(samples: np.ndarray) -> str:
        segments, _ = model.transcribe(
            samples,
            language="en",
            beam_size=5,
            temperature=0,
            condition_on_previous_text=False,
            without_timestamps=True,
            vad_filter=False,
        )
        return " ".join(segment.text.strip() for segment in segments)

    return heard


@pytest.fixture(scope="module")
def model() -> WhisperModel:
    return opened("en")


@pytest.fixture(scope="module")
def listen(model: WhisperModel) -> Listen:
    return listener(model)


@pytest.fixture(scope="module")
def listen_to_dutch() -> Listen:
    return listener(opened("nl"))


in_both = pytest.mark.parametrize("folder", FOLDERS.values(), ids=list(FOLDERS))


@in_both
def test_folder_is_complete_and_small(folder: Path) -> None:
    for name in ("model.bin", "config.json", "vocabulary.json", "tokenizer.json", "preprocessor_config.json"):
        assert (folder / name).stat().st_size > 0
    assert (folder / "model.bin").stat().st_size <= 16_000_000


@in_both
def test_vocabulary_and_tokenizer_name_the_same_entries(folder: Path) -> None:
    vocabulary = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    numbers = tokenizer["model"]["vocab"] | {
        added["content"]: added["id"] for added in tokenizer["added_tokens"]
    }
    assert {name: number for number, name in enumerate(vocabulary)} == numbers


@in_both
def test_weights_are_stored_as_int8(folder: Path) -> None:
    stored = ctranslate2.models.Whisper(str(folder), device="cpu", compute_type="default")
    assert stored.compute_type.startswith("int8")


@pytest.mark.parametrize("voice", ["en-gb-x-rp+f4", "en-gb"])
def test_english_sentences_are_recognised(listen: Listen, voice: str) -> None:
    heard = [listen(spoken(text, voice)) for text in ENGLISH]
    assert word_error_rate(ENGLISH, heard) <= ENGLISH_LIMIT, heard


def test_dutch_sentences_are_recognised(listen_to_dutch: Listen) -> None:
    heard = [listen_to_dutch(spoken(text, "nl+m3")) for text in DUTCH]
    assert word_error_rate(DUTCH, heard) <= DUTCH_LIMIT, heard


def test_casing_and_punctuation_are_written(listen: Listen) -> None:
    heard = listen(spoken(ENGLISH[0], "en-gb-x-rp+f4"))
    assert heard[0].isupper()
    assert heard.endswith("?")


@pytest.mark.parametrize(("name", "ears"), [("chest-pain-en", "listen"), ("buikpijn-nl", "listen_to_dutch")])
def test_sample_consultation_is_recognised_turn_by_turn(
    name: str, ears: str, request: pytest.FixtureRequest
) -> None:
    hear: Listen = request.getfixturevalue(ears)
    sound, rate = soundfile.read(SAMPLES / f"{name}.flac", dtype="float32")
    assert rate == RATE
    said = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))["utterances"][:20]
    heard = [
        hear(sound[int((turn["start"] - 0.15) * RATE) : int((turn["end"] + 0.15) * RATE)]) for turn in said
    ]
    assert word_error_rate([turn["text"] for turn in said], heard) <= SAMPLE_LIMIT, heard


def test_timestamps_lie_within_the_sound(model: WhisperModel) -> None:
    pause = np.zeros(RATE, np.float32)
    parts = [spoken(text, "en-gb-x-rp+f4") for text in ENGLISH[:2]]
    sound = np.concatenate([parts[0], pause, parts[1]])
    segments, _ = model.transcribe(sound, language="en", beam_size=5, temperature=0, vad_filter=False)
    times = [(segment.start, segment.end) for segment in segments]
    assert len(times) == 2
    first_ends, second_starts = len(parts[0]) / RATE - 0.2, (len(parts[0]) + len(pause)) / RATE + 0.2
    assert times[0][1] == pytest.approx(first_ends, abs=0.4)
    assert times[1][0] == pytest.approx(second_starts, abs=0.4)


@pytest.mark.parametrize("ears", ["listen", "listen_to_dutch"])
@pytest.mark.parametrize("level", [0.0, 0.0003, 0.01])
def test_silence_and_room_noise_give_no_words(
    level: float, ears: str, request: pytest.FixtureRequest
) -> None:
    noise = np.random.default_rng(5).standard_normal(20 * RATE).astype(np.float32)
    assert request.getfixturevalue(ears)(noise * np.float32(level)) == ""

"""The streaming voice detector hears what the whole-file one hears, and every turn of the samples."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from scribe_app.adapters.speech.library import faster_whisper
from scribe_app.adapters.speech.segmenter import SPEECH_STARTS, Segmenter
from scribe_app.adapters.speech.vad import FRAME, StreamingVad
from scribe_app.domain.recording import SAMPLE_RATE

get_vad_model = faster_whisper().vad.get_vad_model
SAMPLES = Path(__file__).parents[4] / "resources" / "sample_consultations"


def frames_of(name: str, seconds: int | None = None) -> np.ndarray:
    audio, _ = soundfile.read(SAMPLES / f"{name}.flac", dtype="float32")
    audio = audio[: seconds * SAMPLE_RATE] if seconds else audio
    return audio[: len(audio) // FRAME * FRAME]


def test_frame_by_frame_is_the_same_as_the_whole_file() -> None:
    audio = frames_of("chest-pain-en", 30)
    vad = StreamingVad()
    one_by_one = np.concatenate([vad.probabilities(frame) for frame in audio.reshape(-1, FRAME)])
    # faster-whisper zeroes the end of the array it is given, in place: give it one frame more, and a copy.
    whole_file = np.ravel(get_vad_model()(np.pad(audio, (0, FRAME))))[:-1]
    assert np.array_equal(one_by_one, whole_file)
    vad.reset()
    assert np.array_equal(vad.probabilities(audio), one_by_one)


@pytest.mark.parametrize("name", ["chest-pain-en", "buikpijn-nl"])
def test_every_turn_of_the_sample_is_heard(name: str) -> None:
    segmenter = Segmenter()
    segmenter.push(StreamingVad().probabilities(frames_of(name)).tolist())
    spans = []
    while window := segmenter.take(end=segmenter.scanned):
        spans += [(p.voiced.start / SAMPLE_RATE, p.voiced.end / SAMPLE_RATE) for p in window.pieces]
    for turn in json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))["utterances"]:
        heard = sum(max(0.0, min(end, turn["end"]) - max(start, turn["start"])) for start, end in spans)
        assert heard / (turn["end"] - turn["start"]) > 0.8, turn["id"]


def noise(kind: str, seconds: int) -> np.ndarray:
    rng = np.random.default_rng(4)
    count = seconds * SAMPLE_RATE // FRAME * FRAME
    white = rng.standard_normal(count)
    if kind == "hum":
        return (0.05 * np.sin(2 * np.pi * 50 * np.arange(count) / SAMPLE_RATE)).astype(np.float32)
    if kind == "fan":
        spectrum = np.fft.rfft(white)
        spectrum /= np.sqrt(np.maximum(np.fft.rfftfreq(count, 1 / SAMPLE_RATE), 20))
        white = np.fft.irfft(spectrum, count)
        return (0.02 * white / white.std()).astype(np.float32)
    if kind == "typing":
        clicks = np.zeros(count)
        for start in rng.integers(0, count - 800, seconds * 5):
            clicks[start : start + 800] += rng.standard_normal(800) * np.exp(-np.arange(800) / 100)
        return (0.1 * clicks).astype(np.float32)
    return np.zeros(count, np.float32)


@pytest.mark.parametrize("kind", ["silence", "hum", "fan", "typing"])
def test_a_minute_without_speech_is_heard_as_none(kind: str) -> None:
    assert StreamingVad().probabilities(noise(kind, 60)).max() < SPEECH_STARTS

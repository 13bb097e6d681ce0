"""Two unlike voices are told apart; one voice is not called two."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from scribe_app.adapters.diarisation.voices import TRUSTED, features_of, two_voices
from scribe_app.domain.recording import SAMPLE_RATE

SAMPLES = Path(__file__).parents[4] / "resources" / "sample_consultations"


def turns_of(name: str) -> tuple[list[np.ndarray], list[str]]:
    audio, _ = soundfile.read(SAMPLES / f"{name}.flac", dtype="float32")
    turns = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))["utterances"]
    cut = [audio[int(t["start"] * SAMPLE_RATE) : int(t["end"] * SAMPLE_RATE)] for t in turns]
    return cut, [turn["speaker"] for turn in turns]


@pytest.mark.parametrize("name", ["chest-pain-en", "buikpijn-nl"])
def test_the_two_voices_of_a_sample_are_told_apart(name: str) -> None:
    audio, speakers = turns_of(name)
    voices = two_voices([features_of(samples) for samples in audio])
    right = [(label == 0) == (who == speakers[0]) for label, who in zip(voices.labels, speakers, strict=True)]
    assert np.mean(right) >= 0.97
    assert voices.apartness > TRUSTED


@pytest.mark.parametrize("name", ["chest-pain-en", "buikpijn-nl"])
@pytest.mark.parametrize("who", ["clinician", "patient"])
def test_one_voice_alone_is_not_trusted_to_be_two(name: str, who: str) -> None:
    audio, speakers = turns_of(name)
    alone = [samples for samples, speaker in zip(audio, speakers, strict=True) if speaker == who]
    assert two_voices([features_of(samples) for samples in alone]).apartness < TRUSTED


def test_too_few_utterances_have_one_voice() -> None:
    assert two_voices([]).labels == ()
    assert two_voices([features_of(np.zeros(100, np.float32))] * 2).labels == (0, 0)


def test_silence_and_scraps_are_no_error() -> None:
    assert len(two_voices([features_of(np.zeros(10, np.float32))] * 4).labels) == 4


def test_four_hours_of_utterances_cost_little() -> None:
    chance = np.random.default_rng(3)
    heard = list(np.concatenate([chance.normal(0, 1, (3000, 21)), chance.normal(6, 1, (3000, 21))]))
    began = time.process_time()
    voices = two_voices(heard)
    assert time.process_time() - began < 5
    assert voices.labels == (0,) * 3000 + (1,) * 3000
    assert voices.apartness > TRUSTED

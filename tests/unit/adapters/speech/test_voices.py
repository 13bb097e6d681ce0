"""Two unlike voices are told apart; one voice is not called two."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from scribe_app.adapters.speech.voices import TRUSTED, two_voices
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
    voices = two_voices(audio)
    right = [(label == 0) == (who == speakers[0]) for label, who in zip(voices.labels, speakers, strict=True)]
    assert np.mean(right) >= 0.97
    assert voices.apartness > TRUSTED


@pytest.mark.parametrize("name", ["chest-pain-en", "buikpijn-nl"])
@pytest.mark.parametrize("who", ["clinician", "patient"])
def test_one_voice_alone_is_not_trusted_to_be_two(name: str, who: str) -> None:
    audio, speakers = turns_of(name)
    alone = [samples for samples, speaker in zip(audio, speakers, strict=True) if speaker == who]
    assert two_voices(alone).apartness < TRUSTED


def test_too_few_utterances_have_one_voice() -> None:
    assert two_voices([]).labels == ()
    assert two_voices([np.zeros(100, np.float32)] * 2).labels == (0, 0)


def test_silence_and_scraps_are_no_error() -> None:
    assert len(two_voices([np.zeros(10, np.float32)] * 4).labels) == 4

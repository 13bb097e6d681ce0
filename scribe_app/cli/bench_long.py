"""Consultations of a wanted length: a sample joined to itself, cut where nobody speaks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from scribe_app.domain.documents import transcript_from_json

_AFTER_LAST_WORD = 0.5
"""Seconds of sound kept after the last turn."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A long recording and what is said in it."""

    audio: Path
    seconds: float
    said: str


def joined(sample: Path, seconds: float, folder: Path) -> Joined:
    """The sample over and over, up to the last turn that ends within so many seconds; at least one turn.

    Args:
        sample: audio with its reference transcript as .json beside it.
        seconds: wanted length.
        folder: where the sound is written.
    """
    sound, rate = soundfile.read(sample, dtype="int16")
    turns = transcript_from_json(sample.with_suffix(".json").read_text(encoding="utf-8")).utterances
    length = len(sound) / rate
    said: list[str] = []
    end, times = 0.0, 0
    while not said or times * length < seconds:
        for turn in turns:
            if said and times * length + turn.end + _AFTER_LAST_WORD > seconds:
                break
            said.append(turn.text)
            end = times * length + turn.end + _AFTER_LAST_WORD
        times += 1
    file = folder / "consultation.wav"
    soundfile.write(file, np.tile(sound, times)[: int(end * rate)], rate, subtype="PCM_16")
    return Joined(file, min(end, times * length), " ".join(said))

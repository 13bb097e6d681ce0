"""Sound of rooms in which nobody speaks: every word shown as final there is invented."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from scribe_app.cli.bench_speech.runs import Bench, Start
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.wer import normalised

NOISE_SECONDS, LEAST_SECONDS = 600, 60


def silence_seconds(measured: float | None) -> int:
    """How long nobody speaks: ten minutes; less where only the beginning of each recording is measured."""
    return NOISE_SECONDS if measured is None else min(NOISE_SECONDS, max(LEAST_SECONDS, int(measured)))


def invented(bench: Bench, start: Start, seconds: int, speed: float = 0.0) -> float:
    """Words shown as final per hour in which nobody speaks; played at `speed` times real time, 0 at once."""
    with tempfile.TemporaryDirectory(dir=bench.workshop.folders.cache, prefix="bench-") as folder:
        file = Path(folder) / "nobody.wav"
        soundfile.write(file, nobody_speaks(seconds), SAMPLE_RATE, subtype="PCM_16")
        run = bench.run(file, start, speed)
    return round(len(normalised(run.text, bench.language)) * 3600 / seconds, 1)


def nobody_speaks(seconds: int) -> npt.NDArray[np.float32]:
    """16 kHz audio of a room without words: silence, ventilation, typing, knocks, mains hum, a printer.

    Made, not recorded, and the same each time.
    """
    chance = np.random.default_rng(20261121)
    part = seconds * SAMPLE_RATE // 6
    time_s = np.arange(part) / SAMPLE_RATE
    quiet = chance.normal(0, 0.0008, part)
    air = np.convolve(chance.normal(0, 0.05, part), np.ones(24) / 24, "same")
    typing, knocks = quiet.copy(), quiet.copy()
    for at in chance.integers(0, part - 3200, part // (SAMPLE_RATE // 4)):
        typing[at : at + 320] += chance.normal(0, 0.15, 320) * np.exp(-np.arange(320) / 60)
    for at in chance.integers(0, part - 3200, part // (5 * SAMPLE_RATE)):
        knocks[at : at + 3200] += np.sin(np.arange(3200) * 0.04) * np.exp(-np.arange(3200) / 500) * 0.5
    hum = 0.02 * sum(np.sin(2 * np.pi * 50 * n * time_s) / n for n in (1, 2, 3, 5)) + quiet
    printer = chance.normal(0, 0.06, part) * (np.sin(2 * np.pi * 1.7 * time_s) > 0.3) + quiet
    made = np.concatenate([quiet, air, typing, knocks, hum, printer]).clip(-1, 1)
    return np.asarray(made, np.float32)

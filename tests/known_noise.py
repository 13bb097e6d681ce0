"""Noise that says where in it one is: whether a recording's gaps are as long as what is missing."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import soundfile

from scribe_app.adapters.journal import JournalReader
from scribe_app.adapters.journal.format import RecordKind, unpack_gap
from scribe_app.domain.recording import SAMPLE_RATE, Recording

PROBE = SAMPLE_RATE // 2
"""Samples of a recording that are looked for in the noise: half a second."""
STEP = SAMPLE_RATE // 4
LOUD = 300
"""16-bit steps: the noise, and nothing before it."""
CERTAIN = 5.0
"""Standard deviations by which the right place stands out."""


def write_noise(path: Path, seconds: float) -> np.ndarray:
    """Noise below 4 kHz, as a WAV file; returns it at 16 kHz."""
    slow = np.random.default_rng(2).normal(0, 3000, round(seconds * SAMPLE_RATE) // 2)
    audio = np.repeat(slow, 2).clip(-32_768, 32_767).astype(np.int16)
    soundfile.write(path, audio, SAMPLE_RATE)
    return audio


def audio_of(folder: Path, key: bytes) -> np.ndarray:
    """Everything that a journal holds."""
    reader = JournalReader(folder, key)
    return reader.read(0, reader.available())


def spans(recording: Recording) -> float:
    """Seconds that audio and gaps make up together."""
    return recording.seconds + sum(gap.seconds for gap in recording.gaps)


def place_in(source: np.ndarray, part: np.ndarray) -> int | None:
    """At which sample of `source` the `part` was heard; None where it is not in it for certain."""
    size = 1 << (len(source) + len(part) - 1).bit_length()
    probe = np.conj(np.fft.rfft(part.astype(np.float32), size))
    likeness = np.fft.irfft(_spectrum(source.tobytes(), size) * probe, size)[: len(source)]
    best = int(likeness.argmax())
    return best if likeness[best] > CERTAIN * likeness.std() else None


@lru_cache(maxsize=1)
def _spectrum(source: bytes, size: int) -> np.ndarray:
    """Of a noise in which many a part is looked for."""
    return np.fft.rfft(np.frombuffer(source, np.int16).astype(np.float32), size)


def out_of_step(folder: Path, key: bytes) -> float:
    """Seconds by which stretches between gaps differ at most: when they were heard, less their place.

    Whatever is missing and not counted, or counted and not missing, shows here. Each stretch's median counts:
    single records are told 20 ms off.
    """
    reader = JournalReader(folder, key)
    reader.available()
    starts: list[list[float]] = [[]]
    missing = 0.0
    for segment in reader._in_order():  # every record with its clock: nobody but this test wants them
        for record, samples in ((frame.record, frame.samples) for frame in segment.all_frames()):
            if record.kind is RecordKind.GAP:
                missing += unpack_gap(record.payload)[1]
                starts.append([])
            elif samples:
                place = (record.position + samples) / SAMPLE_RATE + missing
                starts[-1].append(record.elapsed_ns / 1e9 - place)
    medians = [float(np.median(stretch)) for stretch in starts if stretch]
    print("heard less place", [round(median - medians[0], 3) for median in medians])
    return max(medians) - min(medians)


def misplaced(recording: Recording, audio: np.ndarray, source: np.ndarray) -> float:
    """Seconds by which any one gap of a recording is longer or shorter than what is missing of the noise.

    What is missing without a gap shows as well. The noise must have played without a break. Half seconds that
    a gap runs through are left out.
    """
    last, starts, cuts = 0, [], [gap.position for gap in recording.gaps]
    heard = int(np.argmax(np.abs(audio.astype(int)) > LOUD))  # half a probe of silence may fit anywhere
    for at in range(heard, len(audio) - PROBE, STEP):
        if any(at < cut < at + PROBE for cut in cuts):
            continue
        place = place_in(source, audio[at : at + PROBE])
        if place is not None:
            last = at
            missing = sum(gap.seconds for gap in recording.gaps if gap.position <= at)
            starts.append(place - at - missing * SAMPLE_RATE)
    assert len(starts) >= 4, "too little of the noise was heard"
    assert last > len(audio) - 2 * SAMPLE_RATE, "the noise was not heard to the end"
    print("begins at", [round(start / SAMPLE_RATE, 3) for start in starts])
    return float(np.abs(np.diff(starts)).max()) / SAMPLE_RATE

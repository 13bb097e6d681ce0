"""Two voices told apart by pitch and timbre, without a model: a hint for who speaks, never more.

Works where two people of unlike voices speak in turn. It knows nothing of overlap, of a third person, or of a
voice that changes; `apartness` says how far to trust it. A diarisation model is better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from scribe_app.domain.recording import SAMPLE_RATE

Samples = npt.NDArray[np.float32]
"""16 kHz mono in -1..1."""

FRAME = 1_024
"""Samples (64 ms): four periods of the lowest voice."""
HOP = 512
LOWEST_PITCH, HIGHEST_PITCH = 70, 400
"""Hz of adult speaking voices."""
LOUD_WITHIN = 30.0
"""dB under the loudest frame; softer frames are pauses."""
BANDS = 20
PITCH_WEIGHT = 3.0
"""How much one standard deviation of pitch counts against one of a timbre band."""
FARTHEST = 1.5
"""Standard deviations that count at most: one odd utterance (an octave error) is no voice of its own."""
TRUSTED = 0.4
"""Least apartness from which labels are worth showing."""

MOST_COMPARED = 600
"""Utterances that are compared each with each; of a longer recording every second, third... one."""

Features = npt.NDArray[np.float64]
"""Log pitch, then a mean log spectrum: 21 numbers an utterance."""


@dataclass(frozen=True, slots=True)
class TwoVoices:
    """Voice 0 or 1 of each utterance; the first utterance has voice 0."""

    labels: tuple[int, ...]
    apartness: float
    """Mean silhouette (Rousseeuw 1987), -1 to 1: how much nearer each is to its own voice."""


def two_voices(heard: Sequence[Features]) -> TwoVoices:
    """Voices of utterances by their features; one voice where there are fewer than three."""
    if len(heard) < 3:
        return TwoVoices((0,) * len(heard), 0.0)
    features = np.stack(heard)
    spread = features.std(axis=0)
    features = (features - features.mean(axis=0)) / np.where(spread > 1e-9, spread, 1.0)
    features = features.clip(-FARTHEST, FARTHEST)
    features[:, 0] *= PITCH_WEIGHT
    compared = features[:: -(-len(features) // MOST_COMPARED)]
    distances = _distances(compared)
    labels = _two_means(features, compared[list(np.unravel_index(distances.argmax(), distances.shape))])
    labels = labels ^ labels[0]
    apartness = _silhouette(distances, labels[:: -(-len(features) // MOST_COMPARED)])
    return TwoVoices(tuple(int(label) for label in labels), apartness)


def features_of(samples: Samples) -> Features:
    """Of one utterance: log pitch, then the mean log spectrum in bands, loudness taken out."""
    padded = np.pad(samples.astype(np.float64), (0, max(0, FRAME - len(samples))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP]
    frames = frames - frames.mean(axis=1, keepdims=True)
    power = 10 * np.log10((frames**2).mean(axis=1) + 1e-12)
    frames = frames[power > power.max() - LOUD_WITHIN]
    spectrum = np.abs(np.fft.rfft(frames * np.hanning(FRAME), 2 * FRAME)) ** 2
    edges = np.geomspace(150, 7_000, BANDS + 1) / SAMPLE_RATE * 2 * FRAME
    bands = np.stack([spectrum[:, int(low) : int(high) + 1].sum(axis=1) for low, high in pairwise(edges)])
    timbre = np.log(bands + 1e-9).mean(axis=1)
    return np.concatenate([[np.log(_pitch(spectrum))], timbre - timbre.mean()])


def _pitch(spectrum: Features) -> float:
    """Median pitch in Hz by autocorrelation over the frames that are most periodic."""
    correlation = np.fft.irfft(spectrum)[:, :FRAME]
    correlation = correlation / (correlation[:, :1] + 1e-12)
    shortest, longest = SAMPLE_RATE // HIGHEST_PITCH, SAMPLE_RATE // LOWEST_PITCH
    peaks = correlation[:, shortest : longest + 1]
    strength = peaks.max(axis=1)
    lags = peaks.argmax(axis=1)[strength >= np.median(strength)] + shortest
    return float(SAMPLE_RATE / np.median(lags))


def _distances(features: Features) -> Features:
    """Each from each."""
    squares = (features**2).sum(axis=1)
    apart: Features = np.sqrt(np.maximum(0, squares[:, None] + squares[None] - 2 * features @ features.T))
    return apart


def _two_means(features: Features, centres: Features) -> npt.NDArray[np.int64]:
    """Lloyd's algorithm from the two utterances that are furthest apart: no chance involved."""
    labels = np.zeros(len(features), np.int64)
    for _ in range(20):
        labels = ((features[:, None] - centres[None]) ** 2).sum(axis=2).argmin(axis=1)
        moved = np.stack(
            [features[labels == k].mean(axis=0) if (labels == k).any() else centres[k] for k in (0, 1)]
        )
        if np.allclose(moved, centres):
            break
        centres = moved
    return labels


def _silhouette(distances: Features, labels: npt.NDArray[np.int64]) -> float:
    if len(set(labels.tolist())) < 2:
        return 0.0
    values = []
    for row, label in zip(distances, labels, strict=True):
        own = labels == label
        within = row[own].sum() / max(own.sum() - 1, 1)
        other = row[~own].mean()
        values.append((other - within) / max(other, within, 1e-9))
    return float(np.mean(values))

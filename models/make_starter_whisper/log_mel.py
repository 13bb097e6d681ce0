"""Whisper's log-mel front end, kept un-normalised so that clips can be mixed after it.

``normalised(log_power(x))`` equals faster-whisper's FeatureExtractor on the same samples. Training stores
``log_power`` of every clip once; adding powers stands for adding sounds, which is true on average.
"""

from __future__ import annotations

import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor

_EXTRACTOR = FeatureExtractor()
_FILTERS = np.asarray(_EXTRACTOR.mel_filters, np.float32)
_WINDOW = np.hanning(401)[:-1].astype(np.float32)
FLOOR = -10.0  # log10 of the smallest power kept


def log_power(samples: np.ndarray) -> np.ndarray:
    """Return log10 mel power, (frames, 80) float32, one frame each 10 ms; zeros are assumed outside."""
    padded = np.pad(samples.astype(np.float32), 200)
    frames = np.lib.stride_tricks.sliding_window_view(padded, 400)[::160][: len(samples) // 160]
    spectrum = np.fft.rfft(frames * _WINDOW, axis=1)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    return np.log10(np.maximum(power @ _FILTERS.T, 1e-10))


def normalised(log_mel: np.ndarray) -> np.ndarray:
    """Return Whisper's scaling of a whole window: clamp to 8 decades under the loudest, then (x + 4) / 4."""
    return (np.maximum(log_mel, log_mel.max() - 8.0) + 4.0) / 4.0

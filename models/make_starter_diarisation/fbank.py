"""The front end of Kaldi as sherpa-onnx calls it: 80 log-mel energies every 10 ms, no dither."""

from __future__ import annotations

import numpy as np

RATE, SHIFT, LENGTH, FFT, MELS = 16_000, 160, 400, 512, 80
LOW, HIGH = 20.0, 7_600.0
PREEMPHASIS = 0.97
FLOOR = float(np.finfo(np.float32).eps)


def povey_window() -> np.ndarray:
    """Hann's to the power of 0.85; 0 at both ends."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(LENGTH) / (LENGTH - 1))) ** 0.85


def mel_weights() -> np.ndarray:
    """(FFT / 2 + 1, MELS): triangles on the mel scale 1127 ln(1 + f / 700)."""

    def mel(hertz: np.ndarray | float) -> np.ndarray:
        return 1127 * np.log1p(np.asarray(hertz) / 700)

    edges = np.linspace(mel(LOW), mel(HIGH), MELS + 2)
    at = mel(np.arange(FFT // 2 + 1) * RATE / FFT)[:, None]
    left, centre, right = edges[:-2], edges[1:-1], edges[2:]
    weights = np.minimum((at - left) / (centre - left), (right - at) / (right - centre)).clip(0)
    weights[-1] = 0  # Kaldi leaves the highest line out
    return weights


def fbank(samples: np.ndarray) -> np.ndarray:
    """(frames, MELS) of int16 samples, without frames that reach over the ends."""
    frames = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float32), LENGTH)[::SHIFT]
    frames = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    spectrum = np.fft.rfft((frames - PREEMPHASIS * before) * povey_window(), FFT)
    return np.log(np.maximum(np.abs(spectrum) ** 2 @ mel_weights(), FLOOR)).astype(np.float32)

"""From what a device delivers to 16 kHz mono."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import soxr

from scribe_app.domain.recording import SAMPLE_RATE

DEAD_CHANNEL = 1e-4
"""A channel 40 dB below the loudest adds only noise to the average."""
CANCELLED = 0.1
"""Channels whose average is 10 dB below the loudest one are in anti-phase."""
HOLD = 4.0
"""What was chosen stays until the energies speak against it 6 dB more clearly: who goes to and fro between
channels, or in and out of their average, puts clicks and jumps of level into the words."""
MEMORY_SECONDS = 0.5
"""Over how long channels are compared; a shorter memory would switch within words."""


class MonoConverter:
    """Mixes any channels down to one and resamples to 16 kHz mono s16le.

    Averages the channels that carry sound; where these cancel each other, takes the loudest alone.
    Resampling is soxr's high quality, with its state kept between blocks.
    """

    def __init__(self, rate: int, channels: int) -> None:
        self._rate = rate
        self._energies = np.zeros(channels)
        self._mean_energy = 0.0
        self._live = np.ones(channels, dtype=bool)
        self._alone: int | None = None
        """The channel that is taken alone, while the channels cancel each other."""
        self._resampler = self._new_resampler()
        self.sides: tuple[float, float] | None = None
        """Mean squares of the two channels of the last audio; None where there is another number of them."""

    def convert(self, frames: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
        """Audio of (n, channels) at the device's rate to 16 kHz mono; the resampler keeps a few ms back."""
        mono = self._mix(frames.astype(np.float32))
        if self._resampler is None:
            return _as_int16(mono)
        return _as_int16(self._resampler.resample_chunk(mono))

    def flush(self) -> npt.NDArray[np.int16]:
        """What the resampler still holds; the next audio starts afresh."""
        if self._resampler is None:
            return np.zeros(0, dtype=np.int16)
        tail = self._resampler.resample_chunk(np.zeros(0, dtype=np.float32), last=True)
        self._resampler = self._new_resampler()
        return _as_int16(tail)

    def _new_resampler(self) -> soxr.ResampleStream | None:
        if self._rate == SAMPLE_RATE:
            return None
        return soxr.ResampleStream(self._rate, SAMPLE_RATE, 1, dtype="float32", quality="HQ")

    def _mix(self, frames: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        if frames.shape[1] == 1 or not len(frames):
            return np.ascontiguousarray(frames[:, 0])
        energies = np.square(frames).mean(axis=0)
        if len(energies) == 2:
            self.sides = float(energies[0]), float(energies[1])
        weight = min(1.0, len(frames) / (MEMORY_SECONDS * self._rate)) if self._energies.any() else 1.0
        self._energies += weight * (energies - self._energies)
        loudest = float(self._energies.max())
        self._live = self._energies >= DEAD_CHANNEL * loudest / np.where(self._live, HOLD, 1.0)
        mean: npt.NDArray[np.float32] = frames[:, self._live].mean(axis=1)
        self._mean_energy += weight * (float(np.square(mean).mean()) - self._mean_energy)
        self._alone = self._taken_alone(loudest)
        return mean if self._alone is None else np.ascontiguousarray(frames[:, self._alone])

    def _taken_alone(self, loudest: float) -> int | None:
        """The channel to take instead of the average; None where the average is sound."""
        cancelled = CANCELLED * (1.0 if self._alone is None else HOLD)
        if self._mean_energy >= cancelled * loudest:
            return None
        if self._alone is not None and self._energies[self._alone] * HOLD >= loudest:
            return self._alone
        return int(self._energies.argmax())


def _as_int16(audio: npt.NDArray[np.float32]) -> npt.NDArray[np.int16]:
    return np.clip(np.rint(audio), -32_768, 32_767).astype("<i2")

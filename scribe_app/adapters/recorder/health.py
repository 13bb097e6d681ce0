"""Is the microphone hearing anything? Levels and warnings, as a person needs them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scribe_app.domain.events import CaptureWarning
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.language import later

SILENCE_DBFS = -120.0
FULL_SCALE = 32_768
CLIPPED_AT = 32_700
ALL_ZERO_SECONDS = 3.0
QUIET_DBFS, QUIET_SECONDS = -50.0, 10.0
CLIPPED_SAMPLES, CLIPPED_WITHIN_SECONDS = 20, 1.0
"""20 samples at full scale within a second are heard as crackling; single ones are not."""
CALM_SECONDS = 5.0
"""So long without clipping before it counts as over."""

NARROW_RATE = 16_000
"""Hz. Bluetooth's hands-free profile delivers 8 or 16 kHz, strongly compressed; others 44.1 kHz and up."""
HANDS_FREE = re.compile(r"hands[- ]?free|\b(?:hfp|hsp|sco|bluez|bluetooth|airpods)\b", re.IGNORECASE)

TEXTS = {
    CaptureWarning.ALL_ZERO: later(
        "The microphone delivers only silence. It may be muted by a switch or key, or "
        "this program may not have permission to use it (see the privacy settings of your computer)."
    ),
    CaptureWarning.TOO_QUIET: later(
        "The sound is very quiet. Move the microphone closer or raise its level."
    ),
    CaptureWarning.CLIPPING: later("The sound is too loud and distorted. Lower the microphone's level."),
    CaptureWarning.RECOVERED: later("The microphone hears well again."),
}


def hears_like_a_telephone(device: str, rate: int) -> bool:
    """Whether a microphone's name or its own rate (Hz) is that of a Bluetooth headset."""
    return rate <= NARROW_RATE or HANDS_FREE.search(device) is not None


@dataclass(frozen=True, slots=True)
class Level:
    """How loud a stretch of audio is."""

    seconds: float
    rms: float
    """dBFS."""
    peak: float
    """dBFS."""
    clipped: int
    """Samples at full scale."""


def measure(audio: npt.NDArray[np.int16]) -> Level:
    """Level of 16 kHz mono audio."""
    if not len(audio):
        return Level(0.0, SILENCE_DBFS, SILENCE_DBFS, 0)
    loudness = np.abs(audio.astype(np.float32))
    rms = float(np.sqrt(np.square(loudness).mean()))
    clipped = int((loudness >= CLIPPED_AT).sum())
    return Level(len(audio) / SAMPLE_RATE, dbfs(rms), dbfs(float(loudness.max())), clipped)


def dbfs(amplitude: float) -> float:
    """Decibels relative to full scale, not below -120."""
    return max(SILENCE_DBFS, 20 * float(np.log10(max(amplitude, 1e-9) / FULL_SCALE)))


class SignalHealth:
    """Turns levels into warnings: one when something starts to be wrong, RECOVERED when all is well again."""

    def __init__(self) -> None:
        self._zero = self._quiet = self._calm = self._window = 0.0
        self._clipped = 0
        self._active: CaptureWarning | None = None

    @property
    def wrong(self) -> bool:
        """Whether a warning holds."""
        return self._active is not None

    def feed(self, level: Level) -> CaptureWarning | None:
        """The warning to tell now, if any."""
        if level.seconds == 0:
            return None
        self._zero = self._zero + level.seconds if level.peak <= SILENCE_DBFS else 0.0
        self._quiet = self._quiet + level.seconds if level.rms < QUIET_DBFS else 0.0
        self._count_clipping(level)
        wrong = self._wrong()
        if wrong is self._active:
            return None
        over, self._active = wrong is None, wrong
        return CaptureWarning.RECOVERED if over else wrong

    def _wrong(self) -> CaptureWarning | None:
        if self._zero >= ALL_ZERO_SECONDS:
            return CaptureWarning.ALL_ZERO
        if self._active is CaptureWarning.ALL_ZERO and self._zero > 0:
            return CaptureWarning.ALL_ZERO
        if self._quiet >= QUIET_SECONDS:
            return CaptureWarning.TOO_QUIET
        if self._clipped >= CLIPPED_SAMPLES:
            return CaptureWarning.CLIPPING
        if self._active is CaptureWarning.CLIPPING and self._calm < CALM_SECONDS:
            return CaptureWarning.CLIPPING
        return None

    def _count_clipping(self, level: Level) -> None:
        self._calm = 0.0 if level.clipped else self._calm + level.seconds
        self._window += level.seconds
        self._clipped += level.clipped
        if self._window >= CLIPPED_WITHIN_SECONDS:
            self._window, self._clipped = 0.0, level.clipped

"""A consultation's audio, counted in samples of 16 kHz mono."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scribe_app.domain.ids import ConsultationId

SAMPLE_RATE = 16_000
"""Hz; what Whisper and Silero expect."""


class GapReason(StrEnum):
    """Why audio is missing at a place."""

    PAUSED = "paused"
    DEVICE_LOST = "device_lost"
    OVERFLOW = "overflow"
    INTERRUPTED = "interrupted"
    """The program or the computer stopped."""
    UNREADABLE = "unreadable"
    """Sealed audio that no longer authenticates."""


@dataclass(frozen=True, slots=True)
class AudioGap:
    """A counted loss: seconds of audio missing before the sample at `position`."""

    position: int
    seconds: float
    reason: GapReason


@dataclass(frozen=True, slots=True)
class Recording:
    """What was captured for one consultation."""

    consultation: ConsultationId
    samples: int
    gaps: tuple[AudioGap, ...] = ()
    complete: bool = False
    """True once the journal ended cleanly; False while recording or after an interruption."""
    erased_at: datetime | None = None
    """UTC; since then nothing opens its audio."""

    @property
    def seconds(self) -> float:
        """Length of the captured audio, gaps not counted."""
        return self.samples / SAMPLE_RATE

"""What the parent asks of the recorder process, besides worker.Stop."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pause:
    """Close the microphone."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Open the microphone again."""

"""What parent and recorder process say to each other, besides worker.Stop and the events for everyone."""

from __future__ import annotations

from dataclasses import dataclass

from scribe_app.domain.events import Event
from scribe_app.ports import RecordingRequest


@dataclass(frozen=True, slots=True)
class Begin:
    """Record this; `paused` leaves the microphone closed until Resume."""

    request: RecordingRequest
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """Close the microphone."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Open the microphone again."""


@dataclass(frozen=True, slots=True)
class Alive(Event):
    """The recorder's loop runs, whatever it hears. For its supervisor only."""

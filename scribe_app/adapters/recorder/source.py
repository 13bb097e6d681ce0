"""Where audio comes from: the one shape of a microphone and of a file that plays like one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Block:
    """Audio as it came from the device."""

    frames: npt.NDArray[np.int16]
    """(n, channels), at the source's rate."""
    began: float
    """Seconds of arrival.now() when its first sample was heard."""
    arrived: float
    """Seconds of arrival.now() at its end."""
    dropped: int = 0
    """Frames that had to be dropped just before it because nobody fetched them."""
    overflowed: bool = False
    """The system says that it lost audio just before it."""
    timed: bool = False
    """The system says when it was heard; otherwise its times are those of its arrival."""


class AudioInput(Protocol):
    """A microphone, or a file that plays like one. Opened, closed for a pause or a loss, opened again."""

    device: str
    """What a person knows it by."""
    rate: int
    """Hz."""
    channels: int
    live: bool
    """Whether time passes for it as for us, so that late audio is lost audio."""

    @property
    def heard_from(self) -> str:
        """The microphone behind a device that is only called "default"; empty where it is not known."""

    @property
    def silent(self) -> bool:
        """Whether it is open and has delivered nothing for longer than it should."""

    @property
    def broken(self) -> bool:
        """Whether it is open and will deliver nothing more."""

    @property
    def ended(self) -> bool:
        """Whether all of it has been taken (a file's end)."""

    def open(self) -> None:
        """Begin, or go on. Raises MicrophoneError where there is nothing to open."""

    def take(self, seconds: float) -> Block | None:
        """The next block; None when none comes within `seconds`."""

    def close(self) -> None:
        """Stop listening; blocks that came before can still be taken."""

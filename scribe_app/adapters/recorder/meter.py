"""Tells how loud it is, and what is wrong with what is heard or with the room on the disk."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from scribe_app.adapters.journal import JournalWriter, disk
from scribe_app.adapters.recorder import arrival
from scribe_app.adapters.recorder.health import TEXTS, SignalHealth, measure
from scribe_app.domain.events import CaptureWarned, CaptureWarning, Event, LevelMeasured
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.errors import RecordingError
from scribe_app.ports import RecordingRequest

LEVEL_SECONDS = 1 / 15
NEARLY = 0.9
"""Blocks do not divide a fifteenth of a second evenly."""
DISK_CHECK_SECONDS = 10.0
DISK_LOW_MINUTES = 30
_BYTES_A_MINUTE = 60 * SAMPLE_RATE * 2


class Meter:
    """Watches sealed audio and the disk under it, and tells about both."""

    def __init__(
        self, request: RecordingRequest, writer: JournalWriter, tell: Callable[[Event], None]
    ) -> None:
        self._request, self._writer, self._tell = request, writer, tell
        self._health = SignalHealth()
        self._waiting: list[npt.NDArray[np.int16]] = []
        self._level_told = 0.0
        self._disk_checked = float("-inf")
        self._disk_low = self._reserve_told = False

    def hear(self, audio: npt.NDArray[np.int16]) -> None:
        """Measure 16 kHz mono audio; a level is told 15 times a second, of audio and of time."""
        self._waiting.append(audio)
        if sum(map(len, self._waiting)) < LEVEL_SECONDS * SAMPLE_RATE * NEARLY:
            return
        level = measure(np.concatenate(self._waiting))
        self._waiting.clear()
        now = arrival.now()
        if now - self._level_told >= LEVEL_SECONDS * NEARLY:
            self._level_told = now
            self._tell(LevelMeasured(self._request.consultation, level.rms, level.peak, self._writer.samples))
        warning = self._health.feed(level)
        if warning is not None:
            self.warn(warning, TEXTS[warning])

    def forget(self) -> None:
        """Another device, or a pause: what was wrong before says nothing about what comes."""
        self._health = SignalHealth()
        self._waiting.clear()

    def warn(self, warning: CaptureWarning, text: str) -> None:
        """Tell something that a person should know at once."""
        self._tell(CaptureWarned(self._request.consultation, warning, text))

    def look_at_disk(self) -> None:
        """Warn once when room for less than half an hour is left, and once when the reserve is in use.

        Raises:
            RecordingError: the folder was removed or its volume is gone.
        """
        if self._writer.reserve_in_use and not self._reserve_told:
            self._reserve_told = True
            self.warn(CaptureWarning.DISK_LOW, "The disk is full. About two more minutes can be recorded.")
        now = arrival.now()
        if self._disk_low or now - self._disk_checked < DISK_CHECK_SECONDS:
            return
        self._disk_checked = now
        try:
            minutes = disk.free_bytes(self._request.folder) // _BYTES_A_MINUTE
        except OSError as error:
            # Writes to a removed file succeed and are lost, so only this look can tell.
            raise RecordingError(
                "The recording's folder is gone.",
                "What was recorded before may be lost.",
                "Check the disk, then start a new recording.",
            ) from error
        if minutes < DISK_LOW_MINUTES:
            self._disk_low = True
            text = f"The disk is nearly full: about {minutes} more minutes can be recorded."
            self.warn(CaptureWarning.DISK_LOW, text)

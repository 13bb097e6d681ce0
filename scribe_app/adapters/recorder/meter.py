"""Tells how loud it is, and what is wrong with what is heard or with the room on the disk."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from scribe_app.adapters.journal import JournalWriter, disk
from scribe_app.adapters.journal.writer import MOST_WAITING_SECONDS
from scribe_app.adapters.recorder import arrival
from scribe_app.adapters.recorder.health import TEXTS, SignalHealth, hears_like_a_telephone, measure
from scribe_app.domain.events import CaptureWarned, CaptureWarning, Event, LevelMeasured
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.errors import RecordingError
from scribe_app.language import later
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
        self._microphone = ""
        self._disk_low = self._reserve_told = self._refused_told = False

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
        if self._health.wrong:
            self.warn(CaptureWarning.RECOVERED, "")
        self._health = SignalHealth()
        self._waiting.clear()

    def warn(self, warning: CaptureWarning, text: str) -> None:
        """Tell something that a person should know at once."""
        self._tell(CaptureWarned(self._request.consultation, warning, text))

    def look_at_microphone(self, device: str, rate: int) -> None:
        """Warn, once for each, when it hears like a telephone. rate: Hz, the device's own."""
        if device != self._microphone and hears_like_a_telephone(device, rate):
            text = later(
                f"“{device}” is a telephone-quality (Bluetooth) microphone, so more words will be misheard. "
                "A wired or built-in microphone hears better."
            )
            self.warn(CaptureWarning.NARROW_BAND, text)
        self._microphone = device

    def look_at_disk(self) -> None:
        """Warn when room for less than half an hour is left, when the reserve is in use, when nothing fits.

        Raises:
            RecordingError: the folder was removed or its volume is gone.
        """
        self._watch_writing()
        now = arrival.now()
        if now - self._disk_checked < DISK_CHECK_SECONDS:
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
        if minutes < DISK_LOW_MINUTES and not self._disk_low:
            self._disk_low = True
            text = later(f"The disk is nearly full: about {minutes} more minutes can be recorded.")
            self.warn(CaptureWarning.DISK_LOW, text)

    def _watch_writing(self) -> None:
        refused = self._writer.trouble is not None and self._writer.waiting_seconds > 0
        if refused and not self._refused_told:
            minutes = round(MOST_WAITING_SECONDS / 60)
            self.warn(
                CaptureWarning.DISK_LOW,
                later(
                    "The disk takes no more of the recording. What is sealed is kept; the rest is held in "
                    f"memory for up to {minutes} minutes. Free some space now."
                ),
            )
        elif self._refused_told and not refused:
            self._reserve_told = self._disk_low = False
            self.warn(CaptureWarning.DISK_BACK, later("The whole recording is on the disk again."))
        elif self._writer.reserve_in_use and not self._reserve_told:
            self._reserve_told = True
            self.warn(
                CaptureWarning.DISK_LOW, later("The disk is full. About two more minutes can be recorded.")
            )
        self._refused_told = refused

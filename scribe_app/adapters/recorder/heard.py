"""When was audio heard? As the sound system tells, within what its arrival allows. Pure."""

from __future__ import annotations

from typing import Any

OLDEST_SECONDS = 60.0
"""What a sound system keeps at the very most; a greater age is none."""
YOUNG_SECONDS = 2.0
"""So long after opening, a sound system may be wrong all the time about the age of what it delivers: by 0.7 s
(measured, a PulseAudio that has just been started). Later it is wrong now and then, by 0.15 s (measured, on a
computer with five times too much to do)."""
TRUSTED_SECONDS = 0.05
"""What is told may be so much older than what arrival says."""
SLEPT_SECONDS = 1.0
"""PortAudio's clock may stand still while the computer sleeps; ours goes on."""
SETTLING_SECONDS = 0.2
"""After the first callback; some are needed to know when a stream began. Less than a record is long,
so nothing is sealed later for it."""


class HeardClock:
    """When the audio of one open stream was heard.

    After a stall, old audio comes in a burst: told by the sound system, its time is 20 ms exact; by its
    arrival, seconds off (measured, PulseAudio on a busy computer). But nothing arrives before it is heard, so
    each arrival, counted back by all audio until then, says when the stream began at the latest; the earliest
    of these is right but for the time that a device always holds audio back. Audio is taken for no older than
    that, whatever the system tells.
    """

    def __init__(self, rate: int, lag: float = 0.0) -> None:
        """lag: seconds that the device holds audio back, as an earlier stream of it has shown."""
        self._rate = rate
        self._began = float("inf")
        self._frames = 0
        self._offset = float("inf")
        self._shown = float("inf")
        self.lag = lag
        """What arrival says, less what the system tells, in seconds: always at least so much."""

    def arrive(self, now: float, frames: int, times: Any) -> tuple[int, float | None]:
        """A callback has brought so many frames, and PortAudio's `times` with them.

        now: by arrival.now(), when our part of the callback came to run, on a busy computer long after
        PortAudio looked at its clock; the shortest delay says how the two clocks differ. Returns how many
        frames came up to its end, and when that was heard, by PortAudio's clock; None where it does not tell.
        """
        self._frames += frames
        self._began = min(self._began, now - self._frames / self._rate)
        adc = float(times.inputBufferAdcTime)
        if adc <= 0 or not 0 <= times.currentTime - adc < OLDEST_SECONDS:
            return self._frames, None
        offset = now - times.currentTime
        slept = abs(offset - self._offset) > SLEPT_SECONDS
        self._offset = offset if slept else min(self._offset, offset)
        return self._frames, adc + frames / self._rate

    def heard(self, told: float, frames: int) -> float:
        """When the last of the first `frames` of the stream was heard; `told` is what arrive() returned."""
        told += self._offset
        latest = self._began + frames / self._rate
        if frames >= YOUNG_SECONDS * self._rate:
            self._shown = min(self._shown, latest - told)
            self.lag = max(0.0, self._shown)
        likely = latest - self.lag
        return told if told >= likely - TRUSTED_SECONDS else likely

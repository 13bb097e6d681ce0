"""What gives way when the computer is too slow: never audio, never the model.

The order is by what it costs. The preview is thrown away anyway. Fuller windows cost no words, only waiting:
an encoding takes the same time however little speech is in it. Fewer beams cost words, so they come last.
After that nothing more gives way, and the clinician is told when the transcript will be complete.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from scribe_app.adapters.speech.decoder import BEAM
from scribe_app.domain.pace import Pace

RUNGS: tuple[tuple[Pace, float], ...] = (
    (Pace.LIVE, 0.0),
    (Pace.NO_PREVIEW, 15.0),
    (Pace.FULLER_WINDOWS, 30.0),
    (Pace.NARROW_SEARCH, 60.0),
    (Pace.AFTER_STOP, 120.0),
)
"""Seconds of recording that wait for the recogniser (the window that is still open does not wait) from which
each holds. Within half a minute a fast computer catches up by itself; two minutes are worth telling."""
PREVIEW_SECONDS = 4.0
"""Between one preview and the next."""
PREVIEW_COST = 1.5
PREVIEW_REST = 30.0
"""Seconds a preview may take, and how long none is made after one that took longer."""
EASES_AT = 0.5
"""Share of a rung's threshold below which it is left again: without it every window would change the rung."""
WINDOWS_OF_SPEED = 8
"""Windows over which the speed is measured: some minutes of talk."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How the next window is made and decoded."""

    preview: bool
    pack: bool
    beam: int


class Pressure:
    """The ladder, with hysteresis: up at once to where the backlog is, down one rung after the other."""

    def __init__(self) -> None:
        self._rung = 0
        self._speeds: deque[tuple[float, float]] = deque(maxlen=WINDOWS_OF_SPEED)

    @property
    def pace(self) -> Pace:
        """Where it stands."""
        return RUNGS[self._rung][0]

    def effort(self, behind: float, live: bool) -> Effort:
        """What to do with the next window while `behind` seconds of recording wait.

        Not live (a file, or after Stop): nobody runs ahead of us, so only packing is worth it, and no rung
        is held: a person after Stop waits for the best words, not for the first.
        """
        if not live:
            self._rung = 0
            return Effort(preview=False, pack=behind >= _threshold(Pace.FULLER_WINDOWS), beam=BEAM)
        reached = max(number for number, (_, least) in enumerate(RUNGS) if behind >= least)
        if reached > self._rung:
            self._rung = reached
        while self._rung > reached and behind < RUNGS[self._rung][1] * EASES_AT:
            self._rung -= 1
        return Effort(
            preview=self._rung < _number(Pace.NO_PREVIEW),
            pack=self._rung >= _number(Pace.FULLER_WINDOWS),
            beam=1 if self._rung >= _number(Pace.NARROW_SEARCH) else BEAM,
        )

    def took(self, audio: float, work: float) -> None:
        """So many seconds of recording were settled in so many seconds of work."""
        self._speeds.append((audio, work))

    def time_for(self, waiting: float) -> float:
        """Seconds of work for so many seconds of recording, at the speed of the last windows; 0: unknown."""
        audio = sum(audio for audio, _ in self._speeds)
        return waiting * sum(work for _, work in self._speeds) / audio if audio > 0 else 0.0


def _number(pace: Pace) -> int:
    return next(number for number, (rung, _) in enumerate(RUNGS) if rung is pace)


def _threshold(pace: Pace) -> float:
    return RUNGS[_number(pace)][1]

"""What to do when the speech process dies: once more, past the window that it dies of, or give up. Pure."""

from __future__ import annotations

from collections import Counter
from enum import Enum, auto

from scribe_app.domain.events import WindowTaken
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.transcript import UNCLEAR, Utterance
from scribe_app.errors import EngineError, ModelError, ScribeError

SPEECH_RESTARTS = 1
"""At the same window, or outside of windows without a new utterance in between: what kills the recogniser
must not do so for ever."""
LOST_IN_A_ROW = 3
"""Windows passed over without one that was heard: more of them, and it is not the audio that is wrong."""


class Step(Enum):
    """What follows a death."""

    AGAIN = auto()
    """A new process, at the same sample."""
    PASS_OVER = auto()
    """The window that it died of is marked, and a new process goes on behind it."""
    GIVE_UP = auto()


class Perseverance:
    """Counts deaths of one transcription's processes, by the window at which they happened."""

    def __init__(self) -> None:
        self._failures: Counter[int | None] = Counter()
        """Since a window was kept: by the sample where a window begins; None outside of windows."""
        self._lost_in_a_row = 0
        self._taken: WindowTaken | None = None

    @property
    def careful(self) -> bool:
        """Whether the process before died, and no window was kept since."""
        return bool(self._failures)

    def begin_again(self) -> None:
        """After a break: what happened before counts no more."""
        self._failures.clear()
        self._lost_in_a_row = 0

    def last_try(self) -> None:
        """One more process; outside of windows it may not die."""
        self._failures[None] = SPEECH_RESTARTS

    def on_start(self) -> None:
        """A new process is at no window yet."""
        self._taken = None

    def on_window(self, event: WindowTaken) -> None:
        """Know of what the recogniser would die."""
        self._taken = event if event.under_way else None

    def on_kept(self) -> None:
        """A window is whole and kept."""
        self._failures.clear()

    def on_heard(self) -> None:
        """It was one that was understood."""
        self._lost_in_a_row = 0

    def after(self, error: ScribeError) -> tuple[Step, WindowTaken | None]:
        """What follows this death, and the window at which it happened."""
        taken, self._taken = self._taken, None
        place = taken.start_sample if taken is not None else None
        self._failures[place] += 1
        if self._failures[place] <= SPEECH_RESTARTS and not isinstance(error, ModelError):
            return Step.AGAIN, taken
        if taken is not None and isinstance(error, EngineError) and self._lost_in_a_row < LOST_IN_A_ROW:
            self._lost_in_a_row += 1
            return Step.PASS_OVER, taken
        return Step.GIVE_UP, taken


def unclear(taken: WindowTaken, id: UtteranceId) -> Utterance:
    """What stands in the transcript in place of a window that was passed over."""
    start, end = _seconds(taken)
    return Utterance(id, UNCLEAR, round(start, 2), round(end, 2), confidence=0.0)


def not_heard(taken: WindowTaken, kept: str, remedy: str = "") -> EngineError:
    """What a person is told of a window that was passed over."""
    start, end = _seconds(taken)
    minute, second = divmod(int(start), 60)
    return EngineError(
        f"{max(1, round(end - start))} seconds from {minute}:{second:02} on could not be transcribed: "
        "the speech process stopped there twice.",
        kept,
        remedy,
    )


def _seconds(taken: WindowTaken) -> tuple[float, float]:
    return taken.start_sample / SAMPLE_RATE, taken.end_sample / SAMPLE_RATE

"""Whether transcription keeps up with the talk, and what gives way when it does not, in words for people."""

from __future__ import annotations

from enum import StrEnum

from scribe_app.language import later


class Pace(StrEnum):
    """What has given way, in the order in which it does. Never audio, never the model."""

    LIVE = "live"
    NO_PREVIEW = "no_preview"
    FULLER_WINDOWS = "fuller_windows"
    NARROW_SEARCH = "narrow_search"
    AFTER_STOP = "after_stop"


_GIVEN_WAY = {
    Pace.LIVE: later("The transcript keeps up."),
    Pace.NO_PREVIEW: later("The computer is busy: the grey preview rests, so that final words come sooner."),
    Pace.FULLER_WINDOWS: later(
        "The computer is busy: the preview rests, and words come in longer stretches."
    ),
    Pace.NARROW_SEARCH: later(
        "The computer is busy: the preview rests, words come in longer stretches, and the "
        "recogniser weighs fewer readings of each. Unclear words are a little likelier; play them in review."
    ),
}
_SHORT = {
    Pace.LIVE: later("Live"),
    Pace.NO_PREVIEW: later("No preview"),
    Pace.FULLER_WINDOWS: later("Longer stretches"),
    Pace.NARROW_SEARCH: later("Quicker search"),
}


def short_words(pace: Pace, behind: float, ready_after_stop: float) -> str:
    """A few words for a pill: what has given way and how many seconds behind it is."""
    if pace is Pace.AFTER_STOP:
        minutes = max(1, round(ready_after_stop / 60)) if ready_after_stop > 0 else "some"
        return later(f"Ready {minutes} min after Stop")
    return later(f"{_SHORT[pace]}, {behind:.0f} s behind")


def full_words(pace: Pace, ready_after_stop: float = 0.0) -> str:
    """What has given way, what is kept and what to expect."""
    if pace is not Pace.AFTER_STOP:
        return later(f"{_GIVEN_WAY[pace]} Nothing that is said is lost.")
    return later(
        "This computer is slower than the talk. The recording is whole and goes on; its transcript will be "
        f"complete {_minutes(ready_after_stop)} after Stop. Closing other programs helps."
    )


def _minutes(seconds: float) -> str:
    if seconds <= 0:
        return later("some minutes")
    minutes = max(1, round(seconds / 60))
    return later("about 1 minute") if minutes == 1 else later(f"about {minutes} minutes")

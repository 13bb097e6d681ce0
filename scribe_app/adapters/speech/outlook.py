"""A long talk at a measured speed: how far up the ladder of pressure.py it goes, and the wait after Stop."""

from __future__ import annotations

from scribe_app.adapters.speech.decoder import BEAM
from scribe_app.adapters.speech.pressure import (
    PREVIEW_COST,
    PREVIEW_REST,
    PREVIEW_SECONDS,
    RUNGS,
    Pressure,
)
from scribe_app.adapters.speech.segmenter import FULL
from scribe_app.domain.pace import Pace
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.ports import Outlook

TALK_SECONDS = 1800.0
"""A long consultation in which somebody speaks all the time: the hardest case."""
WINDOW_SECONDS = FULL / SAMPLE_RATE
ORDER = [pace for pace, _ in RUNGS]


def outlook(window_s: float, narrow_s: float, preview_s: float, talk_s: float = TALK_SECONDS) -> Outlook:
    """Work through the talk window by window, as the speech process does.

    window_s and narrow_s: seconds of work for a full window with five beams and with one; preview_s: for a
    preview, made while there is nothing else to do.
    """
    pressure, reached, reached_at = Pressure(), Pace.LIVE, 0.0
    now = done = 0.0
    while (end := done + WINDOW_SECONDS) <= talk_s:
        if pressure.pace is Pace.LIVE:
            now = _with_previews(now, end, preview_s)
        now = max(now, end)  # a window is decoded once it has been heard
        if now >= talk_s:
            break
        how = pressure.effort(now - end, live=True)
        if ORDER.index(pressure.pace) > ORDER.index(reached):
            reached, reached_at = pressure.pace, now
        now, done = now + (window_s if how.beam == BEAM else narrow_s), end
    waiting = talk_s - done
    late = max(0.0, now - talk_s)
    ready = late + waiting / WINDOW_SECONDS * window_s  # after Stop nothing is hurried: all beams
    return Outlook(talk_s, reached, round(reached_at, 1), round(waiting, 1), round(ready, 1))


def _with_previews(now: float, end: float, preview_s: float) -> float:
    """When the last preview begun before `end` is done."""
    rest = PREVIEW_SECONDS if preview_s < PREVIEW_COST else PREVIEW_REST
    while now < end:
        done = now + preview_s
        if done + rest >= end:
            return done
        now = done + rest
    return now

"""When audio was heard, where what the sound system tells and what arrival says differ."""

from __future__ import annotations

import random
from types import SimpleNamespace

import pytest

from scribe_app.adapters.recorder.heard import HeardClock

RATE, FRAMES = 48_000, 1920
EACH = FRAMES / RATE
LATE = 0.02
"""A callback comes so long after its audio was heard."""
BEHIND = 70.0
"""PortAudio's clock shows so much less than ours."""


def arrive(clock: HeardClock, true: float, now: float, told: float = 0.0, delay: float = 0.0) -> float:
    """A callback whose end was heard at `true`, told so much too early; how it would be placed at once."""
    times = SimpleNamespace(currentTime=now - BEHIND, inputBufferAdcTime=true - told - EACH - BEHIND)
    until, adc = clock.arrive(now + delay, FRAMES, times)
    assert adc is not None
    return clock.heard(adc, until)


def test_a_young_stream_is_no_older_than_its_arrival_says() -> None:
    """As measured: PulseAudio, just started, tells 0.5 s for 0.7 s, then less and less."""
    clock = HeardClock(RATE)
    for n in range(100):
        true = 100.0 + (n + 1) * EACH
        told = min(0.5, max(0.0, 1.2 - n * EACH))
        assert arrive(clock, true, true + LATE, told) == pytest.approx(true, abs=0.05)


def test_a_burst_after_a_stall_was_heard_before_it_came() -> None:
    clock = HeardClock(RATE)
    came = [(102.2 + (n + 1) * EACH, 103.0 + n / 1000) for n in range(20)]
    frames = [clock.arrive(now, FRAMES, times_of(true, now)) for true, now in came]
    for (true, _), (until, adc) in zip(came, frames, strict=True):
        assert adc is not None
        assert clock.heard(adc, until) == pytest.approx(true, abs=0.05)


def times_of(true: float, now: float) -> SimpleNamespace:
    return SimpleNamespace(currentTime=now - BEHIND, inputBufferAdcTime=true - EACH - BEHIND)


def test_a_callback_that_comes_to_run_late_changes_nothing() -> None:
    clock, chance = HeardClock(RATE), random.Random(4)
    for n in range(100):
        true = 100.0 + (n + 1) * EACH
        delay = chance.choice([0.001, 0.03, 0.2]) if n > 5 else 0.001
        assert arrive(clock, true, true + LATE, delay=delay) == pytest.approx(true, abs=0.002)


def test_what_an_older_stream_is_told_is_believed_also_after_a_loss() -> None:
    clock = HeardClock(RATE)
    for n in range(100):
        arrive(clock, 100.0 + (n + 1) * EACH, 100.0 + (n + 1) * EACH + LATE)
    assert arrive(clock, 110.25, 110.3) == pytest.approx(110.25)
    assert arrive(clock, 115.0, 118.0) == pytest.approx(115.0)


def test_an_older_stream_that_is_told_too_old_for_a_while_is_not() -> None:
    """As measured at load 11: 0.15 s, for a second."""
    clock = HeardClock(RATE)
    for n in range(200):
        true = 100.0 + (n + 1) * EACH
        told = 0.15 if 60 < n < 90 else 0.0
        assert arrive(clock, true, true + LATE, told) == pytest.approx(true, abs=0.05)
    assert clock.lag == pytest.approx(LATE, abs=0.01)


def test_a_device_that_holds_audio_back_is_known_when_it_comes_back() -> None:
    first = HeardClock(RATE)
    for n in range(75):
        arrive(first, 100.0 + (n + 1) * EACH, 100.0 + (n + 1) * EACH + 0.25)
    again = HeardClock(RATE, first.lag)
    assert arrive(again, 200.0 + EACH, 200.0 + EACH + 0.25) == pytest.approx(200.0 + EACH)


def test_a_clock_that_stood_still_while_the_computer_slept_is_compared_anew() -> None:
    clock = HeardClock(RATE)
    for n in range(75):
        arrive(clock, 100.0 + (n + 1) * EACH, 100.0 + (n + 1) * EACH + LATE)
    times = SimpleNamespace(currentTime=104.0 - BEHIND, inputBufferAdcTime=103.98 - EACH - BEHIND)
    until, adc = clock.arrive(704.0, FRAMES, times)
    assert adc is not None
    assert clock.heard(adc, until) == pytest.approx(703.98)

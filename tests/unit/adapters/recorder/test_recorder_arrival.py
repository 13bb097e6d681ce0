"""Audio that never arrives is noticed and measured; audio that arrives late is not called lost."""

from __future__ import annotations

import random

import pytest

from scribe_app.adapters.recorder.arrival import ArrivalClock

RATE, FRAMES = 48_000, 480


def found(arrivals: list[float], reported: frozenset[int] = frozenset()) -> list[float]:
    clock = ArrivalClock(RATE)
    answers = [clock.add(at, FRAMES, n in reported) for n, at in enumerate(arrivals)]
    return [seconds for seconds in answers if seconds]


def steady(seconds: float, start: float = 0.0, jitter: float = 0.03, rate: float = RATE) -> list[float]:
    rng = random.Random(1)
    arrivals, last = [], 0.0
    for n in range(round(seconds * RATE / FRAMES)):
        last = max(last, start + (n + 1) * FRAMES / rate + rng.uniform(0, jitter))
        arrivals.append(last)
    return arrivals


def test_jitter_is_no_loss() -> None:
    assert found(steady(60)) == []


@pytest.mark.parametrize("parts_per_million", [-300, 300])
def test_a_device_clock_that_drifts_is_no_loss(parts_per_million: int) -> None:
    assert found(steady(3600, rate=RATE * (1 + parts_per_million / 1e6))) == []


def test_a_burst_after_a_stall_is_no_loss() -> None:
    arrivals = [max(at, 10.7) if 10 < at < 10.7 else at for at in steady(20)]
    assert found(arrivals) == []


@pytest.mark.parametrize("lost", [0.2, 1.0, 30.0])
def test_lost_audio_is_measured(lost: float) -> None:
    arrivals = [*steady(10), *[at + lost for at in steady(10, start=10)]]
    assert found(arrivals) == [pytest.approx(lost, abs=0.05)]


def test_a_small_loss_counts_only_when_the_system_reports_it() -> None:
    arrivals = [*steady(10, jitter=0.001), *[at + 0.05 for at in steady(10, start=10, jitter=0.001)]]
    assert found(arrivals) == []
    assert found(arrivals, reported=frozenset({1000})) == [pytest.approx(0.05, abs=0.02)]

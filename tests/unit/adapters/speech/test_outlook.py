"""From the speed of a model to what a clinician would see: which rung, from when, how long after Stop."""

from __future__ import annotations

import pytest

from scribe_app.adapters.speech.outlook import outlook
from scribe_app.domain.pace import Pace


@pytest.mark.parametrize(
    ("window_s", "narrow_s", "pace"),
    [
        (3.0, 2.0, Pace.LIVE),
        (27.0, 20.0, Pace.LIVE),
        (35.0, 20.0, Pace.NARROW_SEARCH),
        (56.0, 40.0, Pace.AFTER_STOP),
    ],
)
def test_the_ladder_is_climbed_as_far_as_the_speed_asks(window_s: float, narrow_s: float, pace: Pace) -> None:
    assert outlook(window_s, narrow_s, 0.5).pace is pace


def test_a_computer_that_keeps_up_has_one_window_left_at_stop() -> None:
    found = outlook(3.0, 2.0, 0.5)
    assert found.behind_s <= 28
    assert found.ready_after_stop_s <= 3.0
    assert found.reached_s == 0


def test_a_computer_at_half_speed_needs_about_the_talk_once_more() -> None:
    found = outlook(56.0, 56.0, 0.5, talk_s=1800)
    assert found.ready_after_stop_s == pytest.approx(1800, rel=0.1)
    assert found.behind_s == pytest.approx(900, rel=0.1)
    assert 0 < found.reached_s < 600


def test_fewer_beams_help_while_the_talk_goes_on() -> None:
    assert outlook(40.0, 20.0, 0.5).behind_s < outlook(40.0, 40.0, 0.5).behind_s / 2


def test_a_preview_that_takes_long_gives_way_first() -> None:
    assert outlook(10.0, 8.0, 1.0).pace is Pace.LIVE
    assert outlook(10.0, 8.0, 20.0).pace is Pace.NO_PREVIEW

"""What gives way when the computer is too slow, in which order, and how it comes back."""

from __future__ import annotations

import pytest

from scribe_app.adapters.speech.decoder import BEAM
from scribe_app.adapters.speech.pressure import RUNGS, Effort, Pressure
from scribe_app.domain.pace import Pace


@pytest.mark.parametrize(
    ("behind", "pace", "expected"),
    [
        (3, Pace.LIVE, Effort(preview=True, pack=False, beam=BEAM)),
        (20, Pace.NO_PREVIEW, Effort(preview=False, pack=False, beam=BEAM)),
        (45, Pace.FULLER_WINDOWS, Effort(preview=False, pack=True, beam=BEAM)),
        (90, Pace.NARROW_SEARCH, Effort(preview=False, pack=True, beam=1)),
        (400, Pace.AFTER_STOP, Effort(preview=False, pack=True, beam=1)),
    ],
)
def test_the_preview_goes_first_then_short_windows_then_beams_then_it_is_told(
    behind: float, pace: Pace, expected: Effort
) -> None:
    pressure = Pressure()
    assert pressure.effort(behind, live=True) == expected
    assert pressure.pace is pace


def test_a_rung_holds_until_the_backlog_is_half_of_what_led_to_it() -> None:
    pressure = Pressure()
    paces = []
    for behind in (70, 59, 31, 29.9, 16, 14.9, 8, 7.4):
        pressure.effort(behind, live=True)
        paces.append(pressure.pace)
    narrow, fuller, bare, live = Pace.NARROW_SEARCH, Pace.FULLER_WINDOWS, Pace.NO_PREVIEW, Pace.LIVE
    assert paces == [narrow, narrow, narrow, fuller, fuller, bare, bare, live]


def test_a_backlog_around_a_threshold_does_not_change_the_rung_with_every_window() -> None:
    pressure = Pressure()
    pressure.effort(31, live=True)
    for behind in (29, 31, 28, 32, 27, 33):
        assert pressure.effort(behind, live=True).pack
    assert pressure.pace is Pace.FULLER_WINDOWS


def test_a_backlog_that_is_gone_at_once_gives_everything_back_at_once() -> None:
    pressure = Pressure()
    pressure.effort(500, live=True)
    assert pressure.effort(0, live=True) == Effort(preview=True, pack=False, beam=BEAM)
    assert pressure.pace is Pace.LIVE


def test_a_file_and_the_rest_after_stop_are_decoded_with_all_beams() -> None:
    pressure = Pressure()
    pressure.effort(500, live=True)
    assert pressure.effort(4000, live=False) == Effort(preview=False, pack=True, beam=BEAM)
    assert pressure.pace is Pace.LIVE


def test_the_time_to_the_end_follows_from_the_speed_of_the_last_windows() -> None:
    pressure = Pressure()
    assert pressure.time_for(100) == 0
    for _ in range(20):
        pressure.took(audio=10, work=30)
    for _ in range(8):
        pressure.took(audio=20, work=10)
    assert pressure.time_for(100) == pytest.approx(50)


def test_every_pace_is_a_rung_in_order() -> None:
    assert [pace for pace, _ in RUNGS] == list(Pace)
    assert [least for _, least in RUNGS] == sorted(least for _, least in RUNGS)

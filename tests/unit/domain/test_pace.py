"""How it is said that the computer is too slow."""

from __future__ import annotations

import pytest

from scribe_app.domain.pace import Pace, full_words, short_words


@pytest.mark.parametrize("pace", list(Pace))
def test_every_pace_says_that_nothing_is_lost_and_fits_into_a_pill(pace: Pace) -> None:
    assert "lost" in full_words(pace) or "whole" in full_words(pace)
    assert len(short_words(pace, 88.0, 300.0)) <= 31


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "some minutes"), (20, "about 1 minute "), (100, "about 2 minutes"), (3_000, "about 50 minutes")],
)
def test_the_last_rung_says_when_the_transcript_will_be_complete(seconds: float, words: str) -> None:
    assert words in full_words(Pace.AFTER_STOP, seconds)
    number = words.removeprefix("about").split()[0]
    assert short_words(Pace.AFTER_STOP, 90, seconds) == f"Ready {number} min after Stop"


def test_while_it_keeps_up_the_pill_says_how_far_behind_it_is() -> None:
    assert short_words(Pace.LIVE, 5.6, 0) == "Live, 6 s behind"

from __future__ import annotations

import math

import pytest

from scribe_app.domain.measures.shares import Share, margin, pooled, share_of


def test_consultations_are_pooled_not_averaged() -> None:
    every = pooled([Share(1, 1), Share(1, 9)])
    assert every == Share(2, 10)
    assert every.rate == 0.2
    assert pooled([]).rate is None
    assert share_of([True, False, True]) == Share(2, 3)


def test_equal_consultations_leave_no_doubt_and_one_tells_nothing() -> None:
    assert margin([Share(1, 2)] * 4) == pytest.approx(0.0)
    assert margin([Share(1, 2)]) is None
    assert margin([Share(1, 2), Share()]) is None


def test_the_margin_is_the_jackknifes() -> None:
    # Of equal size, the jackknife's variance is that of a mean: here of 0, 0, 1, 1 over four.
    assert margin([Share(0, 5), Share(0, 5), Share(5, 5), Share(5, 5)]) == pytest.approx(
        1.96 * math.sqrt((4 * 0.25 / 3) / 4)
    )

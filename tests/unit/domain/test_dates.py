from __future__ import annotations

import pytest

from scribe_app.domain.clock import clock_times
from scribe_app.domain.dates import dates_in


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("last seen on 24/11/2020", "nl", [(24, 11, 2020)]),
        ("last seen on 11/24/2020", "en", [(24, 11, 2020)]),
        ("last seen 2020-11-24", "en", [(24, 11, 2020)]),
        ("november 24th 2020", "en", [(24, 11, 2020)]),
        ("the twenty fourth of November", "en", [(24, 11, None)]),
        ("june twenty first, nineteen eighty five", "en", [(21, 6, 1985)]),
        ("in march twenty twenty one", "en", [(None, 3, 2021)]),
        ("january 15th , '21 and february 5th , '21", "en", [(15, 1, 2021), (5, 2, 2021)]),
        ("03/2021", "en", [(None, 3, 2021)]),
        ("op drie maart tweeduizendtwintig", "nl", [(3, 3, 2020)]),
        ("de negende maart", "nl", [(9, 3, None)]),
        ("vanaf mei", "nl", [(None, 5, None)]),
        ("she may have it", "en", []),
        ("for 3/7, bp 120/80, strength 4/5", "en", []),
        ("de twaalf mei", "nl", [(12, 5, None)]),
    ],
)
def test_dates_are_read(text: str, language: str, expected: list[tuple[int | None, int, int | None]]) -> None:
    assert [(date.day, date.month, date.year) for date in dates_in(text, language)] == expected


@pytest.mark.parametrize(
    ("one", "other", "language", "may_be"),
    [
        ("03/2021", "in march", "en", True),
        ("03/2021", "in april", "en", False),
        ("3/4/2021", "the third of april 2021", "en", True),
        ("3/4/2021", "march fourth 2021", "en", True),
        ("3-4-2021", "vier maart 2021", "nl", False),
        ("11/24/2020", "november 24th, 2021", "en", False),
    ],
)
def test_dates_are_the_same_unless_something_excludes_it(
    one: str, other: str, language: str, may_be: bool
) -> None:
    assert dates_in(one, language)[0].may_be(dates_in(other, language)[0]) is may_be


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("woke at 2:00 am", "en", ["2:00"]),
        ("about two o'clock in the morning", "en", ["2:00"]),
        ("half past two", "en", ["2:30"]),
        ("quarter to three", "en", ["2:45"]),
        ("at two thirty", "en", ["2:30"]),
        ("five to ten minutes", "en", []),
        ("10 to 14 days", "en", []),
        ("half twaalf", "nl", ["11:30"]),
        ("kwart voor drie", "nl", ["2:45"]),
        ("tien over half drie", "nl", ["2:40"]),
        ("om drie uur", "nl", ["3:00"]),
        ("drie uur 's middags", "nl", ["3:00"]),
        ("14.30 uur", "nl", ["2:30"]),
        ("na twee uur was het over", "nl", []),
        ("half twee milligram", "nl", []),
    ],
)
def test_times_of_the_clock_are_read(text: str, language: str, expected: list[str]) -> None:
    found = clock_times(text, language)
    assert [f"{time.minutes // 60}:{time.minutes % 60:02}" for time in found] == expected

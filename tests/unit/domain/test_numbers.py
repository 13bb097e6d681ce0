from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe_app.domain.numbers import NumberKind, Quantity, numbers_in, same_amount, with_digits


def values(text: str, language: str = "en", lenient: bool = False) -> list[tuple[float, str]]:
    return [(q.value, q.unit) for q in numbers_in(text, language, lenient)]


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("one hundred and forty-eight over eighty-eight", "148/88"),
        (
            "one hundred and forty eight over eighty eight, so it's a little high",
            "148/88, so it's a little high",
        ),
        ("one fifty over ninety", "150/90"),
        ("one forty-eight over eighty-eight", "148/88"),
        ("one oh five over sixty", "105/60"),
        ("five milligrams once daily", "5 mg once daily"),
        ("seventy five milligrams once a day", "75 mg once a day"),
        ("ninety-seven percent", "97%"),
        ("ninety seven per cent", "97%"),
        ("thirty seven point nine", "37.9"),
        ("twenty-five micrograms", "25 micrograms"),
        ("one and a half tablets", "1.5 tablets"),
        ("half a tablet", "half a tablet"),
        ("two or three times a week", "2 or 3 times a week"),
        ("about ten a day", "about 10 a day"),
        ("call nine nine nine straight away", "call 999 straight away"),
        ("one puff under your tongue", "1 puff under your tongue"),
        ("eight out of ten", "8/10"),
        ("a hundred milligrams", "100 mg"),
        ("one thousand two hundred and fifty", "1250"),
        ("nineteen eighty five", "1985"),
        ("58-year-old", "58-year-old"),
        ("75mg tds", "75mg tds"),
    ],
)
def test_spoken_english_numbers_become_figures(spoken: str, written: str) -> None:
    assert with_digits(spoken, "en") == written


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("honderdtweeëndertig over tachtig", "132/80"),
        ("honderdveertig over negentig", "140/90"),
        ("honderd vierendertig", "134"),
        ("tweeënnegentig", "92"),
        ("achtendertig komma één", "38,1"),
        ("anderhalf", "1,5"),
        ("tweeënhalve week", "2,5 week"),
        ("een halve tablet", "een halve tablet"),
        ("vijftig milligram, één keer per dag", "50 mg, 1 keer per dag"),
        ("zevenennegentig procent", "97%"),
        ("drie à vier weken", "3 à 4 weken"),
        ("tweehonderdvijftig microgram", "250 microgram"),
        ("één één twee", "112"),
        ("over twee dagen", "over 2 dagen"),
    ],
)
def test_spoken_dutch_numbers_become_figures(spoken: str, written: str) -> None:
    assert with_digits(spoken, "nl") == written


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("that one is one of them", "en"),
        ("just a second", "en"),
        ("a couple of weeks", "en"),
        ("the one in the morning", "en"),
        ("first things first", "en"),
        ("een man van een jaar of wat", "nl"),
        ("een paar dagen", "nl"),
        ("dat is er een", "nl"),
        ("", "en"),
        ("🙂 ½", "en"),
    ],
)
def test_words_that_only_look_like_numbers_stay(text: str, language: str) -> None:
    assert numbers_in(text, language) == []
    assert with_digits(text, language) == text


def test_units_have_one_name_however_they_are_said() -> None:
    assert values("5 mg") == values("five milligrams") == values("5mg") == [(5.0, "mg")]
    assert values("37,9 graden", "nl") == [(37.9, "°C")]
    assert values("1,000 mg") == [(1000.0, "mg")]
    assert values("1.000 mg", "nl") == [(1000.0, "mg")]


def test_shorthand_for_durations_and_frequencies_is_understood() -> None:
    assert values("500 mg tds for 7/7") == [(500.0, "mg"), (3.0, "per day"), (7.0, "days")]
    assert values("2/52 of cough") == [(2.0, "weeks")]
    assert values("3/6 murmur") == [(3.0, "")]
    assert values("twice daily") == values("two times a day") == [(2.0, "per day")]
    assert values("vier keer per dag", "nl") == [(4.0, "per day")]


def test_the_first_of_two_numbers_has_the_unit_of_the_second() -> None:
    assert values("two or three weeks") == [(2.0, "weeks"), (3.0, "weeks")]


def test_lenient_reading_finds_what_may_stand_for_a_number() -> None:
    assert (1.0, "weeks") in values("about a week", lenient=True)
    assert (2.0, "weeks") in values("a couple of weeks", lenient=True)
    assert (1.0, "") in values("that one", lenient=True)


def test_a_blood_pressure_is_one_quantity() -> None:
    (pressure,) = numbers_in("BP 148/88", "en")
    assert (pressure.kind, pressure.value, pressure.second) == (NumberKind.BLOOD_PRESSURE, 148, 88)


def test_equal_amounts_in_other_units_are_the_same() -> None:
    def one(text: str) -> Quantity:
        return numbers_in(text, "en")[0]

    assert same_amount(one("1 g"), one("1000 mg"))
    assert same_amount(one("14 days"), one("two weeks"))
    assert not same_amount(one("5 mg"), one("5 mcg"))
    assert not same_amount(one("148/88"), one("148/98"))


@given(st.integers(0, 9999))
def test_every_spelled_english_number_is_read_back(number: int) -> None:
    assert [q.value for q in numbers_in(_english(number), "en", lenient=True)] == [number]


def _english(number: int) -> str:
    low = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    ones = [*low.split(" "), "sixteen", "seventeen", "eighteen", "nineteen"]
    tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    if number < 20:
        return ones[number]
    if number < 100:
        return tens[number // 10 - 2] + (f"-{ones[number % 10]}" if number % 10 else "")
    scale, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    head, rest = divmod(number, scale)
    joint = " and " if 0 < rest < 100 else " "
    return f"{_english(head)} {name}{joint if rest else ''}{_english(rest) if rest else ''}"


@given(st.text(max_size=60), st.sampled_from(["en", "nl"]))
def test_any_text_is_read_without_error_and_spans_lie_in_order(text: str, language: str) -> None:
    found = numbers_in(text, language, lenient=True)
    ends = 0
    for quantity in found:
        assert ends <= quantity.start < quantity.end <= len(text)
        ends = quantity.end
    with_digits(text, language)

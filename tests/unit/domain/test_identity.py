"""The same person is found however name, number and date of birth were written."""

from __future__ import annotations

import pytest

from scribe_app.domain.consultation import PatientIdentity
from scribe_app.domain.identity import birth_key, is_same, may_be_same, name_key, number_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NHS 999 000 0000", "9990000000"),
        ("nhs no: 999-000-0000", "999 000 0000"),
        ("BSN 123.456.782", "123456782"),
        ("Dossiernummer 4711", "4711"),
        ("MRN A123456", "a 123456"),
    ],
)
def test_a_number_is_the_same_with_and_without_its_label(one: str, other: str) -> None:
    assert number_key(one) == number_key(other) != ""


def test_a_letter_of_the_number_itself_counts() -> None:
    assert len({number_key(text) for text in ("A123456", "B123456", "123456")}) == 3
    assert number_key("no number") == "nonumber"


@pytest.mark.parametrize(
    "text",
    ["14 March 1961", "14/03/1961", "14-3-61", "1961-03-14", "14 maart 1961", "14 mrt 61", "march 14, 1961"],
)
def test_a_date_is_the_same_however_it_is_written(text: str) -> None:
    assert birth_key(text) == "61-03-14"


@pytest.mark.parametrize("text", ["", "about 1961", "31/31/1961", "14 march april 1961", "spring"])
def test_what_is_no_date_is_compared_as_it_stands(text: str) -> None:
    assert "-" not in birth_key(text)


def test_names_are_compared_without_accents_case_and_spaces() -> None:
    assert name_key("  Zoë  EXAMPLE ") == name_key("zoe example")


def test_who_is_the_same_and_who_may_be() -> None:
    zoe = PatientIdentity("Zoë Example", "14 March 1961", "NHS 999 000 0000")
    assert is_same(zoe, PatientIdentity("", "", "9990000000"))
    assert is_same(zoe, PatientIdentity("zoe example", "14-03-1961"))
    assert not is_same(zoe, PatientIdentity("Zoë Example", "14-03-1961", "999 000 0001"))
    nameless, child = PatientIdentity("Zoë Example"), PatientIdentity("Zoë Example", "1 May 2001")
    assert not is_same(zoe, nameless)
    assert may_be_same(nameless, [zoe])
    assert not may_be_same(child, [zoe])
    assert not may_be_same(PatientIdentity(), [zoe, PatientIdentity()])

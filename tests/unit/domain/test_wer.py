"""Word error rate counts what was misheard, not how it is written."""

from __future__ import annotations

import jiwer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe_app.domain.wer import normalised, word_errors

SAME_IN_ENGLISH = [
    ("Okay, Doctor.", "ok dr"),
    ("My mum's fine.", "my mom is fine"),
    ("one hundred and forty eight over eighty eight", "148/88"),
    ("a hundred milligrams", "100 mg"),
    ("five point five percent", "5.5%"),
    ("in nineteen eighty one", "in 1981"),
    ("two thousand and twenty five", "2025"),
    ("Um, I can't, er, say.", "I cannot say"),
    ("seventy-five micrograms", "75 mcg"),
    ("call oh two oh", "call 020"),
    ("2,500 steps", "two thousand five hundred steps"),
    ("It’s alright", "it's all right"),
    ("pain [unclear, play] here", "pain here"),
]
SAME_IN_DUTCH = [
    ("honderdachtenveertig over achtentachtig", "148/88"),
    ("honderd acht en veertig", "148"),
    ("drieëntwintig dagen", "23 dagen"),
    ("Oké dokter", "ok dr."),
    ("zevenendertig komma acht", "37,8"),
    ("één keer", "1 keer"),
    ("vijfhonderd milligram", "500 mg"),
    ("tweeduizend vijfentwintig", "2025"),
    ("'t gaat goed", "het gaat goed"),
]


@pytest.mark.parametrize(("said", "written"), SAME_IN_ENGLISH)
def test_other_ways_of_writing_english_are_no_errors(said: str, written: str) -> None:
    assert normalised(said) == normalised(written)
    assert word_errors(said, written).rate == 0


@pytest.mark.parametrize(("said", "written"), SAME_IN_DUTCH)
def test_other_ways_of_writing_dutch_are_no_errors(said: str, written: str) -> None:
    assert normalised(said, "nl") == normalised(written, "nl")
    assert word_errors(said, written, "nl").rate == 0


def test_oh_is_no_zero_where_nobody_counts() -> None:
    assert word_errors("Oh dear", "zero dear").substitutions == 1


@pytest.mark.parametrize(
    ("said", "heard"), [("fifteen", "fifty"), ("148", "140"), ("left", "right"), ("5 mg", "5 mcg")]
)
def test_what_matters_is_an_error(said: str, heard: str) -> None:
    assert word_errors(said, heard).rate > 0


def test_kinds_of_errors_are_told_apart() -> None:
    errors = word_errors("the pain is in my chest", "pain was in my chest today")
    assert (errors.words, errors.deletions, errors.substitutions, errors.insertions) == (6, 1, 1, 1)
    assert errors.rate == pytest.approx(0.5)


def test_an_empty_reference_counts_every_word_as_inserted() -> None:
    assert word_errors("", "thank you for watching").insertions == 4
    assert word_errors("", "").rate == 0


SOME_WORDS = st.sampled_from(["pain", "chest", "left", "no", "heart"])


@given(st.lists(SOME_WORDS, min_size=1, max_size=12), st.lists(SOME_WORDS, max_size=12))
def test_the_count_is_that_of_jiwer(said: list[str], heard: list[str]) -> None:
    expected = jiwer.process_words(" ".join(said), " ".join(heard))
    errors = word_errors(" ".join(said), " ".join(heard))
    assert errors.rate == pytest.approx(expected.wer)
    assert errors.deletions - errors.insertions == expected.deletions - expected.insertions

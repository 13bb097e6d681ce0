"""Word error rate counts what was misheard, not how it is written."""

from __future__ import annotations

import jiwer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe_app.domain.alignment import aligned
from scribe_app.domain.vocabulary import Term
from scribe_app.domain.wer import (
    ItemErrors,
    MedicalTerms,
    as_written,
    normalised,
    number_errors,
    word_errors,
)

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
    ("two and a half tablets", "2.5 tablets"),
    ("on the twenty second of the third", "on the 22nd of the 3rd"),
    ("thirty eight degrees", "38 °C"),
    (
        "a tumour, anaemia and diarrhoea in a paediatric clinic",
        "a tumor, anemia and diarrhea in a pediatric clinic",
    ),
    ("I've gotta say, it's kinda sore", "I have got to say it is kind of sore"),
    ("a follow-up in the café", "a followup in the cafe"),
    ("Ohh, right", "Oh right"),
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
    ("anderhalve tablet", "1,5 tablet"),
    ("tweeënhalf uur", "2,5 uur"),
    ("de derde keer op de eenentwintigste", "de 3e keer op de 21ste"),
    ("achtendertig graden", "38 °C"),
    ("zo'n geïrriteerde huid", "zo een geirriteerde huid"),
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


def test_whispers_basic_normaliser_lets_all_ways_of_writing_differ() -> None:
    assert as_written("Take 5 mg, [unclear] OK?") == ["take", "5", "mg", "ok"]
    errors = word_errors("five milligrams okay", "5 mg ok", basic=True)
    assert (errors.words, errors.substitutions) == (3, 3)


ENGLISH = MedicalTerms([Term("amlodipine"), Term("statin"), Term("heart attack"), Term("heart")], "en")
DUTCH = MedicalTerms([Term("ontsteking"), Term("metoprolol")], "nl")


@pytest.mark.parametrize(
    ("said", "heard", "expected"),
    [
        ("Two statins and amlodipine.", "two statins and amlodipine", ItemErrors(2, 0, 0)),
        ("He takes amlodipine.", "he takes amlodipin", ItemErrors(1, 1, 0)),
        ("He takes amlodipine.", "he takes", ItemErrors(1, 1, 0)),
        ("He takes it daily.", "he takes a statin daily", ItemErrors(0, 0, 1)),
        ("A heart attack.", "a heart a tack", ItemErrors(1, 1, 0)),
        ("A heart attack.", "a heart of attack", ItemErrors(1, 1, 0)),
        ("No statin today.", "no amlodipine today", ItemErrors(1, 1, 1)),
    ],
)
def test_medical_terms_are_right_as_a_whole_or_not_at_all(
    said: str, heard: str, expected: ItemErrors
) -> None:
    assert ENGLISH.errors(said, heard) == expected


def test_dutch_terms_are_found_inflected() -> None:
    assert DUTCH.errors("Twee ontstekingen, geen metoprolol.", "twee ontstekingen geen metropolol") == (
        ItemErrors(2, 1, 0)
    )


@pytest.mark.parametrize(
    ("said", "heard", "language", "expected"),
    [
        ("five milligrams twice a day", "5 mg twice a day", "en", ItemErrors(2, 0, 0)),
        ("five milligrams", "5 mcg", "en", ItemErrors(1, 1, 1)),
        ("fifteen tablets", "fifty tablets", "en", ItemErrors(1, 1, 1)),
        ("one hundred and forty over eighty", "140/80", "en", ItemErrors(1, 0, 0)),
        ("one hundred and forty over eighty", "140/18", "en", ItemErrors(1, 1, 1)),
        ("take five", "take twenty five", "en", ItemErrors(1, 1, 1)),
        ("that one hurts", "that 1 hurts", "en", ItemErrors(0, 0, 1)),
        ("it hurts", "it hurts for three weeks", "en", ItemErrors(0, 0, 1)),
        ("een man van achtenveertig jaar", "een man van 48 jaar", "nl", ItemErrors(1, 0, 0)),
        ("zevenendertig komma acht graden", "37,8 °C", "nl", ItemErrors(1, 0, 0)),
        ("drie keer per dag", "twee keer per dag", "nl", ItemErrors(1, 1, 1)),
    ],
)
def test_numbers_count_with_their_units(said: str, heard: str, language: str, expected: ItemErrors) -> None:
    assert number_errors(said, heard, language) == expected


def test_the_rate_of_what_nobody_said_is_unknown() -> None:
    assert ItemErrors(0, 0, 2).rate is None
    assert ItemErrors(4, 1, 0).rate == 0.25


@given(st.lists(SOME_WORDS, max_size=12), st.lists(SOME_WORDS, max_size=12))
def test_an_alignment_names_every_word_once_in_order(said: list[str], heard: list[str]) -> None:
    pairs = aligned(said, heard)
    assert [one for one, _ in pairs if one is not None] == list(range(len(said)))
    assert [other for _, other in pairs if other is not None] == list(range(len(heard)))


def test_an_hour_of_talk_is_aligned_in_no_time() -> None:
    words = [chr(97 + number % 23) * (1 + number % 29) for number in range(6000)]
    pairs = aligned(words, words[:3000] + words[3001:])
    assert pairs[3000] == (3000, None)
    assert sum(other is None for _, other in pairs) == 1

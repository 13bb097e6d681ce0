"""Remarks on letters to patients, and their one-click fixes."""

from __future__ import annotations

import re

import pytest

from scribe_app.domain.lexicon.plain_words import HURTFUL, TERMS
from scribe_app.domain.patient_language import RemarkKind, mended, remarks_in, remarks_on

K = RemarkKind


def found(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(remark.kind.value, remark.words) for remark in remarks_on(text, language)]


@pytest.mark.parametrize(
    ("language", "text", "kind", "fixed"),
    [
        ("en", "The patient has a cough.", K.PERSON, "You have a cough."),
        ("en", "I looked at the patient's knee.", K.PERSON, "I looked at your knee."),
        ("en", "You complain of pain.", K.HURTFUL, "You have pain."),
        ("en", "You deny smoking.", K.HURTFUL, "You do not have smoking."),
        ("en", "You are diabetic.", K.HURTFUL, "You have diabetes."),
        ("en", "You are poorly compliant with tablets.", K.HURTFUL, "You find it hard to take tablets."),
        ("en", "You have oedema.", K.TERM, "You have oedema (swelling from fluid)."),
        ("en", "We will do an ECG today.", K.ABBREVIATION, "We will do an ECG (a heart tracing) today."),
        ("nl", "De patiënt heeft koorts.", K.PERSON, "U heeft koorts."),
        ("nl", "Patiënt is moe.", K.PERSON, "U bent moe."),
        ("nl", "U klaagt over pijn.", K.HURTFUL, "U heeft last van pijn."),
        ("nl", "Er is sprake van therapie-ontrouw.", K.HURTFUL,
         "Er is sprake van moeite met het innemen van de medicijnen."),
        ("nl", "U heeft anemie.", K.TERM, "U heeft anemie (bloedarmoede)."),
    ],
)  # fmt: skip
def test_a_remark_with_its_fix(language: str, text: str, kind: RemarkKind, fixed: str) -> None:
    (remark,) = remarks_on(text, language)
    assert (remark.kind, mended(text, remark)) == (kind, fixed)
    assert text[remark.start : remark.end] == remark.words
    assert remark.reason


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "You told us: no sweating. Take one tablet a day."),
        ("en", "He said “I deny nothing, the patient is me”."),
        ("en", "We did an ECG, that's the heart tracing."),
        ("en", "You have angina (chest tightness)."),
        ("en", "See your GP at the NHS clinic."),
        ("nl", "Ik denk aan een ontsteking van een uitstulping van de darm, diverticulitis."),
        ("nl", "U belt ons als de pijn erger wordt."),
    ],
)
def test_what_is_plain_is_left_alone(language: str, text: str) -> None:
    assert remarks_on(text, language) == ()


def test_a_term_is_remarked_on_once_in_a_letter() -> None:
    first, second = remarks_in(["You have angina.", "Your angina is stable."], "en")
    assert [remark.words for remark in first] == ["angina"]
    assert second == ()


def test_a_long_sentence_is_split_where_it_can_be() -> None:
    text = (
        "We will do some tests today to see how your heart works, and they will see you at the chest clinic "
        "within two weeks."
    )
    (remark,) = remarks_on(text, "en")
    assert remark.kind is K.LONG
    assert mended(text, remark).startswith(
        "We will do some tests today to see how your heart works. And they"
    )
    without_break = " ".join(["word"] * 30) + "."
    (remark,) = remarks_on(without_break, "en")
    assert remark.replacement == ""


def test_unknown_capitals_are_named_without_a_fix() -> None:
    (remark,) = remarks_on("We will do a QZX.", "en")
    assert (remark.kind, remark.replacement) == (K.ABBREVIATION, "")


def test_a_fix_for_another_text_is_refused() -> None:
    (remark,) = remarks_on("You have oedema.", "en")
    with pytest.raises(ValueError, match="does not belong"):
        mended("Something else.", remark)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_explanation_brings_in_a_dose_or_a_side(language: str) -> None:
    for term, meaning in TERMS[language].items():
        assert not re.search(r"[“”]|\b(mg|left|right|links|rechts)\b", meaning), term
        assert not re.search(r"\d", meaning) or "3 m" in meaning, term


@pytest.mark.parametrize("language", ["en", "nl"])
def test_better_words_are_not_hurtful_themselves(language: str) -> None:
    for _, better in HURTFUL[language]:
        assert not [kind for kind, _ in found(better, language) if kind == "hurtful"], better


@pytest.mark.parametrize("language", ["en", "nl"])
def test_both_languages_have_a_list_worth_having(language: str) -> None:
    assert len(TERMS[language]) >= 80
    assert len(HURTFUL[language]) >= 25

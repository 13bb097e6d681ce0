"""The reading figures are those of the published formulas."""

from __future__ import annotations

import pytest

from scribe_app.domain.readability import readability, syllables

HARD = (
    "Your echocardiographic investigation demonstrated considerable deterioration of ventricular function, "
    "necessitating immediate pharmacological intervention and multidisciplinary cardiological consultation "
    "before rehabilitation commences."
)
PLAIN = (
    "Your heart scan was fine. We found no signs of harm. You can go on with your pills. See me in two weeks."
)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", {"heart": 1, "make": 1, "walked": 1, "wanted": 2, "tablets": 2, "table": 2, "medicine": 3,
                "people": 2, "patient": 2, "diabetes": 4, "angina": 3, "the": 1, "houses": 2, "75": 1}),
        ("nl", {"buik": 1, "koorts": 1, "ziekenhuis": 3, "bloeddruk": 2, "ontsteking": 3, "medicijnen": 4,
                "ideeën": 3, "geïnformeerd": 4, "meteen": 2, "75": 1}),
    ],
)  # fmt: skip
def test_syllables_are_counted(language: str, words: dict[str, int]) -> None:
    assert {word: syllables(word, language) for word in words} == words


def test_the_english_figure_is_the_flesch_kincaid_grade() -> None:
    found = readability(PLAIN, "en")
    assert found is not None
    words, parts = 23, 4
    sounds = sum(syllables(word, "en") for word in PLAIN.replace(".", "").split())
    assert found.words == words
    assert found.value == round(0.39 * words / parts + 11.8 * sounds / words - 15.59, 1)
    assert found.formula == "Flesch-Kincaid"


def test_the_dutch_figure_is_that_of_douma() -> None:
    text = (
        "U had last van uw buik. Wij prikken bloed. U mag naar huis. Bel ons als het erger wordt of u koorts "
        "krijgt."
    )
    found = readability(text, "nl")
    assert found is not None
    words, parts = 23, 4
    sounds = sum(syllables(word, "nl") for word in text.replace(".", "").split())
    assert found.value == round(206.84 - 0.93 * words / parts - 77 * sounds / words, 1)
    assert found.is_plain


def test_plain_is_told_from_hard() -> None:
    plain, hard = readability(PLAIN, "en"), readability(HARD, "en")
    assert plain is not None
    assert hard is not None
    assert plain.is_plain
    assert not hard.is_plain


def test_a_few_words_have_no_figure() -> None:
    assert readability("You are well.", "en") is None
    assert readability("", "nl") is None

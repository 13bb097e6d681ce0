"""Which sentences only go before what matters."""

from __future__ import annotations

import pytest

from scribe_app.domain.passages import course


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("This is the important part.", "en"),
        ("Well, I'm sorry to hear that.", "en"),
        ("So let's focus on your cough first.", "en"),
        ("Dit is het belangrijke deel.", "nl"),
        ("Wat vervelend.", "nl"),
    ],
)
def test_a_preface_tells_nothing(sentence: str, language: str) -> None:
    assert course(sentence, language)


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("The important part is that you take it with food.", "en"),
        ("If you get pain at rest, call 999 straight away.", "en"),
        ("That's brilliant, so your blood pressure is 120 over 80.", "en"),
        ("Let's start with metformin, 500 milligrams twice a day.", "en"),
        ("Het belangrijkste is dat u voldoende drinkt.", "nl"),
    ],
)
def test_what_matters_is_no_preface(sentence: str, language: str) -> None:
    assert not course(sentence, language)

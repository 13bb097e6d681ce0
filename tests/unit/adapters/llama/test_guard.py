"""A rewording is believed only when it says the same."""

from __future__ import annotations

import pytest

from scribe_app.adapters.llama.guard import says_the_same
from scribe_app.adapters.llama.wording import wording_for

ENGLISH = wording_for("en")
KNEE = "My left knee clicks, but that's been the same for years."


@pytest.mark.parametrize(
    ("rewording", "words"),
    [
        ("Left knee clicks, but been the same for years.", KNEE),
        ("Tightness when walking up the hill.", "I've been getting tightness when I walk up the hill."),
        ("Ramipril, 5 mg, once a day.", "Ramipril, five milligrams, once a day."),
        ("Maybe 5 minutes.", "Maybe five minutes."),
    ],
)
def test_faithful_rewordings_pass(rewording: str, words: str) -> None:
    assert says_the_same(rewording, words, "", ENGLISH)


@pytest.mark.parametrize(
    ("rewording", "words"),
    [
        ("Right knee clicks, but been the same for years.", KNEE),
        ("Left knee clicks.", KNEE),
        ("Mother died of a heart attack when she was 52.", "Dad died of a heart attack when he was 52."),
        ("Ramipril, 50 mg, once a day.", "Ramipril, five milligrams, once a day."),
        ("Ramipril, once a day.", "Ramipril, five milligrams, once a day."),
        ("Pain at night.", "No pain at night."),
        ("No pain at night, fever.", "Fever, no pain at night."),
        ("5 minutes.", "Maybe five minutes."),
        ("Chest pain and sweating.", "Chest pain."),
        ("I have chest pain.", "I have chest pain."),
        ("Chest pain?", "Chest pain."),
        ("", "Chest pain."),
    ],
    ids=["side", "omission", "relative", "dose", "dose lost", "negation", "negation moved", "doubt",
         "addition", "first person", "question", "empty"],
)  # fmt: skip
def test_rewordings_that_change_something_are_thrown_away(rewording: str, words: str) -> None:
    assert not says_the_same(rewording, words, "", ENGLISH)

from __future__ import annotations

import pytest

from scribe_app.domain.lexicon.drugs import LOOK_ALIKES, drug_key, drugs_in, is_drug
from scribe_app.domain.words import (
    ends_asking,
    is_question,
    said_once,
    sentences,
    without_fillers,
    without_repeats,
)


@pytest.mark.parametrize(
    ("text", "language", "asks"),
    [
        ("Do you smoke?", "en", True),
        ("do you smoke at all", "en", True),
        ("okay so have you noticed any fever", "en", True),
        ("what I did was " + "and then " * 20, "en", False),
        ("Your pulse is 76.", "en", False),
        ("Heeft u koorts gehad", "nl", True),
        ("Ik heb koorts.", "nl", False),
        ("What a day that was.", "en", False),
    ],
)
def test_questions_are_known_by_mark_or_first_words(text: str, language: str, asks: bool) -> None:
    assert is_question(text, language) is asks


def test_only_the_last_sentence_decides_whether_an_utterance_ends_asking() -> None:
    assert ends_asking("That's fine. Any fever?", "en")
    assert not ends_asking("Any fever? I see.", "en")


def test_sentences_keep_decimals_and_abbreviations_inside() -> None:
    assert sentences("It was 37.9. Fine now.") == ["It was 37.9.", "Fine now."]


@pytest.mark.parametrize(
    ("spoken", "language", "tidy"),
    [
        ("Um, it, uh, started yesterday, you know.", "en", "it, started yesterday."),
        ("Do you know what that is?", "en", "Do you know what that is?"),
        ("Nou ja, mijn zus had het.", "nl", "mijn zus had het."),
    ],
)
def test_fillers_go_and_words_with_meaning_stay(spoken: str, language: str, tidy: str) -> None:
    assert without_fillers(spoken, language) == tidy


def test_stutters_go_and_stressed_words_stay() -> None:
    assert without_repeats("I, I had it it all") == "I had it all"
    assert without_repeats("No, no, it's very very sore") == "No, no, it's very very sore"
    assert without_repeats("999 999") == "999 999"


@pytest.mark.parametrize(
    "name", ["ramipril", "Aspirin", "amoxicilline", "Ventolin", "GTN", "levothyroxine", "omeprazol"]
)
def test_common_medicines_are_known(name: str) -> None:
    assert is_drug(name.lower())


@pytest.mark.parametrize(
    "word", ["cholesterol", "person", "season", "april", "prison", "chest", "sugar", "comparison"]
)
def test_words_that_end_like_medicines_are_none(word: str) -> None:
    assert not is_drug(word)


def test_brands_and_dutch_spellings_are_the_same_medicine() -> None:
    assert drug_key("Tylenol") == drug_key("paracetamol") == drug_key("acetaminophen")
    assert drug_key("amoxicilline") == drug_key("amoxicillin")
    assert drug_key("omeprazol") == drug_key("omeprazole")
    assert drug_key("metoprolol") != drug_key("propranolol")


def test_medicines_that_look_alike_are_not_the_same() -> None:
    for one, other in LOOK_ALIKES:
        assert drug_key(one) != drug_key(other)
        assert is_drug(one)


def test_medicines_are_found_in_order_and_once() -> None:
    assert drugs_in("Ramipril and aspirin, then ramipril") == ["ramipril", "aspirin"]


@pytest.mark.parametrize(
    ("text", "once"),
    [
        ("I've been, I've been feeling unwell.", "I've been feeling unwell."),
        ("I'm a, I'm a jockey.", "I'm a jockey."),
        ("It, it's constant.", "It's constant."),
        ("Mijn zus, mijn zus heeft migraine.", "Mijn zus heeft migraine."),
        ("Het begon, het begon gisteren.", "Het begon gisteren."),
        ("Has anyone told you you've had it?", "Has anyone told you you've had it?"),
        ("When I took it it's better.", "When I took it it's better."),
        ("B C B C", "B C B C"),
        ("It is very, very bad.", "It is very, very bad."),
    ],
)
def test_what_was_begun_twice_is_told_once(text: str, once: str) -> None:
    assert without_repeats(text) == once


def test_figures_that_were_said_twice_count_twice() -> None:
    assert said_once(["take", "2", "take", "2", "a", "day", "a", "day"]) == [
        "take",
        "2",
        "take",
        "2",
        "a",
        "day",
    ]

"""Names are given only where one was nearly heard, and what comes of it is used only where it is no worse."""

from __future__ import annotations

import pytest

from scribe_app.adapters.speech.decoder import Hearing
from scribe_app.adapters.speech.doubts import Decoded
from scribe_app.adapters.speech.hotwords import MOST_TOKENS, accept, hotwords, listen_again
from scribe_app.adapters.speech.splitting import HeardWord
from scribe_app.domain.vocabulary import NearMatch, Term, Vocabulary

VOCABULARY = Vocabulary([Term("amlodipine"), Term("Sjögren's syndrome"), Term("amiloride"), Term("ramipril")])
FIRST = "I take am lodi peen, five milligrams, and rammipril."


def hearing(text: str, log_probability: float = -0.4) -> Hearing:
    return Hearing(tuple(HeardWord(word, 0.8) for word in text.split()), Decoded(text, log_probability, 0.0))


def count_words(text: str) -> int:
    return len(text.split())


class Again:
    """Says what it was made to say, and keeps what it was asked."""

    def __init__(self, second: Hearing) -> None:
        self.second, self.asked = second, []

    def __call__(self, prompt: str, beam: int) -> Hearing:
        self.asked.append((prompt, beam))
        return self.second


def test_a_window_without_a_near_match_is_not_heard_again() -> None:
    again = Again(hearing("amlodipine amlodipine"))
    plain = hearing("I have had a cough for three weeks, and I take amlodipine.")
    assert listen_again(plain, VOCABULARY, count_words, again, 5) is None
    assert again.asked == []


def test_the_names_nearly_heard_and_no_others_are_given() -> None:
    better = hearing("I take amlodipine, five milligrams, and ramipril.", -0.3)
    again = Again(better)
    assert listen_again(hearing(FIRST), VOCABULARY, count_words, again, 5) is better
    assert again.asked == [("amlodipine, ramipril", 5)]


@pytest.mark.parametrize(
    ("second", "log_probability", "taken"),
    [
        ("I take amlodipine, five milligrams, and ramipril.", -0.4, True),
        ("I take amlodipine five milligrams and rammipril", -0.39, True),
        ("I take am lodi peen, five milligrams, and ramipril.", -0.2, True),
        ("I take amlodipine, five milligrams, and ramipril.", -0.41, False),
        ("I take amlodipine, ten milligrams, and ramipril.", -0.1, False),
        ("I take amlodipine, five milligrams, and ramipril, ramipril.", -0.1, False),
        ("I take amlodipine, and ramipril.", -0.1, False),
        ("I take amlodipine, five milligrams, and amlodipine.", -0.1, False),
        ("I do not take amlodipine, five milligrams, and ramipril.", -0.1, False),
        (FIRST, -0.1, False),
        ("", 0.0, False),
    ],
)
def test_the_second_pass_counts_only_if_no_less_probable_and_the_same_but_for_the_names(
    second: str, log_probability: float, taken: bool
) -> None:
    first = hearing(FIRST)
    matches = VOCABULARY.near([word.text for word in first.words])
    assert accept(first, hearing(second, log_probability), matches) is taken


def test_a_name_of_several_words_replaces_what_stood_for_it() -> None:
    first = hearing("She has show grens syndrome, I think.")
    vocabulary = Vocabulary([Term("Sjögren's syndrome", ("show grens syndrome",))])
    matches = vocabulary.near([word.text for word in first.words])
    assert accept(first, hearing("She has Sjögren's syndrome, I think."), matches)
    assert not accept(first, hearing("She has Sjögren's, I think."), matches)


def test_the_prompt_stays_within_its_budget_nearest_first() -> None:
    matches = [NearMatch(n, n + 1, f"heard{n}", f"name{n} of two", 1 - n / 100) for n in range(30)]
    prompt = hotwords(matches, count_words)
    assert count_words(prompt) <= MOST_TOKENS
    assert prompt.startswith("name0 of two, name1 of two")
    assert prompt.count(",") + 1 == MOST_TOKENS // 3


def test_a_name_that_alone_is_too_long_is_left_out() -> None:
    long = NearMatch(0, 1, "x", " ".join(["word"] * 50), 1.0)
    short = NearMatch(1, 2, "y", "ramipril", 0.9)
    assert hotwords([long, short], count_words) == "ramipril"

"""A word that is decoded over and over is final once two readings agree on it, and then only once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scribe_app.adapters.speech.agreement import Agreement, TimedWord


def reading(text: str, start: float = 0.0) -> list[TimedWord]:
    return [TimedWord(word, start + at, start + at + 0.9) for at, word in enumerate(text.split())]


def texts(words: list[TimedWord]) -> str:
    return " ".join(word.text for word in words)


def test_what_two_readings_agree_on_from_the_beginning_is_final() -> None:
    agreement = Agreement()
    assert agreement.read(reading("it hurts her")) == []
    assert texts(agreement.read(reading("It hurts, here and"))) == "It hurts,"
    assert agreement.until == 1.9
    assert texts(agreement.read(reading("it hurts here and there"))) == "here and"
    assert texts(agreement.settle()) == "there"


def test_a_later_reading_cannot_change_what_is_final() -> None:
    agreement = Agreement()
    agreement.read(reading("three weeks"))
    agreement.read(reading("three weeks ago"))
    assert agreement.read(reading("four weeks long")) == []
    assert texts(agreement.settle()) == "long"


def test_words_heard_again_after_the_window_was_cut_are_not_said_twice() -> None:
    agreement = Agreement()
    agreement.read(reading("take it twice"))
    agreement.read(reading("take it twice a"))
    fresh = [TimedWord("twice", 2.85, 3.2), TimedWord("a", 3.2, 3.4), TimedWord("day", 3.4, 3.9)]
    assert texts(agreement.read(fresh)) == "a"
    assert texts(agreement.settle()) == "day"


WORDS = st.sampled_from(["pain", "chest", "left", "no"])


@given(st.lists(st.lists(WORDS, max_size=8), max_size=6))
def test_final_words_come_in_order_of_time(readings: list[list[str]]) -> None:
    agreement = Agreement()
    final = [word for words in readings for word in agreement.read(reading(" ".join(words)))]
    final += agreement.settle()
    assert [word.start for word in final] == sorted(word.start for word in final)

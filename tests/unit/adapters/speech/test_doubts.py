"""Invented text is doubted; real speech, repeated or short, is not."""

from __future__ import annotations

import pytest

from scribe_app.adapters.speech.doubts import Decoded, Doubt, doubts, is_silence, repeats

SURE = -0.3


@pytest.mark.parametrize(
    ("text", "log_probability", "speech", "doubt"),
    [
        ("no problem, no problem, no problem, no problem today.", SURE, 4, Doubt.LOOP),
        ("I'm going to go and see the doctor today and see. " * 8, SURE, 20, Doubt.LOOP),
        ("He has a heart condition.", -1.2, 3, Doubt.IMPROBABLE),
        ("This is far too much text for such a little while of speech.", SURE, 1, Doubt.TOO_MUCH),
        ("Thank you.", SURE, 0.8, Doubt.INVENTED),
        ("Thanks for watching!", SURE, 1.0, Doubt.INVENTED),
        ("Yes.", SURE, 20, Doubt.TOO_LITTLE),
        ("", SURE, 3, Doubt.TOO_LITTLE),
    ],
)
def test_a_sign_of_invention_or_omission_is_doubted(
    text: str, log_probability: float, speech: float, doubt: Doubt
) -> None:
    assert doubt in doubts(Decoded(text, log_probability, 0.0), speech)


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ("Thank you.", 1.5),
        ("No, no, no, nothing like that.", 2),
        ("Yes.", 0.4),
        ("It is eight eight eight eight five one.", 4),
        ("How long does it last when it comes on?", 2.4),
        ("Three weeks. No, sorry, four weeks.", 3),
    ],
)
def test_real_speech_is_not_doubted(text: str, speech: float) -> None:
    assert doubts(Decoded(text, SURE, 0.1), speech) == ()


def test_an_answer_that_ran_into_the_limit_is_doubted() -> None:
    assert doubts(Decoded("It goes on", SURE, 0.0, cut_off=True), 2) == (Doubt.CUT_OFF,)


def test_no_text_from_what_the_model_calls_silence_is_no_doubt() -> None:
    assert doubts(Decoded("", -2, 0.9), 5) == ()


def test_no_speech_counts_only_together_with_a_low_probability() -> None:
    assert is_silence(Decoded("mm", -1.5, 0.9))
    assert not is_silence(Decoded("I feel dizzy.", -0.2, 0.9))


@pytest.mark.parametrize(
    ("text", "times"),
    [("a b c", 1), ("go go", 2), ("no pain no pain no pain", 3), ("five five five five", 1), ("", 1)],
)
def test_repeats_count_what_follows_itself(text: str, times: int) -> None:
    assert repeats(text) == times

"""A window becomes utterances; what is doubtful is tried once more and then shown as unclear."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from scribe_app.adapters.speech.decoder import BEAM, Hearing, Samples
from scribe_app.adapters.speech.doubts import UNCLEAR, Decoded, compression
from scribe_app.adapters.speech.segmenter import Piece, Span, Window
from scribe_app.adapters.speech.settling import Settled, settle
from scribe_app.adapters.speech.splitting import HeardWord
from scribe_app.domain.recording import SAMPLE_RATE


def window(*spans: tuple[float, float]) -> Window:
    pieces = [
        Piece(
            round((start - 0.2) * SAMPLE_RATE),
            round((end + 0.2) * SAMPLE_RATE),
            Span(round(start * SAMPLE_RATE), round(end * SAMPLE_RATE)),
        )
        for start, end in spans
    ]
    return Window(tuple(pieces), pieces[-1].end)


def read(start: int, end: int) -> Samples:
    return np.full(end - start, start / SAMPLE_RATE, np.float32)


class Ear:
    """Answers in turn, and keeps what it was asked to hear."""

    def __init__(self, *answers: tuple[str, float] | tuple[str, float, float]) -> None:
        self.answers, self.asked = list(answers), []

    def __call__(self, samples: Samples, beam: int) -> Hearing:
        self.asked.append((len(samples) / SAMPLE_RATE, beam))
        text, log_probability, *rest = self.answers.pop(0)
        words = tuple(HeardWord(word, 0.8) for word in text.split())
        return Hearing(words, Decoded(text, log_probability, rest[0] if rest else 0.0))


def test_a_window_is_decoded_once_and_parted_at_its_pause() -> None:
    ear = Ear(("Does it hurt when you breathe? No, not at all.", -0.2))
    settled = settle(window((1.0, 3.0), (4.0, 5.2)), read, ear).utterances
    assert settled == [
        Settled("Does it hurt when you breathe?", 1.0, 3.0, 0.8),
        Settled("No, not at all.", 4.0, 5.2, 0.8),
    ]
    assert ear.asked == [(pytest.approx(4.0), BEAM)]


def test_only_the_part_that_stays_doubtful_becomes_unclear() -> None:
    ear = Ear(
        ("pain pain pain pain pain", -0.3), ("Does it hurt when you breathe?", -0.3), ("gone bad", -1.7)
    )
    settled = settle(window((1.0, 4.5), (5.5, 8.5)), read, ear).utterances
    assert [one.text for one in settled] == ["Does it hurt when you breathe?", UNCLEAR]
    assert settled[1] == Settled(UNCLEAR, 5.5, 8.5, 0.0)
    assert [beam for _, beam in ear.asked] == [BEAM, 1, 1]


def test_every_text_that_is_not_used_is_kept_with_its_measures_and_reasons() -> None:
    ear = Ear(
        ("pain pain pain pain pain", -0.3), ("Does it hurt when you breathe?", -0.3), ("gone bad", -1.7, 0.2)
    )
    first, retry = settle(window((1.0, 4.5), (5.5, 8.5)), read, ear).rejected
    assert (first.text, first.attempt, first.start, first.end) == ("pain pain pain pain pain", 1, 1.0, 8.5)
    assert first.reasons == ("loop",)
    assert first.speech == 6.5
    assert (retry.text, retry.attempt, retry.start, retry.end) == ("gone bad", 2, 5.5, 8.5)
    assert retry.reasons == ("improbable",)
    assert (retry.log_probability, retry.no_speech, retry.speech) == (-1.7, 0.2, 3.0)
    assert retry.compression == pytest.approx(compression("gone bad"), abs=0.01)


def test_text_that_is_trusted_leaves_nothing_behind() -> None:
    ear = Ear(("Does it hurt when you breathe?", -0.2))
    assert settle(window((1.0, 3.0)), read, ear).rejected == ()


def test_a_second_pass_with_names_replaces_the_first_which_is_kept() -> None:
    ear = Ear(("I take am lodi peen for it.", -0.4))
    better = Hearing(
        tuple(HeardWord(word, 0.9) for word in ["I", "take", "amlodipine", "for", "it."]),
        Decoded("I take amlodipine for it.", -0.3, 0.0),
    )
    outcome = settle(window((1.0, 3.0)), read, ear, improve=lambda heard, beam: better)
    assert [one.text for one in outcome.utterances] == ["I take amlodipine for it."]
    assert [(one.text, one.reasons) for one in outcome.rejected] == [
        ("I take am lodi peen for it.", ("better_with_term",))
    ]


def test_a_second_pass_that_the_checks_doubt_is_not_used() -> None:
    ear = Ear(("I take am lodi peen for it.", -0.4))
    loop = Hearing((), Decoded("amlodipine " * 8, -0.1, 0.0))
    outcome = settle(window((1.0, 3.0)), read, ear, improve=lambda heard, beam: loop)
    assert [one.text for one in outcome.utterances] == ["I take am lodi peen for it."]
    assert outcome.rejected == ()


def test_a_slow_computer_retries_in_larger_parts() -> None:
    ear = Ear(("pain pain pain pain pain", -0.3), ("Does it hurt when you breathe? No, not at all.", -0.3))
    settle(window((1.0, 4.5), (5.5, 8.5)), read, ear, beam=1)
    assert len(ear.asked) == 2


def test_text_kept_from_a_part_with_too_little_is_marked() -> None:
    ear = Ear(("Yes.", -0.3), ("Yes.", -0.3))
    assert settle(window((0.5, 8.5)), read, ear).utterances == [Settled(f"Yes. {UNCLEAR}", 0.5, 8.5, 0.8)]


def test_a_click_that_the_model_calls_silence_is_nothing() -> None:
    ear = Ear(("you", -1.5, 0.9), ("you", -1.5, 0.9))
    outcome = settle(window((1.0, 1.1)), read, ear)
    assert outcome.utterances == []
    assert [one.text for one in outcome.rejected] == ["you", "you"]


def test_speech_that_the_model_calls_silence_is_unclear_not_deleted() -> None:
    ear = Ear(("you", -1.5, 0.9), ("you", -1.5, 0.9))
    assert [one.text for one in settle(window((1.0, 2.0)), read, ear).utterances] == [UNCLEAR]


def test_the_log_counts_and_never_quotes(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    settle(window((1.0, 4.5)), read, Ear(("secret words here", -1.6), ("secret words again", -1.7)))
    assert "1 of 1 utterances unclear" in caplog.text
    assert "secret" not in caplog.text

"""Words are laid over the pauses: none lost, none said twice, turns kept apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from scribe_app.adapters.speech.segmenter import Segmenter
from scribe_app.adapters.speech.settling import stretches_of
from scribe_app.adapters.speech.splitting import HeardWord, Passage, Stretch, split
from scribe_app.adapters.speech.vad import FRAME, StreamingVad
from scribe_app.domain.recording import SAMPLE_RATE

SAMPLES = Path(__file__).parents[4] / "resources" / "sample_consultations"


def words(text: str) -> list[HeardWord]:
    return [HeardWord(word, 0.9) for word in text.split()]


def texts(passages: list[Passage]) -> list[str]:
    return [" ".join(word.text for word in passage.words) for passage in passages]


def test_two_speakers_are_parted_at_the_pause_between_them() -> None:
    passages = split(
        words("How long does it last when it comes on? Maybe five minutes."),
        [Stretch(0.3, 2.6, 2.9), Stretch(3.1, 4.2, 4.5)],
    )
    assert texts(passages) == ["How long does it last when it comes on?", "Maybe five minutes."]
    assert (passages[1].start, passages[1].end) == (3.1, 4.2)


def test_a_short_pause_inside_a_sentence_parts_nothing() -> None:
    passages = split(
        words("It's like a tight band right across the middle"),
        [Stretch(0.0, 1.5, 1.5), Stretch(1.9, 3.2, 3.2)],
    )
    assert len(passages) == 1
    assert (passages[0].start, passages[0].end) == (0.0, 3.2)


def test_a_long_pause_parts_even_inside_a_sentence() -> None:
    passages = split(
        words("well it started about three weeks ago"), [Stretch(0.0, 0.4, 0.6), Stretch(2.4, 4.0, 4.2)]
    )
    assert len(passages) == 2


def test_a_capital_parts_where_the_end_of_a_sentence_was_misheard() -> None:
    stretches = [Stretch(0.0, 1.5, 1.5), Stretch(2.0, 3.2, 3.2)]
    assert texts(split(words("Are you allergic to anything Yes, to penicillin."), stretches)) == [
        "Are you allergic to anything",
        "Yes, to penicillin.",
    ]
    assert len(split(words("when it comes on and then I stop and rest"), stretches)) == 1


def test_the_attention_helps_where_both_ways_sound_alike() -> None:
    stretches = [Stretch(0.0, 1.0, 1.0), Stretch(1.5, 2.5, 2.5), Stretch(3.0, 3.5, 3.5)]
    said = ["Yes.", "No.", "Yes.", "Good."]
    for ends, expected in (
        ([0.5, 1.0, 2.4, 3.4], ["Yes. No.", "Yes.", "Good."]),
        ([1.0, 1.8, 2.5, 3.4], ["Yes.", "No. Yes.", "Good."]),
    ):
        heard = [HeardWord(word, 0.9, end) for word, end in zip(said, ends, strict=True)]
        assert texts(split(heard, stretches)) == expected


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["yes.", "no,", "the", "palpitations", "mg?"]), max_size=40),
    st.lists(st.tuples(st.floats(0.05, 6), st.floats(0.05, 3)), min_size=1, max_size=15),
)
def test_no_word_is_lost_or_said_twice(said: list[str], lengths: list[tuple[float, float]]) -> None:
    stretches, at = [], 0.0
    for speech, silence in lengths:
        stretches.append(Stretch(at, at + speech, at + speech))
        at += speech + silence
    passages = split(words(" ".join(said)), stretches)
    assert " ".join(texts(passages)).split() == said
    assert all(passage.start < passage.end for passage in passages)


@pytest.mark.parametrize(
    ("name", "least_turns_found", "most_mixed"), [("chest-pain-en", 0.97, 0.02), ("buikpijn-nl", 0.9, 0.05)]
)
def test_the_turns_of_the_sample_are_found_when_the_words_are_right(
    name: str, least_turns_found: float, most_mixed: float
) -> None:
    audio, rate = soundfile.read(SAMPLES / f"{name}.flac", dtype="float32")
    assert rate == SAMPLE_RATE
    turns = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))["utterances"]
    segmenter = Segmenter()
    segmenter.push(StreamingVad().probabilities(audio[: len(audio) // FRAME * FRAME]).tolist())
    found = mixed = utterances = 0
    while window := segmenter.take(end=segmenter.scanned):
        first, last = (at / SAMPLE_RATE for at in (window.pieces[0].start, window.until))
        inside = [turn for turn in turns if first <= (turn["start"] + turn["end"]) / 2 < last]
        owners = [turn["speaker"] for turn in inside for _ in turn["text"].split()]
        passages = split(words(" ".join(turn["text"] for turn in inside)), stretches_of(window.pieces))
        for passage in passages:
            mixed += len(set(owners[: len(passage.words)])) > 1
            owners = owners[len(passage.words) :]
        utterances += len(passages)
        found += sum(any(abs(p.start - turn["start"]) <= 0.5 for p in passages) for turn in inside)
    assert found / len(turns) >= least_turns_found
    assert mixed / utterances <= most_mixed

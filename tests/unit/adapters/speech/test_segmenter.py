"""Windows are cut in silence, hold at most 28 s and lose nothing."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from scribe_app.adapters.speech.segmenter import FULL, PAD, SPEECH_STARTS, Segmenter, Window
from scribe_app.adapters.speech.vad import FRAME
from scribe_app.domain.recording import SAMPLE_RATE

FRAMES_PER_SECOND = SAMPLE_RATE / FRAME


def spoken(*seconds: float) -> list[float]:
    """Probabilities of speech and silence in turn: seconds of speech, of silence, of speech, …"""
    probabilities: list[float] = []
    for number, length in enumerate(seconds):
        probabilities += [0.02 if number % 2 else 0.95] * round(length * FRAMES_PER_SECOND)
    return probabilities


def all_windows(segmenter: Segmenter, probabilities: list[float], live: bool, pack: bool) -> list[Window]:
    end = segmenter.scanned + len(probabilities) * FRAME
    windows = []
    if live:
        for probability in probabilities:
            segmenter.push([probability])
            while window := segmenter.take(pack=pack):
                windows.append(window)
    else:
        segmenter.push(probabilities)
    while window := segmenter.take(end=end, pack=pack):
        windows.append(window)
    assert segmenter.done == end
    return windows


def seconds(samples: int) -> float:
    return samples / SAMPLE_RATE


def test_a_short_silence_closes_a_window_that_holds_22_seconds() -> None:
    windows = all_windows(Segmenter(), spoken(11, 0.8, 11, 0.8, 3, 0.5), live=True, pack=False)
    assert [len(window.pieces) for window in windows] == [2, 1]


def test_a_short_silence_leaves_a_window_open_that_an_encoding_would_be_wasted_on() -> None:
    segmenter = Segmenter()
    segmenter.push(spoken(18, 2.4))
    assert segmenter.take() is None


def test_a_long_silence_closes_a_window_that_is_half_full_and_no_emptier_one() -> None:
    assert len(all_windows(Segmenter(), spoken(12, 2.7, 3), live=True, pack=False)) == 2
    assert len(all_windows(Segmenter(), spoken(8, 2.7, 3), live=True, pack=False)) == 1


def test_six_seconds_of_silence_close_a_window_of_any_length() -> None:
    segmenter = Segmenter()
    segmenter.push(spoken(0.5, 5.8))
    assert segmenter.take() is None
    segmenter.push([0.02] * 12)
    window = segmenter.take()
    assert window is not None
    assert seconds(window.voiced) == 0.512


def test_speech_keeps_300_ms_on_both_sides() -> None:
    segmenter = Segmenter()
    segmenter.push([0.0] * 100 + spoken(2, 7))
    window = segmenter.take()
    assert window is not None
    (piece,) = window.pieces
    assert piece.voiced.start - piece.start == PAD
    assert 0 <= PAD - (piece.end - piece.voiced.end) < FRAME


def test_talking_without_a_breath_is_cut_at_its_least_probable_frame() -> None:
    probabilities = spoken(60)
    softest = round(25 * FRAMES_PER_SECOND)
    probabilities[softest] = 0.5
    first, second, *_ = all_windows(Segmenter(), probabilities, live=True, pack=False)
    assert first.until == softest * FRAME
    assert second.pieces[0].start == first.until


def test_a_full_window_is_cut_in_the_longest_pause_of_its_last_8_seconds() -> None:
    windows = all_windows(Segmenter(), spoken(21, 0.3, 3, 0.6, 2, 0.2, 9), live=True, pack=False)
    assert seconds(windows[0].pieces[-1].voiced.end) - 24.3 < 0.1


def test_of_two_pauses_alike_the_later_one_ends_a_full_window() -> None:
    windows = all_windows(Segmenter(), spoken(20, 0.5, 3, 0.4, 3, 0.4, 9), live=True, pack=False)
    assert len(windows[0].pieces) == 3


def test_a_talk_of_short_turns_takes_hardly_more_windows_than_full_ones_would() -> None:
    windows = all_windows(Segmenter(), spoken(*[3, 0.8, 1, 0.5, 6, 1.1, 2, 0.3] * 40), live=True, pack=False)
    assert len(windows) <= 1.15 * -(-sum(window.samples for window in windows) // FULL)


def test_behind_windows_are_packed_across_silences() -> None:
    probabilities = spoken(*[5, 7] * 12)
    live = all_windows(Segmenter(), probabilities, live=True, pack=False)
    packed = all_windows(Segmenter(), probabilities, live=False, pack=True)
    assert len(live) == 12
    assert len(packed) == 3
    assert sum(w.voiced for w in live) == sum(w.voiced for w in packed)


def test_the_tail_is_in_the_last_window() -> None:
    segmenter = Segmenter()
    segmenter.push(spoken(4))
    end = segmenter.scanned - 200  # the last frame was filled up
    window = segmenter.take(end=end)
    assert window is not None
    assert window.until == window.pieces[-1].end == end
    assert segmenter.take(end=end) is None


def test_an_hour_of_silence_gives_nothing_and_keeps_nothing() -> None:
    segmenter = Segmenter()
    for _ in range(3600):
        segmenter.push([0.01] * round(FRAMES_PER_SECOND))
        assert segmenter.take() is None
    assert seconds(segmenter.scanned - segmenter.done) < 1
    assert len(segmenter._heard) < 100


PROBABILITIES = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.3, 0.45, 0.97]), st.integers(1, 400)), max_size=25
).map(lambda runs: [probability for probability, length in runs for _ in range(length)])


@settings(deadline=None, max_examples=150)
@given(PROBABILITIES, st.booleans(), st.booleans())
def test_every_frame_of_speech_is_in_exactly_one_window(
    probabilities: list[float], live: bool, pack: bool
) -> None:
    windows = all_windows(Segmenter(), probabilities, live, pack)
    pieces = [piece for window in windows for piece in window.pieces]
    for number, probability in enumerate(probabilities):
        if probability >= SPEECH_STARTS:
            start, end = number * FRAME, (number + 1) * FRAME
            assert sum(p.start <= start and end <= p.end for p in pieces) == 1
    assert all(left.end <= right.start for left, right in pairwise(pieces))
    assert all(window.samples <= FULL + FRAME for window in windows)
    assert all(p.start <= p.voiced.start < p.voiced.end <= p.end for p in pieces)


@settings(deadline=None, max_examples=100)
@given(PROBABILITIES, st.booleans(), st.integers(0, 10))
def test_resuming_after_any_window_gives_the_same_windows(
    probabilities: list[float], pack: bool, after: int
) -> None:
    windows = all_windows(Segmenter(), probabilities, live=False, pack=pack)
    if after >= len(windows):
        return
    until = windows[after].until
    rest = all_windows(Segmenter(until), probabilities[until // FRAME :], live=False, pack=pack)
    assert [(w.pieces[0].start, w.until) for w in rest] == [
        (w.pieces[0].start, w.until) for w in windows[after + 1 :]
    ]


def test_a_model_that_takes_less_gets_shorter_windows_and_loses_nothing() -> None:
    longest = 8 * SAMPLE_RATE
    heard = spoken(3, 0.4, 4, 0.5, 2, 0.8, 11, 0.3, 6)
    windows = all_windows(Segmenter(0, longest), heard, live=True, pack=True)
    assert max(window.samples for window in windows) <= longest
    assert sum(window.voiced for window in windows) == sum(p >= SPEECH_STARTS for p in heard) * FRAME


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([0.02, 0.3, 0.95]), st.integers(1, 60)), min_size=5, max_size=60),
    st.sampled_from([FULL, 8 * SAMPLE_RATE]),
)
def test_a_resumed_transcription_makes_the_same_windows(runs: list[tuple[float, int]], longest: int) -> None:
    heard = [probability for probability, frames in runs for _ in range(frames)]
    windows = all_windows(Segmenter(0, longest), heard, live=False, pack=True)
    for number, window in enumerate(windows[:-1]):
        if window.until % FRAME:
            continue
        rest = heard[window.until // FRAME :]
        again = all_windows(Segmenter(window.until, longest), rest, live=False, pack=True)
        assert again == windows[number + 1 :]

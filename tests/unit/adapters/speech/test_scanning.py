"""Windows from a growing recording: gaps part them, the tail is in, resuming changes nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from scribe_app.adapters.speech.scanning import Scanner
from scribe_app.adapters.speech.segmenter import FULL, Window
from scribe_app.adapters.speech.vad import StreamingVad
from scribe_app.domain.recording import SAMPLE_RATE, AudioGap, GapReason

SAMPLE = Path(__file__).parents[4] / "resources/sample_consultations/chest-pain-en.flac"


class ArraySource:
    """Samples in memory; grows when told."""

    def __init__(self, audio: npt.NDArray[np.int16], gaps: tuple[AudioGap, ...] = ()) -> None:
        self.audio, self.gaps, self.closed = audio, gaps, False
        self.there = len(audio)

    def available(self) -> int:
        return self.there

    def read(self, start: int, end: int) -> npt.NDArray[np.int16]:
        assert end <= self.there
        return self.audio[start:end]


@pytest.fixture(scope="module")
def two_minutes() -> npt.NDArray[np.int16]:
    audio, _ = soundfile.read(SAMPLE, frames=120 * SAMPLE_RATE + 77, dtype="int16")
    return audio


def windows_of(source: ArraySource, start: int = 0, pack: bool = False) -> list[Window]:
    scanner = Scanner(source, StreamingVad(), start)
    windows = []
    while window := scanner.next(ended=True, pack=pack):
        windows.append(window)
    assert scanner.done == source.there
    return windows


@pytest.mark.parametrize("pack", [False, True])
def test_resuming_after_each_window_gives_the_same_windows(
    two_minutes: npt.NDArray[np.int16], pack: bool
) -> None:
    windows = windows_of(ArraySource(two_minutes), pack=pack)
    assert len(windows) >= 5
    for number, window in enumerate(windows[:-1]):
        assert windows_of(ArraySource(two_minutes), window.until, pack) == windows[number + 1 :]


def test_arriving_bit_by_bit_gives_the_same_windows_as_all_at_once(
    two_minutes: npt.NDArray[np.int16],
) -> None:
    source = ArraySource(two_minutes)
    source.there = 0
    scanner = Scanner(source, StreamingVad())
    windows = []
    while source.there < len(two_minutes):
        source.there = min(source.there + 4_000, len(two_minutes))
        while window := scanner.next(ended=False, pack=False):
            windows.append(window)
    while window := scanner.next(ended=True, pack=False):
        windows.append(window)
    assert windows == windows_of(ArraySource(two_minutes))


def test_no_window_goes_across_missing_audio(two_minutes: npt.NDArray[np.int16]) -> None:
    gap = AudioGap(15 * SAMPLE_RATE + 123, 20.0, GapReason.PAUSED)  # while somebody speaks
    windows = windows_of(ArraySource(two_minutes, (gap,)))
    assert gap.position in [window.until for window in windows]
    for window in windows:
        assert not window.pieces[0].start < gap.position < window.until


def test_speech_up_to_the_last_sample_is_in_the_last_window(two_minutes: npt.NDArray[np.int16]) -> None:
    spoken = two_minutes[: 5 * SAMPLE_RATE + 11]  # ends within a sentence
    (window,) = windows_of(ArraySource(spoken))
    assert window.until == window.pieces[-1].end == window.pieces[-1].voiced.end == len(spoken)


def test_silence_gives_no_window_and_is_done(two_minutes: npt.NDArray[np.int16]) -> None:
    assert windows_of(ArraySource(np.zeros(60 * SAMPLE_RATE + 5, np.int16))) == []
    assert windows_of(ArraySource(np.zeros(0, np.int16))) == []


def test_the_open_window_can_be_looked_at(two_minutes: npt.NDArray[np.int16]) -> None:
    source = ArraySource(two_minutes)
    source.there = 5 * SAMPLE_RATE
    scanner = Scanner(source, StreamingVad())
    assert scanner.next(ended=False, pack=False) is None
    window = scanner.open_window()
    assert window is not None
    assert window.until <= source.there
    assert window.samples > 3 * SAMPLE_RATE


@pytest.mark.parametrize("sample", ["chest-pain-en", "buikpijn-nl"])
def test_a_real_models_windows_of_a_consultation_are_hardly_more_than_full_ones_would_be(sample: str) -> None:
    """The aim is 1.15 times the encodings of one pass over the packed speech; each window is one."""
    audio, _ = soundfile.read(SAMPLE.with_name(f"{sample}.flac"), dtype="int16")
    windows = windows_of(ArraySource(audio))
    least = -(-sum(window.samples for window in windows) // FULL)
    print(f"{sample}: {len(windows)} windows, {least} full ones")
    assert len(windows) <= 1.15 * least

"""Two channels tell two people apart only where each is louder in one of them."""

from __future__ import annotations

import numpy as np
import pytest

from scribe_app.adapters.diarisation.channels import two_channels

CHANCE = np.random.default_rng(11)


def balances(*heaps: tuple[float, float, int]) -> list[float | None]:
    """(mean, spread in dB, how many) of each heap, in turns."""
    drawn = [list(CHANCE.normal(mean, spread, count)) for mean, spread, count in heaps]
    return [float(value) for heap in drawn for value in heap]


def test_a_speaker_in_each_channel_is_told_apart() -> None:
    labels = two_channels([12.0, -14.0, 11.0, -9.0, -13.0, 15.0])
    assert labels == (0, 1, 0, 1, 1, 0)


def test_the_first_utterance_has_voice_0_whichever_channel_it_is() -> None:
    assert two_channels([-12.0, 14.0, -11.0, 9.0]) == (0, 1, 0, 1)


def test_a_louder_microphone_shifts_both_and_changes_nothing() -> None:
    assert two_channels([22.0, 2.0, 21.0, 1.0]) == (0, 1, 0, 1)


@pytest.mark.parametrize(
    "one_heap",
    [
        pytest.param([0.0] * 20, id="the same in both channels"),
        pytest.param(balances((0.0, 1.0, 60)), id="a stereo microphone on the desk"),
        pytest.param(balances((-2.0, 1.0, 30), (2.0, 1.0, 30)), id="a stereo microphone between two people"),
        pytest.param(balances((10.0, 5.0, 60)), id="one wandering speaker"),
        pytest.param([9.0] * 60 + [-9.0], id="one odd utterance"),
    ],
)
def test_what_is_no_microphone_each_is_not_believed(one_heap: list[float | None]) -> None:
    assert two_channels(one_heap) is None


def test_without_a_second_channel_nothing_is_told() -> None:
    assert two_channels([]) is None
    assert two_channels([None] * 30) is None
    assert two_channels([12.0, -12.0]) is None


def test_a_few_unknown_balances_get_no_voice() -> None:
    assert two_channels([12.0, None, -14.0, 11.0, -9.0]) == (0, -1, 1, 0, 1)

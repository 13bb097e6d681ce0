"""Warnings about the microphone: in time, once, and taken back."""

from __future__ import annotations

import numpy as np
import pytest

from scribe_app.adapters.recorder.health import SignalHealth, measure
from scribe_app.domain.events import CaptureWarning

RATE = 16_000


def speech(seconds: float, amplitude: float) -> np.ndarray:
    noise = np.random.default_rng(3).normal(0, amplitude, round(seconds * RATE))
    return np.clip(noise, -32_768, 32_767).astype(np.int16)


def warnings(*parts: np.ndarray) -> list[tuple[float, CaptureWarning]]:
    """(second, warning) for audio fed in fifteenths of a second."""
    health, audio, size = SignalHealth(), np.concatenate(parts), RATE // 15
    told = []
    for at in range(0, len(audio) - size, size):
        warning = health.feed(measure(audio[at : at + size]))
        if warning is not None:
            told.append(((at + size) / RATE, warning))
    return told


def test_level_of_a_full_scale_sine() -> None:
    sine = (32_767 * np.sin(2 * np.pi * np.arange(RATE) * 100 / RATE)).astype(np.int16)
    level = measure(sine)
    assert level.peak == pytest.approx(0, abs=0.01)
    assert level.rms == pytest.approx(-3.01, abs=0.01)
    assert measure(np.zeros(10, dtype=np.int16)).rms == -120


def test_normal_speech_with_pauses_warns_of_nothing() -> None:
    assert warnings(*[speech(2, 2000), speech(5, 20)] * 4) == []


def test_digital_silence_warns_after_three_seconds_and_is_taken_back() -> None:
    told = warnings(speech(1, 2000), np.zeros(5 * RATE, np.int16), speech(2, 2000))
    assert [warning for _, warning in told] == [CaptureWarning.ALL_ZERO, CaptureWarning.RECOVERED]
    assert told[0][0] == pytest.approx(4, abs=0.2)
    assert told[1][0] == pytest.approx(6, abs=0.2)


def test_quiet_sound_warns_after_ten_seconds() -> None:
    told = warnings(speech(12, 20), speech(1, 2000))
    assert [warning for _, warning in told] == [CaptureWarning.TOO_QUIET, CaptureWarning.RECOVERED]
    assert told[0][0] == pytest.approx(10, abs=0.2)


def test_clipping_warns_at_once_and_is_over_after_five_calm_seconds() -> None:
    told = warnings(speech(1, 2000), speech(1, 40_000), speech(7, 2000))
    assert [warning for _, warning in told] == [CaptureWarning.CLIPPING, CaptureWarning.RECOVERED]
    assert told[0][0] < 1.3
    assert told[1][0] == pytest.approx(7, abs=0.3)

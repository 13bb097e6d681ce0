"""From any device's audio to 16 kHz mono."""

from __future__ import annotations

import numpy as np
import pytest

from scribe_app.adapters.recorder.conversion import MonoConverter


def tone(rate: int, seconds: float = 1.0, hertz: float = 440, amplitude: float = 8000) -> np.ndarray:
    return amplitude * np.sin(2 * np.pi * hertz * np.arange(round(rate * seconds)) / rate)


def convert(channels: list[np.ndarray], rate: int, block: int = 441) -> np.ndarray:
    frames = np.column_stack(channels).astype(np.int16)
    converter = MonoConverter(rate, frames.shape[1])
    parts = [converter.convert(frames[at : at + block]) for at in range(0, len(frames), block)]
    return np.concatenate([*parts, converter.flush()])


def rms(audio: np.ndarray) -> float:
    return float(np.sqrt(np.square(audio.astype(float)).mean()))


@pytest.mark.parametrize("rate", [8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000])
def test_any_rate_keeps_length_pitch_and_level(rate: int) -> None:
    audio = convert([tone(rate)], rate)
    assert abs(len(audio) - 16_000) <= 1
    assert np.abs(np.fft.rfft(audio)).argmax() == pytest.approx(440, abs=1)
    assert rms(audio[1000:-1000]) == pytest.approx(8000 / np.sqrt(2), rel=0.01)


def test_16_khz_mono_passes_bit_for_bit() -> None:
    audio = np.random.default_rng(1).integers(-32_768, 32_767, 5000).astype(np.int16)
    assert np.array_equal(convert([audio], 16_000), audio)


@pytest.mark.parametrize("channels", range(1, 9))
def test_equal_channels_average_to_themselves(channels: int) -> None:
    assert rms(convert([tone(48_000)] * channels, 48_000)) == pytest.approx(8000 / np.sqrt(2), rel=0.02)


@pytest.mark.parametrize("channels", [2, 4, 8])
def test_dead_channels_do_not_make_it_quieter(channels: int) -> None:
    dead = np.zeros(48_000)
    audio = convert([dead] * (channels - 1) + [tone(48_000)], 48_000)
    assert rms(audio) == pytest.approx(8000 / np.sqrt(2), rel=0.02)


def test_anti_phase_stereo_is_not_cancelled() -> None:
    audio = convert([tone(44_100), -tone(44_100)], 44_100)
    assert rms(audio) == pytest.approx(8000 / np.sqrt(2), rel=0.02)


def test_channels_in_anti_phase_are_not_switched_while_they_are_as_loud_as_each_other() -> None:
    """Each is now and then a little louder; going over to it would turn the sound upside down."""
    sway = 1 + 0.05 * np.sin(2 * np.pi * 0.7 * np.arange(4 * 48_000) / 48_000)
    sound = tone(48_000, seconds=4)
    audio = convert([sound * sway, -sound / sway], 48_000)
    turned = audio[:64_000] * np.exp(-2j * np.pi * 440 * np.arange(64_000) / 16_000)
    phases = np.angle(turned.reshape(-1, 1600).sum(axis=1))
    assert np.ptp(phases) < 0.1


def test_channels_that_nearly_cancel_are_not_switched_back_and_forth() -> None:
    """The average is 10 dB below the louder one, more or less: a border must not be heard as a tremolo."""
    sway = 1 + 0.05 * np.sin(2 * np.pi * 0.7 * np.arange(4 * 48_000) / 48_000)
    sound = tone(48_000, seconds=4)
    audio = convert([sound, -0.37 * sway * sound], 48_000)
    levels = np.array([rms(part) for part in audio[8000:56_000].reshape(-1, 1600)])
    assert (np.abs(np.diff(levels)) > 0.5 * levels[:-1]).sum() <= 1


def test_silence_stays_digital_silence() -> None:
    assert not convert([np.zeros(48_000), np.zeros(48_000)], 48_000).any()


def test_loud_audio_is_clipped_not_wrapped() -> None:
    square = np.sign(tone(48_000)) * 32_767
    audio = convert([square], 48_000)
    assert (np.sign(audio[100:-100]) == np.sign(convert([tone(48_000)], 48_000)[100:-100])).mean() > 0.97


def test_two_channels_keep_their_loudness_and_one_has_none() -> None:
    stereo, mono = MonoConverter(48_000, 2), MonoConverter(48_000, 1)
    frames = np.column_stack([np.full(4800, 2000), np.full(4800, -500)]).astype(np.int16)
    stereo.convert(frames)
    mono.convert(frames[:, :1])
    assert stereo.sides == pytest.approx((4e6, 2.5e5), rel=1e-3)
    assert mono.sides is None

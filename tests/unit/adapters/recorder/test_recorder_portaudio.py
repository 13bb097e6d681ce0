"""Choosing a device, and what is said when PortAudio is not there."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from scribe_app.adapters.recorder import portaudio
from scribe_app.adapters.recorder.heard import HeardClock
from scribe_app.errors import MicrophoneError


def test_a_missing_portaudio_names_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sounddevice.py").write_text('raise OSError("PortAudio library not found")\n')
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(MicrophoneError, match="PortAudio is not installed") as caught:
        portaudio.present_microphones()
    assert "libportaudio2" in caught.value.remedy


def device(name: str, channels: int, host: int, rate: float = 48_000) -> dict[str, object]:
    return {
        "name": name,
        "max_input_channels": channels,
        "default_samplerate": rate,
        "hostapi": host,
        "default_high_input_latency": 0.03,
    }


WINDOWS = SimpleNamespace(
    PortAudioError=RuntimeError,
    WasapiSettings=lambda auto_convert: f"auto_convert={auto_convert}",
    query_hostapis=lambda: [
        {"name": "MME", "default_input_device": 0},
        {"name": "Windows WASAPI", "default_input_device": 3},
    ],
    query_devices=lambda: [
        device("Microphone (USB Audio Devic", 2, 0, 44_100),
        device("Speakers", 0, 0),
        device("Headset", 1, 1, 16_000),
        device("Microphone (USB Audio Device)", 2, 1),
    ],
)


def test_windows_offers_wasapi_devices_with_their_whole_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(portaudio, "_portaudio", lambda fresh=False: WINDOWS)
    names = [(found.name, found.is_default) for found in portaudio.present_microphones()]
    assert names == [("Microphone (USB Audio Device)", True), ("Headset", False)]


def test_wasapi_is_asked_for_its_own_format_first_and_to_convert_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    headset, _ = portaudio._devices(WINDOWS)
    tries = portaudio._settings(WINDOWS, headset)
    assert tries[0] == (16_000, 1, None)
    assert tries[-1] == (48_000, 1, "auto_convert=True")


@pytest.mark.parametrize(
    ("claimed", "opened"), [(1, [1]), (2, [2, 1]), (6, [6, 2, 1]), (8, [8, 2, 1]), (32, [2, 1])]
)
def test_all_channels_of_a_real_device_are_opened_and_two_of_a_virtual_one(
    claimed: int, opened: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = SimpleNamespace(
        PortAudioError=RuntimeError,
        query_hostapis=lambda: [{"name": "ALSA", "default_input_device": 0}],
        query_devices=lambda: [device("array", claimed, 0)],
    )
    (found,) = portaudio._devices(one)
    assert [channels for rate, channels, _ in portaudio._settings(one, found) if rate == 48_000] == opened


@pytest.mark.parametrize(
    ("now", "adc", "late"),
    [
        pytest.param(100.0, 97.5, 2.4, id="a burst after a stall"),
        pytest.param(100.0, 0.0, 0.0, id="not told"),
        pytest.param(100.0, 101.0, 0.0, id="from the future"),
        pytest.param(1e6, 3.0, 0.0, id="another clock"),
    ],
)
def test_a_block_belongs_where_it_was_heard_not_where_it_arrived(
    now: float, adc: float, late: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portaudio.arrival, "now", lambda: 5000.0)
    microphone = portaudio.LiveMicrophone("")
    microphone.rate, microphone.channels = 48_000, 1
    microphone._times = HeardClock(48_000)
    untold = SimpleNamespace(currentTime=0.0, inputBufferAdcTime=0.0)
    microphone._times.arrive(4900.0, 10 * 48_000, untold)  # it has been open for a while
    times = SimpleNamespace(currentTime=now, inputBufferAdcTime=adc)
    microphone._hear(bytes(2 * 4800), 4800, times, SimpleNamespace(input_overflow=False))
    block = microphone.take(0)
    assert block is not None
    assert block.arrived == pytest.approx(5000.0 - late)
    assert block.began == pytest.approx(4999.9 - late)

"""Microphones of 1 to 8 channels and 8 to 192 kHz side by side: real recorder processes and PortAudio."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
import worker_mains
from known_noise import audio_of
from recording_events import RecordingEvents
from virtual_microphone import VirtualMicrophone, missing_parts

from scribe_app.adapters.recorder import ProcessRecorder, SupervisedRecording, child
from scribe_app.adapters.recorder.health import ALL_ZERO_SECONDS
from scribe_app.domain.events import CaptureWarned, CaptureWarning, RecordingStarted
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE, Recording
from scribe_app.ports import MicrophoneSource, RecordingRequest

KEY = bytes(range(32))
TONE_HZ, TONE_SECONDS, AMPLITUDE = 1000, 0.8, 0.1
LOUD = 300
"""16-bit steps: the tone, and nothing before or after it."""
MOST_SECONDS = 60.0
"""Until everything is heard, on a computer that is far too busy; nobody waits so long elsewhere."""

Frames = npt.NDArray[np.float64]


def tone(rate: int) -> Frames:
    return AMPLITUDE * np.sin(2 * np.pi * TONE_HZ * np.arange(round(TONE_SECONDS * rate)) / rate)


def alike(channels: int, rate: int) -> Frames:
    return np.tile(tone(rate)[:, None], channels)


def in_one_alone(channels: int, rate: int) -> Frames:
    frames = np.zeros((round(TONE_SECONDS * rate), channels))
    frames[:, channels // 2] = tone(rate)
    return frames


def in_anti_phase(channels: int, rate: int) -> Frames:
    return tone(rate)[:, None] * np.where(np.arange(channels) % 2, -1, 1)


def far_too_loud(channels: int, rate: int) -> Frames:
    return (alike(channels, rate) * 10 / AMPLITUDE).clip(-1, 1)


def nothing_at_all(channels: int, rate: int) -> Frames:
    return np.zeros((round(0.1 * rate), channels))


DEVICES = {
    "mono, 8 kHz": (1, 8_000, alike),
    "stereo, 16 kHz": (2, 16_000, alike),
    "stereo in anti-phase, 44.1 kHz": (2, 44_100, in_anti_phase),
    "stereo, far too loud, 48 kHz": (2, 48_000, far_too_loud),
    "four channels, one of them live, 96 kHz": (4, 96_000, in_one_alone),
    "eight channels, 192 kHz": (8, 192_000, alike),
    "eight channels of zeros, 48 kHz": (8, 48_000, nothing_at_all),
}
WITH_A_TONE = [
    name for name, (_, _, sound) in DEVICES.items() if sound in (alike, in_anti_phase, in_one_alone)
]


@dataclass
class Heard:
    """What one device gave."""

    events: RecordingEvents
    recording: Recording
    audio: npt.NDArray[np.int16]

    @property
    def warnings(self) -> set[CaptureWarning]:
        return {event.warning for event in self.events.of(CaptureWarned)}


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Heard]]:
    """By device: all record side by side, while each room has its sound."""
    if missing := missing_parts():
        pytest.skip(missing)
    folder = tmp_path_factory.mktemp("devices")
    with VirtualMicrophone() as sound_server, pytest.MonkeyPatch.context() as patch:
        for name, value in sound_server.environment.items():
            patch.setenv(name, value)
        running = {}
        for number, (name, (channels, rate, _)) in enumerate(DEVICES.items()):
            source = sound_server.other_room(f"room{number}", channels, rate)
            patch.setattr(child, "record", partial(worker_mains.record_from, source, channels, rate))
            running[name] = start(folder / str(number))
        for number, (name, (channels, rate, sound)) in enumerate(DEVICES.items()):
            running[name][1].wait(RecordingStarted, timeout=MOST_SECONDS)
            file = folder / f"{number}.wav"
            soundfile.write(file, sound(channels, rate), rate)
            sound_server.play(file, f"room{number}")
        wait_until_all_is_heard(folder, {name: events for name, (_, events) in running.items()})
        for active, _ in running.values():
            active.stop()
        yield {
            name: Heard(events, events.closed(MOST_SECONDS), audio_of(folder / str(number), KEY))
            for number, (name, (_, events)) in enumerate(running.items())
        }


def start(folder: Path) -> tuple[SupervisedRecording, RecordingEvents]:
    events = RecordingEvents()
    request = RecordingRequest(ConsultationId(f"device{folder.name}"), folder, KEY, MicrophoneSource())
    return ProcessRecorder().start(request, events), events


def wait_until_all_is_heard(folder: Path, events: dict[str, RecordingEvents]) -> None:
    """Tones to their end, and enough of nothing to be told so."""
    deadline = time.monotonic() + MOST_SECONDS
    for number, (name, (_, _, sound)) in enumerate(DEVICES.items()):
        if sound is nothing_at_all:
            events[name].wait(CaptureWarned, timeout=MOST_SECONDS, warning=CaptureWarning.ALL_ZERO)
            continue
        while not tone_has_ended(audio_of(folder / str(number), KEY)):
            assert time.monotonic() < deadline, f"{name}: its tone was never heard"
            time.sleep(0.1)


def tone_has_ended(audio: npt.NDArray[np.int16]) -> bool:
    loud = np.flatnonzero(np.abs(audio.astype(int)) > LOUD)
    return len(loud) > 0 and len(audio) - loud[-1] > 0.2 * SAMPLE_RATE


@pytest.mark.parametrize("device", WITH_A_TONE)
def test_a_tone_has_its_pitch_length_and_level_whatever_the_device(
    heard: dict[str, Heard], device: str
) -> None:
    audio = heard[device].audio.astype(float)
    loud = np.flatnonzero(np.abs(audio) > LOUD)
    sound = audio[loud[0] : loud[-1]]
    assert len(sound) / SAMPLE_RATE == pytest.approx(TONE_SECONDS, abs=0.05)
    middle = sound[1600 : 1600 + SAMPLE_RATE // 2]
    assert np.abs(np.fft.rfft(middle)).argmax() * 2 == pytest.approx(TONE_HZ, abs=2)
    level = 20 * np.log10(np.sqrt(np.square(middle).mean()) / 32_768)
    assert level == pytest.approx(20 * np.log10(AMPLITUDE) - 3.01, abs=0.5)
    assert np.ptp(phases(middle)) < 0.1, "no sample of it is missing"
    assert heard[device].recording.gaps == ()
    assert heard[device].warnings.isdisjoint({CaptureWarning.CLIPPING, CaptureWarning.DEVICE_LOST})


def phases(sound: Frames) -> Frames:
    """Of the tone, in radians, each 10 ms."""
    turned = sound * np.exp(-2j * np.pi * TONE_HZ * np.arange(len(sound)) / SAMPLE_RATE)
    return np.unwrap(np.angle(turned.reshape(-1, SAMPLE_RATE // 100).sum(axis=1)))


@pytest.mark.parametrize("device", DEVICES)
def test_every_device_is_opened_as_it_is_and_one_like_a_telephone_is_told(
    heard: dict[str, Heard], device: str
) -> None:
    (started,) = heard[device].events.of(RecordingStarted)
    assert started.native_rate == DEVICES[device][1]
    assert (CaptureWarning.NARROW_BAND in heard[device].warnings) == (started.native_rate <= 16_000)


def test_what_is_far_too_loud_is_told(heard: dict[str, Heard]) -> None:
    device = heard["stereo, far too loud, 48 kHz"]
    assert CaptureWarning.CLIPPING in device.warnings
    assert np.abs(device.audio.astype(int)).max() >= 32_700


def test_eight_channels_of_zeros_are_told_as_a_silent_microphone(heard: dict[str, Heard]) -> None:
    device = heard["eight channels of zeros, 48 kHz"]
    assert device.warnings == {CaptureWarning.ALL_ZERO}
    assert device.recording.seconds >= ALL_ZERO_SECONDS
    assert not device.audio.any()

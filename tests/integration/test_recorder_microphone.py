"""The recorder with a real microphone: PortAudio over ALSA on a private PulseAudio server."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from known_noise import audio_of, misplaced, out_of_step, place_in, spans, write_noise
from recording_events import RecordingEvents
from virtual_microphone import VirtualMicrophone

from scribe_app.adapters.recorder import ProcessRecorder, SupervisedRecording
from scribe_app.domain.events import (
    CaptureWarned,
    CaptureWarning,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
)
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE, GapReason
from scribe_app.errors import MicrophoneError
from scribe_app.ports import MicrophoneSource, RecordingRequest

KEY = bytes(range(32))
ID = ConsultationId("heard")


def start(folder: Path, name: str = "") -> tuple[SupervisedRecording, RecordingEvents]:
    events = RecordingEvents()
    request = RecordingRequest(ID, folder, KEY, MicrophoneSource(name))
    return ProcessRecorder().start(request, events), events


def test_a_tone_is_heard_with_its_pitch_level_and_length(
    virtual_microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    time_line = np.arange(48_000 * 3) / 48_000
    soundfile.write(tmp_path / "tone.wav", 0.1 * np.sin(2 * np.pi * 1000 * time_line), 48_000)
    active, events = start(tmp_path / "r")
    events.wait(RecordingStarted)
    virtual_microphone.play(tmp_path / "tone.wav").wait(15)
    time.sleep(0.3)
    active.stop()
    recording = events.closed()
    assert active.join(30)
    audio = audio_of(tmp_path / "r", KEY)
    heard = np.flatnonzero(np.abs(audio.astype(int)) > 300)
    tone = audio[heard[0] : heard[-1]].astype(float)
    assert len(tone) / SAMPLE_RATE == pytest.approx(3, abs=0.05)
    middle = tone[8000:40_000]
    assert np.abs(np.fft.rfft(middle)).argmax() / (len(middle) / SAMPLE_RATE) == pytest.approx(1000, abs=1)
    assert 20 * np.log10(np.sqrt(np.square(middle).mean()) / 32_768) == pytest.approx(-23.0, abs=0.5)
    assert recording.gaps == ()
    assert recording.complete


def test_a_pause_is_counted_to_50_ms(virtual_microphone: VirtualMicrophone, tmp_path: Path) -> None:
    source = write_noise(tmp_path / "noise.wav", 12)
    active, events = start(tmp_path / "r")
    events.wait(RecordingStarted)
    virtual_microphone.play(tmp_path / "noise.wav")
    time.sleep(2.5)
    active.pause()
    events.wait(RecordingPaused)
    time.sleep(2.0)
    active.resume()
    events.wait(RecordingResumed)
    time.sleep(1.5)
    active.stop()
    (gap,) = events.closed().gaps
    assert gap.reason is GapReason.PAUSED
    assert misplaced(events.closed(), audio_of(tmp_path / "r", KEY), source) <= 0.05


def test_an_unplugged_microphone_is_told_counted_and_heard_again(
    virtual_microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    write_noise(tmp_path / "noise.wav", 20)
    active, events = start(tmp_path / "r")
    began, _ = events.wait(RecordingStarted)
    virtual_microphone.play(tmp_path / "noise.wav")
    time.sleep(1)
    unplugged = time.monotonic()
    virtual_microphone.unplug()
    told, warned = events.wait(CaptureWarned, warning=CaptureWarning.DEVICE_LOST)
    assert told - unplugged < 2
    assert "recording goes on" in warned.text
    time.sleep(1)
    virtual_microphone.plug_in()
    back = time.monotonic()
    events.wait(CaptureWarned, warning=CaptureWarning.DEVICE_BACK)
    time.sleep(1)
    stopped = time.monotonic()
    active.stop()
    recording = events.closed()
    assert [gap.reason for gap in recording.gaps] == [GapReason.DEVICE_LOST]
    assert recording.gaps[0].seconds == pytest.approx(back - unplugged, abs=1.5)
    assert out_of_step(tmp_path / "r", KEY) <= 0.05
    # RecordingStarted comes a moment after the audio that it tells of, on a busy computer a longer one.
    assert -0.05 <= spans(recording) - (stopped - began + 0.25) <= 0.4
    assert ProcessRecorder().recover(ID, tmp_path / "r", KEY) == recording


def test_another_default_microphone_is_followed_told_and_what_is_missing_counted(
    virtual_microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    """Both hear the same room. It is chosen, and unplugged again; the sound server moves the recording."""
    noise = write_noise(tmp_path / "noise.wav", 20)
    desk = virtual_microphone.second("Desk_microphone")
    active, events = start(tmp_path / "r")
    events.wait(RecordingStarted)
    virtual_microphone.play(tmp_path / "noise.wav")
    time.sleep(2.5)
    chosen = time.monotonic()
    virtual_microphone.control("set-default-source", "desk")
    told, warned = events.wait(CaptureWarned, warning=CaptureWarning.DEVICE_CHANGED)
    assert told - chosen < 2
    assert warned.text == ("The default microphone changed. The recording goes on with “Desk_microphone”.")
    time.sleep(2.5)
    unplugged = time.monotonic()
    virtual_microphone.control("unload-module", desk)
    told, warned = events.wait(CaptureWarned, since=unplugged, warning=CaptureWarning.DEVICE_CHANGED)
    assert told - unplugged < 2
    assert "goes on with “Monitor of" in warned.text
    time.sleep(2.5)
    active.stop()
    recording = events.closed()
    assert {gap.reason for gap in recording.gaps} <= {GapReason.DEVICE_LOST}
    assert misplaced(recording, audio_of(tmp_path / "r", KEY), noise) <= 0.05


def test_what_is_said_up_to_stop_is_in_the_recording(
    virtual_microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    """Another listener says what could be heard in the room by the time that Stop was pressed."""
    noise = write_noise(tmp_path / "noise.wav", 20)
    virtual_microphone.play(tmp_path / "noise.wav")
    for attempt, wait in enumerate((0.9, 1.13, 1.31)):
        active, events = start(tmp_path / str(attempt))
        events.wait(RecordingStarted)
        time.sleep(wait)
        room = virtual_microphone.heard()
        active.stop()
        recorded = events.closed()
        assert recorded.gaps == ()
        ends = [
            place_in(noise, part[-SAMPLE_RATE // 2 :])
            for part in (room, audio_of(tmp_path / str(attempt), KEY))
        ]
        assert ends[0] is not None
        assert ends[1] is not None
        print(f"recorded {(ends[1] - ends[0]) / SAMPLE_RATE:.3f} s more than the room had heard at Stop")
        assert ends[1] >= ends[0], "the tail is cut"


def test_a_killed_recorder_leaves_what_it_heard(
    virtual_microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    active, events = start(tmp_path / "r")
    began, _ = events.wait(RecordingStarted)
    time.sleep(1.63)
    active.kill()
    killed = time.monotonic()
    recording = ProcessRecorder().recover(ID, tmp_path / "r", KEY)
    assert 0.25 + killed - began - recording.seconds <= 0.5
    assert [gap.reason for gap in recording.gaps] == [GapReason.INTERRUPTED]


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX systems")
def test_a_stopped_process_loses_nothing_uncounted(
    virtual_microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    """As when the computer sleeps: what the system kept is recorded, the rest is a gap."""
    active, events = start(tmp_path / "r")
    began, _ = events.wait(RecordingStarted)
    assert active.pid is not None
    os.kill(active.pid, signal.SIGSTOP)
    time.sleep(4)
    os.kill(active.pid, signal.SIGCONT)
    time.sleep(2.5)
    active.stop()
    recording = events.closed()
    assert spans(recording) == pytest.approx(time.monotonic() - began + 0.25, abs=0.3)
    assert not [event for event in events.of(CaptureWarned) if event.warning is CaptureWarning.DEVICE_LOST]


def test_a_muted_microphone_is_told_within_four_seconds(
    virtual_microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    write_noise(tmp_path / "noise.wav", 20)
    virtual_microphone.play(tmp_path / "noise.wav")
    virtual_microphone.control("set-source-mute", "room.monitor", "1")
    active, events = start(tmp_path / "r")
    began, _ = events.wait(RecordingStarted)
    told, warned = events.wait(CaptureWarned, warning=CaptureWarning.ALL_ZERO)
    assert told - began < 4
    assert "permission" in warned.text
    virtual_microphone.control("set-source-mute", "room.monitor", "0")
    events.wait(CaptureWarned, warning=CaptureWarning.RECOVERED)
    active.stop()
    events.closed()


def test_microphones_are_listed_and_an_unknown_name_says_which_there_are(
    virtual_microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    microphones = ProcessRecorder().microphones()
    assert microphones[0].is_default
    assert microphones[0].name == "default"
    _, events = start(tmp_path / "r", "Studio microphone")
    error = events.failure()
    assert isinstance(error, MicrophoneError)
    assert "default" in error.remedy
    assert not (tmp_path / "r").exists()


def test_without_any_microphone_the_error_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cards = Path("/proc/asound/cards")
    if sys.platform != "linux" or (cards.exists() and "no soundcards" not in cards.read_text()):
        pytest.skip("this machine has a sound card")
    # As on a server: ALSA's own configuration, and a sound server that nobody started.
    monkeypatch.delenv("ALSA_CONFIG_PATH", raising=False)
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    assert ProcessRecorder().microphones() == []
    _, events = start(tmp_path / "r")
    error = events.failure()
    assert isinstance(error, MicrophoneError)
    assert "No microphone was found" in error.title
    assert error.remedy
    assert not (tmp_path / "r").exists()

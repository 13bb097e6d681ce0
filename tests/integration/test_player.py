"""Playing a stretch of a recording through a real sound server."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

import numpy as np
import pytest
from virtual_microphone import ASOUND_CONF, VirtualMicrophone

from scribe_app.adapters.player import PlaybackError, ProcessPlayer
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.errors import ScribeError


class End:
    """Remembers how playing ended."""

    def __init__(self) -> None:
        self.errors: list[ScribeError | None] = []
        self._come = threading.Event()

    def __call__(self, error: ScribeError | None) -> None:
        self.errors.append(error)
        self._come.set()

    def wait(self, seconds: float) -> bool:
        return self._come.wait(seconds)


def tone(seconds: float) -> bytes:
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (8_000 * np.sin(2 * np.pi * 440 * time)).astype("<i2").tobytes()


def test_a_stretch_is_heard_whole_and_its_end_is_told(
    virtual_microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    heard = tmp_path / "heard.raw"
    environment = os.environ | virtual_microphone.environment
    with heard.open("wb") as file:
        listener = subprocess.Popen(
            ["parec", "--device=room.monitor", "--rate=16000", "--channels=1", "--format=s16le"],
            env=environment,
            stdout=file,
            stderr=subprocess.DEVNULL,
        )
        end = End()
        ProcessPlayer().play(tone(1.5), end)
        assert end.wait(30)
        listener.terminate()
        listener.wait(10)
    assert end.errors == [None]
    samples = np.frombuffer(heard.read_bytes(), "<i2").astype(float)
    blocks = samples[: len(samples) // 160 * 160].reshape(-1, 160)
    loud_seconds = float(np.sum(np.sqrt(np.mean(blocks**2, axis=1)) > 1_000)) * 0.01
    assert loud_seconds == pytest.approx(1.5, abs=0.2)


def test_stop_silences_at_once(virtual_microphone: VirtualMicrophone) -> None:
    player, end = ProcessPlayer(), End()
    player.play(tone(60), end)
    player.stop()
    assert end.wait(10)
    assert end.errors == [None]


def test_without_a_loudspeaker_the_error_says_that_the_recording_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    silent = f"unix:{tmp_path}/nobody-answers"
    (tmp_path / "asound.conf").write_text(ASOUND_CONF.format(server=silent))
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "asound.conf"))
    monkeypatch.setenv("PULSE_SERVER", silent)
    end = End()
    ProcessPlayer().play(tone(0.2), end)
    assert end.wait(30)
    error = end.errors[0]
    assert isinstance(error, PlaybackError)
    assert "kept" in error.detail

"""The sliding window to compare with: it decodes again each second, drops nothing and stays short."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from scribe_app.adapters.speech.sliding import STEP, Sliding
from scribe_app.adapters.worker import Stop
from scribe_app.domain.events import SpeechWork, TranscriptionFinished, UtteranceSettled
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE, AudioGap
from scribe_app.ports import TranscriptionRequest

REQUEST = TranscriptionRequest(ConsultationId("c1"), Path(), bytes(32), Path(), "en")


class Room:
    """A recording that grows by half a second whenever somebody waits for it, and the pipe."""

    def __init__(self, seconds: int) -> None:
        self.length, self.grown = seconds * SAMPLE_RATE, 0
        self.told: list[Any] = []
        self.closed = False
        self.gaps: tuple[AudioGap, ...] = ()

    def available(self) -> int:
        return min(self.grown, self.length)

    def read(self, start: int, end: int) -> npt.NDArray[np.int16]:
        assert end <= self.available()
        return np.full(end - start, round(start / SAMPLE_RATE), np.int16)

    def poll(self, wait: float) -> bool:
        self.grown += SAMPLE_RATE // 2
        return self.grown >= self.length and not self.closed

    def recv(self) -> Stop:
        self.closed = True
        return Stop()

    def send(self, events: tuple[Any, ...]) -> None:
        self.told += events


class OneWordASecond:
    """Hears "w0 w1 w2 …", each word in its own second; the one still being said is misheard."""

    def __init__(self, steady: bool = True) -> None:
        self.options: dict[str, Any] = {}
        self.model, self.windows, self.steady = self, list[float](), steady

    def transcribe(self, audio: Any, **_: Any) -> tuple[Iterator[Any], None]:
        seconds = len(audio) / SAMPLE_RATE
        first = round(float(audio[0]) * 32_768)  # the room writes into its sound which second it is
        self.windows.append(seconds)
        whole = int(seconds) if self.steady else 0
        words = [SimpleNamespace(word=f" w{first + n}", start=n + 0.1, end=n + 0.9) for n in range(whole)]
        words.append(SimpleNamespace(word=f" half{len(self.windows)}", start=whole + 0.1, end=seconds))
        return iter([SimpleNamespace(words=words)]), None

    def work(self) -> SpeechWork:
        return SpeechWork(encodings=len(self.windows))


def run(room: Room, whisper: OneWordASecond) -> list[str]:
    Sliding(room, REQUEST, room, whisper).run()  # type: ignore[arg-type]  # played
    said = [event.utterance.text for event in room.told if isinstance(event, UtteranceSettled)]
    return " ".join(said).split()


def test_every_word_is_said_once_and_decoded_over_and_over() -> None:
    room, whisper = Room(60), OneWordASecond()
    words = run(room, whisper)
    assert [word for word in words if word.startswith("w")] == [f"w{n}" for n in range(60)]
    finished = room.told[-1]
    assert isinstance(finished, TranscriptionFinished)
    assert finished.samples == room.length
    assert finished.work.encodings == len(whisper.windows) >= 55, "one for each second of audio"
    assert max(whisper.windows) <= 17, "what is final leaves the window"
    assert sum(whisper.windows) > 5 * 60, "each second is decoded again and again"


def test_a_window_in_which_no_two_readings_agree_does_not_grow_on() -> None:
    room, whisper = Room(60), OneWordASecond(steady=False)
    assert run(room, whisper)
    assert max(whisper.windows) <= 17


@pytest.mark.parametrize("seconds", [0, 1])
def test_hardly_any_recording_ends_as_well(seconds: int) -> None:
    room = Room(seconds)
    run(room, OneWordASecond())
    assert isinstance(room.told[-1], TranscriptionFinished)
    assert STEP == SAMPLE_RATE

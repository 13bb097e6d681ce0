"""The loop of the speech process under a recogniser of any speed: nothing dropped, the ladder up and down.

Audio and voice detector are real; the recogniser is played, and time is counted, not waited for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from scribe_app.adapters.speech.child import MOST_GROWTH_MB, WINDOWS_BETWEEN, Transcribing
from scribe_app.adapters.speech.decoder import BEAM, Counted, Hearing, Samples
from scribe_app.adapters.speech.doubts import Decoded
from scribe_app.adapters.speech.pressure import EASES_AT
from scribe_app.adapters.speech.splitting import HeardWord
from scribe_app.adapters.worker import Stop
from scribe_app.domain.events import (
    MemoryGrown,
    PaceChanged,
    PreviewChanged,
    TranscriptionFinished,
    UtteranceSettled,
    WindowTaken,
)
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.pace import Pace
from scribe_app.domain.recording import SAMPLE_RATE, AudioGap
from scribe_app.paths import resources_folder
from scribe_app.ports import TranscriptionRequest

REQUEST = TranscriptionRequest(ConsultationId("c1"), Path(), bytes(32), Path(), "en")
WORDS_PER_SECOND = 2.5


class Room:
    """A talk in its own time: the clock, the microphone, and the pipe to the main process."""

    def __init__(self, audio: npt.NDArray[np.int16]) -> None:
        self.now, self.audio = 0.0, audio
        self.told: list[Any] = []
        self.at: list[float] = []
        self.closed = False
        self.gaps: Sequence[AudioGap] = ()

    def available(self) -> int:
        return min(int(self.now * SAMPLE_RATE), len(self.audio))

    def read(self, start: int, end: int) -> npt.NDArray[np.int16]:
        assert end <= self.available()
        return self.audio[start:end]

    def send(self, events: tuple[Any, ...]) -> None:
        self.told += events
        self.at += [self.now] * len(events)

    def poll(self, wait: float) -> bool:
        self.now += wait
        return self.available() == len(self.audio) and not self.closed

    def recv(self) -> Stop:
        self.closed = True
        return Stop()

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.told if isinstance(event, kind)]


class Recogniser:
    """Takes so many seconds for a second of speech, at first less; slow until a moment, then quick."""

    name = "played"
    counted = Counted()

    def __init__(self, room: Room, slow: float, slow_until: float) -> None:
        self.room, self.slow, self.slow_until = room, slow, slow_until
        self.windows: list[tuple[float, int]] = []

    def hear(self, samples: Samples, beam: int = BEAM) -> Hearing:
        length = len(samples) / SAMPLE_RATE
        self.windows.append((length, beam))
        slow = min(self.slow, 0.7 * len(self.windows))
        self.room.now += length * slow if self.room.now < self.slow_until else 0.5
        count = max(1, round(length * WORDS_PER_SECOND))
        words = [f"{'abcdefgh'[n % 8]}{n}ly" for n in range(count)]
        heard = tuple(HeardWord(word, 0.9) for word in words)
        return Hearing(heard, Decoded(" ".join(words), -0.2, 0.0))

    def hear_again(self, hotwords: str, beam: int = BEAM) -> Hearing:
        raise AssertionError("there are no terms")

    def tokens_in(self, text: str) -> int:
        return len(text.split())

    def glance(self, samples: Samples) -> Hearing:
        self.room.now += 0.2
        return Hearing((), Decoded("grey words", -0.2, 0.0))


def talk(minutes: float) -> npt.NDArray[np.int16]:
    audio, _ = soundfile.read(
        resources_folder() / "sample_consultations" / "chest-pain-en.flac", dtype="int16"
    )
    return np.resize(audio, int(minutes * 60 * SAMPLE_RATE))


def run(room: Room, recogniser: Recogniser, request: TranscriptionRequest = REQUEST) -> None:
    Transcribing(room, request, room, recogniser, clock=lambda: room.now).run()  # type: ignore[arg-type]  # played


@pytest.fixture(scope="module")
def slow_then_quick() -> tuple[Room, Recogniser]:
    room = Room(talk(14))
    recogniser = Recogniser(room, slow=1.7, slow_until=480.0)
    run(room, recogniser)
    return room, recogniser


def test_the_ladder_goes_up_rung_by_rung_is_told_and_comes_back(
    slow_then_quick: tuple[Room, Recogniser],
) -> None:
    room, _ = slow_then_quick
    paces = [event.pace for event in room.of(PaceChanged)]
    climbed = [pace for pace in dict.fromkeys(paces) if pace is not Pace.LIVE]
    assert climbed == list(Pace)[1:]
    assert paces[-1] is Pace.LIVE
    last_rung = [event for event in room.of(PaceChanged) if event.pace is Pace.AFTER_STOP]
    assert all(event.behind >= 120 * EASES_AT for event in last_rung)
    assert last_rung[0].ready_after_stop > last_rung[0].behind, "slower than the talk"


def test_what_gives_way_is_preview_then_short_windows_then_beams(
    slow_then_quick: tuple[Room, Recogniser],
) -> None:
    room, recogniser = slow_then_quick
    behind = [t for e, t in zip(room.told, room.at, strict=True) if isinstance(e, PaceChanged)]
    back = behind[-1]
    shown = [t for e, t in zip(room.told, room.at, strict=True) if isinstance(e, PreviewChanged) and e.text]
    assert not any(behind[0] < t < back for t in shown)
    assert any(t > back for t in shown)
    assert {beam for _, beam in recogniser.windows} == {1, BEAM}
    greedy = [length for length, beam in recogniser.windows if beam == 1]
    assert sum(greedy) / len(greedy) > 20


def test_not_a_word_is_dropped_however_slow_it_is(slow_then_quick: tuple[Room, Recogniser]) -> None:
    room, recogniser = slow_then_quick
    quick = Room(room.audio)
    run(quick, Recogniser(quick, 0.1, 0.0))
    heard = sum(length for length, _ in recogniser.windows)
    spoken = [(e.utterance.start, e.utterance.end) for e in quick.of(UtteranceSettled)]
    slowly = [(e.utterance.start, e.utterance.end) for e in room.of(UtteranceSettled)]
    assert room.of(TranscriptionFinished)[0].samples == len(room.audio)
    covered = np.zeros(len(room.audio) // 1600 + 1, bool)
    for start, end in slowly:
        covered[int(start * 10) : int(np.ceil(end * 10))] = True
    missed = sum((~covered[int(s * 10) + 1 : int(e * 10)]).sum() for s, e in spoken)
    assert missed / 10 <= 0.02 * sum(end - start for start, end in spoken)
    assert heard >= sum(end - start for start, end in slowly) * 0.98


def test_an_open_window_of_long_speech_is_no_backlog() -> None:
    room = Room(talk(3))
    run(room, Recogniser(room, 0.1, 0.0))
    assert room.of(PaceChanged) == []
    assert [event for event in room.of(PreviewChanged) if event.text]


def test_a_file_played_faster_than_talk_is_decoded_with_all_beams_and_not_called_slow() -> None:
    room = Room(talk(4))
    room.now = 240.0  # all of it is there, so Stop comes at once
    recogniser = Recogniser(room, 2.0, 1e9)
    run(room, recogniser)
    assert {beam for _, beam in recogniser.windows} == {BEAM}
    assert room.of(PaceChanged) == []


def test_a_file_that_is_nearly_all_there_when_it_is_first_seen_is_not_taken_for_a_talk() -> None:
    class Arriving(Room):
        """A hundred seconds are there; the rest comes 60 times as fast as talk, and Stop after it."""

        def available(self) -> int:
            return min(int((100.0 + 60.0 * self.now) * SAMPLE_RATE), len(self.audio))

    room = Arriving(talk(4))
    recogniser = Recogniser(room, 0.5, 1e9)
    run(room, recogniser)
    assert {beam for _, beam in recogniser.windows} == {BEAM}
    assert room.of(PaceChanged) == []


def test_every_window_is_named_before_it_is_heard_and_when_it_was_told() -> None:
    room = Room(talk(1))
    named: list[Any] = []

    class Asking(Recogniser):
        def hear(self, samples: Samples, beam: int = BEAM) -> Hearing:
            named.append(room.told[-1])
            return super().hear(samples, beam)

    run(room, Asking(room, 0.1, 0.0))
    assert len(named) >= 2
    assert all(isinstance(one, WindowTaken) and one.under_way for one in named)
    taken = room.of(WindowTaken)
    assert taken[0::2] == list(dict.fromkeys(named))
    assert taken[1::2] == [replace(one, under_way=False) for one in taken[0::2]]
    untils = sorted({event.until_sample for event in room.of(UtteranceSettled)} - {0})
    assert [one.until_sample for one in taken[1::2]] == untils


def test_after_a_death_there_is_no_preview_before_the_first_window_is_through() -> None:
    for careful in (False, True):
        room = Room(talk(1))
        run(room, Recogniser(room, 0.1, 0.0), replace(REQUEST, careful=careful))
        kinds = [type(event) for event in room.told]
        assert (kinds.index(PreviewChanged) > kinds.index(WindowTaken)) is careful


def swelling(room: Room, request: TranscriptionRequest, per_window: int) -> Recogniser:
    recogniser = Recogniser(room, 0.1, 0.0)
    grows = Transcribing(
        room, request, room, recogniser,  # type: ignore[arg-type]  # played
        clock=lambda: room.now, memory=lambda: 500 + per_window * len(recogniser.windows),
    )  # fmt: skip
    grows.run()
    return recogniser


def test_a_process_that_swells_ends_between_windows_and_the_next_one_tells_the_rest() -> None:
    audio = talk(2)
    room = Room(audio)
    short = replace(REQUEST, longest_window=8.0)
    swelling(room, replace(short, may_end_early=True), MOST_GROWTH_MB)
    assert isinstance(room.told[-1], MemoryGrown)
    assert len(room.of(WindowTaken)) == 2 * WINDOWS_BETWEEN
    until = max(event.until_sample for event in room.of(UtteranceSettled))

    after, whole = Room(audio), Room(audio)
    after.now = room.now
    first = len(room.of(UtteranceSettled)) + 1
    swelling(after, replace(short, from_sample=until, first_id=first), 0)
    swelling(whole, short, 0)
    told = [event.utterance for one in (room, after) for event in one.of(UtteranceSettled)]
    assert told == [event.utterance for event in whole.of(UtteranceSettled)]


@pytest.mark.parametrize(("may", "per_window"), [(False, MOST_GROWTH_MB), (True, 10)])
def test_otherwise_it_goes_on_to_the_end(may: bool, per_window: int) -> None:
    """A little is not given back; and nobody waits for ever who does not know of it."""
    room = Room(talk(2))
    recogniser = swelling(room, replace(REQUEST, longest_window=8.0, may_end_early=may), per_window)
    assert len(recogniser.windows) > WINDOWS_BETWEEN
    assert room.of(TranscriptionFinished)
    assert not room.of(MemoryGrown)

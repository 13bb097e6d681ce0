"""What every VoiceListener must do: the real listening process, and the scripted one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scripted_voices import ScriptedVoices

from scribe_app.adapters.diarisation import Diariser
from scribe_app.adapters.journal import JournalWriter, WriterTerms
from scribe_app.domain.events import Event, VoicesTold
from scribe_app.domain.ids import ConsultationId, UtteranceId
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.transcript import Utterance
from scribe_app.ports import ActiveVoices, VoiceListener, VoicesRequest

ID = ConsultationId("c1")
KEY = bytes(range(32))
LIMIT = 3.0
PATIENCE_SECONDS = 60
TURNS = 12

pytestmark = pytest.mark.usefixtures("fork_server")


class Room:
    """A listener, a recording of two who take turns of two seconds, and what it said."""

    def __init__(self, listener: VoiceListener, folder: Path) -> None:
        self.listener, self.request = listener, VoicesRequest(ID, folder, KEY)
        self.said: list[Event] = []
        self._came = threading.Event()

    def hear(self, event: Event) -> None:
        self.said.append(event)
        self._came.set()

    def start(self, **changes: object) -> ActiveVoices:
        return self.listener.start(replace(self.request, **changes), self.hear)  # type: ignore[arg-type]

    def told(self) -> VoicesTold:
        assert self._came.wait(PATIENCE_SECONDS)
        (event,) = self.said
        assert isinstance(event, VoicesTold)
        return event


def turns() -> list[Utterance]:
    return [Utterance(UtteranceId(n + 1), "words", 2.0 * n, 2.0 * n + 1.8) for n in range(TURNS)]


def buzz(hertz: float) -> np.ndarray:
    """Two seconds of a voice of this pitch, more or less."""
    time_s = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
    return sum(np.sin(2 * np.pi * hertz * n * time_s) / n for n in range(1, 12))


def real(folder: Path) -> Room:
    audio = np.concatenate([buzz(110 if turn % 2 else 220) for turn in range(TURNS)])
    writer = JournalWriter(folder, KEY, ID, WriterTerms(sync_seconds=60))
    writer.append((6000 * audio / abs(audio).max()).astype("<i2").tobytes())
    writer.close()
    return Room(Diariser(), folder)


def scripted(folder: Path) -> Room:
    return Room(ScriptedVoices(), folder)


@pytest.fixture(params=[scripted, real], ids=["scripted", "process"])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Room:
    make: Callable[[Path], Room] = request.param
    return make(tmp_path)


def test_one_answer_about_what_was_heard_and_nothing_else(room: Room) -> None:
    active = room.start()
    active.hear(turns()[:8])
    active.hear(turns()[8:])
    active.tell(LIMIT)
    told = room.told()
    assert told.consultation == ID
    assert {id for id, _ in told.voices} <= {turn.id for turn in turns()}
    assert len({id for id, _ in told.voices}) == len(told.voices)
    assert all(0 <= voice < 2 for _, voice in told.voices), "two people speak"


def test_asked_before_anything_was_heard_it_answers_that_it_knows_nothing(room: Room) -> None:
    room.start().tell(LIMIT)
    assert room.told().voices == ()


def test_cancelled_it_says_nothing(room: Room) -> None:
    active = room.start()
    active.hear(turns())
    active.cancel()
    assert room.said == []


@pytest.mark.parametrize("speakers", [1, 3, 4])
def test_another_number_of_speakers_is_taken_and_answered(room: Room, speakers: int) -> None:
    """Without a model only two can be told apart by sound: it says nothing rather than something wrong."""
    active = room.start(speakers=speakers)
    active.hear(turns())
    active.tell(LIMIT)
    assert all(0 <= voice < max(2, speakers) for _, voice in room.told().voices)


def test_a_model_that_is_not_there_costs_no_answer(room: Room, tmp_path: Path) -> None:
    active = room.start(model=tmp_path / "nowhere")
    active.hear(turns())
    active.tell(LIMIT)
    room.told()


def test_how_voices_will_be_told_apart_is_known_beforehand(room: Room) -> None:
    assert room.listener.way(None).value == "sound"

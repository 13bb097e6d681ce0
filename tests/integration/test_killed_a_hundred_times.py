"""kill -9, a hundred times for each process: speech recognition, drafting, the main process.

Everything is real but the birth of the processes, which comes from a fork server. Spawned ones are killed in
test_killed_processes.py; the recorder's hundred is in test_recorder.py.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from multiprocessing.context import ForkServerContext
from pathlib import Path

import numpy as np
import pytest
import soundfile
from clinic import ONE_THREAD, Clinic, begin_and_wait, now, write_clip
from drafting_parts import sample

from scribe_app.domain.consultation import Consultation, ConsultationState
from scribe_app.domain.events import (
    Event,
    LetterReady,
    RecordingClosed,
    TranscriptionFinished,
    UtteranceSettled,
)
from scribe_app.domain.ids import ConsultationId, new_consultation_id
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.transcript import Utterance
from scribe_app.ports import TranscriptionRequest

KILLS = 100
AT_ONCE = 4
LOOK_SECONDS = 0.005
PATIENCE_SECONDS = 300.0
SHORT_WINDOW = 8.0
"""Seconds, whatever the model could take: the more windows, the more places to die in."""
SPEECH_SECONDS = 105
LINES = 14
"""Of the sample consultation, in each letter."""
LANES = 5
"""Vaults in which main processes are killed at the same time, one after the other in each."""
SPOKEN_SECONDS = 2
"""Of each consultation whose main process is killed."""

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX"),
    pytest.mark.timeout(900),
    pytest.mark.usefixtures("fork_server"),
]


class Progress:
    """What has happened to which consultation, quick to ask."""

    def __init__(self, clinic: Clinic) -> None:
        self._seen: set[tuple[type[Event], ConsultationId]] = set()
        self._reached: dict[ConsultationId, int] = {}
        clinic.bus.subscribe(self._hear)

    def _hear(self, event: Event) -> None:
        self._seen.add((type(event), event.consultation))
        if isinstance(event, UtteranceSettled):
            reached = self._reached.get(event.consultation, 0)
            self._reached[event.consultation] = max(reached, event.until_sample)

    def has(self, kind: type[Event], id: ConsultationId) -> bool:
        return (kind, id) in self._seen

    def reached(self, id: ConsultationId) -> int:
        """Sample up to which it is transcribed."""
        return self._reached.get(id, 0)


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    made = Clinic(tmp_path / "clinic", ONE_THREAD)
    made.watched.longest_window = SHORT_WINDOW
    yield made
    made.close()


def until(there: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not there():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(LOOK_SECONDS)


def kill(pid: int | None) -> None:
    assert pid is not None
    with contextlib.suppress(ProcessLookupError):  # it came too late, and does not count
        os.kill(pid, signal.SIGKILL)


# --- speech recognition ---------------------------------------------------------------------------------


def test_speech_recognition_killed_in_one_window_after_the_other_writes_the_same_transcript(
    clinic: Clinic, tmp_path: Path
) -> None:
    """At most once in a window: what dies twice of the same one has it passed over."""
    clip, chance, progress = write_clip(tmp_path, SPEECH_SECONDS), random.Random(5), Progress(clinic)
    whole = clinic.play(clip)
    clinic.wait(LetterReady, whole, PATIENCE_SECONDS)
    expected = clinic.transcript(whole).utterances
    settled = [event for event in clinic.events if isinstance(event, UtteranceSettled)]
    ends = {0, *(event.until_sample for event in settled)}
    kills = 0
    while kills < KILLS:
        ids = []
        for _ in range(AT_ONCE):
            ids.append(clinic.play(clip))
            clinic.wait(RecordingClosed, ids[-1], PATIENCE_SECONDS)
        one = partial(kill_speech, clinic, progress)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(one, ids, [chance.random() for _ in ids]))
        for id in ids:
            clinic.wait(LetterReady, id, PATIENCE_SECONDS)
            assert said(clinic.transcript(id).utterances) == said(expected)
            assert clinic.recording(id).samples == SPEECH_SECONDS * SAMPLE_RATE
            begun = [request.from_sample for request, _ in transcriptions(clinic, id)]
            assert begun == sorted(begun)
            assert set(begun) <= ends, "each goes on at the next sample"
            kills += len(begun) - 1
    assert clinic.failures() == []
    print(f"speech recognition killed {kills} times: the same transcript each time")


def kill_speech(clinic: Clinic, progress: Progress, id: ConsultationId, seed: float) -> None:
    """Each process of a transcription, once it has told a window (the first also before)."""
    chance = random.Random(seed)
    for number in itertools.count():
        if not next_one(clinic, progress, id, number):
            return
        request, pid = transcriptions(clinic, id)[number]
        began = time.monotonic()
        if number and not next_window(progress, id, request.from_sample):
            return
        took = time.monotonic() - began
        time.sleep(chance.uniform(0.0, took / 2 if number else 1.0))
        kill(pid)


def next_one(clinic: Clinic, progress: Progress, id: ConsultationId, number: int) -> bool:
    """Wait for the process of this number; whether there is anything left for it to do."""

    def there() -> bool:
        return len(transcriptions(clinic, id)) > number or progress.has(TranscriptionFinished, id)

    until(there, "speech recognition is started again")
    return not progress.has(TranscriptionFinished, id)


def next_window(progress: Progress, id: ConsultationId, sample: int) -> bool:
    """Wait until more than up to this sample is told; whether that was not the last of all."""

    def told() -> bool:
        return progress.reached(id) > sample or progress.has(TranscriptionFinished, id)

    until(told, "the next window is told")
    return not progress.has(TranscriptionFinished, id)


def transcriptions(clinic: Clinic, id: ConsultationId) -> list[tuple[TranscriptionRequest, int | None]]:
    both = zip(tuple(clinic.watched.asked), tuple(clinic.watched.started), strict=False)
    return [(request, one.pid) for request, one in both if request.consultation == id]


def said(utterances: tuple[Utterance, ...]) -> list[Utterance]:
    """As compared: how sure it is differs in the last digit."""
    return [replace(utterance, confidence=0.0) for utterance in utterances]


# --- drafting -------------------------------------------------------------------------------------------


def test_drafting_killed_while_it_loads_and_writes_gives_the_same_letter(clinic: Clinic) -> None:
    chance, progress = random.Random(6), Progress(clinic)
    whole = [spoken(clinic) for _ in range(2)]
    for id in whole:  # the second one says how long it takes where the fork server is there
        began = time.monotonic()
        clinic.service.write(id, "soap")
        until(partial(progress.has, LetterReady, id), "the letter is there")
    took = time.monotonic() - began
    (letter,) = clinic.store.letters(id)
    assert len(letter.statements) >= 5
    kills = trials = 0
    while kills < KILLS:
        ids = [spoken(clinic) for _ in range(AT_ONCE)]
        moments = [chance.uniform(0.0, took) for _ in ids]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(partial(write_and_kill, clinic), ids, moments))
        for id in ids:
            until(partial(progress.has, LetterReady, id), "the letter is there")
            (again,) = clinic.store.letters(id)
            assert [s.text for s in again.statements] == [s.text for s in letter.statements]
            assert [s.evidence for s in again.statements] == [s.evidence for s in letter.statements]
            kills += clinic.drafter.asked.count(id) - 1
        trials += len(ids)
        assert trials <= 3 * KILLS, f"{kills} came in time"
    assert clinic.failures() == []
    print(f"drafting killed {kills} times in {trials} letters: the same letter each time")


def spoken(clinic: Clinic) -> ConsultationId:
    """A consultation of which everything is transcribed and nothing is written."""
    id = new_consultation_id()
    clinic.store.save_consultation(Consultation(id, now(), "en", "soap", ConsultationState.TRANSCRIBING))
    clinic.store.add_utterances(id, sample().utterances[:LINES], SAMPLE_RATE)
    return id


def write_and_kill(clinic: Clinic, id: ConsultationId, after: float) -> None:
    clinic.service.write(id, "soap")
    time.sleep(after)
    kill(clinic.drafter.started[clinic.drafter.asked.index(id)].pid)


# --- the main process -----------------------------------------------------------------------------------


@dataclass
class Killed:
    """One consultation whose main process was killed."""

    id: ConsultationId
    heard: float
    """Seconds, as far as its file goes."""


def test_a_main_process_killed_at_any_point_loses_nothing_that_was_heard(
    fork_server: ForkServerContext, tmp_path: Path
) -> None:
    """Each takes up what the one before it left, and begins a consultation of its own."""
    clip = write_clip(tmp_path, SPOKEN_SECONDS + 1)
    spoken = soundfile.read(clip, dtype="int16")[0][-SPOKEN_SECONDS * SAMPLE_RATE :]  # from its first word on
    soundfile.write(clip, spoken, SAMPLE_RATE)
    one = partial(kill_main_processes, fork_server, clip)
    roots = [tmp_path / str(number) for number in range(LANES)]
    with ThreadPoolExecutor(LANES) as pool:
        lanes = list(pool.map(one, roots, range(LANES)))
        losses = list(chain.from_iterable(pool.map(partial(finished, spoken), roots, lanes)))
    print(f"main process killed {len(losses)} times: at most {max(losses):.3f} s lost")
    assert len(losses) == KILLS
    assert max(losses) <= 0.5


def kill_main_processes(context: ForkServerContext, clip: Path, root: Path, seed: int) -> list[Killed]:
    chance, killed = random.Random(seed), []
    for _ in range(KILLS // LANES):
        ours, theirs = context.Pipe()
        main = context.Process(target=begin_and_wait, args=(theirs, root, clip))
        main.start()
        theirs.close()
        id, started = ours.recv(), ours.recv()
        time.sleep(chance.uniform(0.0, SPOKEN_SECONDS + 1.2))  # recording, transcribing, writing, at rest
        main.kill()
        heard = 0.25 + time.monotonic() - started
        main.join(10)
        ours.close()
        killed.append(Killed(id, min(heard, SPOKEN_SECONDS)))
    return killed


def finished(spoken: np.ndarray, root: Path, killed: list[Killed]) -> list[float]:
    """Seconds lost of each, once everything is taken up to its letter."""
    clinic = Clinic(root, ONE_THREAD)
    try:
        clinic.service.recover()
        return [seconds_lost(clinic, one, spoken) for one in killed]
    finally:
        clinic.close()


def seconds_lost(clinic: Clinic, killed: Killed, spoken: np.ndarray) -> float:
    ends = (ConsultationState.IN_REVIEW, ConsultationState.FAILED)
    until(lambda: clinic.store.consultation(killed.id).state in ends, "its letter is there")
    consultation, recording = clinic.store.consultation(killed.id), clinic.recording(killed.id)
    audio = np.frombuffer(clinic.service.audio(killed.id, 0.0, SPOKEN_SECONDS), np.int16)
    assert len(audio) == recording.samples
    assert np.array_equal(audio, spoken[: recording.samples]), "wrong samples"
    told = clinic.transcript(killed.id).utterances
    if consultation.state is ConsultationState.FAILED:
        assert "No speech" in consultation.failure
        assert killed.heard < 1.2, "who spoke so long is heard"
    assert [utterance.id for utterance in told] == list(range(1, len(told) + 1))
    assert all(one.end <= two.start + 0.1 for one, two in itertools.pairwise(told)), "nothing twice"
    return killed.heard - recording.seconds

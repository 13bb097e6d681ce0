"""An hour's consultation, and a clinic of many: played faster than real time through the real line.

Memory of the main process and of the recorder, threads and open files are counted; a consultation is as short
as one is with this much speech in it, for recognition (about twelve times real time here) bounds how fast.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile
from clinic import Clinic, write_clip

from scribe_app.adapters.recorder import SupervisedRecording
from scribe_app.domain.events import LetterReady, RecordingClosed, RecordingStarted
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE

SPEED = 60.0
SPOKEN_SECONDS = 15
VISIT_MINUTES = 20
"""What one consultation of a clinic counts as, however much quiet of it was left out."""
GROWTH_MB_AN_HOUR = 10.0
WAIT_SECONDS = 600.0


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    made = Clinic(tmp_path)
    yield made
    made.close()


def play(folder: Path, minutes: float) -> Path:
    """A consultation that begins with speech and goes on with a quiet room."""
    speech, rate = soundfile.read(write_clip(folder, SPOKEN_SECONDS), dtype="int16")
    assert rate == SAMPLE_RATE
    room = np.random.default_rng(1).normal(0, 8, round(minutes * 60 * SAMPLE_RATE) - len(speech))
    file = folder / f"{minutes}-minutes.flac"
    soundfile.write(file, np.concatenate([speech, room.astype(np.int16)]), SAMPLE_RATE)
    return file


@dataclass(frozen=True)
class Held:
    """What a process holds."""

    megabytes: float
    threads: int
    files: int
    children: int


def held(process: psutil.Process) -> Held:
    with process.oneshot():
        return Held(
            process.memory_info().rss / 2**20,
            process.num_threads(),
            process.num_fds() if psutil.POSIX else process.num_handles(),
            len(process.children()),
        )


def recorder_of(clinic: Clinic, id: ConsultationId) -> psutil.Process:
    line = clinic.service._lines[id]  # the only way to the process; tests of other layers need no such way
    assert isinstance(line.recording, SupervisedRecording)
    assert line.recording.pid is not None
    return psutil.Process(line.recording.pid)


def grown(process: psutil.Process, done: Callable[[], bool]) -> float:
    """MB by which a process has grown from the first quarter of what was measured to the last."""
    sizes = []
    while not done():
        try:
            sizes.append(process.memory_info().rss / 2**20)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.2)
    quarter = max(1, len(sizes) // 4)
    assert len(sizes) > 8, "too short to tell"
    return float(np.median(sizes[-quarter:]) - np.median(sizes[quarter : 2 * quarter]))


@pytest.mark.parametrize(
    "minutes",
    [
        pytest.param(6, marks=pytest.mark.timeout(400)),
        pytest.param(60, marks=[pytest.mark.long, pytest.mark.timeout(1800)]),
    ],
)
def test_a_long_consultation_keeps_memory_flat_and_every_sample(
    clinic: Clinic, tmp_path: Path, minutes: int
) -> None:
    file = play(tmp_path, minutes)
    id = clinic.play(file, SPEED)
    clinic.wait(RecordingStarted, id)
    main, recorder = psutil.Process(), recorder_of(clinic, id)
    growths: dict[str, float] = {}
    closed = threading.Event()

    def closed_now() -> bool:
        if any(isinstance(event, RecordingClosed) for event in clinic.events):
            closed.set()
        return closed.is_set()

    watching = threading.Thread(target=lambda: growths.update(recorder=grown(recorder, closed_now)))
    watching.start()
    growths["main"] = grown(main, closed_now)
    watching.join()
    clinic.wait(LetterReady, id, WAIT_SECONDS)
    recording = clinic.recording(id)
    print(f"{minutes} min played {SPEED:.0f} times as fast: growth in MB {growths}")
    assert recording.samples == minutes * 60 * SAMPLE_RATE
    assert recording.gaps == ()
    assert clinic.transcript(id).utterances
    assert clinic.failures() == []
    for name, megabytes in growths.items():
        # Half of the time was measured; an allowance of 1 MB for what comes once.
        assert megabytes <= 1 + GROWTH_MB_AN_HOUR * minutes / 60, name


@pytest.mark.parametrize(
    ("consultations", "minutes"),
    [
        pytest.param(4, 1, marks=pytest.mark.timeout(400)),
        pytest.param(25, 1, marks=[pytest.mark.long, pytest.mark.timeout(3600)]),
        pytest.param(24, 20, marks=[pytest.mark.long, pytest.mark.timeout(5400)], id="eight hours"),
    ],
)
def test_a_clinic_leaves_no_thread_no_file_and_no_memory_behind(
    clinic: Clinic, tmp_path: Path, consultations: int, minutes: int
) -> None:
    """One after the other, each begun while the one before is still transcribed or written."""
    file = play(tmp_path, minutes)
    main, starts, after, failures = psutil.Process(), [], [], list[str]()
    earlier = held(main).children  # of tests before this one: a fork server stays
    previous: ConsultationId | None = None
    for _ in range(consultations):
        pressed = time.monotonic()
        id = clinic.play(file, SPEED)
        starts.append(time.monotonic() - pressed)
        if previous is not None:
            assert clinic.service.active == id
            clinic.wait(LetterReady, previous, WAIT_SECONDS)
        clinic.wait(RecordingClosed, id, WAIT_SECONDS)
        failures += clinic.failures()
        previous = id
        clinic.forget_all_but(id)
        gc.collect()
        after.append(held(main))
    assert previous is not None
    clinic.wait(LetterReady, previous, WAIT_SECONDS)
    deadline = time.monotonic() + 20
    while held(main).children > earlier and time.monotonic() < deadline:
        time.sleep(0.2)  # the last processes are ending
    clinic.forget_all_but(previous)
    gc.collect()
    last = held(main)
    print(f"Start returned after at most {max(starts):.2f} s; first {after[0]}, last {last}")
    assert [*failures, *clinic.failures()] == []
    assert len(clinic.store.consultations()) == consultations
    assert max(starts) < 5, "Start waited for the last one's transcript"
    assert last.children <= max(1, earlier), "multiprocessing's resource tracker stays, nothing else"
    assert last.threads <= after[0].threads
    assert last.files <= after[0].files
    first_hour = 60 // VISIT_MINUTES
    hours = (consultations - first_hour) * VISIT_MINUTES / 60
    growth = last.megabytes - after[min(first_hour, consultations - 1)].megabytes
    print(f"main process: {growth:+.1f} MB in {hours:.1f} hours after the first")
    assert growth <= 2 + GROWTH_MB_AN_HOUR * hours

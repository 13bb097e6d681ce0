"""The recorder process with files as microphones: what it hears, seals, survives and says."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest
import soundfile
from recording_events import RecordingEvents

from scribe_app.adapters.journal import JournalReader
from scribe_app.adapters.recorder import ProcessRecorder, SupervisedRecording
from scribe_app.domain.events import (
    CaptureWarned,
    GapRecorded,
    LevelMeasured,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
)
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE, GapReason
from scribe_app.errors import AudioFileError, DiskFullError, RecordingError
from scribe_app.ports import FileSource, RecordingRequest

KEY = bytes(range(32))
ID = ConsultationId("recorded")
AT_ONCE = 10
"""Recorders that are killed side by side."""
LONGEST_LIFE = 1.3
"""Seconds: at every point between one sealing and the next, five times over."""


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, np.ndarray]:
    """20 s of 16 kHz noise without zeros, which passes the line bit for bit."""
    audio = np.random.default_rng(7).integers(1, 9000, SAMPLE_RATE * 20).astype(np.int16)
    path = tmp_path_factory.mktemp("audio") / "speech.wav"
    soundfile.write(path, audio, SAMPLE_RATE)
    return path, audio


def start(folder: Path, path: Path, speed: float) -> tuple[SupervisedRecording, RecordingEvents]:
    events = RecordingEvents()
    request = RecordingRequest(ID, folder, KEY, FileSource(path, speed))
    return ProcessRecorder().start(request, events), events


def test_a_file_is_sealed_bit_for_bit_and_the_recording_ends_by_itself(
    tmp_path: Path, speech: tuple[Path, np.ndarray]
) -> None:
    path, audio = speech
    active, events = start(tmp_path / "r", path, speed=0)
    recording = events.closed()
    assert active.join(30)
    assert (recording.samples, recording.gaps, recording.complete) == (len(audio), (), True)
    recorder = ProcessRecorder()
    assert recorder.recover(ID, tmp_path / "r", KEY) == recording
    assert recorder.read(tmp_path / "r", KEY, 0, len(audio)) == audio.tobytes()
    assert recorder.read(tmp_path / "r", KEY, 1000, 1010) == audio[1000:1010].tobytes()
    started = events.of(RecordingStarted)
    assert [(event.device, event.native_rate) for event in started] == [("speech.wav", SAMPLE_RATE)]
    assert not list((tmp_path / "r").glob("reserve*"))


def test_a_prepared_recorder_starts_at_once(tmp_path: Path, speech: tuple[Path, np.ndarray]) -> None:
    recorder = ProcessRecorder()
    recorder.prepare()
    try:
        waits = []
        for number in range(2):
            time.sleep(2.5)  # while the process that stands by loads
            events, pressed = RecordingEvents(), time.monotonic()
            request = RecordingRequest(ID, tmp_path / str(number), KEY, FileSource(speech[0]))
            active = recorder.start(request, events)
            waits.append(events.wait(RecordingStarted)[0] - pressed - 0.25)
            active.stop()
            assert events.closed().complete
        print(f"Start to listening: {min(waits):.3f} to {max(waits):.3f} s")
        assert min(waits) < 0.3
    finally:
        recorder.close()


def test_a_reader_in_another_process_tails_a_journal_as_fast_as_it_grows(
    tmp_path: Path, speech: tuple[Path, np.ndarray]
) -> None:
    path, audio = speech
    start(tmp_path, path, speed=20)
    reader, read, looks, deadline = JournalReader(tmp_path, KEY), 0, 0, time.monotonic() + 20
    while not reader.closed and time.monotonic() < deadline:
        end = reader.available()
        looks += end > read
        assert np.array_equal(reader.read(read, end), audio[read:end])
        read = end
    assert read == len(audio)
    assert reader.gaps == ()
    assert looks > 1, "it was read while it grew"


def test_real_time_is_real_time_and_levels_come_15_times_a_second(
    tmp_path: Path, speech: tuple[Path, np.ndarray]
) -> None:
    active, events = start(tmp_path, speech[0], speed=1)
    began, _ = events.wait(RecordingStarted)
    time.sleep(3)
    active.stop()
    recording = events.closed()
    passed = time.monotonic() - began
    assert recording.seconds == pytest.approx(passed + 0.25, abs=0.2)
    assert np.array_equal(
        np.frombuffer(ProcessRecorder().read(tmp_path, KEY, 0, 1 << 30), "<i2"),
        speech[1][: recording.samples],
    )
    levels = events.of(LevelMeasured)
    assert 12 <= len(levels) / recording.seconds <= 16
    assert all(-30 < level.rms < level.peak <= 0 for level in levels)


def test_pause_leaves_no_audio_out_and_counts_the_gap(
    tmp_path: Path, speech: tuple[Path, np.ndarray]
) -> None:
    active, events = start(tmp_path, speech[0], speed=1)
    events.wait(RecordingStarted)
    active.pause()
    paused, _ = events.wait(RecordingPaused)
    time.sleep(1.3)
    assert events.of(RecordingResumed) == []
    active.resume()
    resumed, _ = events.wait(RecordingResumed)
    time.sleep(0.5)
    active.stop()
    recording = events.closed()
    assert [gap.reason for gap in recording.gaps] == [GapReason.PAUSED]
    assert recording.gaps[0].seconds == pytest.approx(resumed - paused, abs=0.1)
    assert [event.gap for event in events.of(GapRecorded)] == list(recording.gaps)
    audio = JournalReader(tmp_path, KEY).read(0, recording.samples)
    assert np.array_equal(audio, speech[1][: recording.samples])


@dataclass
class Kill:
    """One recorder that is killed at a moment of its own."""

    folder: Path
    active: SupervisedRecording
    events: RecordingEvents
    after: float
    at: float = 0.0
    started: float = 0.0


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("birth", "batches"), [("spawned", 1), ("forked", 9)])
def test_a_killed_recorder_loses_at_most_half_a_second_and_no_sample_is_wrong(
    tmp_path: Path,
    speech: tuple[Path, np.ndarray],
    birth: str,
    batches: int,
    request: pytest.FixtureRequest,
) -> None:
    """A hundred times. How a process is born changes how long this takes, not how it seals."""
    if birth == "forked":
        request.getfixturevalue("fork_server")
    rng, losses = random.Random(batches), []
    for batch in range(batches):
        kills = []
        for number in range(AT_ONCE):
            folder, after = tmp_path / f"{batch}-{number}", rng.uniform(0.1, LONGEST_LIFE)
            kills.append(Kill(folder, *start(folder, speech[0], speed=1), after))
        for kill in kills:
            kill.started, _ = kill.events.wait(RecordingStarted, timeout=40)
        for kill in sorted(kills, key=lambda kill: kill.started + kill.after):
            time.sleep(max(0.0, kill.started + kill.after - time.monotonic()))
            kill.at = time.monotonic()
            kill.active.kill()
            assert kill.active.join(30)
        losses += [seconds_lost(kill, speech[1]) for kill in kills]
    print(f"kill -9, {len(losses)} trials: at most {max(losses):.3f} s lost")
    assert max(losses) <= 0.5


def seconds_lost(kill: Kill, spoken: np.ndarray) -> float:
    """Heard until the kill less recovered. RecordingStarted says that 0.25 s were heard and sealed."""
    recording = ProcessRecorder().recover(ID, kill.folder, KEY)
    assert not recording.complete
    assert [gap.reason for gap in recording.gaps] == [GapReason.INTERRUPTED]
    audio = JournalReader(kill.folder, KEY).read(0, recording.samples)
    assert np.array_equal(audio, spoken[: recording.samples])
    return 0.25 + kill.at - kill.started - recording.seconds


def test_a_killed_recording_goes_on_behind_what_was_sealed(
    tmp_path: Path, speech: tuple[Path, np.ndarray]
) -> None:
    first, events = start(tmp_path, speech[0], speed=1)
    events.wait(RecordingStarted)
    first.kill()
    first.join(30)
    sealed = ProcessRecorder().recover(ID, tmp_path, KEY).samples
    _, events = start(tmp_path, speech[0], speed=0)
    recording = events.closed()
    assert recording.samples == sealed + len(speech[1])
    assert [(gap.position, gap.reason) for gap in recording.gaps] == [(sealed, GapReason.INTERRUPTED)]


PARENT = """
import sys, threading, time
from pathlib import Path
from scribe_app.adapters.recorder import ProcessRecorder
from scribe_app.domain.ids import ConsultationId
from scribe_app.ports import FileSource, RecordingRequest
started = threading.Event()
def sink(event):
    if type(event).__name__ == "RecordingStarted":
        print("started", flush=True)
        started.set()
if __name__ == "__main__":
    source = FileSource(Path(sys.argv[2]))
    request = RecordingRequest(ConsultationId("recorded"), Path(sys.argv[1]), bytes(range(32)), source)
    ProcessRecorder().start(request, sink)
    started.wait(60)
    time.sleep(60 if sys.argv[3] == "stay" else 0.5)
"""


@pytest.mark.parametrize("end", ["killed", "exits"])
def test_when_the_parent_is_gone_the_journal_is_closed_cleanly(
    tmp_path: Path, speech: tuple[Path, np.ndarray], end: str
) -> None:
    command = [
        sys.executable,
        "-c",
        PARENT,
        tmp_path / "r",
        speech[0],
        "stay" if end == "killed" else "leave",
    ]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "started\n"
        if end == "killed":
            time.sleep(0.5)
            parent.kill()
    gone = time.monotonic()
    reader = JournalReader(tmp_path / "r", KEY)
    while not reader.closed and time.monotonic() < gone + 5:
        time.sleep(0.02)
        reader.available()
    assert reader.closed
    assert time.monotonic() - gone < 2
    assert np.array_equal(reader.read(0, 1 << 30), speech[1][: reader.available()])


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX systems")
def test_a_terminated_recorder_closes_its_journal(tmp_path: Path, speech: tuple[Path, np.ndarray]) -> None:
    active, events = start(tmp_path, speech[0], speed=1)
    events.wait(RecordingStarted)
    assert active.pid is not None
    os.kill(active.pid, signal.SIGTERM)
    assert events.closed().complete


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX systems")
def test_a_parent_that_does_not_listen_never_holds_up_the_recording(
    tmp_path: Path, speech: tuple[Path, np.ndarray]
) -> None:
    """Events pile up in the pipe of a window that hangs; the journal must grow all the same."""
    events, released, deadline = RecordingEvents(), threading.Event(), time.monotonic() + 60

    def hanging(event: object) -> None:
        released.wait(60)
        events(event)  # type: ignore[arg-type]

    request = RecordingRequest(ID, tmp_path, KEY, FileSource(speech[0], 20))
    ProcessRecorder().start(request, hanging)
    reader = JournalReader(tmp_path, KEY)
    while time.monotonic() < deadline and not reader.closed:
        time.sleep(0.05)
        reader.available()
    assert reader.closed
    assert reader.available() == len(speech[1])
    released.set()
    assert events.closed().complete


def test_a_file_that_is_no_audio_is_told_and_leaves_no_recording(tmp_path: Path) -> None:
    (tmp_path / "letter.wav").write_text("Dear colleague,\n" * 100)
    active, events = start(tmp_path / "r", tmp_path / "letter.wav", speed=0)
    assert isinstance(events.failure(), AudioFileError)
    assert active.join(30)
    assert not (tmp_path / "r").exists()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, speech: tuple[Path, np.ndarray]) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    _, events = start(tmp_path / "taken", speech[0], speed=0)
    error = events.failure()
    assert isinstance(error, RecordingError)
    assert error.remedy


@pytest.fixture
def small_volume(tmp_path: Path) -> Iterator[Path]:
    """A file system of 56 MiB: room to start, full after 27 minutes."""
    folder = tmp_path / "volume"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=56m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or os.name != "posix" or os.geteuid() != 0:
        pytest.skip("mounting a small volume needs root")
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine does not let root mount a volume")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def warnings(events: RecordingEvents) -> list[str]:
    return [event.text for event in events.of(CaptureWarned)]


def test_a_disk_that_stays_full_is_warned_of_told_and_keeps_everything_sealed(
    small_volume: Path, tmp_path: Path
) -> None:
    soundfile.write(tmp_path / "long.flac", np.full(SAMPLE_RATE * 2600, 1000, dtype=np.int16), SAMPLE_RATE)
    _, events = start(small_volume / "r", tmp_path / "long.flac", speed=0)
    error = events.failure(60)
    assert isinstance(error, DiskFullError)
    recording = events.closed()
    assert recording.seconds > 1600
    (lost,) = recording.gaps
    assert (lost.position, lost.reason) == (recording.samples, GapReason.INTERRUPTED)
    assert lost.seconds == pytest.approx(600, abs=5), "what was held in memory is counted"
    assert ProcessRecorder().recover(ID, small_volume / "r", KEY) == recording
    told = " ".join(warnings(events))
    assert "nearly full" in told
    assert "two more minutes" in told
    assert "held in memory" in told


def test_when_a_full_disk_has_room_again_not_a_sample_is_missing(
    small_volume: Path, tmp_path: Path, speech: tuple[Path, np.ndarray]
) -> None:
    """Real time, real ENOSPC: another file takes the room away, and gives it back after Stop."""
    active, events = start(small_volume / "r", speech[0], speed=1)
    events.wait(RecordingStarted)
    with (small_volume / "ballast").open("wb") as ballast:
        while disk_takes(ballast):
            pass
    for _ in range(2):  # the reserve, which is 4 MiB: somebody else takes that, too
        while ballast_takes(small_volume):
            pass
        time.sleep(1)
    full = time.monotonic()
    while not any("held in memory" in text for text in warnings(events)):
        assert time.monotonic() - full < 2, warnings(events)
        time.sleep(0.02)
    time.sleep(1.5)
    active.stop()
    time.sleep(1)
    assert active.alive, "what is in memory is not given up"
    for file in small_volume.glob("ballast*"):
        file.unlink()
    recording = events.closed()
    assert (recording.gaps, recording.complete) == ((), True)
    audio = JournalReader(small_volume / "r", KEY).read(0, recording.samples)
    assert np.array_equal(audio, speech[1][: recording.samples])
    assert "The whole recording is on the disk again." in warnings(events)


def ballast_takes(folder: Path) -> bool:
    with (folder / f"ballast-{time.monotonic_ns()}").open("wb") as file:
        return disk_takes(file)


def disk_takes(file: BinaryIO) -> bool:
    """Whether another 64 KiB fitted into this file."""
    try:
        file.write(bytes(1 << 16))
        file.flush()
    except OSError:
        with contextlib.suppress(OSError):
            file.close()
        return False
    return True

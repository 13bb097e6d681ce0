"""The power goes: a real ext4 on a loop device, shut down by its own ioctl while recordings are written.

As xfstests' godown does it: with "no log flush" only what the drive was made to keep survives.
A drive that lies about its cache is not modelled.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile
from recording_events import RecordingEvents

from scribe_app.adapters.journal import JournalReader
from scribe_app.adapters.recorder import ProcessRecorder
from scribe_app.domain.events import CaptureWarned, RecordingStarted
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE, GapReason
from scribe_app.ports import ActiveRecording, FileSource, RecordingRequest

EXT4_IOC_SHUTDOWN = 0x8004587D
"""_IOR('X', 125, __u32), linux/fs/ext4/ext4.h; the same number as XFS has."""
NO_LOG_FLUSH = 2
VOLUME_BYTES = 512 << 20
KEY = bytes(range(32))
ID = ConsultationId("powered")
AT_ONCE = 2


class Volume:
    """A small ext4 in a file, mounted."""

    def __init__(self, root: Path) -> None:
        self._image, self.folder = root / "volume.img", root / "volume"
        self.folder.mkdir()
        with self._image.open("wb") as image:
            image.truncate(VOLUME_BYTES)
        run("mkfs.ext4", "-q", "-F", str(self._image))
        self.mount()

    def mount(self) -> None:
        run("mount", "-o", "loop", str(self._image), str(self.folder))

    def cut_power(self) -> None:
        """From here on every write fails; what was only in memory is gone."""
        import fcntl

        folder = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, EXT4_IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(folder)

    def unmount(self) -> None:
        deadline = time.monotonic() + 10
        while subprocess.run(["umount", str(self.folder)], capture_output=True, check=False).returncode:
            assert time.monotonic() < deadline, "the volume is still in use"
            time.sleep(0.1)


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Volume]:
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting a volume and cutting its power needs root on Linux")
    if not shutil.which("mkfs.ext4"):
        pytest.skip("mkfs.ext4 is not installed")
    try:
        made = Volume(tmp_path)
        made.cut_power()
        made.unmount()
        made.mount()
    except (subprocess.CalledProcessError, OSError) as error:
        pytest.skip(f"this machine does not let root mount, or cut the power of, a loop device ({error})")
    yield made
    subprocess.run(["umount", "-l", str(made.folder)], capture_output=True, check=False)


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, np.ndarray]:
    """20 s of 16 kHz noise without zeros, which passes the line bit for bit."""
    audio = np.random.default_rng(7).integers(1, 9000, SAMPLE_RATE * 20).astype(np.int16)
    path = tmp_path_factory.mktemp("audio") / "speech.wav"
    soundfile.write(path, audio, SAMPLE_RATE)
    return path, audio


@dataclass
class Visit:
    """A recording under way, and when its first quarter of a second was sealed."""

    folder: Path
    active: ActiveRecording
    events: RecordingEvents
    started: float = 0.0


def begin(folder: Path, file: Path) -> Visit:
    events = RecordingEvents()
    request = RecordingRequest(ID, folder, KEY, FileSource(file))
    return Visit(folder, ProcessRecorder().start(request, events), events)


@pytest.mark.parametrize(
    "cuts", [pytest.param(5), pytest.param(50, marks=[pytest.mark.long, pytest.mark.timeout(1200)])]
)
def test_a_power_cut_loses_at_most_a_second_and_no_sample_is_wrong(
    volume: Volume, speech: tuple[Path, np.ndarray], cuts: int
) -> None:
    rng, losses = random.Random(9), []
    for cut in range(cuts):
        visits = [begin(volume.folder / f"{cut}-{n}", speech[0]) for n in range(AT_ONCE)]
        for visit in visits:
            visit.started, _ = visit.events.wait(RecordingStarted, timeout=30)
        time.sleep(rng.uniform(0.1, 3.0))
        volume.cut_power()
        gone = time.monotonic()
        for visit in visits:
            visit.active.kill()
            assert visit.active.join(10)
        volume.unmount()
        volume.mount()
        losses += [0.25 + gone - visit.started - recovered_seconds(visit, speech[1]) for visit in visits]
    print(
        f"power cut, {len(losses)} trials: at most {max(losses):.3f} s lost, median {np.median(losses):.3f}"
    )
    assert max(losses) <= 1.0


def recovered_seconds(visit: Visit, spoken: np.ndarray) -> float:
    recording = ProcessRecorder().recover(ID, visit.folder, KEY)
    assert not recording.complete
    assert [gap.reason for gap in recording.gaps] == [GapReason.INTERRUPTED]
    audio = JournalReader(visit.folder, KEY).read(0, recording.samples)
    assert np.array_equal(audio, spoken[: recording.samples]), "wrong samples"
    return recording.seconds


def test_a_disk_that_fails_for_good_is_told_within_two_seconds_and_stop_still_ends(
    volume: Volume, speech: tuple[Path, np.ndarray]
) -> None:
    """Every write gives EIO, as of a disk that was pulled out; what is sealed is there when it is back."""
    visit = begin(volume.folder / "r", speech[0])
    started, _ = visit.events.wait(RecordingStarted, timeout=30)
    time.sleep(1.5)
    volume.cut_power()
    failed = time.monotonic()
    told, warned = visit.events.wait(CaptureWarned, since=failed)
    print(f"EIO told after {told - failed:.2f} s")
    assert told - failed <= 2.0
    assert "held in memory" in warned.text
    time.sleep(1)
    visit.active.kill()
    visit.active.join(10)
    with contextlib.suppress(subprocess.CalledProcessError):
        volume.unmount()
        volume.mount()
    assert 0.25 + failed - started - recovered_seconds(visit, speech[1]) <= 1.0

"""What goes wrong around the program: a full disk, silence, a second program, a kill. Nothing is lost."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from program import Home, new_home

from scribe_app.app import STOPPED_BY_CTRL_C
from scribe_app.domain.consultation import ConsultationState
from scribe_app.domain.ids import ConsultationId
from scribe_app.services.consultations import UNFINISHED

HOUR_SECONDS = 3600
RATE = 16_000
BYTES_PER_SAMPLE = 2
SOFT_NOISE = 33.0
"""Standard deviation in steps of 16 bit: about -60 dBFS, a quiet room."""
LAST_SILENCE_SECONDS = 5.0
"""Between two turns of the sample, with what a kill may cost."""
SMALL_DISK_MB = 80
"""Recording starts with 50 MB free and keeps 4.25 MB in reserve."""


def wait_until(true: Callable[[], bool], what: str, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


class Run:
    """A `scribe` of its own process group, its output in files while it runs."""

    def __init__(self, home: Home, *arguments: str, before: tuple[str, ...] = ()) -> None:
        self._files = [home.path.parent / f"{name}-{time.monotonic_ns()}" for name in ("stdout", "stderr")]
        with self._files[0].open("w") as out, self._files[1].open("w") as err:
            self.process = subprocess.Popen(
                [*before, *home.command(*arguments)],
                cwd=home.path, env=home.environment, stdout=out, stderr=err, start_new_session=True,
            )  # fmt: skip

    @property
    def printed(self) -> str:
        return self._files[0].read_text(encoding="utf-8")

    @property
    def errors(self) -> str:
        return self._files[1].read_text(encoding="utf-8")

    def utterances(self) -> list[str]:
        return re.findall(r"^\[\d\d:\d\d\] .*", self.printed, re.MULTILINE)

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    "loudness",
    [
        pytest.param(SOFT_NOISE, id="a quiet room"),
        pytest.param(0.0, id="a dead microphone", marks=pytest.mark.long),
    ],
)
def test_an_hour_without_speech_gives_no_word(home: Home, loudness: float) -> None:
    noise = np.random.default_rng(5).standard_normal(HOUR_SECONDS * RATE, np.float32)
    file = home.path / "hour.flac"
    soundfile.write(file, np.rint(noise * loudness).astype(np.int16), RATE)
    result = home.scribe("transcribe", str(file), "--json", timeout=200)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["utterances"] == []
    assert "no speech was heard" in result.stderr


@pytest.mark.timeout(300)
def test_a_second_program_is_refused_and_a_killed_one_loses_nothing(home: Home) -> None:
    run = Run(home, "demo", "--headless", "--language", "nl")
    try:
        wait_until(lambda: bool(run.utterances()), "no utterance came")
        second = home.scribe("record", "--seconds", "1")
        assert second.returncode == 1
        assert second.stdout == ""
        assert second.stderr.splitlines() == [
            "scribe: The records are open in another window or program. Nothing was changed, here or there. "
            "Go on in the other window, or close it and try again."
        ]
        recorded_at_least = len(run.utterances())
        assert run.process.poll() is None
    finally:
        run.kill()

    told = home.scribe("export", "0" * 32)
    named = re.search(r"consultation ([0-9a-f]{32}) was interrupted", told.stderr)
    assert named is not None, told.stderr
    letter = home.json("draft", named[1])
    assert letter["consultation"] == named[1]
    with home.application() as application:
        consultation = application.store.consultation(ConsultationId(named[1]))
        held = application.store.recording(consultation.id)
        transcript = application.store.transcript(consultation.id)
    assert consultation.state is ConsultationState.IN_REVIEW
    assert held is not None
    assert len(transcript.utterances) >= recorded_at_least
    assert transcript.seconds >= held[0].seconds - LAST_SILENCE_SECONDS
    assert "interrupted" not in home.scribe("export", named[1]).stderr


@pytest.mark.timeout(240)
def test_ctrl_c_twice_leaves_the_letter_for_later(home: Home) -> None:
    run = Run(home, "demo", "--headless", "--language", "nl")
    try:
        wait_until(lambda: any(home.folders.recordings.rglob("*.journal")), "nothing is recorded")
        time.sleep(5)
        os.killpg(run.process.pid, signal.SIGINT)
        wait_until(lambda: "press Ctrl-C once more" in run.errors, "the first Ctrl-C is not answered")
        os.killpg(run.process.pid, signal.SIGINT)
        assert run.process.wait(timeout=30) == STOPPED_BY_CTRL_C
    finally:
        run.kill()
    assert run.errors.splitlines()[-1] == "scribe: stopped."
    assert "Traceback" not in run.errors
    with home.application() as application:
        (consultation,) = application.store.consultations()
        assert consultation.state in UNFINISHED
        sound = application.consultations.audio(consultation.id, 0.0, 60.0)
    assert len(sound) > 3 * RATE * BYTES_PER_SAMPLE


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[tuple[Home, tuple[str, ...]]]:
    """A home on a disk of its own, and the command that enters where that disk is mounted."""
    if os.geteuid() != 0 or shutil.which("nsenter") is None:
        pytest.skip("a small disk of its own needs root and util-linux")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = (
        f"mount -t tmpfs -o size={SMALL_DISK_MB}M tmpfs '{disk}' && mkdir -p '{disk}/home/tmp' && echo ready"
    )
    holder = subprocess.Popen(
        ["unshare", "-m", "sh", "-c", f"{mount} && exec sleep 600"], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    if holder.stdout.readline() != "ready\n":
        holder.wait()
        pytest.skip("this machine does not allow a mount of its own")
    new_home(disk / "home")  # the place underneath, so that the program can be started from there
    yield Home(disk / "home"), ("nsenter", f"--target={holder.pid}", "--mount")
    holder.kill()
    holder.wait()
    holder.stdout.close()


def fill(home: Home, inside: tuple[str, ...]) -> subprocess.Popen[bytes]:
    """Another program that takes every byte that becomes free, until it is killed."""
    ballast = f"cat /dev/zero >> '{home.path}/ballast'"
    command = f"while true; do {ballast}; sleep 0.1; done"
    return subprocess.Popen([*inside, "sh", "-c", command], stderr=subprocess.DEVNULL, start_new_session=True)


@pytest.mark.timeout(300)
def test_a_full_disk_is_told_and_what_was_heard_meanwhile_is_not_lost(
    small_disk: tuple[Home, tuple[str, ...]],
) -> None:
    """Audio waits in memory until there is room again, and the letter is written of all of it."""
    home, inside = small_disk
    run = Run(home, "demo", "--headless", "--language", "nl", before=inside)
    filling = None
    try:
        wait_until(lambda: bool(run.utterances()), "no utterance came")
        began = time.monotonic()
        # Two minutes on a full disk go by at once: the reserve for them is gone.
        subprocess.run([*inside, "sh", "-c", f"rm '{home.folders.recordings}'/*/reserve-1"], check=True)
        filling = fill(home, inside)
        wait_until(lambda: "held in memory" in run.errors, f"it was not told: {run.errors}", 120)
        heard_seconds = time.monotonic() - began
        os.killpg(filling.pid, signal.SIGKILL)
        filling.wait()
        filling = None
        subprocess.run([*inside, "rm", f"{home.path}/ballast"], check=True)
        wait_until(lambda: "on the disk again" in run.errors, f"it stays in memory: {run.errors}", 120)
        run.process.send_signal(signal.SIGINT)
        wait_until(lambda: run.process.poll() is not None, f"it goes on: {run.printed} {run.errors}", 120)
    finally:
        run.kill()
        if filling is not None:
            os.killpg(filling.pid, signal.SIGKILL)
            filling.wait()
    assert all(line.startswith("scribe: ") for line in run.errors.splitlines())
    assert run.process.returncode == 0
    audio = re.search(r"^Audio ([\d.]+) s\.", run.printed, re.MULTILINE)
    assert audio is not None
    assert float(audio[1]) > heard_seconds, "what was heard on the full disk is there"

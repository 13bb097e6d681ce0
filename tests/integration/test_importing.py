"""Imports: decoded by one process, sealed by another; hostile files harm neither, a cancel keeps nothing."""

from __future__ import annotations

import gc
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile
from audio_files import RATE, TONE, hostile_files, write_long, write_mp4
from recording_events import RecordingEvents

from scribe_app.adapters import worker
from scribe_app.adapters.importing import FrameStream, ImportProcess, file_seconds, wire
from scribe_app.adapters.recorder import ProcessRecorder
from scribe_app.adapters.recorder.imported import RecordedImport
from scribe_app.domain.events import RecordingClosed, WorkerFailed
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.errors import AudioFileError
from scribe_app.ports import ImportSource, RecordingRequest

KEY = bytes(range(32))
ID = ConsultationId("imported")
RECORDER = ProcessRecorder()
PATIENCE = 60
"""Seconds; a busy computer spawns slowly."""


def start(folder: Path, path: Path) -> tuple[RecordedImport, RecordingEvents]:
    events = RecordingEvents()
    active = RECORDER.start(RecordingRequest(ID, folder, KEY, ImportSource(path)), events)
    assert isinstance(active, RecordedImport)
    return active, events


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "opus", "mp3", "m4a", "aac"])
def test_every_format_comes_down_the_line_as_16_khz_mono(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"visit.{suffix}"
    if suffix in ("m4a", "aac"):
        pytest.importorskip("av")
        write_mp4(path, "stereo", seconds=3.0)
    else:
        kind = {"opus": {"format": "OGG", "subtype": "OPUS"}}.get(suffix, {})
        soundfile.write(path, np.tile(TONE, 3), RATE, **kind)
    active, events = start(tmp_path / "journal", path)
    recording = events.closed(PATIENCE)
    assert active.join(10)
    assert recording.complete
    assert recording.seconds == pytest.approx(3.0, abs=0.1)
    audio = np.frombuffer(RECORDER.read(tmp_path / "journal", KEY, 0, recording.samples), "<i2")
    assert np.sqrt(np.square(audio[8000:-8000].astype(float)).mean()) == pytest.approx(8000 / 2**0.5, rel=0.1)
    assert not events.of(WorkerFailed)


def test_16_khz_audio_is_sealed_bit_for_bit(tmp_path: Path) -> None:
    audio = np.random.default_rng(7).integers(1, 9000, SAMPLE_RATE * 20).astype(np.int16)
    soundfile.write(tmp_path / "a.wav", audio, SAMPLE_RATE)
    assert file_seconds(tmp_path / "a.wav") == 20.0
    active, events = start(tmp_path / "journal", tmp_path / "a.wav")
    recording = events.closed(PATIENCE)
    assert active.join(10)
    assert RECORDER.read(tmp_path / "journal", KEY, 0, recording.samples) == audio.tobytes()


HOSTILE = (
    "empty", "8 channels", "5 hours", "a gigantic block in its header", "an M4A with a gigantic atom",
    "a ffconcat playlist named m4a",
)  # fmt: skip
"""All others are read in this process by tests/unit/adapters/importing."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, str]]:
    return hostile_files(tmp_path_factory.mktemp("hostile"))


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_gives_one_clear_error_and_ends_its_processes(
    tmp_path: Path, hostile: dict[str, tuple[Path, str]], what: str
) -> None:
    path, words = hostile[what]
    active, events = start(tmp_path / "journal", path)
    _, failed = events.wait(WorkerFailed, PATIENCE)
    assert isinstance(failed.error, AudioFileError)
    assert re.search(words, str(failed.error)), failed.error
    assert active.join(10)
    assert not active.alive
    assert len(events.of(WorkerFailed)) == 1
    assert not (tmp_path / "journal").exists(), "a file without audio leaves no recording"


def test_a_file_is_looked_at_before_anything_is_begun(hostile: dict[str, tuple[Path, str]]) -> None:
    path, words = hostile["a m3u playlist"]
    with pytest.raises(AudioFileError, match=words):
        file_seconds(path)


def test_a_file_that_breaks_off_keeps_what_came_before(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "cut.flac", np.tile(TONE, 6), RATE)
    content = (tmp_path / "cut.flac").read_bytes()
    (tmp_path / "cut.flac").write_bytes(content[: len(content) // 2])
    active, events = start(tmp_path / "journal", tmp_path / "cut.flac")
    recording = events.closed(PATIENCE)
    _, failed = events.wait(WorkerFailed, PATIENCE)
    assert active.join(10)
    assert recording.complete
    assert recording.seconds > 2
    assert "damaged after" in failed.error.title
    assert "kept" in failed.error.detail


def test_a_decoder_that_dies_is_told_and_what_it_gave_is_kept(tmp_path: Path) -> None:
    write_long(tmp_path / "hours.flac", 3 * 3600)
    active, events = start(tmp_path / "journal", tmp_path / "hours.flac")
    while RECORDER.recover(ID, tmp_path / "journal", KEY).samples < SAMPLE_RATE:
        time.sleep(0.02)
    decoder, _ = active.pids
    assert decoder is not None
    os.kill(decoder, 9)
    recording = events.closed(PATIENCE)
    _, failed = events.wait(WorkerFailed, PATIENCE)
    assert recording.complete
    assert 1 <= recording.seconds < 3 * 3600
    assert re.search(r"stopped at \d+\.\d seconds", failed.error.title)
    assert active.join(10)


def test_a_cancel_ends_both_processes_within_half_a_second(tmp_path: Path) -> None:
    write_long(tmp_path / "hours.flac", 3 * 3600)
    active, events = start(tmp_path / "journal", tmp_path / "hours.flac")
    while RECORDER.recover(ID, tmp_path / "journal", KEY).samples < SAMPLE_RATE:
        time.sleep(0.02)
    pids = active.pids
    began = time.monotonic()
    active.kill()
    assert active.join(5)
    took = time.monotonic() - began
    print(f"Cancelled in {took:.3f} s")
    assert took < 0.5
    assert not any(psutil.pid_exists(pid) for pid in pids if pid is not None)
    assert not events.of(RecordingClosed)
    assert not events.of(WorkerFailed)


def test_a_slow_reader_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pipe holds less than a second: the decoder waits far longer than a worker may take to end."""
    monkeypatch.setattr(worker, "ENDING_SECONDS", 0.5)
    write_long(tmp_path / "long.flac", 1200)
    process = ImportProcess(tmp_path / "long.flac", 0.25)
    stream = FrameStream(process.frames, "long.flac")
    blocks = stream.blocks()
    heard = len(next(blocks))
    time.sleep(3 * worker.ENDING_SECONDS)
    assert process.alive
    heard += sum(map(len, blocks))
    assert heard == 1200 * stream.rate
    assert process.join(10)
    stream.close()


CONFINED = """
import os, sys
from pathlib import Path
from scribe_app import offline
from scribe_app.adapters.importing import limits
import socket
offline.enforce()
mine = open(sys.argv[1], "rb")
limits.confine()
def refused(act):
    try:
        act()
    except (OSError, MemoryError):
        return True
    return False
assert mine.read(4) == b"RIFF", "the open file can still be read"
assert refused(lambda: open("/etc/passwd")), "a file was opened"
assert refused(lambda: open(sys.argv[1] + ".new", "w")), "a file was made"
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
    assert refused(lambda: socket.socket(family)), f"a socket of {family} was opened"
assert refused(lambda: bytearray(2 << 30)), "2 GB were given"
assert refused(lambda: os.pipe()), "a pipe was opened"
assert not any(len(value) == 32 for value in vars(offline).values() if isinstance(value, bytes))
os._exit(42)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="these limits are Linux's")
def test_a_confined_process_opens_nothing_and_gets_no_memory(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", TONE, RATE)
    ended = subprocess.run(
        [sys.executable, "-c", CONFINED, str(tmp_path / "a.wav")], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 42, ended.stderr


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace to watch the import process")
def test_after_its_header_an_import_opens_no_file_and_no_socket(tmp_path: Path) -> None:
    pytest.importorskip("av")
    write_mp4(tmp_path / "visit.m4a", seconds=3.0)
    program = (
        "import sys\nfrom pathlib import Path\nfrom scribe_app.adapters.importing import file_seconds\n"
        "if __name__ == '__main__':\n    print(file_seconds(Path(sys.argv[1])))\n"
    )
    (tmp_path / "look.py").write_text(program)
    trace = tmp_path / "trace"
    subprocess.run(
        ["strace", "-f", "-qq", "-e", "trace=open,openat,socket,connect,prlimit64,execve", "-o", str(trace),
         sys.executable, str(tmp_path / "look.py"), str(tmp_path / "visit.m4a")],
        check=True, capture_output=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    lines = trace.read_text().splitlines()
    confined = [line.split()[0] for line in lines if "RLIMIT_NOFILE, {rlim_cur=0" in line]
    assert confined, "the import process was seen to confine itself"
    from_then = next(at for at, line in enumerate(lines) if "RLIMIT_NOFILE, {rlim_cur=0" in line)
    after = [line for line in lines[from_then + 1 :] if line.startswith(confined[0])]
    opened = [line for line in after if re.search(r"(open|openat|socket|connect|execve)\(.*= \d", line)]
    assert not opened, opened
    assert not [line for line in lines if "AF_INET" in line]


class Forged:
    """A pipe whose other end says what the test wants."""

    def __init__(self, *messages: bytes) -> None:
        self._messages = list(messages)

    def poll(self, _timeout: float) -> bool:
        return True

    def recv_bytes(self, most: int) -> bytes:
        if not self._messages:
            raise EOFError
        return self._messages.pop(0)


HEADER = wire.pack_header(wire.Header(16_000, 1, 1.0))


@pytest.mark.parametrize(
    "messages",
    [
        (b"",),
        (b"H",),
        (wire.pack_header(wire.Header(16_000, 9, 1.0)),),
        (wire.pack_header(wire.Header(1, 1, 1.0)),),
        (wire.pack_header(wire.Header(16_000, 1, float("nan"))),),
        (wire.pack_header(wire.Header(16_000, 1, 1e9)),),
        (b"X{}",),
        (b"X[1, 2, 3]",),
        (b"Xnot json",),
        (b"\x80\x04cos\nsystem\n",),
        (HEADER, b"A\0"),
        (HEADER, b"\x80\x04cos\nsystem\n"),
        (HEADER, b"H"),
        (HEADER,),
    ],
)
def test_a_decoder_that_was_taken_over_can_only_stop(messages: tuple[bytes, ...]) -> None:
    with pytest.raises(AudioFileError, match=r"stopped at 0\.0 seconds"):
        list(FrameStream(Forged(*messages), "a.wav").blocks())  # type: ignore[arg-type]


def test_many_imports_leave_no_process_and_no_handle(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", TONE, RATE)
    file_seconds(tmp_path / "a.wav")
    me = psutil.Process()
    gc.collect()
    before = me.num_fds(), me.num_threads()
    for _ in range(5):
        file_seconds(tmp_path / "a.wav")
        process = ImportProcess(tmp_path / "a.wav", 0.1)
        process.kill()
        process.handed_over()
        assert process.join(5)
    gc.collect()
    assert me.num_fds() <= before[0] + 3, "ten processes were started"
    assert me.num_threads() <= before[1]
    assert not [child for child in me.children() if "import" in child.name()]

"""The sealed journal: writing, tailing, going on after a crash, full and failing disks."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from scribe_app.adapters.journal import (
    RECORD_SAMPLES,
    JournalReader,
    JournalWriter,
    WriterTerms,
    clocks,
    disk,
    recover,
)
from scribe_app.adapters.journal.format import FRAME, MARK, SEALED_MOST
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE, AudioGap, GapReason
from scribe_app.errors import DiskFullError, RecordingError

KEY = bytes(range(32))
ID = ConsultationId("0123456789abcdef0123456789abcdef")
AT_ONCE = WriterTerms(most_waiting_seconds=0)
"""Gives up as soon as the disk refuses, so that a test need not wait for ten minutes."""
AT_ONCE_SHORT = WriterTerms(most_waiting_seconds=0, segment_samples=RECORD_SAMPLES * 2)


def noise(samples: int, seed: int = 1) -> np.ndarray:
    """Audio without a zero in it, so that filled-in silence cannot pass for it."""
    audio = np.random.default_rng(seed).integers(1, 32_767, samples)
    return audio.astype(np.int16)


def test_what_is_written_is_read_back_bit_for_bit(tmp_path: Path) -> None:
    audio = noise(SAMPLE_RATE * 3 + 17)
    writer = JournalWriter(tmp_path, KEY, ID)
    for block in np.array_split(audio, 41):
        writer.append(block.tobytes())
    recording = writer.close()
    reader = JournalReader(tmp_path, KEY)
    assert reader.available() == len(audio) == recording.samples
    assert np.array_equal(reader.read(0, len(audio)), audio)
    assert reader.closed
    assert reader.gaps == ()
    assert recover(ID, tmp_path, KEY) == recording


@pytest.mark.parametrize(
    ("start", "end"), [(0, 1), (3999, 4001), (4000, 8000), (5, 11_999), (11_990, 99_999)]
)
def test_any_stretch_can_be_read(tmp_path: Path, start: int, end: int) -> None:
    audio = noise(12_000)
    writer = JournalWriter(tmp_path, KEY, ID, WriterTerms(segment_samples=8000))
    writer.append(audio.tobytes())
    writer.close()
    assert np.array_equal(JournalReader(tmp_path, KEY).read(start, end), audio[start:end])


def test_a_reader_tails_a_growing_journal_across_segments(tmp_path: Path) -> None:
    reader = JournalReader(tmp_path / "not-yet", KEY)
    assert reader.available() == 0
    assert not reader.closed
    audio = noise(RECORD_SAMPLES * 10)
    writer = JournalWriter(tmp_path / "not-yet", KEY, ID, WriterTerms(segment_samples=RECORD_SAMPLES * 3))
    for number in range(10):
        writer.append(audio[number * RECORD_SAMPLES : (number + 1) * RECORD_SAMPLES].tobytes())
        end = reader.available()
        assert end == (number + 1) * RECORD_SAMPLES
        assert np.array_equal(reader.read(end - RECORD_SAMPLES, end), audio[end - RECORD_SAMPLES : end])
        assert not reader.closed
    writer.close()
    assert reader.available() == len(audio)
    assert reader.closed
    assert reader.gaps == ()
    assert len(disk.segment_files(tmp_path / "not-yet")) == 4


def test_closed_is_as_old_as_the_samples_that_were_seen(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path, KEY, ID)
    reader = JournalReader(tmp_path, KEY)
    writer.append(noise(RECORD_SAMPLES).tobytes())
    assert reader.available() == RECORD_SAMPLES
    writer.append(noise(RECORD_SAMPLES).tobytes())
    writer.close()
    assert not reader.closed, "or a reader could take the end for reached and lose the tail"
    assert reader.available() == 2 * RECORD_SAMPLES
    assert reader.closed


def test_gaps_keep_their_place_and_reason(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path, KEY, ID)
    writer.append(noise(1000).tobytes())
    writer.gap(GapReason.PAUSED, 12.5)
    writer.append(noise(500).tobytes())
    writer.gap(GapReason.DEVICE_LOST, 1.25)
    recording = writer.close()
    expected = (AudioGap(1000, 12.5, GapReason.PAUSED), AudioGap(1500, 1.25, GapReason.DEVICE_LOST))
    assert recording.gaps == expected
    assert recover(ID, tmp_path, KEY).gaps == expected


def test_an_interrupted_journal_is_continued_in_a_new_segment(tmp_path: Path) -> None:
    first, second = noise(6000, 1), noise(5000, 2)
    interrupted = JournalWriter(tmp_path, KEY, ID)
    interrupted.append(first.tobytes())  # 4000 sealed, 2000 waiting: lost with the process
    before = disk.segment_files(tmp_path)[0].read_bytes()
    state = recover(ID, tmp_path, KEY)
    assert (state.samples, state.complete) == (4000, False)
    assert state.gaps == (AudioGap(4000, 0.5, GapReason.INTERRUPTED),)
    writer = JournalWriter(tmp_path, KEY, ID)
    assert writer.interrupted_ns is not None
    assert 0 <= clocks.elapsed_ns() - writer.interrupted_ns < 5e9
    writer.gap(GapReason.INTERRUPTED, 2.5)
    writer.append(second.tobytes())
    recording = writer.close()
    assert disk.segment_files(tmp_path)[0].read_bytes() == before
    assert np.array_equal(JournalReader(tmp_path, KEY).read(0, 9000), np.concatenate([first[:4000], second]))
    assert recording.gaps == (AudioGap(4000, 2.5, GapReason.INTERRUPTED),)
    assert recover(ID, tmp_path, KEY) == recording


def test_a_finished_journal_cannot_be_continued(tmp_path: Path) -> None:
    JournalWriter(tmp_path, KEY, ID).close()
    with pytest.raises(RecordingError, match="finished"):
        JournalWriter(tmp_path, KEY, ID)


def test_another_key_and_another_consultation_open_nothing(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path, KEY, ID)
    writer.append(noise(8000).tobytes())
    writer.close()
    other = JournalReader(tmp_path, bytes(32))
    assert other.available() == 0
    assert not other.closed
    with pytest.raises(RecordingError, match="another consultation"):
        recover(ConsultationId("other"), tmp_path, KEY)


def test_audio_never_lies_in_the_clear_and_only_its_owner_may_read(tmp_path: Path) -> None:
    audio = noise(8000)
    folder = tmp_path / "recording"
    writer = JournalWriter(folder, KEY, ID)
    writer.append(audio.tobytes())
    writer.close()
    stored = disk.segment_files(folder)[0]
    assert audio[100:108].tobytes() not in stored.read_bytes()
    if os.name == "posix":
        assert stored.stat().st_mode & 0o077 == 0
        assert folder.stat().st_mode & 0o077 == 0


def test_short_writes_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = os.write
    monkeypatch.setattr(disk.os, "write", lambda fd, content: whole(fd, content[: max(1, len(content) // 3)]))
    audio = noise(9000)
    writer = JournalWriter(tmp_path, KEY, ID)
    writer.append(audio.tobytes())
    writer.close()
    assert np.array_equal(JournalReader(tmp_path, KEY).read(0, 9000), audio)


def test_a_write_that_failed_is_never_sealed_again_under_the_same_nonce(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = JournalWriter(tmp_path, KEY, ID, AT_ONCE)
    writer.append(noise(RECORD_SAMPLES).tobytes())
    real, tried = os.write, []

    def cut(descriptor: int, content: bytes) -> int:
        tried.append(1)
        if len(tried) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, content[:3000])

    disk.release_reserves(tmp_path)
    monkeypatch.setattr(disk.os, "write", cut)
    more = noise(RECORD_SAMPLES * 2, 2)
    with pytest.raises(DiskFullError):
        writer.append(more.tobytes())
    monkeypatch.setattr(disk.os, "write", real)
    recording = writer.close()
    counters = [counter for _, counter in clear_counters(disk.segment_files(tmp_path)[0])]
    assert counters == sorted(set(counters)), "a nonce was used twice"
    assert recording.samples == RECORD_SAMPLES * 3
    assert np.array_equal(JournalReader(tmp_path, KEY).read(RECORD_SAMPLES, 99_999), more)
    assert recover(ID, tmp_path, KEY) == recording


def clear_counters(path: Path) -> list[tuple[int, int]]:
    """(place, counter) of everything in a segment that looks like a frame."""
    content, found, at = path.read_bytes(), [], 0
    while (at := content.find(MARK, at)) >= 0:
        mark_and_rest = content[at : at + FRAME.size]
        _, last, counter, length = FRAME.unpack(mark_and_rest)
        if last < 2 and length <= SEALED_MOST:
            found.append((at, counter))
        at += 1
    return found


@pytest.mark.parametrize("failing", ["sync", "write_all"])
def test_after_a_failed_write_the_recording_goes_on_in_a_new_segment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    real, calls = getattr(disk, failing), []

    def fail_once(*arguments: object) -> object:
        calls.append(1)
        if len(calls) == 3:  # header, first record, second record
            raise OSError(errno.EIO, "Input/output error")
        return real(*arguments)

    writer_audio = noise(RECORD_SAMPLES * 4)
    monkeypatch.setattr(disk, failing, fail_once)
    writer = JournalWriter(tmp_path, KEY, ID)
    writer.append(writer_audio.tobytes())
    recording = writer.close()
    assert len(disk.segment_files(tmp_path)) == 2
    reader = JournalReader(tmp_path, KEY)
    assert np.array_equal(reader.read(0, recording.samples), writer_audio)
    assert reader.gaps == ()
    assert reader.closed


def test_a_disk_that_keeps_failing_is_told_and_keeps_what_is_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = JournalWriter(tmp_path, KEY, ID, AT_ONCE)
    writer.append(noise(RECORD_SAMPLES).tobytes())

    def fail(*arguments: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(disk, "write_all", fail)
    with pytest.raises(RecordingError, match="cannot be written"):
        writer.append(noise(RECORD_SAMPLES).tobytes())
    assert recover(ID, tmp_path, KEY).samples == RECORD_SAMPLES


class Refusal:
    """A disk that takes nothing while it is on; the error is the one that the kernel would give."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
        self.on = False
        for name in ("write_all", "sync", "create"):
            monkeypatch.setattr(disk, name, self._wrapped(getattr(disk, name), number))

    def _wrapped(self, real: Callable[..., object], number: int) -> Callable[..., object]:
        def call(*arguments: object) -> object:
            if self.on and real.__name__ == "write_all":
                raise disk.UnwrittenError(OSError(number, os.strerror(number)), bytes(arguments[1]))  # type: ignore[call-overload]  # bytes-like
            if self.on:
                raise OSError(number, os.strerror(number))
            return real(*arguments)

        return call


class Time:
    """Both clocks, moved by the test."""

    def __init__(self) -> None:
        self.elapsed = 10**12
        self.wall = 2 * 10**18

    def pass_by(self, seconds: float) -> None:
        self.elapsed += int(seconds * 1e9)
        self.wall += int(seconds * 1e9)

    def clocks(self) -> clocks.Clocks:
        return clocks.Clocks(lambda: self.elapsed, lambda: self.wall)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_while_the_disk_refuses_audio_waits_in_memory_and_is_sealed_when_it_takes_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    refusal, now = Refusal(monkeypatch, number), Time()
    writer = JournalWriter(tmp_path, KEY, ID, WriterTerms(clocks=now.clocks()))
    audio = noise(RECORD_SAMPLES * 400)
    for n in range(400):
        refusal.on = 40 <= n < 360
        now.pass_by(0.25)
        writer.append(audio[n * RECORD_SAMPLES : (n + 1) * RECORD_SAMPLES].tobytes())
        if n == 100:
            writer.gap(GapReason.PAUSED, 7.0)
        if n == 200:
            assert writer.samples == 40 * RECORD_SAMPLES
            assert writer.waiting_seconds == pytest.approx(161 * 0.25)
            assert writer.trouble is not None
    recording = writer.close()
    assert recording.samples == len(audio)
    assert recording.gaps == (AudioGap(101 * RECORD_SAMPLES, 7.0, GapReason.PAUSED),)
    assert recording.complete
    assert np.array_equal(JournalReader(tmp_path, KEY).read(0, len(audio)), audio)
    assert recover(ID, tmp_path, KEY) == recording
    assert not list(tmp_path.glob("reserve*"))


def test_audio_that_the_disk_never_takes_is_a_counted_gap_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = Refusal(monkeypatch, errno.ENOSPC)
    writer = JournalWriter(tmp_path, KEY, ID)
    writer.append(noise(RECORD_SAMPLES * 2).tobytes())
    refusal.on = True
    writer.append(noise(RECORD_SAMPLES * 8).tobytes())
    recording = writer.close()
    assert recording.samples == RECORD_SAMPLES * 2
    assert recording.gaps == (AudioGap(RECORD_SAMPLES * 2, 2.0, GapReason.INTERRUPTED),)
    assert not recording.complete
    refusal.on = False
    assert recover(ID, tmp_path, KEY).samples == RECORD_SAMPLES * 2


def test_room_is_kept_back_again_once_there_is_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refusal, now = Refusal(monkeypatch, errno.ENOSPC), Time()
    writer = JournalWriter(tmp_path, KEY, ID, WriterTerms(clocks=now.clocks()))
    refusal.on = True
    writer.append(noise(RECORD_SAMPLES).tobytes())
    assert writer.reserve_in_use
    assert len(list(tmp_path.glob("reserve*"))) == 1, "the last one is for the end"
    refusal.on = False
    writer.retry()
    assert not writer.reserve_in_use
    assert len(list(tmp_path.glob("reserve*"))) == 2
    assert writer.samples == RECORD_SAMPLES


@pytest.mark.parametrize("hours", [1.0, -26.0])
def test_a_wall_clock_that_is_set_is_noted_and_moves_no_sample_and_no_gap(
    tmp_path: Path, hours: float
) -> None:
    now = Time()
    writer = JournalWriter(tmp_path, KEY, ID, WriterTerms(clocks=now.clocks()))
    audio = noise(RECORD_SAMPLES * 8)
    for n in range(8):
        now.pass_by(0.25)
        if n == 5:
            now.wall += int(hours * 3600e9)
        writer.append(audio[n * RECORD_SAMPLES : (n + 1) * RECORD_SAMPLES].tobytes())
    del writer  # interrupted
    now.pass_by(4)
    again = JournalWriter(tmp_path, KEY, ID, WriterTerms(clocks=now.clocks()))
    assert again.interrupted_ns == now.elapsed - 4 * 10**9
    recording = again.close()
    reader = JournalReader(tmp_path, KEY)
    assert reader.available() == len(audio)
    assert [(step.position, step.seconds) for step in reader.clock_steps] == [
        (5 * RECORD_SAMPLES, hours * 3600)
    ]
    assert np.array_equal(reader.read(0, len(audio)), audio)
    assert recording.gaps == ()


def test_after_a_restart_of_the_computer_the_wall_clock_tells_how_long_it_was(tmp_path: Path) -> None:
    now = Time()
    writer = JournalWriter(tmp_path, KEY, ID, WriterTerms(clocks=now.clocks()))
    writer.append(noise(RECORD_SAMPLES).tobytes())
    now.wall += 90 * 10**9
    now.elapsed = 5 * 10**9
    again = JournalWriter(tmp_path, KEY, ID, WriterTerms(clocks=now.clocks()))
    assert again.interrupted_ns == now.elapsed - 90 * 10**9


def test_recovery_gives_the_reserve_back(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path, KEY, ID)
    writer.append(noise(RECORD_SAMPLES).tobytes())
    assert sum(path.stat().st_size for path in tmp_path.glob("reserve*")) > 4 << 20
    recover(ID, tmp_path, KEY)
    assert not list(tmp_path.glob("reserve*"))


def test_a_segment_that_cannot_be_begun_is_told_and_close_can_still_seal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audio = noise(RECORD_SAMPLES * 3)
    writer = JournalWriter(tmp_path, KEY, ID, AT_ONCE_SHORT)

    def refuse(path: Path) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as broken:
        broken.setattr(disk, "create", refuse)
        with pytest.raises(RecordingError, match="cannot be written"):
            writer.append(audio.tobytes())
    recording = writer.close()
    assert recording.samples == len(audio)
    assert np.array_equal(JournalReader(tmp_path, KEY).read(0, len(audio)), audio)
    assert recover(ID, tmp_path, KEY) == recording


def test_too_little_room_is_refused_before_anything_is_recorded(tmp_path: Path) -> None:
    with pytest.raises(DiskFullError, match="too little room"):
        JournalWriter(tmp_path, KEY, ID, WriterTerms(start_least_bytes=1 << 60))
    assert disk.segment_files(tmp_path) == []


@pytest.fixture
def small_volume(tmp_path: Path) -> Iterator[Path]:
    """A file system of 6 MiB."""
    folder = tmp_path / "volume"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or os.name != "posix" or os.geteuid() != 0:
        pytest.skip("mounting a small volume needs root")
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine does not let root mount a volume")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_on_a_full_disk_the_reserve_lasts_two_minutes_and_the_end_is_sealed(small_volume: Path) -> None:
    audio = noise(RECORD_SAMPLES * 4 * 240)
    terms = WriterTerms(sync_seconds=1, start_least_bytes=1 << 20, most_waiting_seconds=0)
    writer = JournalWriter(small_volume / "r", KEY, ID, terms)
    warned_at, taken = 0, 0
    with pytest.raises(DiskFullError, match="disk is full"):  # noqa: PT012 - the loop is what fills the disk
        for taken in range(0, len(audio), RECORD_SAMPLES):
            writer.append(audio[taken : taken + RECORD_SAMPLES].tobytes())
            if writer.reserve_in_use and not warned_at:
                warned_at = writer.samples
    recording = writer.close()
    assert recording.samples == taken + RECORD_SAMPLES, "the record that met the full disk is kept too"
    assert recording.complete
    assert recording.samples - warned_at > 120 * SAMPLE_RATE
    assert recover(ID, small_volume / "r", KEY) == recording
    kept = JournalReader(small_volume / "r", KEY).read(0, recording.samples)
    assert np.array_equal(kept, audio[: len(kept)])


def test_how_much_louder_one_channel_was_is_kept_per_record(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path, KEY, ID)
    for sides in ((4e6, 1e6), (1e6, 4e6), (1e6, 1e6), None, (0.0, 0.0)):
        for _ in range(5):  # in pieces that do not fit the records
            writer.append(bytes(2 * RECORD_SAMPLES // 5), sides=sides)
    writer.close()
    reader = JournalReader(tmp_path, KEY)
    reader.available()
    found = [reader.balance(at * RECORD_SAMPLES, (at + 1) * RECORD_SAMPLES) for at in range(6)]
    assert found == [6.0, -6.0, 0.0, None, None, None]
    assert reader.balance(0, 3 * RECORD_SAMPLES) == 0.0


def test_a_balance_is_bounded_and_belongs_to_its_own_record(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path, KEY, ID)
    writer.append(bytes(3 * RECORD_SAMPLES), sides=(1e9, 0.0))  # a record and a half
    writer.append(bytes(3 * RECORD_SAMPLES), sides=(0.0, 1e9))
    writer.close()
    reader = JournalReader(tmp_path, KEY)
    reader.available()
    found = [reader.balance(at * RECORD_SAMPLES, (at + 1) * RECORD_SAMPLES) for at in range(3)]
    assert found == [63.0, 0.0, -63.0]

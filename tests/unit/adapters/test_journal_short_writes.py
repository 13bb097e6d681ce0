"""Short writes: os.write takes a part of a record, at every boundary of it, and then goes on or fails."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from scribe_app.adapters.journal import (
    RECORD_SAMPLES,
    JournalReader,
    JournalWriter,
    WriterTerms,
    disk,
    recover,
)
from scribe_app.adapters.journal.format import FRAME, SEALED_LEAST, SEALED_MOST
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE

KEY = bytes(range(32))
ID = ConsultationId("0123456789abcdef0123456789abcdef")
WHOLE = FRAME.size + SEALED_MOST
"""Bytes of a full record of audio on disk."""
FIELDS = (FRAME.size, FRAME.size + SEALED_LEAST, WHOLE - SEALED_LEAST, WHOLE)
CUTS = sorted(
    {*range(1, FRAME.size + 40), *range(40, WHOLE, 211), *range(WHOLE - 20, WHOLE)}
    | {field + step for field in FIELDS for step in (-1, 0, 1) if field + step < WHOLE}
)
"""Bytes after which a record's first write stops: all of its head and its end, and each field's boundary."""


class ShortWrites:
    """os.write that takes `after` bytes of the next whole record, and then what it is told to do."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, then: int = 0) -> None:
        self._write, self._then = os.write, then
        self._after = self._failing = 0
        self.cut = 0
        """Records that were cut."""
        monkeypatch.setattr(os, "write", self)
        monkeypatch.setattr(disk, "sync", lambda descriptor: None)

    def next_after(self, after: int) -> None:
        self._after = after

    def __call__(self, descriptor: int, content: bytes | memoryview) -> int:
        if self._failing:
            self._failing = 0
            raise OSError(self._then, os.strerror(self._then))
        if self._after and len(content) == WHOLE:
            after, self._after, self._failing = self._after, 0, self._then
            self.cut += 1
            return self._write(descriptor, content[:after])
        return self._write(descriptor, content)


def noise(records: int) -> np.ndarray:
    return np.random.default_rng(3).integers(1, 32_767, records * RECORD_SAMPLES).astype(np.int16)


def record(writer: JournalWriter, writes: ShortWrites, audio: np.ndarray) -> None:
    for number, after in enumerate(CUTS):
        writes.next_after(after)
        writer.append(audio[number * RECORD_SAMPLES : (number + 1) * RECORD_SAMPLES].tobytes())


@pytest.mark.parametrize("then", [0, errno.EINTR, errno.ENOSPC, errno.EIO])
def test_a_record_that_is_written_in_two_parts_is_whole_whatever_comes_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, then: int
) -> None:
    """A full disk gives way to the reserve; after EIO the record is sealed again, in a new segment."""
    writes, audio = ShortWrites(monkeypatch, then), noise(len(CUTS))
    terms = WriterTerms(start_least_bytes=0)
    monkeypatch.setattr("scribe_app.adapters.journal.writer.RETRY_SECONDS", 0.0)
    writer = JournalWriter(tmp_path, KEY, ID, terms)
    record(writer, writes, audio)
    recording = writer.close()
    assert writes.cut == len(CUTS)
    assert (recording.samples, recording.gaps, recording.complete) == (len(audio), (), True)
    reader = JournalReader(tmp_path, KEY)
    assert np.array_equal(reader.read(0, len(audio)), audio)
    assert reader.closed
    segments = len(disk.segment_files(tmp_path))
    assert segments == (len(CUTS) + 1 if then == errno.EIO else 1)


def test_a_record_that_was_cut_by_the_end_of_the_process_is_the_only_one_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For each boundary: three records, the third cut off there, as kill -9 or a power cut leaves it."""
    audio = noise(4)
    writer = JournalWriter(tmp_path / "whole", KEY, ID)
    writer.append(audio[: 3 * RECORD_SAMPLES].tobytes())
    (segment,) = disk.segment_files(tmp_path / "whole")
    content = segment.read_bytes()
    monkeypatch.setattr(disk, "sync", lambda descriptor: None)
    for after in CUTS:
        folder = tmp_path / str(after)
        folder.mkdir()
        (folder / segment.name).write_bytes(content[: len(content) - WHOLE + after])
        assert recover(ID, folder, KEY).samples == 2 * RECORD_SAMPLES
        again = JournalWriter(folder, KEY, ID, WriterTerms(start_least_bytes=0))
        again.append(audio[3 * RECORD_SAMPLES :].tobytes())
        kept = again.close()
        assert kept.seconds == 3 * RECORD_SAMPLES / SAMPLE_RATE
        expected = np.concatenate([audio[: 2 * RECORD_SAMPLES], audio[3 * RECORD_SAMPLES :]])
        assert np.array_equal(JournalReader(folder, KEY).read(0, kept.samples), expected)

"""Reading a journal, finished or still growing, whole or damaged."""

from __future__ import annotations

import bisect
import os
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from scribe_app.adapters.journal import disk
from scribe_app.adapters.journal.balance import decibels
from scribe_app.adapters.journal.format import (
    FRAME,
    HEADER_BYTES,
    HEADER_COPY_AT,
    LAST_OF_RECORDING,
    MARK,
    RECORD_SAMPLES,
    RECORDS_AT,
    SEALED_LEAST,
    SEALED_MOST,
    Record,
    RecordKind,
    SegmentHeader,
    SegmentSeal,
    open_header,
    unpack_clock_step,
    unpack_gap,
)
from scribe_app.domain.recording import SAMPLE_RATE, AudioGap, GapReason
from scribe_app.errors import RecordingError

_READ_BYTES = 1 << 20


class JournalReader:
    """Reads the journal in a folder, also while another process writes it. For one thread.

    reader = JournalReader(folder, key)       # 32 bytes; the folder need not exist yet
    end = reader.available()                  # looks at the disk: samples there now
    audio = reader.read(start, end)           # numpy int16, 16 kHz mono, end - start samples at most
    reader.closed, reader.gaps                # as of that last look, so that closed means: `end` is all

    Only audio that authenticates is returned. Where records are damaged or missing, a gap with the reason
    UNREADABLE says how much, `read` returns silence in its place and positions after it stay what they
    were; all other gaps take no samples. Files are opened only while they are read.

    Raises:
        RecordingError: the disk cannot be read.
    """

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder, self._key = folder, key
        self._segments: dict[Path, _Segment] = {}
        self._unopened: dict[Path, int] = {}
        self._timeline = _Timeline()

    def available(self) -> int:
        """Samples that can be read now. Looks at the disk; costs little when nothing was added."""
        try:
            for path in disk.segment_files(self._folder):
                if path not in self._segments:
                    self._open_segment(path)
            self._arrange([(segment, segment.look()) for segment in self._in_order()])
        except OSError as error:
            raise _unreadable(error) from error
        return self._timeline.end

    @property
    def closed(self) -> bool:
        """Whether the recording has its clean end, as of the last `available()`."""
        return self._timeline.final

    @property
    def gaps(self) -> tuple[AudioGap, ...]:
        """Audio that is missing, in order, as of the last `available()`."""
        lost = self._lost_at_end()
        return (*self._timeline.gaps, lost) if lost else tuple(self._timeline.gaps)

    @property
    def next_index(self) -> int:
        """Index of the first segment that is not there yet."""
        taken = [segment.header.index for segment in self._segments.values()]
        names = [int(path.stem[-5:]) for path in self._unopened if path.stem[-5:].isdigit()]
        return max([*taken, *names], default=-1) + 1

    @property
    def last_record(self) -> Record | None:
        """The newest record, without its audio, as of the last `available()`; None where there is none."""
        return self._timeline.last_record

    @property
    def clock_steps(self) -> tuple[ClockStep, ...]:
        """Where somebody set the wall clock, as of the last `available()`."""
        return tuple(self._timeline.clock_steps)

    def belongs_to(self, consultation: str) -> bool:
        """Whether every readable segment was recorded for this consultation."""
        return all(segment.header.consultation == consultation for segment in self._segments.values())

    def read(self, start: int, end: int) -> npt.NDArray[np.int16]:
        """Samples [start, end), fewer where the journal ends before; damaged stretches are silent."""
        if start < 0 or end < start:
            raise ValueError(f"no such stretch of audio: {start} to {end}")
        if end > self._timeline.end:
            self.available()
        audio = np.zeros(max(0, min(end, self._timeline.end) - start), dtype=np.int16)
        try:
            for span, pcm in self._opened(self._timeline.between(start, start + len(audio))):
                first, last = max(start, span.start), min(start + len(audio), span.end)
                audio[first - start : last - start] = pcm[first - span.position : last - span.position]
        except OSError as error:
            raise _unreadable(error) from error
        return audio

    def balance(self, start: int, end: int) -> float | None:
        """How much louder channel 1 was than channel 2 over samples [start, end), in dB.

        The median of its records; None where it was recorded with one channel, or is silent.
        """
        known = [db for flags in self._timeline.flags(start, end) if (db := decibels(flags)) is not None]
        return float(np.median(known)) if known else None

    def _open_segment(self, path: Path) -> None:
        size = path.stat().st_size
        if self._unopened.get(path) == size:
            return
        opened = _open_header_of(path, self._key)
        if opened is None:
            self._unopened[path] = size  # being created just now, or damaged
            return
        self._unopened.pop(path, None)
        if any(segment.header.index == opened[0].index for segment in self._segments.values()):
            self._unopened[path] = size  # a copy of a segment adds nothing
            return
        self._segments[path] = _Segment(path, *opened)

    def _in_order(self) -> list[_Segment]:
        return sorted(self._segments.values(), key=lambda segment: segment.header.index)

    def _arrange(self, looks: list[tuple[_Segment, list[_Frame] | None]]) -> None:
        """Put what is new onto the timeline; start over when it does not simply follow."""
        grown = [(segment, frames) for segment, frames in looks if frames is not None]
        if all(self._timeline.add(segment, frames) for segment, frames in grown):
            return
        self._timeline = _Timeline()
        for segment in self._in_order():
            self._timeline.add(segment, segment.all_frames())

    def _opened(self, spans: list[_Span]) -> Iterator[tuple[_Span, npt.NDArray[np.int16]]]:
        file: BinaryIO | None = None
        segment: _Segment | None = None
        try:
            for span in spans:
                if segment is not span.segment or file is None:
                    if file is not None:
                        file.close()
                    segment, file = span.segment, span.segment.path.open("rb")
                pcm = segment.audio(file, span)
                if pcm is not None:
                    yield span, pcm
        finally:
            if file is not None:
                file.close()

    def _lost_at_end(self) -> AudioGap | None:
        """A last segment whose both headers are gone: nothing in it opens, its length is the file's."""
        newest = max((segment.path for segment in self._segments.values()), default=None)
        sizes = [size for path, size in self._unopened.items() if newest is None or path > newest]
        frames = sum(max(0, size - RECORDS_AT) for size in sizes) / (FRAME.size + SEALED_MOST)
        if frames < 1 or self.closed:
            return None
        return AudioGap(self._timeline.end, frames * RECORD_SAMPLES / SAMPLE_RATE, GapReason.UNREADABLE)


@dataclass(frozen=True, slots=True)
class ClockStep:
    """The wall clock was set forward by so many seconds (back where negative) before this sample."""

    position: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Frame:
    """An authentic frame in a segment file."""

    counter: int
    offset: int
    record: Record
    """Without its audio."""
    samples: int


@dataclass(frozen=True, slots=True)
class _Span:
    """Where samples [start, end) lie on disk."""

    segment: _Segment
    offset: int
    position: int
    start: int
    """After `position` where an earlier span holds its first samples already."""
    end: int


class _Timeline:
    """Records of all segments in one order, with the holes between them counted.

    Some 14,000 records an hour: they are kept as columns of numbers, not as objects.
    """

    def __init__(self) -> None:
        self.end = 0
        self.gaps: list[AudioGap] = []
        self.final = False
        self.clock_steps: list[ClockStep] = []
        self.last_record: Record | None = None
        self._segments: list[_Segment] = []
        self._counter = -1
        self._starts, self._ends = array("q"), array("q")
        self._positions, self._offsets = array("q"), array("q")
        self._of_segment = array("q")
        self._flags = array("B")

    def add(self, segment: _Segment, frames: list[_Frame]) -> bool:
        """Add new frames; False (and the timeline is of no more use) when they do not simply follow."""
        if not self._segments or segment is not self._segments[-1]:
            if self._segments and segment.header.index <= self._segments[-1].header.index:
                return False
            self._segments.append(segment)
            self._counter = -1
            self._reach(segment.header.first_sample)
        for frame in frames:
            if frame.counter <= self._counter:
                return False
            self._counter = frame.counter
            self._add_record(frame)
        return True

    def between(self, start: int, end: int) -> list[_Span]:
        """Spans that hold some of the samples [start, end)."""
        return [self._span(n) for n in self._numbers(start, end)]

    def flags(self, start: int, end: int) -> list[int]:
        """Flags of the audio records that hold some of the samples [start, end)."""
        return [self._flags[n] for n in self._numbers(start, end)]

    def _numbers(self, start: int, end: int) -> list[int]:
        first = max(0, bisect.bisect_right(self._starts, start) - 1)
        last = bisect.bisect_left(self._starts, end)
        return [n for n in range(first, last) if self._ends[n] > start]

    def _span(self, n: int) -> _Span:
        segment = self._segments[self._of_segment[n]]
        return _Span(segment, self._offsets[n], self._positions[n], self._starts[n], self._ends[n])

    def _add_record(self, frame: _Frame) -> None:
        record = frame.record
        self._reach(record.position)
        self.last_record = record
        end = record.position + frame.samples
        if record.kind is RecordKind.GAP:
            reason, seconds = unpack_gap(record.payload)
            self.gaps.append(AudioGap(record.position, seconds, reason))
        elif record.kind is RecordKind.CLOCK_STEP:
            self.clock_steps.append(ClockStep(record.position, unpack_clock_step(record.payload)))
        elif record.kind is RecordKind.END:
            self.final = bool(record.flags & LAST_OF_RECORDING)
        elif end > self.end:
            self._starts.append(self.end)
            self._ends.append(end)
            self._positions.append(record.position)
            self._offsets.append(frame.offset)
            self._of_segment.append(len(self._segments) - 1)
            self._flags.append(record.flags)
            self.end = end

    def _reach(self, position: int) -> None:
        """Someone authentic says that the recording came this far; what lies between is lost."""
        if position > self.end:
            self.gaps.append(AudioGap(position, (position - self.end) / SAMPLE_RATE, GapReason.UNREADABLE))
            self.end = position


class _Segment:
    """One segment file: which records in it are authentic, and where they lie."""

    def __init__(self, path: Path, header: SegmentHeader, seal: SegmentSeal) -> None:
        self.path, self.header, self._seal = path, header, seal
        self._offset = RECORDS_AT
        self._size = -1

    def look(self) -> list[_Frame] | None:
        """Authentic frames that were added to the file; None when it has not changed."""
        size = self.path.stat().st_size
        if size == self._size:
            return None
        self._size = size
        with self.path.open("rb") as file:
            return list(self._parse(file))

    def all_frames(self) -> list[_Frame]:
        """Every authentic frame from the file's start, in the order of their counters, each once."""
        self._offset = RECORDS_AT
        with self.path.open("rb") as file:
            frames = {frame.counter: frame for frame in self._parse(file)}
        return [frames[counter] for counter in sorted(frames)]

    def audio(self, file: BinaryIO, span: _Span) -> npt.NDArray[np.int16] | None:
        """The span's whole record, opened again; None when the file has changed since."""
        file.seek(span.offset)
        found = _open_frame(file.read(FRAME.size + SEALED_MOST), 0, self._seal)
        return None if found is None else np.frombuffer(found[1].payload, dtype="<i2").astype(np.int16)

    def _parse(self, file: BinaryIO) -> Iterator[_Frame]:
        """Take every authentic frame from where the last one ended.

        A frame that does not open is passed over only when a later one does: at the end of a growing file it
        may be a write that is not complete yet.
        """
        place = self._offset
        while True:
            file.seek(place)
            block = file.read(_READ_BYTES)
            at = 0
            while (found := _next_frame(block, at, self._seal)) is not None:
                start, counter, record, at = found
                kept = record.payload if record.kind is not RecordKind.AUDIO else b""
                yield _Frame(counter, place + start, replace(record, payload=kept), record.samples)
                self._offset = place + at
            if len(block) < _READ_BYTES:
                return
            # The block's last frame may be cut: go on behind the last whole one, or as far as it may begin.
            place += max(at, len(block) - FRAME.size - SEALED_MOST)


def _next_frame(block: bytes, at: int, seal: SegmentSeal) -> tuple[int, int, Record, int] | None:
    """(start, counter, record, end) of the first authentic frame from `at` on."""
    while (at := block.find(MARK, at)) >= 0:
        found = _open_frame(block, at, seal)
        if found is not None:
            return at, *found
        at += 1
    return None


def _open_frame(block: bytes, at: int, seal: SegmentSeal) -> tuple[int, Record, int] | None:
    """(counter, record, end) of the frame that begins at `at`; None when it is cut or not authentic."""
    body = at + FRAME.size
    if body > len(block):
        return None
    mark, last, counter, length = FRAME.unpack_from(block, at)
    if mark != MARK or last > 1 or not SEALED_LEAST <= length <= SEALED_MOST or body + length > len(block):
        return None
    record = seal.open(counter, last, block[body : body + length])
    return None if record is None else (counter, record, body + length)


def _open_header_of(path: Path, key: bytes) -> tuple[SegmentHeader, SegmentSeal] | None:
    with path.open("rb") as file:
        first = file.read(HEADER_BYTES)
        file.seek(HEADER_COPY_AT)
        second = file.read(HEADER_BYTES)
    return open_header(first, key) or open_header(second, key)


def _unreadable(error: OSError) -> RecordingError:
    return RecordingError(
        "The recording cannot be read.",
        f"Its files were not changed ({os.strerror(error.errno or 0)}).",
        "Check the disk, then try again.",
    )

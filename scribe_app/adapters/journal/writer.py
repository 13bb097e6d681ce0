"""The growing end of a journal."""

from __future__ import annotations

import contextlib
import logging
import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from scribe_app.adapters.journal import disk
from scribe_app.adapters.journal.balance import Balance
from scribe_app.adapters.journal.clocks import Clocks
from scribe_app.adapters.journal.format import (
    BYTES_PER_SAMPLE,
    LAST_OF_RECORDING,
    RECORD_SAMPLES,
    SEGMENT_SAMPLES,
    Record,
    RecordKind,
    pack_clock_step,
    pack_gap,
)
from scribe_app.adapters.journal.reader import JournalReader
from scribe_app.adapters.journal.segments import FULL, SegmentFiles, SegmentTerms
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE, AudioGap, GapReason, Recording
from scribe_app.errors import DiskFullError, RecordingError
from scribe_app.language import later

log = logging.getLogger(__name__)

START_LEAST_BYTES = 50 << 20
"""Room that a recording needs to start: some 25 minutes."""
MOST_WAITING_SECONDS = 600.0
"""How much audio is held in memory while the disk takes none (19 MB), before the recording has to end."""
RETRY_SECONDS = 1.0
LAST_RECORDS = 16
"""What the last reserve is sure to hold besides the end record: 4 s."""
STEP_SECONDS = 1.0
"""Time servers slew what is less; what is more was set."""
_RECORD_BYTES = RECORD_SAMPLES * BYTES_PER_SAMPLE


@dataclass(frozen=True, slots=True)
class WriterTerms:
    """What tests and played files want otherwise."""

    sync_seconds: float = 0.0
    """0: each record is durable when `append` returns. Above, the drive is made to keep what was written at
    most that often (for audio that plays faster than real time, which can be played again)."""
    segment_samples: int = SEGMENT_SAMPLES
    start_least_bytes: int = START_LEAST_BYTES
    most_waiting_seconds: float = MOST_WAITING_SECONDS
    clocks: Clocks = field(default_factory=Clocks)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A record that is not on disk yet."""

    kind: RecordKind
    payload: bytes
    elapsed_ns: int
    wall_ns: int
    flags: int = 0

    @property
    def samples(self) -> int:
        return len(self.payload) // BYTES_PER_SAMPLE if self.kind is RecordKind.AUDIO else 0


class JournalWriter:
    """Seals audio to disk as it comes. One writer per folder; for one thread.

    A folder that holds an interrupted journal is continued in a new segment; nothing is ever appended to a
    segment that another writer began. While the disk is full or fails, audio waits in memory, and is sealed
    in its order as soon as the disk takes it again.

    Raises:
        DiskFullError: there is too little room to start, or there was none for too long.
        RecordingError: the folder cannot be written, or its journal has its clean end already.
    """

    def __init__(
        self, folder: Path, key: bytes, consultation: ConsultationId, terms: WriterTerms | None = None
    ) -> None:
        self._folder, self._consultation = folder, consultation
        self._terms = terms or WriterTerms()
        self._clocks = self._terms.clocks
        self._filling = bytearray()
        self._heard_ns = 0
        self._balance = Balance()
        self._waiting: deque[_Waiting] = deque()
        self._waiting_samples = 0
        self._trouble: OSError | None = None
        self._retry_at = 0
        with _told(later("The recording folder cannot be written.")):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            earlier = JournalReader(folder, key)
            self._samples = earlier.available()
            if earlier.closed:
                raise RecordingError("This recording is finished already.", "It was not changed.")
            self._gaps = list(earlier.gaps)
            self._keep_room(continues=earlier.next_index > 0)
            self._segments = SegmentFiles(
                SegmentTerms(
                    folder, key, consultation, self._terms.sync_seconds, self._terms.segment_samples
                ),
                earlier.next_index,
                self._samples,
            )
        self._clock_offset = self._clocks.wall_ns() - self._clocks.elapsed_ns()
        self.interrupted_ns = self._last_heard(earlier)
        """When, by clocks.elapsed_ns, the end of a continued journal was heard; None for a new one."""

    @property
    def samples(self) -> int:
        """Samples sealed so far."""
        return self._samples

    @property
    def waiting_seconds(self) -> float:
        """Audio that is held in memory because the disk takes none."""
        return self._waiting_samples / SAMPLE_RATE

    @property
    def trouble(self) -> OSError | None:
        """Why the disk takes nothing; None while it does."""
        return self._trouble

    @property
    def reserve_in_use(self) -> bool:
        """The disk is full and the recording lives on what was kept back for that."""
        return self._segments.reserve_in_use

    def append(
        self, pcm: bytes, heard_ns: int | None = None, sides: tuple[float, float] | None = None
    ) -> None:
        """Add 16 kHz mono s16le audio; every full 250 ms is sealed at once.

        heard_ns: when the last of it was heard, by clocks.elapsed_ns; None is now. sides: mean squares of
        the two channels that it was mixed from; None where there was one.
        """
        heard_ns = self._clocks.elapsed_ns() if heard_ns is None else heard_ns
        self._filling += pcm
        self._heard_ns = heard_ns
        self._balance.add(len(pcm) // BYTES_PER_SAMPLE, sides)
        while len(self._filling) >= _RECORD_BYTES:
            after = (len(self._filling) - _RECORD_BYTES) // BYTES_PER_SAMPLE
            self._cut(heard_ns - after * 1_000_000_000 // SAMPLE_RATE)
        self._go_on()

    def flush(self) -> None:
        """Seal what is waiting for its 250 ms to fill."""
        if self._filling:
            self._cut(self._heard_ns)
        self._go_on()
        if self._trouble is None and self._terms.sync_seconds:
            self._try(self._segments.sync)

    def gap(self, reason: GapReason, seconds: float) -> AudioGap:
        """Note that this many seconds are missing here."""
        self.flush()
        position = self._samples + self._waiting_samples
        gap = AudioGap(position, seconds, reason)
        self._enqueue(RecordKind.GAP, pack_gap(reason, seconds))
        self._gaps.append(gap)
        self._go_on()
        return gap

    def retry(self) -> None:
        """Try again now what the disk did not take, and keep room back again once there is some."""
        self._drain()
        if self._trouble is None and self.reserve_in_use:
            with contextlib.suppress(OSError):
                if disk.free_bytes(self._folder) >= 2 * sum(disk.RESERVES.values()):
                    self._segments.keep_reserve()

    def close(self) -> Recording:
        """Seal what is left and give the journal its clean end.

        The recording is not complete where the disk does not take even that; audio that it does not take is
        a last gap.
        """
        if self._filling:
            self._cut(self._heard_ns)
        self._drain()
        if self._waiting:
            self._try(self._segments.use_last_reserve)
            self._drain(LAST_RECORDS)
        lost = self.waiting_seconds
        self._waiting.clear()
        self._waiting_samples = 0
        if lost:
            self._gaps.append(AudioGap(self._samples, lost, GapReason.INTERRUPTED))
            self._enqueue(RecordKind.GAP, pack_gap(GapReason.INTERRUPTED, lost))
        self._enqueue(RecordKind.END, flags=LAST_OF_RECORDING)
        self._drain()
        self._try(self._segments.sync)
        self._try(self._segments.close)
        return Recording(self._consultation, self._samples, tuple(self._gaps), complete=not self._waiting)

    def _cut(self, heard_ns: int) -> None:
        """One more record of audio, as full as it may be."""
        pcm = bytes(self._filling[:_RECORD_BYTES])
        del self._filling[:_RECORD_BYTES]
        self._note_clock_step()
        flags = self._balance.take(len(pcm) // BYTES_PER_SAMPLE)
        self._enqueue(RecordKind.AUDIO, pcm, flags, heard_ns)

    def _note_clock_step(self) -> None:
        offset = self._clocks.wall_ns() - self._clocks.elapsed_ns()
        step, self._clock_offset = offset - self._clock_offset, offset
        if abs(step) > STEP_SECONDS * 1e9:
            log.warning("the wall clock was set by %.1f s", step / 1e9)
            self._enqueue(RecordKind.CLOCK_STEP, pack_clock_step(step))

    def _enqueue(
        self, kind: RecordKind, payload: bytes = b"", flags: int = 0, heard_ns: int | None = None
    ) -> None:
        elapsed_ns = self._clocks.elapsed_ns() if heard_ns is None else heard_ns
        wall_ns = max(0, elapsed_ns + self._clock_offset)
        waiting = _Waiting(kind, payload, elapsed_ns, wall_ns, flags)
        self._waiting.append(waiting)
        self._waiting_samples += waiting.samples

    def _go_on(self) -> None:
        """Seal what waits, unless the disk refused a moment ago. Raises when it has refused for too long."""
        if self._trouble is None or self._clocks.elapsed_ns() >= self._retry_at:
            self._drain()
        if self._trouble is not None and self.waiting_seconds > self._terms.most_waiting_seconds:
            with _told(later("The recording cannot be written.")):
                raise self._trouble

    def _drain(self, most: int = 1 << 62) -> None:
        """Seal what waits, in its order, up to so many records; stop where the disk refuses."""
        while self._waiting and most > 0:
            first = self._waiting[0]
            record = Record(
                first.kind, self._samples, first.elapsed_ns, first.wall_ns, first.flags, first.payload
            )
            try:
                self._segments.put(record)
            except OSError as error:
                self._refused(error)
                return
            self._waiting.popleft()
            self._waiting_samples -= record.samples
            self._samples += record.samples
            most -= 1
        self._trouble = None

    def _refused(self, error: OSError) -> None:
        if self._trouble is None:
            log.error("the disk takes no more of the recording (errno %s)", error.errno)
        self._trouble = error
        self._retry_at = self._clocks.elapsed_ns() + int(RETRY_SECONDS * 1e9)

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except OSError as error:
            self._refused(error)

    def _last_heard(self, earlier: JournalReader) -> int | None:
        last = earlier.last_record
        if last is None:
            return None
        now, wall_now = self._clocks.elapsed_ns(), self._clocks.wall_ns()
        if last.elapsed_ns <= now:
            return last.elapsed_ns
        # The computer was started again in between, and with it that clock.
        return now - max(0, wall_now - last.wall_ns)

    def _keep_room(self, continues: bool) -> None:
        """Refuse to start without room; what runs already goes on with whatever there is."""
        if continues:
            with contextlib.suppress(OSError):
                disk.keep_reserves(self._folder)
            return
        free, least = disk.free_bytes(self._folder), self._terms.start_least_bytes
        if free < least:
            raise DiskFullError(
                f"There is too little room on the disk to record ({free >> 20} MB free).",
                "Nothing was recorded.",
                f"Free at least {least >> 20} MB and start again.",
            )
        disk.keep_reserves(self._folder)


class _told(contextlib.AbstractContextManager["_told"]):  # noqa: N801 - reads as a phrase: with _told("…")
    """Says in words for a person what an OSError stopped."""

    def __init__(self, title: str) -> None:
        self._title = title

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if not isinstance(error, OSError):
            return
        if error.errno in FULL:
            raise DiskFullError(
                "The disk is full, so the recording has ended.",
                "Everything recorded until now is kept.",
                "Free some space, then go on with a new consultation.",
            ) from error
        raise RecordingError(
            self._title,
            f"Everything sealed until now is kept ({os.strerror(error.errno or 0)}).",
            "Check the disk, then start a new recording.",
        ) from error

"""The growing end of a journal."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import time
from pathlib import Path

from scribe_app.adapters.journal import disk
from scribe_app.adapters.journal.format import (
    BYTES_PER_SAMPLE,
    LAST_OF_RECORDING,
    RECORD_SAMPLES,
    SEGMENT_SAMPLES,
    Record,
    RecordKind,
    SegmentHeader,
    new_segment,
    pack_gap,
)
from scribe_app.adapters.journal.reader import JournalReader
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import AudioGap, GapReason, Recording
from scribe_app.errors import DiskFullError, RecordingError
from scribe_app.paths import sync_folder

log = logging.getLogger(__name__)

START_LEAST_BYTES = 50 << 20
"""Room that a recording needs to start: some 25 minutes."""
_RECORD_BYTES = RECORD_SAMPLES * BYTES_PER_SAMPLE
_FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)


class JournalWriter:
    """Seals audio to disk as it comes. One writer per folder; for one thread.

    A folder that holds an interrupted journal is continued in a new segment, with the gap in between on
    record; nothing is ever appended to a segment that another writer began.

    Each record is durable when `append` returns, unless sync_seconds is above 0: then the drive is made to
    keep what was written at most that often (for audio that plays faster than real time, which can be played
    again).

    Raises:
        DiskFullError: there is too little room to start, or none to go on (close() still seals the end).
        RecordingError: the folder cannot be written, or its journal has its clean end already.
    """

    def __init__(
        self,
        folder: Path,
        key: bytes,
        consultation: ConsultationId,
        sync_seconds: float = 0.0,
        segment_samples: int = SEGMENT_SAMPLES,
        start_least_bytes: int = START_LEAST_BYTES,
    ) -> None:
        self._folder, self._key, self._consultation = folder, key, consultation
        self._sync_seconds, self._segment_samples = sync_seconds, segment_samples
        self._pending = bytearray()
        self._descriptor = -1
        self._index = self._counter = 0
        self._synced_at = 0.0
        self.reserve_in_use = False
        """The disk is full and the recording lives on what was kept back for that."""
        self._no_reserve_left = False
        with _told("The recording folder cannot be written."):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            earlier = JournalReader(folder, key)
            self._samples = earlier.available()
            if earlier.closed:
                raise RecordingError("This recording is finished already.", "It was not changed.")
            self._gaps = list(earlier.gaps)
            self._require_room(start_least_bytes)
            self._index = earlier.next_index
            self._begin_segment()
        if earlier.last_wall_ns is not None:
            self.gap(GapReason.INTERRUPTED, max(0.0, (time.time_ns() - earlier.last_wall_ns) / 1e9))

    @property
    def samples(self) -> int:
        """Samples sealed so far."""
        return self._samples

    def append(self, pcm: bytes) -> None:
        """Add 16 kHz mono s16le audio; every full 250 ms is sealed at once."""
        self._pending += pcm
        while len(self._pending) >= _RECORD_BYTES:
            self._seal_audio()
        if self._no_reserve_left:
            raise _disk_full()

    def flush(self) -> None:
        """Seal what is waiting for its 250 ms to fill."""
        while self._pending:
            self._seal_audio()
        self._sync()

    def gap(self, reason: GapReason, seconds: float) -> AudioGap:
        """Note that this many seconds are missing here."""
        self.flush()
        gap = AudioGap(self._samples, seconds, reason)
        self._write(RecordKind.GAP, payload=pack_gap(reason, seconds))
        self._sync()
        self._gaps.append(gap)
        return gap

    def close(self) -> Recording:
        """Seal what is left and give the journal its clean end."""
        with contextlib.suppress(DiskFullError):  # told already, and the end record still has its reserve
            self.flush()
        with contextlib.suppress(DiskFullError):
            self._write(RecordKind.END, flags=LAST_OF_RECORDING)
        self._sync()
        self._leave_segment()
        disk.release_reserves(self._folder)
        return Recording(self._consultation, self._samples, tuple(self._gaps), complete=True)

    def _seal_audio(self) -> None:
        if self._samples - self._first_sample >= self._segment_samples:
            self._write(RecordKind.END)
            self._sync()
            with _told("The recording cannot be written."):
                self._begin_next_segment()
        pcm = bytes(self._pending[:_RECORD_BYTES])
        self._write(RecordKind.AUDIO, payload=pcm)
        self._samples += len(pcm) // BYTES_PER_SAMPLE
        del self._pending[:_RECORD_BYTES]

    def _write(self, kind: RecordKind, flags: int = 0, payload: bytes = b"") -> None:
        record = Record(kind, self._samples, time.monotonic_ns(), time.time_ns(), flags, payload)
        try:
            self._store_record(record)
        except OSError as error:
            if error.errno in _FULL:
                raise _disk_full() from error
            # A file that failed once cannot be trusted again (a failed sync may drop pages in silence).
            log.error("journal segment %d failed (errno %s), opening a new one", self._index, error.errno)
            with _told("The recording cannot be written."):
                self._begin_next_segment()
                self._store_record(record)

    def _store_record(self, record: Record) -> None:
        counter, self._counter = self._counter, self._counter + 1  # never again, also when the write fails
        self._store(self._seal.seal(counter, record))
        if time.monotonic() - self._synced_at >= self._sync_seconds:
            self._sync_or_release()

    def _begin_segment(self) -> None:
        self._first_sample = self._samples
        head, self._seal = new_segment(
            SegmentHeader(self._consultation, self._index, self._first_sample), self._key
        )
        self._descriptor = disk.create(disk.segment_path(self._folder, self._index))
        self._counter = 0
        self._store(head)
        self._sync_or_release()
        sync_folder(self._folder)

    def _begin_next_segment(self) -> None:
        self._leave_segment()
        self._index += 1
        self._begin_segment()

    def _leave_segment(self) -> None:
        """Close the file; a failing disk may refuse even that, and every record was synced before."""
        descriptor, self._descriptor = self._descriptor, -1  # the number may soon name another file
        with contextlib.suppress(OSError):
            os.close(descriptor)

    def _store(self, content: bytes) -> None:
        """Write all of it, on a full disk with the help of the reserves."""
        while True:
            try:
                disk.write_all(self._descriptor, content)
            except disk.UnwrittenError as error:
                if error.errno not in _FULL or not self._release_reserve():
                    raise
                content = error.rest
            else:
                return

    def _sync_or_release(self) -> None:
        """Some file systems notice only while syncing that the disk is full."""
        while True:
            try:
                disk.sync(self._descriptor)
            except OSError as error:
                if error.errno not in _FULL or not self._release_reserve():
                    raise
            else:
                self._synced_at = time.monotonic()
                return

    def _sync(self) -> None:
        with _told("The recording cannot be written."):
            self._sync_or_release()

    def _release_reserve(self) -> bool:
        released = disk.release_reserve(self._folder)
        self.reserve_in_use = True
        self._no_reserve_left = released in ("", list(disk.RESERVES)[-1])
        return bool(released)

    def _require_room(self, least: int) -> None:
        free = disk.free_bytes(self._folder)
        if free < least:
            raise DiskFullError(
                f"There is too little room on the disk to record ({free >> 20} MB free).",
                "Nothing was recorded.",
                f"Free at least {least >> 20} MB and start again.",
            )
        disk.keep_reserves(self._folder)


def _disk_full() -> DiskFullError:
    return DiskFullError(
        "The disk is full, so the recording has ended.",
        "Everything recorded until now is kept.",
        "Free some space, then go on with a new consultation.",
    )


class _told(contextlib.AbstractContextManager["_told"]):  # noqa: N801 - reads as a phrase: with _told("…")
    """Says in words for a person what an OSError stopped."""

    def __init__(self, title: str) -> None:
        self._title = title

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            if error.errno in _FULL:
                raise _disk_full() from error
            raise RecordingError(
                self._title,
                f"Everything sealed until now is kept ({os.strerror(error.errno or 0)}).",
                "Check the disk, then start a new recording.",
            ) from error

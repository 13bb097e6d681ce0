"""Records into segment files: one file after the other, durable, with a reserve for a full disk."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import time
from dataclasses import dataclass
from pathlib import Path

from scribe_app.adapters.journal import disk
from scribe_app.adapters.journal.format import (
    SEGMENT_SAMPLES,
    Record,
    RecordKind,
    SegmentHeader,
    new_segment,
)
from scribe_app.domain.ids import ConsultationId
from scribe_app.paths import sync_folder

log = logging.getLogger(__name__)

FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)
"""Errors that more room would cure."""


@dataclass(frozen=True, slots=True)
class SegmentTerms:
    """Whose recording it is, where it goes, and how often the drive must keep it."""

    folder: Path
    key: bytes
    consultation: ConsultationId
    sync_seconds: float = 0.0
    """0 syncs each record."""
    segment_samples: int = SEGMENT_SAMPLES


class SegmentFiles:
    """Writes records; begins a new file after ten minutes of audio, and after any failure of the last one.

    A file that failed once cannot be trusted again (a failed sync may drop pages in silence), and nothing is
    ever appended to a file that another process began. Every method raises OSError as it comes.
    """

    def __init__(self, terms: SegmentTerms, index: int, first_sample: int) -> None:
        self._terms = terms
        self._index, self._first_sample = index, first_sample
        self._descriptor = -1
        self._counter = 0
        self._synced_at = 0.0
        self.reserve_in_use = False
        """The disk is full and the recording lives on what was kept back for that."""
        self._begin()

    def put(self, record: Record) -> None:
        """Have one record on disk, if need be in a new file."""
        full = record.position - self._first_sample >= self._terms.segment_samples
        if full and record.kind is RecordKind.AUDIO and self._descriptor >= 0:
            self._store_record(Record(RecordKind.END, record.position, record.elapsed_ns, record.wall_ns))
            self.sync()
            self._leave()
        if self._descriptor < 0:
            self._begin_next(record.position)
        try:
            self._store_record(record)
        except OSError as error:
            if error.errno in FULL:
                raise
            log.error("journal segment %d failed (errno %s), opening a new one", self._index, error.errno)
            self._leave()
            self._begin_next(record.position)
            self._store_record(record)

    def sync(self) -> None:
        """Have the drive keep what was written; some file systems notice only here that they are full."""
        while self._descriptor >= 0:
            try:
                disk.sync(self._descriptor)
            except OSError as error:
                if error.errno not in FULL:
                    self._leave()
                    raise
                if not self._release_reserve():
                    raise
            else:
                self._synced_at = time.monotonic()
                return

    def use_last_reserve(self) -> None:
        """The end is near: what was kept back for it may be used."""
        disk.release_reserves(self._terms.folder)

    def keep_reserve(self) -> None:
        """There is room again: keep some back as at the start."""
        disk.keep_reserves(self._terms.folder)
        self.reserve_in_use = False

    def close(self) -> None:
        """No more records come; whatever is left of the reserve goes back to the volume."""
        self._leave()
        disk.release_reserves(self._terms.folder)

    def _store_record(self, record: Record) -> None:
        counter, self._counter = self._counter, self._counter + 1  # never again, also when the write fails
        self._store(self._seal.seal(counter, record))
        if time.monotonic() - self._synced_at >= self._terms.sync_seconds:
            self.sync()

    def _begin(self) -> None:
        terms = self._terms
        head, self._seal = new_segment(
            SegmentHeader(terms.consultation, self._index, self._first_sample), terms.key
        )
        self._descriptor = disk.create(disk.segment_path(terms.folder, self._index))
        self._counter = 0
        try:
            self._store(head)
            self.sync()
            sync_folder(terms.folder)
        except OSError:
            self._leave()
            with contextlib.suppress(OSError):  # nothing is in it; another try takes another number
                disk.segment_path(terms.folder, self._index).unlink()
            raise

    def _begin_next(self, position: int) -> None:
        self._index += 1
        self._first_sample = position
        self._begin()

    def _leave(self) -> None:
        """Close the file; a failing disk may refuse even that, and every record was synced before."""
        descriptor, self._descriptor = self._descriptor, -1  # the number may soon name another file
        if descriptor >= 0:
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _store(self, content: bytes) -> None:
        """Write all of it, on a full disk with the help of the reserve."""
        while True:
            try:
                disk.write_all(self._descriptor, content)
            except disk.UnwrittenError as error:
                if error.errno not in FULL or not self._release_reserve():
                    raise
                content = error.rest
            else:
                return

    def _release_reserve(self) -> bool:
        self.reserve_in_use = True
        return disk.release_reserve(self._terms.folder)

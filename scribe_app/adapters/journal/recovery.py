"""What an interrupted recording still holds."""

from __future__ import annotations

import contextlib
from pathlib import Path

from scribe_app.adapters.journal import disk
from scribe_app.adapters.journal.format import RECORD_SAMPLES
from scribe_app.adapters.journal.reader import JournalReader
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE, AudioGap, GapReason, Recording
from scribe_app.errors import RecordingError

MOST_UNSEALED_SECONDS = 2 * RECORD_SAMPLES / SAMPLE_RATE
"""What a stop without warning can cost: one record still filling, one being written."""


def recover(consultation: ConsultationId, folder: Path, key: bytes) -> Recording:
    """The recording as its journal has it. Its segments are not changed; room kept in reserve is given back.

    Without a clean end, a last gap INTERRUPTED says how much at most was heard and not yet sealed.

    Raises:
        RecordingError: the disk cannot be read, or the folder holds another consultation's audio.
    """
    reader = JournalReader(folder, key)
    samples = reader.available()
    if not reader.belongs_to(consultation):
        raise RecordingError(
            "This folder holds the recording of another consultation.",
            "Nothing was changed.",
            "Run scribe doctor.",
        )
    with contextlib.suppress(OSError):  # a read-only volume is no reason to withhold the recording
        disk.release_reserves(folder)
    gaps = reader.gaps
    if not reader.closed:
        gaps = (*gaps, AudioGap(samples, MOST_UNSEALED_SECONDS, GapReason.INTERRUPTED))
    return Recording(consultation, samples, gaps, reader.closed)

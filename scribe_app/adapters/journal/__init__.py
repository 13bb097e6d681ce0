"""The sealed audio journal: how a recording lies on disk while it grows, and afterwards.

One folder per recording, one file per segment of at most 10 minutes, one sealed record per 250 ms. The
recorder writes with JournalWriter; anyone who holds the recording's key reads with JournalReader, from
another process and while the journal still grows. `recover` says what an interrupted journal holds.
Positions count samples of 16 kHz mono s16le everywhere.
"""

from __future__ import annotations

from scribe_app.adapters.journal.format import RECORD_SAMPLES, SEGMENT_SAMPLES
from scribe_app.adapters.journal.reader import JournalReader
from scribe_app.adapters.journal.recovery import recover
from scribe_app.adapters.journal.writer import JournalWriter, WriterTerms

__all__ = ["RECORD_SAMPLES", "SEGMENT_SAMPLES", "JournalReader", "JournalWriter", "WriterTerms", "recover"]

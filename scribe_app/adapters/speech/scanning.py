"""A growing recording to windows: voice detection over each stretch between gaps, then segmentation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scribe_app.adapters.speech.decoder import as_floats
from scribe_app.adapters.speech.segmenter import FULL, Segmenter, Window
from scribe_app.adapters.speech.source import SampleSource
from scribe_app.adapters.speech.vad import FRAME, Samples, StreamingVad

BLOCK = 938 * FRAME
"""Samples judged in one call (30 s): bounds memory and the time a command waits."""
AHEAD = 2 * FULL
"""Samples of untaken speech that are enough to make the next window, however much more there is."""


class Scanner:
    """Gives the windows of a source in order, from one sample on.

    Windows depend on the audio and on `pack` alone, not on when samples arrived: a resumed transcription
    makes the same ones.
    """

    def __init__(self, source: SampleSource, vad: StreamingVad, start: int = 0, longest: int = FULL) -> None:
        self._source, self._vad = source, vad
        self.available = source.available()
        self._longest = longest
        self._segmenter = Segmenter(start, longest)
        self._stretch_begins(start)

    @property
    def done(self) -> int:
        """Everything before this sample has been given out or is silence."""
        return self._segmenter.done

    def next(self, ended: bool, pack: bool, poll: Callable[[], None] = lambda: None) -> Window | None:
        """The next window, or None when there is none yet (or, once ended, no more).

        ended: what is available now is all. poll() is called between blocks.
        """
        self.available = self._source.available()
        while True:
            end = self._stretch_end(ended)
            self._scan(end if end is not None else self.available, end is not None, poll)
            whole = end is not None and self._segmenter.scanned >= end
            window = self._segmenter.take(end if whole else None, pack)
            if window is not None or not whole or end == self.available:
                return window
            self._segmenter = Segmenter(end or 0, self._longest)
            self._stretch_begins(end or 0)

    def open_window(self) -> Window | None:
        """The window that is still growing, as far as it has been heard."""
        window = self._segmenter.heard_so_far()
        return window if window is not None and window.until <= self.available else None

    def read(self, start: int, end: int) -> Samples:
        """Audio as floats in -1..1."""
        return as_floats(self._source.read(start, end))

    def _stretch_end(self, ended: bool) -> int | None:
        """The next place where audio is missing, or the end of it all; None while neither is known."""
        for gap in self._source.gaps:
            if self._segmenter.done < gap.position <= self.available:
                return gap.position
        return self.available if ended else None

    def _stretch_begins(self, start: int) -> None:
        """Bring the detector into the state it is in here in an uninterrupted run.

        On resuming it hears the whole stretch again: its memory is longer than 30 s (measured), and an hour
        costs some 10 s.
        """
        self._vad.reset()
        first = max([0, *(gap.position for gap in self._source.gaps if gap.position <= start)])
        first = start - (start - first) // FRAME * FRAME
        for at in range(first, start, BLOCK):
            self._vad.probabilities(self.read(at, min(at + BLOCK, start)))

    def _scan(self, end: int, last: bool, poll: Callable[[], None]) -> None:
        """Judge frames up to `end`; the last frame of a stretch is filled up with silence."""
        while self._segmenter.scanned < end and self._segmenter.waiting < AHEAD:
            start = self._segmenter.scanned
            stop = min(start + BLOCK, start + (end - start) // FRAME * FRAME)
            if stop == start:
                if not last:
                    return
                stop = end
            audio = self.read(start, stop)
            self._segmenter.push(self._vad.probabilities(np.pad(audio, (0, -len(audio) % FRAME))).tolist())
            poll()

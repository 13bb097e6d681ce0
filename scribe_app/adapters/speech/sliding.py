"""Live transcription as streaming tools do it, to compare with: the last seconds, decoded over and over.

Every second what is not final yet is decoded anew, and a word is final once two readings agree on it
(agreement.py). Only `scribe bench speech` uses it.
"""

from __future__ import annotations

from collections.abc import Sequence
from multiprocessing.connection import Connection

import numpy as np

from scribe_app.adapters.journal import JournalReader
from scribe_app.adapters.speech.agreement import Agreement, TimedWord
from scribe_app.adapters.speech.decoder import as_floats
from scribe_app.adapters.speech.source import SampleSource
from scribe_app.adapters.speech.usual_ways import Whisper
from scribe_app.adapters.worker import Stop
from scribe_app.domain.events import TranscriptionFinished, UtteranceSettled
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.transcript import Utterance
from scribe_app.ports import TranscriptionRequest

STEP = SAMPLE_RATE
"""Samples of new audio that are enough for another reading: WhisperStreaming's choice, 1 s."""
TRIMMED_AT = 15.0
"""Seconds in the window above which what is final leaves it: likewise. A model that takes less at once gets
less."""
POLL_SECONDS = 0.05


def transcribe_sliding(connection: Connection, request: TranscriptionRequest) -> None:
    """Process main: until Stop has come and everything is final."""
    whisper = Whisper(request)
    Sliding(connection, request, JournalReader(request.folder, request.key), whisper).run()


class Sliding:
    """The loop: new audio, a reading of the window, final words, a shorter window."""

    def __init__(
        self, connection: Connection, request: TranscriptionRequest, source: SampleSource, whisper: Whisper
    ) -> None:
        self._connection, self._request, self._source = connection, request, source
        self._whisper = whisper
        self._agreement = Agreement()
        self._longest = min(TRIMMED_AT, request.longest_window)
        self._start = self._read_until = 0
        self._next_id = request.first_id

    def run(self) -> None:
        """Until finished. Raises EOFError when the parent is gone."""
        stopped = False
        while True:
            waits = 0 if stopped or self._new() >= STEP else POLL_SECONDS
            if not stopped and self._connection.poll(waits):
                stopped = isinstance(self._connection.recv(), Stop)
            if self._new() >= STEP or (stopped and self._new()):
                self._read()
            elif stopped:
                break
        self._tell(self._agreement.settle())
        finished = TranscriptionFinished(self._request.consultation, self._read_until, self._whisper.work())
        self._connection.send((finished,))

    def _new(self) -> int:
        """Samples that no reading has had yet."""
        return self._source.available() - self._read_until

    def _read(self) -> None:
        self._read_until = self._source.available()
        words = self._words()
        self._tell(self._agreement.read(words))
        if self._seconds() <= self._longest:
            return
        if words and self._agreement.until <= self._start / SAMPLE_RATE:
            self._tell(self._agreement.settle())  # two readings never agreed: the window must not grow on
        self._start = min(self._read_until, max(self._start, int(self._agreement.until * SAMPLE_RATE)))
        if not words:  # nobody speaks
            self._start = max(self._start, self._read_until - STEP)

    def _seconds(self) -> float:
        return (self._read_until - self._start) / SAMPLE_RATE

    def _words(self) -> list[TimedWord]:
        """What Whisper hears in the window, at its times in the recording."""
        audio = as_floats(np.asarray(self._source.read(self._start, self._read_until)))
        segments, _ = self._whisper.model.transcribe(
            audio,
            language=self._request.language,
            vad_filter=True,
            word_timestamps=True,
            condition_on_previous_text=False,
            **self._whisper.options,
        )
        offset = self._start / SAMPLE_RATE
        return [
            TimedWord(word.word.strip(), offset + word.start, offset + word.end)
            for segment in segments
            for word in segment.words or ()
        ]

    def _tell(self, words: Sequence[TimedWord]) -> None:
        if not words:
            return
        text = " ".join(word.text for word in words)
        said = Utterance(UtteranceId(self._next_id), text, round(words[0].start, 2), round(words[-1].end, 2))
        self._next_id += 1
        self._connection.send(
            (UtteranceSettled(self._request.consultation, said, int(words[-1].end * SAMPLE_RATE)),)
        )

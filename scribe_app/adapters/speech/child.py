"""The speech process: tails a journal and tells what was said, one window at a time.

One thread, serial calls: parallel ones grow without bound (faster-whisper #1055). Frees nothing and ends: a
model freed in a living process has crashed (#1293).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection

from scribe_app.adapters.journal import JournalReader
from scribe_app.adapters.speech.decoder import Decoder, Hearing, Samples, seconds
from scribe_app.adapters.speech.doubts import doubts
from scribe_app.adapters.speech.hotwords import listen_again
from scribe_app.adapters.speech.pressure import (
    PREVIEW_COST,
    PREVIEW_REST,
    PREVIEW_SECONDS,
    RUNGS,
    Effort,
    Pressure,
)
from scribe_app.adapters.speech.scanning import Scanner
from scribe_app.adapters.speech.segmenter import Window
from scribe_app.adapters.speech.settling import settle
from scribe_app.adapters.speech.source import SampleSource
from scribe_app.adapters.speech.spent import cpu_seconds, peak_memory_mb, resident_memory_mb
from scribe_app.adapters.speech.vad import StreamingVad
from scribe_app.adapters.worker import Stop
from scribe_app.config import default_threads
from scribe_app.domain.events import (
    Event,
    MemoryGrown,
    PaceChanged,
    PreviewChanged,
    SpeechWork,
    TextRejected,
    TranscriberReady,
    TranscriptionFinished,
    TranscriptionProgressed,
    UtteranceSettled,
    WindowTaken,
)
from scribe_app.domain.ids import ConsultationId, UtteranceId
from scribe_app.domain.pace import Pace
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.transcript import Utterance
from scribe_app.domain.vocabulary import Vocabulary
from scribe_app.ports import TranscriptionRequest

log = logging.getLogger(__name__)

POLL_SECONDS = 0.1
PROGRESS_SECONDS = 0.5
PREVIEW_SAMPLES = 15 * SAMPLE_RATE
"""Of the open window's end: enough to read along."""
LIVE_RATE = 1.5
"""A recording that grows faster than this many seconds a second is a file being played, not a person."""
RATE_KNOWN_SECONDS = 5.0
"""Watched for less, a file of which most was there already looks like a person who is far ahead of us."""
MOST_GROWTH_MB = 300
"""Beyond what is held after the first window; more is given back by ending (faster-whisper #1055)."""
WINDOWS_BETWEEN = 10
"""Windows that a process lives at the least: loading a model takes as long as one or two."""
WORTH_SAMPLES = 120 * SAMPLE_RATE
"""After Stop, the recording left for which it is worth loading the model again."""


def transcribe(connection: Connection, request: TranscriptionRequest) -> None:
    """Process main: until Stop has come and everything is transcribed."""
    threads = request.threads or default_threads()
    decoder = Decoder(request.model, request.language, threads, request.contents)
    connection.send((TranscriberReady(request.consultation, decoder.name),))
    source = JournalReader(request.folder, request.key)
    Transcribing(connection, request, source, decoder).run()


@dataclass(slots=True)
class _Preview:
    """When the last one was made, what it cost, and whether one is on show."""

    at: float = 0.0
    cost: float = 0.0
    until: int = 0
    shown: bool = False


class Transcribing:
    """The loop: commands, next window, utterances, preview.

    Sends tuples of events: the utterances of one window travel together, so that a crash of this process
    never leaves half a window behind.
    """

    def __init__(
        self,
        connection: Connection,
        request: TranscriptionRequest,
        source: SampleSource,
        decoder: Decoder,
        clock: Callable[[], float] = time.monotonic,
        memory: Callable[[], int] = resident_memory_mb,
    ) -> None:
        self._connection, self._request, self._source = connection, request, source
        self._decoder = decoder
        self._scanner = Scanner(
            source, StreamingVad(), request.from_sample, int(request.longest_window * SAMPLE_RATE)
        )
        self._vocabulary = Vocabulary(request.terms)
        self._until, self._next_id = request.from_sample, request.first_id
        self._settled_until = request.from_sample
        self._finishing = False
        self._clock = clock
        self._began, self._had = clock(), self._scanner.available
        self._caught_up = request.from_sample
        self._pressure, self._told_pace = Pressure(), (Pace.LIVE, 0)
        self._windows, self._packed = 0, 0.0
        self._memory, self._held_at_first = memory, 0
        self._progress_at = 0.0
        self._progress = (-1, -1)
        self._preview = _Preview()

    def run(self) -> None:
        """Until finished, or memory has grown. Raises ScribeError; EOFError when the parent is gone."""
        while True:
            self._commands(0)
            finishing = self._finishing
            how = self._effort()
            window = self._scanner.next(finishing or self._source.closed, how.pack, self._poll)
            if window is not None:
                self._windows += 1
                self._packed += seconds(window.samples)
                began, done = self._clock(), self._settled_until
                self._settle(window, how)
                self._settled_until = window.until
                self._pressure.took(seconds(window.until - done), self._clock() - began)
                if self._has_grown():
                    self._tell(MemoryGrown(self._request.consultation))
                    return
            elif finishing:
                break
            else:
                self._caught_up = self._scanner.available
                self._show_preview(how)
                self._commands(POLL_SECONDS)
            self._tell_progress()
        self._tell_progress(at_once=True)
        self._tell(TranscriptionFinished(self._request.consultation, self._scanner.available, self._work()))

    def _has_grown(self) -> bool:
        """Whether to end here; not before something was told: the next process would hear it all again."""
        held = self._memory()
        if self._windows == 1:
            self._held_at_first = held
        grown = held - self._held_at_first
        if not self._request.may_end_early or grown <= MOST_GROWTH_MB:
            return False
        left = self._source.available() - self._settled_until
        if self._windows < WINDOWS_BETWEEN or self._until == self._request.from_sample:
            return False
        if (self._finishing or self._source.closed) and left < WORTH_SAMPLES:
            return False
        log.info("memory grew by %d MB in %d windows: ending", grown, self._windows)
        return True

    def _work(self) -> SpeechWork:
        counted = self._decoder.counted
        return SpeechWork(
            self._windows,
            round(self._packed, 2),
            counted.encodings,
            counted.with_names,
            counted.previews,
            round(cpu_seconds(), 2),
            peak_memory_mb(),
        )

    def _effort(self) -> Effort:
        """How to go on, told when it changes."""
        available = self._source.available()
        # What was there when no window could be made is the open window: it waits for the speaker, not us.
        behind = seconds(max(0, available - max(self._scanner.done, self._caught_up)))
        live = not (self._finishing or self._source.closed) and self._is_live(available, behind)
        how = self._pressure.effort(behind, live)
        self._tell_pace(behind, self._pressure.time_for(seconds(available - self._scanner.done)), live)
        return how

    def _is_live(self, available: int, behind: float) -> bool:
        """Whether it grows as people talk; a backlog found at the start tells nothing of that."""
        watched, grown = self._clock() - self._began, seconds(available - self._had)
        if watched < RATE_KNOWN_SECONDS and behind >= RUNGS[1][1]:
            return False
        return grown <= LIVE_RATE * watched + RATE_KNOWN_SECONDS

    def _tell_pace(self, behind: float, ready: float, live: bool) -> None:
        """At each change; on the last rung also when the expected minutes change."""
        pace = self._pressure.pace
        minutes = round(ready / 60) if pace is Pace.AFTER_STOP else 0
        if live and (pace, minutes) != self._told_pace:
            self._told_pace = (pace, minutes)
            self._tell(PaceChanged(self._request.consultation, pace, round(behind, 1), round(ready, 1)))

    def _settle(self, window: Window, how: Effort) -> None:
        began = self._clock()
        taken = _taken(self._request.consultation, window)
        self._tell(taken)  # before anything that may crash natively: its last word then says where
        outcome = settle(window, self._scanner.read, self._hear, how.beam, self._improve)
        settled = outcome.utterances
        events: list[Event] = [TextRejected(self._request.consultation, one) for one in outcome.rejected]
        for number, one in enumerate(settled, 1):
            utterance = Utterance(
                UtteranceId(self._next_id), one.text, round(one.start, 2), round(one.end, 2),
                confidence=one.confidence,
            )  # fmt: skip
            self._next_id += 1
            # Only with the window's last utterance is the transcript complete up to the window's end.
            self._until = window.until if number == len(settled) else self._until
            events.append(UtteranceSettled(self._request.consultation, utterance, self._until))
        if self._preview.shown:
            events.insert(0, PreviewChanged(self._request.consultation, "", seconds(window.until)))
            self._preview.shown = False
        self._tell(*events, replace(taken, under_way=False))
        log.info(
            "window of %.1f s until sample %d: %d utterances, beam %d, took %.2f s",
            seconds(window.samples), window.until, len(settled), how.beam, self._clock() - began,
        )  # fmt: skip

    def _hear(self, samples: Samples, beam: int) -> Hearing:
        return self._decoder.hear(samples, beam)

    def _improve(self, heard: Hearing, beam: int) -> Hearing | None:
        """The names on the clinician's lists, where the first pass nearly heard one."""
        decoder = self._decoder
        return listen_again(heard, self._vocabulary, decoder.tokens_in, decoder.hear_again, beam)

    def _show_preview(self, how: Effort) -> None:
        """Grey text of the open window; it never enters the record."""
        preview, now = self._preview, self._clock()
        window = self._scanner.open_window()
        if not how.preview or window is None or window.until == preview.until:
            return
        if self._request.careful and not self._windows:
            return
        if now - preview.at < (PREVIEW_SECONDS if preview.cost < PREVIEW_COST else PREVIEW_REST):
            return
        start = max(window.pieces[0].start, window.until - PREVIEW_SAMPLES)
        heard = self._decoder.glance(self._scanner.read(start, window.until))
        preview.at, preview.until = self._clock(), window.until
        preview.cost = preview.at - now
        speech = seconds(min(window.voiced, window.until - start))
        if heard.decoded.text and not doubts(heard.decoded, speech):
            preview.shown = True
            self._tell(PreviewChanged(self._request.consultation, heard.decoded.text, seconds(start)))

    def _tell_progress(self, at_once: bool = False) -> None:
        now, progress = self._clock(), (self._scanner.done, self._scanner.available)
        if progress != self._progress and (at_once or now - self._progress_at >= PROGRESS_SECONDS):
            self._progress_at, self._progress = now, progress
            self._tell(TranscriptionProgressed(self._request.consultation, *progress))

    def _tell(self, *events: Event) -> None:
        if events:
            self._connection.send(events)

    def _poll(self) -> None:
        self._commands(0)

    def _commands(self, wait: float) -> None:
        if self._connection.poll(wait) and isinstance(self._connection.recv(), Stop):
            self._finishing = True


def _taken(consultation: ConsultationId, window: Window) -> WindowTaken:
    return WindowTaken(
        consultation, window.pieces[0].voiced.start, window.pieces[-1].voiced.end, window.until
    )

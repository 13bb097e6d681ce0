"""Follows one consultation from the command line: prints as it comes, waits, measures."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from scribe_app.cli.output import GAPS, Output, clock
from scribe_app.domain.consultation import ConsultationState
from scribe_app.domain.events import (
    CaptureWarned,
    ConsultationFailed,
    Event,
    GapRecorded,
    LetterReady,
    PaceChanged,
    RecordingClosed,
    RecordingStarted,
    StateChanged,
    StatementDrafted,
    TranscriptionFinished,
    UtteranceSettled,
)
from scribe_app.domain.ids import ConsultationId, UtteranceId
from scribe_app.domain.letter import Letter
from scribe_app.domain.pace import full_words
from scribe_app.domain.recording import AudioGap
from scribe_app.errors import ScribeError
from scribe_app.services.events import EventBus

POLL_SECONDS = 0.2


@dataclass
class Timings:
    """Seconds since Start of what matters; None until it happened."""

    started: float = field(default_factory=time.monotonic)
    recorded_seconds: float = 0.0
    hearing: float | None = None
    """When the recorder said that it hears."""
    first_utterance: float | None = None
    stop: float | None = None
    transcript_complete: float | None = None
    first_statement: float | None = None
    letter_complete: float | None = None

    def now(self) -> float:
        """Seconds since Start."""
        return time.monotonic() - self.started

    def as_json(self) -> dict[str, float | None]:
        """Rounded figures; those after Stop are counted from Stop."""

        def after_stop(moment: float | None) -> float | None:
            return round(moment - self.stop, 2) if moment is not None and self.stop is not None else None

        return {
            "audio_s": round(self.recorded_seconds, 2),
            "first_utterance_s": None if self.first_utterance is None else round(self.first_utterance, 2),
            "stop_to_transcript_s": after_stop(self.transcript_complete),
            "stop_to_first_statement_s": after_stop(self.first_statement),
            "stop_to_letter_s": after_stop(self.letter_complete),
            "total_s": None if self.letter_complete is None else round(self.letter_complete, 2),
        }


class Listener:
    """Hears the bus and lets the command line's own thread wait for the end of the line."""

    def __init__(
        self, bus: EventBus, output: Output, language: str, microphone: bool = False, caveat: str = ""
    ) -> None:
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._unsubscribe: Callable[[], None] = bus.subscribe(self._events.put)
        self._output = output
        self._language = language
        self._microphone = microphone
        self._caveat = caveat
        self.timings = Timings()
        self.letter: Letter | None = None
        self.gaps: list[AudioGap] = []
        self._heard: set[UtteranceId] = set()
        self._state = ConsultationState.READY

    def until_letter(self, id: ConsultationId, tick: Callable[[], None] | None = None) -> Letter:
        """Wait for the letter, printing what comes; `tick` runs 5 times a second.

        Raises:
            ScribeError: the consultation failed for good.
        """
        while True:
            if tick is not None:
                tick()
            try:
                event = self._events.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
            if event.consultation != id:
                continue
            self._take(event)
            if isinstance(event, StateChanged):
                self._state = event.state
            if isinstance(event, ConsultationFailed):
                self._failed(event.error)
            if isinstance(event, LetterReady):
                return event.letter

    def close(self) -> None:
        """Hear no more."""
        self._unsubscribe()

    def _take(self, event: Event) -> None:
        timings = self.timings
        match event:
            case RecordingStarted():
                timings.hearing = timings.now()
                self._tell_start(event.device)
            case UtteranceSettled() if event.utterance.id not in self._heard:
                self._heard.add(event.utterance.id)
                timings.first_utterance = timings.first_utterance or timings.now()
                self._output.utterance(event.utterance, self._language)
            case GapRecorded():
                self.gaps.append(event.gap)
                self._output.line(f"          ({GAPS[event.gap.reason]} for {event.gap.seconds:.1f} s)")
            case CaptureWarned() if event.text:
                self._output.note(f"scribe: {event.text}")
            case PaceChanged():
                self._output.note(f"scribe: {full_words(event.pace, event.ready_after_stop)}")
            case RecordingClosed():
                timings.recorded_seconds = event.recording.seconds
                timings.stop = timings.stop or timings.now()
                self._output.line(f"          (recording ended at {clock(event.recording.seconds)})")
            case TranscriptionFinished():
                timings.transcript_complete = timings.now()
            case StatementDrafted():
                timings.first_statement = timings.first_statement or timings.now()
            case LetterReady():
                timings.letter_complete = timings.now()
                self.letter = event.letter
            case _:
                pass

    def _tell_start(self, device: str) -> None:
        """Not before it hears: what keeps it from hearing is told in one line of its own."""
        if self._caveat:
            self._output.note(f"scribe: {self._caveat}")
        if self._microphone:
            self._output.note(f"scribe: recording from {device}. Press Ctrl-C to stop.")

    def _failed(self, error: ScribeError) -> None:
        """Only a consultation whose state says so has failed for good; else the letter still comes."""
        if self._state is ConsultationState.FAILED:
            raise error
        self._output.note(f"scribe: {error}")

"""What live transcription and drafting are measured against. Only `scribe bench` uses it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from scribe_app.domain.pace import Pace
from scribe_app.ports.drafting import ActiveDrafting, DraftingRequest
from scribe_app.ports.events import EventSink
from scribe_app.ports.speech import ActiveTranscription, TranscriptionRequest


class UsualWay(StrEnum):
    """How others turn a recording into text with the same models."""

    WHOLE_FILE = "whole_file"
    """faster-whisper on the whole recording, after Stop."""
    BATCHED = "batched"
    """Its batched pipeline, likewise: many windows at once."""
    SLIDING_WINDOW = "sliding_window"
    """While it is recorded: the last seconds are decoded over and over until two readings agree."""


class ModelSize(StrEnum):
    """Shapes of Whisper that are used in practice."""

    SMALL = "small"
    TURBO = "large-v3-turbo"


@dataclass(frozen=True, slots=True)
class Outlook:
    """A long talk without pauses, worked out from a measured speed: what gives way, and the wait after it."""

    talk_s: float
    pace: Pace
    """The last rung of the ladder that is reached."""
    reached_s: float
    """When, in seconds of the talk; 0 for the first rung."""
    behind_s: float
    """Seconds of recording that wait at Stop."""
    ready_after_stop_s: float


@dataclass(frozen=True, slots=True)
class ModelCost:
    """What a model of a certain size costs here: measured on a full window, 28 s of audio, 84 tokens of text.

    The text of 84 tokens is what half a minute of brisk talk gives (150 words a minute, 1.2 tokens a word).
    """

    size: ModelSize
    threads: int
    file_mb: int
    window_s: float
    """Seconds for a full window: encoding, five beams, times of the words."""
    narrow_window_s: float
    """The same with one beam, as on the lower rungs of the ladder."""
    preview_s: float
    """Seconds for a grey preview of 15 s."""
    cpu_s_per_audio_s: float
    real_time_factor: float
    """Seconds of work for each second of audio: below 1 it keeps up."""
    peak_memory_mb: int
    """Of the process that holds it."""
    outlook: Outlook


class SpeechYardstick(Protocol):
    """The usual ways, and models of the usual sizes."""

    def start(self, way: UsualWay, request: TranscriptionRequest, sink: EventSink) -> ActiveTranscription:
        """Transcribe a journal that way. Failures arrive as WorkerFailed; no pace and no preview is told."""

    def needs(self, size: ModelSize) -> tuple[int, int]:
        """Bytes of disk and of memory that cost() takes for this size."""

    def cost(self, size: ModelSize, folder: Path, threads: int = 0) -> ModelCost:
        """Make a model of that size with random weights in `folder`, measure it, and erase it again.

        Speed and memory depend on the shape of a model, not on what it has learnt.

        Raises:
            EngineError: it cannot be made or run here.
        """


@dataclass(frozen=True, slots=True)
class SpeedPair:
    """Tokens per second in one round, of our loop and of the engine's own."""

    ours: float
    bare: float

    @property
    def ratio(self) -> float:
        """1 where ours costs nothing."""
        return self.ours / self.bare


@dataclass(frozen=True, slots=True)
class EngineSpeeds:
    """How fast a model reads and writes here, round by round."""

    prefill: tuple[SpeedPair, ...]
    decode: tuple[SpeedPair, ...]


class DraftingSize(StrEnum):
    """Sizes of language models that are used in practice, by billions of parameters."""

    B1_7 = "1.7b"
    B4 = "4b"
    B8 = "8b"
    B14 = "14b"


@dataclass(frozen=True, slots=True)
class Stop:
    """From a cancellation until the engine has stopped."""

    seconds: float
    cpu_seconds: float
    """Of the engine's process: what it takes where nothing else wants the processor."""


@dataclass(frozen=True, slots=True)
class DraftingCost:
    """What a drafting model of a certain size costs here."""

    size: DraftingSize
    threads: int
    parameters: int
    file_mb: int
    load_s: float
    reading: float
    """Tokens read in a second."""
    writing: float
    """Tokens written in a second."""
    stops_reading: tuple[Stop, ...]
    """One for each trial, each at another moment."""
    stops_writing: tuple[Stop, ...]
    peak_memory_mb: int
    """Of the process that holds it, with room for 8,192 tokens."""


class DraftingYardstick(Protocol):
    """The usual way to draft, the engine without us, and models of the usual sizes."""

    def needs(self, size: DraftingSize) -> tuple[int, int]:
        """Bytes of disk and of memory that cost() takes for this size."""

    def cost(self, size: DraftingSize, folder: Path, threads: int = 0) -> DraftingCost:
        """Make a model of that size with random weights in `folder`, measure it, and erase it again.

        Speed, memory and how soon it stops depend on the shape of a model, not on what it has learnt.

        Raises:
            ModelError, EngineError: it cannot be made or run here.
        """

    def start(self, request: DraftingRequest, sink: EventSink) -> ActiveDrafting:
        """One prompt with the whole transcript, nothing read beforehand; statements cite nothing.

        DraftFinished.facts_until tells how many seconds of the beginning did not fit and were left out.
        Failures arrive as WorkerFailed.
        """

    def speeds(self, model: Path, threads: int = 0, rounds: int = 5) -> EngineSpeeds:
        """Measure a model here, our loop and the engine's own in turn; takes seconds to minutes.

        Raises:
            ModelError, EngineError: it cannot be loaded, or the process died.
        """

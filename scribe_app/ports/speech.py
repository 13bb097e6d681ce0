"""Journal to utterances, and whose voices they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from scribe_app.domain.events import VoiceWay
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.transcript import Utterance
from scribe_app.domain.vocabulary import Term
from scribe_app.ports.events import EventSink
from scribe_app.ports.models import ModelContents


@dataclass(frozen=True, slots=True)
class TranscriptionRequest:
    """Which journal to transcribe, with which model."""

    consultation: ConsultationId
    folder: Path
    key: bytes = field(repr=False)
    model: Path
    """A local model folder; nothing else is ever loaded."""
    language: str
    threads: int = 0
    """0 picks by the machine."""
    from_sample: int = 0
    first_id: int = 1
    """Id of the first utterance to come."""
    terms: tuple[Term, ...] = ()
    """Names and drugs to listen for, where the first pass over a window nearly heard one."""
    longest_window: float = 28.0
    """Seconds of audio decoded at once at the most."""
    contents: ModelContents | None = None
    """What must be in the model's folder when it is loaded; None where no list is kept of it."""
    careful: bool = False
    """No preview before the first window is through: the process before this one may have died of it."""
    may_end_early: bool = False
    """Where memory has grown: MemoryGrown is then its last word, and whoever asked starts it again."""


class ActiveTranscription(Protocol):
    """Transcription under way in its own process, tailing a journal."""

    def finish(self) -> None:
        """The journal will not grow any more: transcribe what is left, then TranscriptionFinished."""

    def cancel(self) -> None:
        """End at once; settled utterances stay."""


class Power(StrEnum):
    """Where the computer's power comes from."""

    MAINS = "mains"
    BATTERY = "battery"


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was measured of a speech model on this computer."""

    power: Power
    seconds: Mapping[int, float]
    """For 30 s of audio, by number of threads."""

    @property
    def threads(self) -> int:
        """The fastest number."""
        return min(self.seconds, key=lambda count: (self.seconds[count], count))


class Transcriber(Protocol):
    """Sealed journal to utterances."""

    def prepare(self, model: Path, language: str, contents: ModelContents | None = None) -> None:
        """Measure beside everything else how many threads suit the model, unless that is known already."""

    def calibrate(
        self, model: Path, language: str, contents: ModelContents | None = None
    ) -> Calibration | None:
        """The same, and wait for it (up to a minute); None when the model cannot be loaded."""

    def close(self) -> None:
        """End a measurement that is under way. Transcriptions are not touched."""

    def start(self, request: TranscriptionRequest, sink: EventSink) -> ActiveTranscription:
        """Start transcribing. Failures arrive as WorkerFailed."""


@dataclass(frozen=True, slots=True)
class VoicesRequest:
    """Whose voices to tell apart, in which journal."""

    consultation: ConsultationId
    folder: Path
    key: bytes = field(repr=False)
    speakers: int = 2
    """How many people speak."""
    model: Path | None = None
    """Folder of a diarisation model; None tells voices apart by channel, pitch and timbre."""
    contents: ModelContents | None = None
    """What must be in it when it is loaded."""
    model_first: bool = True
    """Whether the model goes before pitch and timbre, or is asked only where these do not know."""


class ActiveVoices(Protocol):
    """A process that hears who sounds alike, while it has nothing to disturb."""

    def hear(self, utterances: Sequence[Utterance]) -> None:
        """These are settled: listen to them when there is time."""

    def tell(self, limit: float) -> None:
        """Say what was found. One VoicesTold follows within `limit` seconds, come what may; it then ends."""

    def cancel(self) -> None:
        """End at once, without a word."""


class VoiceListener(Protocol):
    """Recorded utterances to groups that sound like one person. It never fails aloud: it tells less."""

    def start(self, request: VoicesRequest, sink: EventSink) -> ActiveVoices:
        """Listen along. Raises EngineError when no process can be started."""

    def way(self, model: Path | None) -> VoiceWay:
        """How one channel's voices will be told apart, given the folder of a diarisation model or none."""

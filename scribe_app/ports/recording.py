"""Microphone or file to sealed journal, and hearing it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import Recording
from scribe_app.errors import ScribeError
from scribe_app.ports.events import EventSink


@dataclass(frozen=True, slots=True)
class MicrophoneSource:
    """An input device by the name that the system shows; empty is the default."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class FileSource:
    """An audio file played into the line as if it were a microphone."""

    path: Path
    speed: float = 1.0
    """1 is real time; 0 is as fast as the machine allows."""


@dataclass(frozen=True, slots=True)
class ImportSource:
    """A foreign audio file, decoded as fast as the machine allows in a process that can do nothing else."""

    path: Path


AudioSource = MicrophoneSource | FileSource | ImportSource


@dataclass(frozen=True, slots=True)
class RecordingRequest:
    """What to record, and where the sealed journal goes."""

    consultation: ConsultationId
    folder: Path
    key: bytes = field(repr=False)
    """32 bytes that wrap the per-segment keys of this recording alone."""
    source: AudioSource = field(default_factory=MicrophoneSource)


class ActiveRecording(Protocol):
    """A recording under way in its own process."""

    def pause(self) -> None:
        """Close the microphone and note the gap."""

    def resume(self) -> None:
        """Open the microphone again."""

    def stop(self) -> None:
        """Seal what is left and end the journal cleanly; RecordingClosed follows."""

    def join(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds for the process to end; True when it has."""

    def kill(self) -> None:
        """End the process at once; what is sealed stays."""


@dataclass(frozen=True, slots=True)
class Microphone:
    """An input device as the system knows it."""

    name: str
    channels: int
    rate: int
    """Hz, its own default."""
    is_default: bool


class AudioRecorder(Protocol):
    """Microphone to sealed journal."""

    def microphones(self) -> list[Microphone]:
        """Input devices now present, the default first. Raises MicrophoneError when audio cannot be asked."""

    def prepare(self) -> None:
        """Have a recorder process stand by, so that Start listens at once."""

    def close(self) -> None:
        """End the process that stands by. Recordings under way are not touched."""

    def start(self, request: RecordingRequest, sink: EventSink) -> ActiveRecording:
        """Start recording. Failures arrive as WorkerFailed."""

    def file_seconds(self, path: Path) -> float:
        """How long a foreign audio file says that it is; 0 where it does not say. Raises AudioFileError."""

    def recover(self, consultation: ConsultationId, folder: Path, key: bytes) -> Recording:
        """What an interrupted journal still holds, with its gaps."""

    def read(self, folder: Path, key: bytes, start: int, end: int) -> bytes:
        """16 kHz mono s16le audio of samples [start, end), gaps closed up; for playing and export."""


class AudioPlayer(Protocol):
    """Lets the clinician hear a stretch of the recording again."""

    def play(self, pcm: bytes, on_end: Callable[[ScribeError | None], None]) -> None:
        """Play 16 kHz mono s16le, in place of what was playing.

        on_end is called once, from another thread: None after the end or a stop, the error otherwise.
        """

    def stop(self) -> None:
        """Silence, at once."""

"""Main functions for children of tests; spawned children import them from here by name."""

from __future__ import annotations

import os
import signal
import threading
from multiprocessing.connection import Connection
from typing import Any

from scribe_app.adapters.importing.decoded import DecodedFile
from scribe_app.adapters.importing.limits import silence_native_output
from scribe_app.adapters.llama.child import draft
from scribe_app.adapters.llama.messages import Correct, Told
from scribe_app.adapters.llama.strategies import Way
from scribe_app.domain.events import DrafterReady, Event, SectionDrafted, TranscriberReady
from scribe_app.errors import AudioFileError
from scribe_app.ports import DraftingRequest, TranscriptionRequest

LOUD = 0.8
"""Of full scale: louder audio kills transcribe_until_it_is_loud."""


def answer_once(parent: Connection) -> None:
    """One message back, then a clean end."""
    parent.send(parent.recv())


def crash(parent: Connection) -> None:
    """Ends as a native library does that found itself broken."""
    parent.recv()
    os.abort()


def decode_many(connection: Connection) -> None:
    """Decode one sound file after the other, as the import process does with one; None ends it."""
    import resource

    silence_native_output()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while (path := connection.recv()) is not None:
        try:
            file = DecodedFile(path)
            try:
                file.open()
                frames = sum(len(block) for block in file.blocks(file.rate))
            finally:
                file.close()
            connection.send(frames)
        except AudioFileError as error:
            connection.send(error)
        except MemoryError:
            connection.send(None)


def record_from(source: str, channels: int, rate: int, parent: Connection) -> None:
    """The recorder process, before one source of a sound server that says what the hardware says.

    Through the server every device claims 32 channels at 44.1 kHz, and it would mix and resample.
    """
    os.environ["PULSE_SOURCE"] = source
    import sounddevice

    from scribe_app.adapters.recorder import child

    query = sounddevice.query_devices

    def as_the_hardware_says(*which: object) -> object:
        found = query(*which)
        says = {"max_input_channels": channels, "default_samplerate": float(rate)}
        return found | says if isinstance(found, dict) else [device | says for device in found]

    sounddevice.query_devices = as_the_hardware_says
    child.record(parent)


def transcribe_until_it_is_loud(connection: Connection, request: TranscriptionRequest) -> None:
    """The speech process with a decoder that dies natively of loud audio, every time."""
    import resource

    from scribe_app.adapters.journal import JournalReader
    from scribe_app.adapters.speech.child import Transcribing
    from scribe_app.adapters.speech.decoder import BEAM, Decoder, Hearing, Samples

    class Mortal(Decoder):
        def hear(self, samples: Samples, beam: int = BEAM) -> Hearing:
            if abs(samples).max() > LOUD:
                os.abort()
            return super().hear(samples, beam)

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    decoder = Mortal(request.model, request.language, 1, request.contents)
    connection.send((TranscriberReady(request.consultation, decoder.name),))
    Transcribing(connection, request, JournalReader(request.folder, request.key), decoder).run()


class _Last:
    """A child's end of the pipe; once one event of a kind is in it, nothing ever follows."""

    def __init__(self, connection: Connection, kind: type[Event]) -> None:
        self._connection, self._kind = connection, kind

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def send(self, message: Any) -> None:
        self._connection.send(message)
        if isinstance(getattr(message, "event", None), self._kind):
            os.kill(os.getpid(), signal.SIGKILL)


def draft_until(
    kind: type[Event], connection: Connection, request: DraftingRequest, threads: int, way: Way
) -> None:
    """The drafting process, killed as it has told its first event of this kind; without a model it lives.

    Killed from outside it may have told everything by then, on a machine that is busy enough.
    """
    last: Any = connection if request.model is None else _Last(connection, kind)
    draft(last, request, threads, way)


def draft_late(connection: Connection, request: DraftingRequest, threads: int, way: Way) -> None:
    """The drafting process, which takes nothing from its pipe until something bids it go on by SIGUSR1."""
    go_on = threading.Event()
    signal.signal(signal.SIGUSR1, lambda *_: go_on.set())
    connection.send(Told(DrafterReady(request.consultation, "late", "", "")))
    go_on.wait()
    draft(connection, request, threads, way)


class _Awaiting:
    """A child's end of the pipe that stops behind its first section until so many corrections are taken."""

    def __init__(self, connection: Connection, corrections: int) -> None:
        self._connection, self._missing = connection, corrections
        self._go_on = threading.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def recv(self) -> Any:
        if not self._missing:  # called again: the last one was taken
            self._go_on.set()
        message = self._connection.recv()
        self._missing -= isinstance(message, Correct)
        return message

    def send(self, message: Any) -> None:
        self._connection.send(message)
        if isinstance(getattr(message, "event", None), SectionDrafted):
            self._go_on.wait()


def draft_when_corrected(
    corrections: int, connection: Connection, request: DraftingRequest, threads: int, way: Way
) -> None:
    """The drafting process, which begins its second section once it knows of so many corrections."""
    waiting: Any = _Awaiting(connection, corrections)
    draft(waiting, request, threads, way)

"""Main functions of the recorder's processes."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import sys
import threading
from multiprocessing.connection import Connection

from scribe_app.adapters.journal import JournalWriter, WriterTerms
from scribe_app.adapters.journal.disk import segment_files
from scribe_app.adapters.recorder.commands import Alive, Begin
from scribe_app.adapters.recorder.line import Beginning, RecordingLine
from scribe_app.adapters.recorder.playing import PlayingFile
from scribe_app.adapters.recorder.portaudio import LiveMicrophone, present_microphones
from scribe_app.adapters.recorder.priority import come_first
from scribe_app.adapters.recorder.source import AudioInput
from scribe_app.domain.events import Event, LevelMeasured
from scribe_app.errors import MicrophoneError
from scribe_app.ports import FileSource, MicrophoneSource, RecordingRequest

FAST_SYNC_SECONDS = 0.25
"""A file that plays faster than real time is still on the clinician's disk: one sync per 250 ms is enough."""
MOST_UNREAD_LEVELS = 100
LAST_WORDS_SECONDS = 5.0


def record(parent: Connection) -> None:
    """Wait for a request, then record until told to stop, the file ends, or the parent is gone.

    A journal that is there already is one that another recorder process was writing when it died: it is
    continued, and a microphone that is not there (yet) is waited for.
    """
    hush_native_output()
    while not isinstance(begin := parent.recv(), Begin):
        pass  # what was asked before the beginning is part of it
    request = begin.request
    parent.send(Alive(request.consultation))  # loaded; what comes next is up to the sound system
    fast = isinstance(request.source, FileSource) and request.source.speed != 1
    if not fast:
        come_first()
    continues = bool(segment_files(request.folder))
    audio = _input(request)
    is_open = not begin.paused and _open(audio, may_be_away=continues)
    outbox = Outbox(parent)
    try:
        terms = WriterTerms(sync_seconds=FAST_SYNC_SECONDS if fast else 0.0)
        writer = JournalWriter(request.folder, request.key, request.consultation, terms)
        line = RecordingLine(request, audio, writer, outbox.post, Beginning(is_open, begin.paused))
        # The end of the parent terminates its children; the journal still gets its clean end.
        signal.signal(signal.SIGTERM, lambda *_: line.ask_to_stop())
        line.run(parent)
    finally:
        outbox.close()


def _open(audio: AudioInput, may_be_away: bool) -> bool:
    """Before the journal: without a microphone there shall be no empty recording."""
    try:
        audio.open()
    except MicrophoneError:
        if not may_be_away:
            raise
        return False
    return True


def list_microphones(parent: Connection) -> None:
    """Send the microphones that are there now, and end."""
    hush_native_output()
    parent.send(present_microphones())


def hush_native_output() -> None:
    """ALSA and PortAudio write their internals to standard error; Python's own messages still get there."""
    with contextlib.suppress(OSError, AttributeError):  # a windowed Windows program has no standard error
        sys.stderr.flush()
        kept = os.dup(2)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        sys.stderr = os.fdopen(kept, "w", buffering=1)


def _input(request: RecordingRequest) -> AudioInput:
    if isinstance(request.source, FileSource):
        return PlayingFile(request.source.path, request.source.speed)
    assert isinstance(request.source, MicrophoneSource)
    return LiveMicrophone(request.source.name)


class Outbox:
    """Sends events without ever making the recording wait for its parent.

    While the parent does not read, levels and signs of life are dropped; everything else waits in line.
    """

    def __init__(self, parent: Connection) -> None:
        self._parent = parent
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._sender = threading.Thread(target=self._send, name="outbox", daemon=True)
        self._sender.start()

    def post(self, event: Event) -> None:
        """Send it soon."""
        if isinstance(event, LevelMeasured | Alive) and self._events.qsize() > MOST_UNREAD_LEVELS:
            return
        self._events.put(event)

    def close(self) -> None:
        """Wait a little until everything is sent."""
        self._events.put(None)
        self._sender.join(LAST_WORDS_SECONDS)

    def _send(self) -> None:
        while (event := self._events.get()) is not None:
            try:
                self._parent.send(event)
            except OSError:
                return  # the parent is gone, which the line notices by itself

"""Plays a stretch of a recording: PortAudio in a short-lived process of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from multiprocessing.connection import Connection

from scribe_app.adapters.worker import WorkerProcess
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.errors import ScribeError

BLOCK_SECONDS = 0.1
BYTES_PER_SAMPLE = 2


class PlaybackError(ScribeError):
    """The audio cannot be heard; it is kept all the same."""


class ProcessPlayer:
    """AudioPlayer port. One child process per stretch: a broken sound driver takes nothing with it."""

    def __init__(self) -> None:
        self._worker: WorkerProcess | None = None
        self._lock = threading.Lock()

    def play(self, pcm: bytes, on_end: Callable[[ScribeError | None], None]) -> None:
        """Play 16 kHz mono s16le, in place of what was playing; returns once the process is started."""
        self.stop()
        worker = WorkerProcess("player", _play, (pcm,), _ignore, on_end)
        with self._lock:
            self._worker = worker

    def stop(self) -> None:
        """Silence, at once: the process is ended."""
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None and worker.alive:
            worker.kill()


def _ignore(_message: object) -> None:
    """The player's process sends nothing but its end."""


def _play(_connection: Connection, pcm: bytes) -> None:
    """In the child: write the audio block by block and wait until it has been heard."""
    import sounddevice

    step = int(SAMPLE_RATE * BLOCK_SECONDS) * BYTES_PER_SAMPLE
    try:
        with sounddevice.RawOutputStream(samplerate=SAMPLE_RATE, channels=1, dtype="int16") as stream:
            for start in range(0, len(pcm), step):
                stream.write(pcm[start : start + step])
    except sounddevice.PortAudioError as error:
        raise PlaybackError(
            "The recording cannot be played: no loudspeaker or headphones answered.",
            "The recording and its transcript are kept.",
            "Check the computer's sound output, then try again.",
        ) from error

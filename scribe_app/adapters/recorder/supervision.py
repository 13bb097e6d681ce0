"""A recording that outlives its recorder process: watched, and started again where it crashed or hangs.

PortAudio and the sound systems under it are native code that may crash or never return, most of all when a
device goes away. The journal is continued in a new segment, with what was missed in between as a gap.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

from scribe_app.adapters.recorder.commands import Alive, Begin, Pause, Resume
from scribe_app.adapters.recorder.process import RecorderProcess
from scribe_app.adapters.worker import Stop
from scribe_app.domain.events import (
    CaptureWarned,
    CaptureWarning,
    Event,
    LevelMeasured,
    RecordingClosed,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    WorkerFailed,
    WorkerKind,
)
from scribe_app.errors import EngineError, MicrophoneError, ScribeError
from scribe_app.language import later
from scribe_app.ports import EventSink, MicrophoneSource, RecordingRequest

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.2
SILENT_SECONDS = 1.5
"""Without a sign of life (two a second) for so long, a person is told."""
HUNG_SECONDS = 20.0
"""For so long, and it is ended. A slow disk may hold it up for some seconds, and what it heard waits."""
ENDING_SECONDS = 8.0
"""The same after Stop, when only the end is left to be sealed."""
LOADING_SECONDS = 120.0
"""From Start to the first sign of life. A computer that is far too busy may need half a minute to load it,
and ending it would help nobody."""
OPENING_SECONDS = 30.0
"""From then to the second one: a sound system may be slow to answer."""
PAUSES_BETWEEN_STARTS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0)
"""Seconds before each new start, without audio in between; then it is given up."""

STARTED_AGAIN = later("The recorder stopped unexpectedly and is started again. What it heard before is kept.")
NO_ANSWER = later(
    "The recorder does not answer. What was recorded is kept; it is started again if this lasts."
)
GOES_ON = later("The recording goes on.")


class SupervisedRecording:
    """An ActiveRecording on one recorder process after the other; mostly on one."""

    def __init__(
        self, request: RecordingRequest, sink: EventSink, new_process: Callable[[], RecorderProcess]
    ) -> None:
        self._request, self._sink, self._new_process = request, sink, new_process
        self._ends: queue.SimpleQueue[tuple[RecorderProcess, ScribeError | None]] = queue.SimpleQueue()
        self._started = self._closed = self._stopping = self._killed = self._troubled = False
        self._paused = self._told_paused = self._delivering = False
        self._starts = 0
        """New starts since audio came last."""
        self._telling = threading.Lock()
        """Keeps in order: that the recorder is silent is never told after the recording's end."""
        self._seen = time.monotonic()
        self._patience = LOADING_SECONDS
        self._process = new_process()
        self._begin(self._process)
        self._watching = threading.Thread(target=self._watch, name="recorder-supervision", daemon=True)
        self._watching.start()

    @property
    def alive(self) -> bool:
        """Whether a recorder process runs."""
        return self._process.alive

    @property
    def pid(self) -> int | None:
        """The recorder's process id, as it is now."""
        return self._process.pid

    def pause(self) -> None:
        """Close the microphone and note the gap; RecordingPaused follows."""
        self._paused = True
        self._process.send(Pause())

    def resume(self) -> None:
        """Open the microphone again; RecordingResumed follows."""
        self._paused = False
        self._process.send(Resume())

    def stop(self) -> None:
        """Seal what is left and end the journal cleanly; RecordingClosed follows."""
        self._stopping = True
        self._seen = time.monotonic()
        self._process.send(Stop())

    def kill(self) -> None:
        """End the process at once; what is sealed stays."""
        self._killed = True
        self._process.kill()

    def join(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds until the process has ended and all its events were delivered."""
        if self._watching is not threading.current_thread():
            self._watching.join(timeout)
        return not self._watching.is_alive()

    # --- from the process's own thread ------------------------------------------------------------------

    def _receive(self, event: Event) -> None:
        self._delivering = True
        try:
            self._take(event)
        finally:
            self._seen = time.monotonic()
            self._delivering = False

    def _take(self, event: Event) -> None:
        self._patience = OPENING_SECONDS if self._patience == LOADING_SECONDS else HUNG_SECONDS
        if isinstance(event, Alive):
            return
        if isinstance(event, LevelMeasured):
            self._starts = 0
        if isinstance(event, RecordingClosed):
            with self._telling:
                self._closed = True
        if isinstance(event, RecordingPaused | RecordingResumed):
            self._told_paused = isinstance(event, RecordingPaused)
        if isinstance(event, RecordingStarted):
            if self._started:
                return  # after a new start: GapRecorded says what was missed
            self._started = True
        self._sink(event)

    # --- supervision ------------------------------------------------------------------------------------

    def _begin(self, process: RecorderProcess) -> None:
        begin = Begin(self._request, paused=self._paused)
        process.begin(begin, self._receive, lambda error: self._ends.put((process, error)))

    def _watch(self) -> None:
        looked = time.monotonic()
        while True:
            try:
                process, error = self._ends.get(timeout=LOOK_SECONDS)
            except queue.Empty:
                now = time.monotonic()
                if now - looked > 5 * LOOK_SECONDS or self._delivering:
                    self._seen = now  # we did not run ourselves (asleep), or the listener is slow
                looked = now
                if not self._look(now - self._seen):
                    return
            else:
                if process is self._process and not self._ended(error):
                    return

    def _look(self, silent: float) -> bool:
        """Whether to go on watching a process that has said nothing for so many seconds."""
        if silent > SILENT_SECONDS and self._started and not self._troubled:
            self._warn(CaptureWarning.STALLED, NO_ANSWER)
        elif silent < SILENT_SECONDS and self._troubled and self._patience < LOADING_SECONDS:
            self._warn(CaptureWarning.ANSWERS, GOES_ON)
        patience = ENDING_SECONDS if self._stopping and self._started else self._patience
        if silent > patience and not self._killed:
            log.error("recorder %s does not answer", self._process.pid)
            self._process.let_go()
            return self._ended(NOT_ANSWERING)
        return True

    def _ended(self, error: ScribeError | None) -> bool:
        """A process is gone. Whether the recording goes on with another one."""
        if self._killed or self._closed or error is None:
            # After its clean end it harms nobody how the process ended; a full disk is told all the same.
            if error is not None and not self._killed and not isinstance(error, EngineError):
                self._fail(error)
            return False
        if self._may_start_again(error):
            return self._start_again()
        self._fail(error)
        return False

    def _may_start_again(self, error: ScribeError) -> bool:
        crashed = isinstance(error, EngineError)
        live = isinstance(self._request.source, MicrophoneSource)
        return crashed and live and self._started and not self._stopping

    def _start_again(self) -> bool:
        if self._starts == len(PAUSES_BETWEEN_STARTS):
            self._fail(GIVEN_UP)
            return False
        pause = PAUSES_BETWEEN_STARTS[self._starts]
        self._starts += 1
        if not self._troubled:
            self._warn(CaptureWarning.STALLED, STARTED_AGAIN)
        deadline = time.monotonic() + pause
        while time.monotonic() < deadline and not (self._stopping or self._killed):
            time.sleep(0.05)
        if self._killed:
            return False
        if self._stopping:
            self._fail(GIVEN_UP)
            return False
        try:
            fresh = self._new_process()
        except ScribeError as error:
            self._fail(error)
            return False
        self._patience, self._seen = LOADING_SECONDS, time.monotonic()
        self._process = fresh  # from here on commands go to it; it passes over those before its beginning
        self._begin(fresh)
        self._send_again(fresh)
        return True

    def _send_again(self, fresh: RecorderProcess) -> None:
        """What was asked while there was nobody to hear it, and nobody to say that it is so."""
        if self._killed:
            fresh.kill()
        elif self._stopping:
            fresh.send(Stop())
        elif self._paused is not self._told_paused:
            self._told_paused = self._paused
            told = RecordingPaused if self._paused else RecordingResumed
            self._sink(told(self._request.consultation))

    def _fail(self, error: ScribeError) -> None:
        if not self._started and isinstance(error, EngineError):
            error = SOUND_SYSTEM_FAILED if isinstance(self._request.source, MicrophoneSource) else error
        self._sink(WorkerFailed(self._request.consultation, WorkerKind.RECORDER, error))

    def _warn(self, warning: CaptureWarning, text: str) -> None:
        """Tell it, unless the recording has ended: on a busy computer its process may take long to end."""
        with self._telling:
            if not self._closed:
                self._troubled = warning is CaptureWarning.STALLED
                self._sink(CaptureWarned(self._request.consultation, warning, text))


NOT_ANSWERING = EngineError(
    "The recorder did not answer any more, so it was ended.",
    "Everything that it had sealed is kept.",
    "Check the microphone and the disk.",
)
GIVEN_UP = EngineError(
    "The recorder stopped unexpectedly, and starting it again did not help.",
    "Everything recorded until then is kept.",
    "Check the microphone, then go on with a new consultation.",
)
SOUND_SYSTEM_FAILED = MicrophoneError(
    "The computer's audio failed while the microphone was being opened.",
    "Nothing was recorded.",
    "Check the audio settings, restart the computer's audio (or the computer), and start again.",
)

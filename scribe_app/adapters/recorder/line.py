"""The straight line from an open microphone to the sealed journal."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection

from scribe_app.adapters.journal import JournalWriter
from scribe_app.adapters.journal.writer import MOST_WAITING_SECONDS
from scribe_app.adapters.recorder import arrival
from scribe_app.adapters.recorder.commands import Alive, Pause, Resume
from scribe_app.adapters.recorder.conversion import MonoConverter
from scribe_app.adapters.recorder.meter import Meter
from scribe_app.adapters.recorder.source import AudioInput, Block
from scribe_app.adapters.worker import Stop
from scribe_app.domain.events import (
    CaptureWarning,
    Event,
    GapRecorded,
    RecordingClosed,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
)
from scribe_app.domain.recording import GapReason
from scribe_app.errors import MicrophoneError, RecordingError, ScribeError
from scribe_app.language import later
from scribe_app.ports import RecordingRequest

TAKE_SECONDS = 0.05
REOPEN_SECONDS = 0.5
STALLED_SECONDS = 1.0
"""When the line itself did not run for so long, the computer slept or the process was stopped."""
ALIVE_SECONDS = 0.5
"""How often the supervisor is told that the line runs, and a disk that refused is tried again."""
NOT_THERE = later("The microphone cannot be opened. The recording goes on as soon as it is back.")
LEAST_SILENCE_SECONDS = 0.1
"""Below, the times that sound systems tell differ by themselves."""
STALL_SHOWS_SECONDS = 3.0
"""Audio missing so soon after that is missing because of it."""
HEAR_OUT_SECONDS = 0.5
"""How long Stop and Pause wait for what was said before them and is still on its way."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """How things stand when the line begins: after a crash, not as at Start."""

    is_open: bool = True
    paused: bool = False


class RecordingLine:
    """Takes blocks, converts, seals; obeys the parent; keeps count of everything that is missing.

    Goes on when the device is gone and comes back, and ends cleanly when the parent is gone.
    """

    def __init__(
        self,
        request: RecordingRequest,
        audio: AudioInput,
        writer: JournalWriter,
        tell: Callable[[Event], None],
        beginning: Beginning = Beginning(),
    ) -> None:
        self._id, self._input, self._writer, self._tell = request.consultation, audio, writer, tell
        self._meter = Meter(request, writer, tell)
        self._stopping = self._started = self._alone = self._lost_told = False
        self._open, self._paused = beginning.is_open, beginning.paused
        self._heard_until: float | None = None
        self._missing: tuple[float, GapReason] | None = None
        """Since when audio is missing, and why; until the next block comes."""
        self._ran = self._tried = arrival.now()
        self._stalled = self._seen_alive = self._changed = float("-inf")
        self._device = self._heard_from = ""
        if writer.interrupted_ns is not None:
            self._heard_until = writer.interrupted_ns / 1e9
            reason = GapReason.PAUSED if beginning.paused else GapReason.INTERRUPTED
            self._missing = (self._heard_until, reason)
        if self._open:
            self._opened()
        elif not self._paused:
            self._warn_lost(NOT_THERE)

    def ask_to_stop(self) -> None:
        """End at the next opportunity; may be called from a signal handler."""
        self._stopping = True

    def run(self, parent: Connection) -> None:
        """Record until told to stop, the file ends, or the parent is gone; then end the journal cleanly.

        Raises:
            MicrophoneError: nothing was ever heard.
            AudioFileError: the playing file is damaged.
            RecordingError, DiskFullError: the journal cannot be written. What is sealed stays.
        """
        try:
            while not self._stopping:
                self._obey(parent)
                self._notice_stall()
                self._look_after_disk()
                if not self._paused:
                    self._listen()
            self._hear_out(arrival.now())
            self._seal_rest()
            self._end_gap(arrival.now())
            self._await_disk(parent)
        except ScribeError:
            # Whatever broke the line, the journal gets its end; the first error is the one to tell.
            with contextlib.suppress(RecordingError):
                self._close()
            raise
        except BaseException:
            # Our own fault: another process goes on where this one ends, so the journal gets no end.
            with contextlib.suppress(RecordingError):
                self._writer.flush()
            raise
        self._close()

    def _obey(self, parent: Connection) -> None:
        try:
            while parent.poll(TAKE_SECONDS if self._paused else 0):
                message = parent.recv()
                if isinstance(message, Stop):
                    self._stopping = True
                    return
                if isinstance(message, Pause) and not self._paused:
                    self._pause()
                elif isinstance(message, Resume) and self._paused:
                    self._resume()
        except (EOFError, OSError):  # the parent is gone; what it would have wanted is a clean end
            self._stopping = self._alone = True

    def _hear_out(self, until: float) -> None:
        """Sound systems hand audio over late: take what was said before `until`, so that no tail is cut.

        Only time in which we listened counts: a computer that stands still meanwhile brings it later.
        """
        listened = 0.0
        while self._open and self._input.live and (self._heard_until or 0.0) < until:
            if listened > HEAR_OUT_SECONDS or self._input.broken or self._input.ended:
                return
            began = arrival.now()
            block = self._input.take(TAKE_SECONDS)
            listened += min(arrival.now() - began, 2 * TAKE_SECONDS)
            if block is not None:
                self._record(block)

    def _pause(self) -> None:
        self._paused = True
        self._hear_out(arrival.now())
        self._hush(GapReason.PAUSED)
        self._meter.forget()
        self._tell(RecordingPaused(self._id))

    def _resume(self) -> None:
        self._paused = False
        self._reopen()
        if not self._open:
            self._warn_lost(NOT_THERE)
        self._tell(RecordingResumed(self._id))

    def _listen(self) -> None:
        if not self._open:
            if arrival.now() - self._tried < REOPEN_SECONDS:
                time.sleep(TAKE_SECONDS)
            else:
                self._reopen()
            return
        block = self._input.take(TAKE_SECONDS)
        self._notice_another()
        if block is not None:
            self._record(block)
        elif self._input.ended:
            self._stopping = True
        elif self._input.broken:
            self._lose_device()
        elif self._input.silent and self._heard_until is not None:
            self._tell_lost()

    def _record(self, block: Block) -> None:
        self._end_gap(block.began)
        if self._lost_told:
            self._lost_told = False
            self._count_silence(block)
            self._meter.warn(CaptureWarning.DEVICE_BACK, later(f"“{self._input.device}” is heard again."))
        if block.dropped:
            self._gap(GapReason.OVERFLOW, block.dropped / self._input.rate)
        audio = self._converter.convert(block.frames)
        self._writer.append(audio.tobytes(), int(block.arrived * 1e9), self._converter.sides)
        self._heard_until = block.arrived
        if self._input.live:
            self._count_missing(block)
        if not self._started and self._writer.samples:
            self._started = True
            self._tell(RecordingStarted(self._id, self._input.device, self._input.rate))
        self._meter.hear(audio)

    def _count_missing(self, block: Block) -> None:
        seconds = self._arrivals.add(block.arrived, len(block.frames) + block.dropped, block.overflowed)
        if seconds:
            self._gap(self._why_missing(), seconds)

    def _why_missing(self) -> GapReason:
        shown_since = arrival.now() - STALL_SHOWS_SECONDS
        if self._changed > shown_since:
            return GapReason.DEVICE_LOST
        return GapReason.INTERRUPTED if self._stalled > shown_since else GapReason.OVERFLOW

    def _count_silence(self, block: Block) -> None:
        """A device that fell silent without going away is heard again: at once, where it can be told.

        What was only late brings its own time along, and is no loss.
        """
        if not block.timed or self._heard_until is None:
            return
        missing = block.began - self._heard_until - block.dropped / self._input.rate
        if missing > LEAST_SILENCE_SECONDS:
            self._gap(GapReason.DEVICE_LOST, missing)
            self._arrivals = arrival.ArrivalClock(self._input.rate)

    def _notice_another(self) -> None:
        """Sound systems move a recording to another microphone without a word, when the default changes."""
        before, now = self._heard_from, self._input.heard_from
        self._heard_from = now
        if before and now != before:
            self._warn_changed(later(f"The default microphone changed. The recording goes on with “{now}”."))

    def _warn_changed(self, text: str) -> None:
        self._changed = arrival.now()
        self._meter.forget()
        self._meter.warn(CaptureWarning.DEVICE_CHANGED, text)

    def _lose_device(self) -> None:
        if self._heard_until is None:
            raise MicrophoneError(
                f"The microphone “{self._input.device}” delivers no sound.",
                "Nothing was recorded.",
                "Check its cable and the permission to use it, or choose another one.",
            )
        self._hush(GapReason.DEVICE_LOST)
        self._meter.forget()
        self._tell_lost()

    def _tell_lost(self) -> None:
        if not self._lost_told:
            text = later(
                f"The microphone “{self._input.device}” is gone. The recording goes on when one is back."
            )
            self._warn_lost(text)

    def _warn_lost(self, text: str) -> None:
        self._lost_told = True
        self._meter.warn(CaptureWarning.DEVICE_LOST, text)

    def _hush(self, reason: GapReason) -> None:
        """Close the input; from what it delivered last on, audio is missing."""
        self._seal_rest()
        self._tried = float("-inf")
        if self._heard_until is not None and self._missing is None:
            self._missing = (self._heard_until, reason)

    def _seal_rest(self) -> None:
        if not self._open:
            return
        self._open = False
        self._take_rest()
        self._writer.flush()  # before closing, which a broken audio system may never finish
        self._input.close()
        self._take_rest()
        heard = None if self._heard_until is None else int(self._heard_until * 1e9)
        self._writer.append(self._converter.flush().tobytes(), heard)
        self._writer.flush()

    def _take_rest(self) -> None:
        while (block := self._input.take(0)) is not None:
            self._record(block)

    def _reopen(self) -> None:
        self._tried = arrival.now()
        try:
            self._input.open()
        except MicrophoneError:
            return
        self._open = True
        self._opened()

    def _opened(self) -> None:
        """What depends on the device that is open now."""
        if self._input.live:
            self._meter.look_at_microphone(self._input.device, self._input.rate)
        before, self._device = self._device, self._input.device
        if before not in ("", self._device):
            device = self._device
            self._warn_changed(
                later(f"The microphone “{before}” is gone. The recording goes on with “{device}”.")
            )
        self._converter = MonoConverter(self._input.rate, self._input.channels)
        self._arrivals = arrival.ArrivalClock(self._input.rate)

    def _end_gap(self, until: float) -> GapReason | None:
        """Audio is there again (or nothing more will come): note how long it was missing, and say why."""
        if self._missing is None:
            return None
        (since, reason), self._missing = self._missing, None
        self._gap(reason, max(0.0, until - since))
        self._heard_until = until
        return reason

    def _gap(self, reason: GapReason, seconds: float) -> None:
        self._tell(GapRecorded(self._id, self._writer.gap(reason, seconds)))

    def _notice_stall(self) -> None:
        now = arrival.now()
        if now - self._ran > STALLED_SECONDS:
            self._stalled = now
        self._ran = now

    def _look_after_disk(self) -> None:
        self._meter.look_at_disk()
        now = arrival.now()
        if now - self._seen_alive >= ALIVE_SECONDS:
            self._seen_alive = now
            self._tell(Alive(self._id))
            if self._writer.trouble is not None or self._writer.reserve_in_use:
                self._writer.retry()

    def _await_disk(self, parent: Connection) -> None:
        """What the disk has not taken yet is worth waiting for, unless nobody is there any more."""
        deadline = arrival.now() + MOST_WAITING_SECONDS
        while self._writer.waiting_seconds and not self._alone and arrival.now() < deadline:
            self._look_after_disk()
            with contextlib.suppress(EOFError, OSError):
                if not parent.poll(TAKE_SECONDS) or parent.recv() is not None:
                    continue
            self._alone = True
        self._meter.look_at_disk()

    def _close(self) -> None:
        self._input.close()
        recording = self._writer.close()
        if not self._started and recording.samples:
            self._tell(RecordingStarted(self._id, self._input.device, self._input.rate))
        self._tell(RecordingClosed(self._id, recording))

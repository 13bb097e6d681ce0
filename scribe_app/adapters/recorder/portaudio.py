"""PortAudio, in a child process only: which devices there are, and one open microphone.

PortAudio freezes its list of devices when it starts, so each listing and each reopening starts it afresh.
Devices are known by name and host API; their numbers change when something is plugged in.
"""

from __future__ import annotations

import contextlib
import queue
import sys
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from scribe_app.adapters.recorder import arrival
from scribe_app.adapters.recorder.heard import SETTLING_SECONDS, HeardClock
from scribe_app.adapters.recorder.sound_server import SoundServer
from scribe_app.adapters.recorder.source import Block
from scribe_app.errors import MicrophoneError
from scribe_app.ports import Microphone

SILENT_SECONDS = 1.0
"""No callback for so long is worth a word."""
GONE_SECONDS = 3.0
"""No callback for so long means that the device is gone; CoreAudio and PulseAudio do not always say so.
Before that a busy computer may still deliver what it kept, and opening anew would lose it."""
FIRST_SECONDS = 4.0
"""Bluetooth and virtual devices take a while to begin."""
WAITING_SECONDS = 60
"""How much audio may wait while the disk is slow, before any is dropped (and counted)."""
BUFFERED_SECONDS = 0.1
"""Outlives a stall of the computer three times as long as PortAudio's "high", with half the wake-ups."""
MOST_CHANNELS = 8
"""Virtual ALSA devices claim 32 or more; a real one has at most these."""
_CALLBACKS_A_SECOND = 100
"""At a guess, to bound the queue."""
BATCH_SECONDS = 1 / 30
"""Callbacks may come every few milliseconds; so much together costs a third of the work."""


@dataclass(frozen=True, slots=True)
class _Callback:
    """What one callback left."""

    content: bytes
    arrived: float
    told: float | None
    """When its end was heard, as the system tells by its own clock."""
    frames_until: int
    """Frames of the stream up to its end."""
    dropped: int
    """Frames dropped before it."""
    overflowed: bool
    """Whether the system lost some before it."""


@dataclass(frozen=True, slots=True)
class _Device:
    index: int
    name: str
    channels: int
    rate: int
    latency: float
    """Seconds that it buffers by itself when asked to be safe."""
    host: str
    is_default: bool


def present_microphones(fresh: bool = False) -> list[Microphone]:
    """Input devices, the default first. Raises MicrophoneError where PortAudio is missing."""
    devices = sorted(_devices(_portaudio(fresh)), key=lambda device: not device.is_default)
    return [Microphone(d.name, d.channels, d.rate, d.is_default) for d in devices]


class LiveMicrophone:
    """The named microphone, or the default one. Reopened, it takes the default where the named one is gone.

    Raises:
        MicrophoneError: PortAudio is missing, or there is no such microphone.
    """

    live = True
    ended = False

    def __init__(self, name: str) -> None:
        self._wanted = name
        self._opened_before = False
        self._stream: Any = None
        self._server: SoundServer | None = None
        self.device, self.rate, self.channels = name, 0, 0
        self._blocks: queue.SimpleQueue[_Callback] = queue.SimpleQueue()
        self._kept: _Callback | None = None
        self._dropped = 0
        self._times = HeardClock(1)  # of no stream yet
        self._first: float | None = None
        self._heard = self._checked = 0.0
        self._patience = FIRST_SECONDS

    @property
    def heard_from(self) -> str:
        """The microphone that a sound server has put behind the device; empty where none tells."""
        return self._server.heard_from if self._server is not None else ""

    @property
    def silent(self) -> bool:
        """Whether no callback has come for a second."""
        return self._stream is not None and self._quiet_for() > min(self._patience, SILENT_SECONDS)

    @property
    def broken(self) -> bool:
        """Whether the device went away: the stream ended, or no callback came for three seconds."""
        if self._stream is None:
            return False
        return not self._stream.active or self._quiet_for() > self._patience

    def _quiet_for(self) -> float:
        now = arrival.now()
        if now - self._checked > SILENT_SECONDS / 2:
            self._heard = now  # we did not run ourselves (stopped, asleep), so silence proves nothing
        self._checked = now
        return now - self._heard

    def open(self) -> None:
        """Open it at its own rate and start listening."""
        portaudio = _portaudio(fresh=self._opened_before)
        device = self._choose(_devices(portaudio))
        self._heard = self._checked = arrival.now()
        self._patience = FIRST_SECONDS
        self._stream = self._open_stream(portaudio, device)
        self.device = device.name
        self._opened_before = True
        self._server = self._server or SoundServer()

    def take(self, seconds: float) -> Block | None:
        """The next 33 ms of audio, in the order it was heard; less where the audio breaks off or was lost."""
        if seconds and (left := self._settles_in()) > 0:
            time.sleep(min(seconds, left))
            return None
        parts: list[_Callback] = []
        size = 0
        while size < BATCH_SECONDS * self.rate * self._frame_bytes:
            following = self._next_callback(seconds)
            if following is None:
                break
            if parts and (following.dropped or following.overflowed):
                self._kept = following  # a loss lies before it, so it begins the next block
                break
            parts.append(following)
            size += len(following.content)
        return self._block(parts) if parts else None

    def _block(self, parts: list[_Callback]) -> Block:
        first, last = parts[0], parts[-1]
        content = b"".join(part.content for part in parts)
        frames = np.frombuffer(content, dtype=np.int16).reshape(-1, self.channels)
        timed = all(part.told is not None for part in parts)
        told = last.told
        heard = last.arrived if told is None else self._times.heard(told, last.frames_until)
        began = heard - len(frames) / self.rate
        return Block(frames, began, heard, first.dropped, first.overflowed, timed)

    def _settles_in(self) -> float:
        """Seconds until it can be told when a stream's first audio was heard."""
        now = arrival.now()
        return (now if self._first is None else self._first) + SETTLING_SECONDS - now

    def _next_callback(self, seconds: float) -> _Callback | None:
        kept, self._kept = self._kept, None
        if kept is not None:
            return kept
        try:
            return self._blocks.get(timeout=seconds)
        except queue.Empty:
            return None

    @property
    def _frame_bytes(self) -> int:
        return self.channels * 2

    def close(self) -> None:
        """Close the stream; a device that is gone may refuse even that."""
        stream, self._stream = self._stream, None
        if stream is not None:
            with contextlib.suppress(_portaudio().PortAudioError):
                stream.abort()
            with contextlib.suppress(_portaudio().PortAudioError):
                stream.close()

    def _choose(self, devices: list[_Device]) -> _Device:
        named = [device for device in devices if device.name == self._wanted]
        default = sorted(devices, key=lambda device: not device.is_default)
        if not devices:
            raise MicrophoneError(
                "No microphone was found.",
                "Nothing was recorded.",
                "Plug one in, or allow this program to use it, and start again.",
            )
        if self._wanted and not named and not self._opened_before:
            raise MicrophoneError(
                f"There is no microphone named “{self._wanted}”.",
                "Nothing was recorded.",
                f"Choose one of these: {', '.join(device.name for device in default)}.",
            )
        return (named or default)[0]

    def _open_stream(self, portaudio: Any, device: _Device) -> Any:
        failure: Exception | None = None
        for rate, channels, extra in _settings(portaudio, device):
            self.rate, self.channels = rate, channels
            self._times, self._first = HeardClock(rate, self._times.lag), None
            stream = None
            try:
                stream = portaudio.RawInputStream(
                    samplerate=rate, channels=channels, dtype="int16", device=device.index, blocksize=0,
                    latency=max(BUFFERED_SECONDS, device.latency), extra_settings=extra, callback=self._hear,
                )  # fmt: skip
                stream.start()
            except (portaudio.PortAudioError, ValueError) as error:
                failure = error
                if stream is not None:
                    stream.close(ignore_errors=True)
            else:
                return stream
        raise MicrophoneError(
            f"The microphone “{device.name}” cannot be opened.",
            "What was recorded before is kept.",
            "Close other programs that use it, check the permission to use it, or choose another one.",
        ) from failure

    def _hear(self, content: Any, frames: int, times: Any, status: Any) -> None:
        """PortAudio's callback: copies and counts, nothing else. An exception here would end it for ever."""
        try:
            self._heard = now = arrival.now()
            self._first = now if self._first is None else self._first
            self._patience = GONE_SECONDS
            until, told = self._times.arrive(now, frames, times)
            if self._blocks.qsize() > WAITING_SECONDS * _CALLBACKS_A_SECOND:
                self._dropped += frames
                return
            dropped, self._dropped = self._dropped, 0
            overflowed = bool(status.input_overflow)
            self._blocks.put(_Callback(bytes(content), now, told, until, dropped, overflowed))
        except Exception:  # noqa: BLE001 - the boundary to PortAudio's thread: counted as lost, never raised
            self._dropped += frames


def _portaudio(fresh: bool = False) -> Any:
    try:
        import sounddevice
    except OSError as error:
        raise MicrophoneError(
            "The audio library PortAudio is not installed.",
            "Nothing was recorded.",
            "Install it (Debian and Ubuntu: apt install libportaudio2) and start again.",
        ) from error
    except Exception as error:  # sounddevice's own error has no name while its import fails
        raise _unreachable() from error
    if fresh:
        # sounddevice has no public way to see devices that came or went.
        with contextlib.suppress(sounddevice.PortAudioError):
            sounddevice._terminate()
        try:
            sounddevice._initialize()
        except sounddevice.PortAudioError as error:
            raise _unreachable() from error
    return sounddevice


def _unreachable() -> MicrophoneError:
    return MicrophoneError(
        "The computer's audio cannot be reached.",
        "What was recorded before is kept.",
        "Check the audio settings, restart the computer's audio (or the computer), and start again.",
    )


def _devices(portaudio: Any) -> list[_Device]:
    """Input devices; on Windows those of WASAPI (MME, its default, cuts names and resamples)."""
    try:
        hosts, found = portaudio.query_hostapis(), portaudio.query_devices()
    except portaudio.PortAudioError as error:
        raise _unreachable() from error
    devices = []
    for index, device in enumerate(found):
        host = hosts[device["hostapi"]]
        if device["max_input_channels"] > 0:
            devices.append(
                _Device(
                    index,
                    device["name"],
                    device["max_input_channels"],
                    round(device["default_samplerate"]),
                    device["default_high_input_latency"],
                    host["name"],
                    index == host["default_input_device"],
                )
            )
    preferred = [device for device in devices if device.host == "Windows WASAPI"]
    return preferred if sys.platform == "win32" and preferred else devices


def _settings(portaudio: Any, device: _Device) -> list[tuple[int, int, Any]]:
    """Rates, channels and extras to try, the device's own first."""
    own = device.channels if device.channels <= MOST_CHANNELS else 2
    tries = [(device.rate, channels, None) for channels in dict.fromkeys((own, min(own, 2), 1))]
    tries += [(rate, min(own, 2), None) for rate in (48_000, 44_100, 16_000) if rate != device.rate]
    if device.host == "Windows WASAPI":
        # Shared mode takes the mixer's own format only; Windows converts where that is refused.
        tries.append((48_000, 1, portaudio.WasapiSettings(auto_convert=True)))
    return tries

"""Which microphone the sound server gives this process (PulseAudio, and PipeWire, which speaks its language).

PortAudio knows only "default" there: when the default microphone changes, or the one in use is unplugged and
the server moves the stream to another, nothing tells it. Asked through libpulse, which the ALSA plugin of
either server has loaded already; over its local socket, never over a network.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time
from typing import Any

LOOK_SECONDS = 0.4
RECONNECT_SECONDS = 2.0
ANSWER_SECONDS = 1.0
_READY, _FAILED = 4, 5
_NO_AUTOSPAWN = 1
_RUNNING = 0


class _SampleSpec(ctypes.Structure):
    _fields_ = (("format", ctypes.c_int), ("rate", ctypes.c_uint32), ("channels", ctypes.c_uint8))


class _ChannelMap(ctypes.Structure):
    _fields_ = (("channels", ctypes.c_uint8), ("map", ctypes.c_int * 32))


class _SourceOutput(ctypes.Structure):
    """pa_source_output_info up to its properties; the order is part of libpulse's stable interface."""

    _fields_ = (
        ("index", ctypes.c_uint32),
        ("name", ctypes.c_char_p),
        ("owner_module", ctypes.c_uint32),
        ("client", ctypes.c_uint32),
        ("source", ctypes.c_uint32),
        ("sample_spec", _SampleSpec),
        ("channel_map", _ChannelMap),
        ("buffer_usec", ctypes.c_uint64),
        ("source_usec", ctypes.c_uint64),
        ("resample_method", ctypes.c_char_p),
        ("driver", ctypes.c_char_p),
        ("properties", ctypes.c_void_p),
    )


class _Source(ctypes.Structure):
    """The beginning of pa_source_info."""

    _fields_ = (("name", ctypes.c_char_p), ("index", ctypes.c_uint32), ("description", ctypes.c_char_p))


_OnOutput = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.POINTER(_SourceOutput), ctypes.c_int, ctypes.c_void_p
)
_OnSource = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(_Source), ctypes.c_int, ctypes.c_void_p)

_POINTERS = (
    "pa_mainloop_new",
    "pa_mainloop_get_api",
    "pa_context_new",
    "pa_context_get_source_output_info_list",
    "pa_context_get_source_info_by_index",
)


def _libpulse() -> Any:
    """The library, None where there is none."""
    if sys.platform != "linux":
        return None
    try:
        pulse = ctypes.CDLL("libpulse.so.0")
    except OSError:
        return None
    for name in _POINTERS:
        getattr(pulse, name).restype = ctypes.c_void_p
    pulse.pa_proplist_gets.restype = ctypes.c_char_p
    return pulse


class SoundServer:
    """Looks, in a thread of its own, from which microphone this process hears. Knows nothing elsewhere."""

    def __init__(self) -> None:
        self.heard_from = ""
        """What a person knows it by; empty while it is not known. Any thread may read it."""
        self._ended = threading.Event()
        self._pulse = _libpulse()
        if self._pulse is not None:
            threading.Thread(target=self._watch, name="sound-server", daemon=True).start()

    def close(self) -> None:
        """Look no more."""
        self._ended.set()

    def _watch(self) -> None:
        while not self._ended.is_set():
            connection = _Connection(self._pulse)
            try:
                while connection.ready() and not self._ended.wait(LOOK_SECONDS):
                    self.heard_from = connection.source_of(os.getpid()) or self.heard_from
            finally:
                connection.close()
            self._ended.wait(RECONNECT_SECONDS)


class _Connection:
    """One connection to the server; for one thread."""

    def __init__(self, pulse: Any) -> None:
        self._pulse = pulse
        self._loop = ctypes.c_void_p(pulse.pa_mainloop_new())
        api = ctypes.c_void_p(pulse.pa_mainloop_get_api(self._loop))
        self._context = ctypes.c_void_p(pulse.pa_context_new(api, b"Scribe"))
        pulse.pa_context_connect(self._context, None, _NO_AUTOSPAWN, None)

    def ready(self) -> bool:
        """Whether the server answers; waits a moment for that."""
        self._run_until(lambda: self._state() == _READY or self._state() >= _FAILED)
        return self._state() == _READY

    def source_of(self, pid: int) -> str:
        """The microphone from which a process hears; empty where it hears from none."""
        number = self._source_number(pid)
        return "" if number is None else self._description(number)

    def close(self) -> None:
        """Hang up."""
        self._pulse.pa_context_disconnect(self._context)
        self._pulse.pa_context_unref(self._context)
        self._pulse.pa_mainloop_free(self._loop)

    def _source_number(self, pid: int) -> int | None:
        found: list[int] = []

        def take(context: Any, output: Any, end: int, _: Any) -> None:
            if end == 0 and output:
                properties = ctypes.c_void_p(output.contents.properties)
                owner = self._pulse.pa_proplist_gets(properties, b"application.process.id")
                if owner == str(pid).encode():
                    found.append(output.contents.source)

        callback = _OnOutput(take)
        self._ask(self._pulse.pa_context_get_source_output_info_list(self._context, callback, None))
        return found[0] if found else None

    def _description(self, number: int) -> str:
        found: list[str] = []

        def take(context: Any, source: Any, end: int, _: Any) -> None:
            if end == 0 and source:
                text = source.contents.description or source.contents.name or b""
                found.append(text.decode("utf-8", "replace"))

        callback = _OnSource(take)
        self._ask(self._pulse.pa_context_get_source_info_by_index(self._context, number, callback, None))
        return found[0] if found else ""

    def _ask(self, operation: int | None) -> None:
        """Until it is answered. One that is not is cancelled: its callback is gone when this returns."""
        if not operation:
            return
        asked = ctypes.c_void_p(operation)
        self._run_until(lambda: self._pulse.pa_operation_get_state(asked) != _RUNNING)
        if self._pulse.pa_operation_get_state(asked) == _RUNNING:
            self._pulse.pa_operation_cancel(asked)
        self._pulse.pa_operation_unref(asked)

    def _state(self) -> int:
        return int(self._pulse.pa_context_get_state(self._context))

    def _run_until(self, there: Any) -> None:
        deadline = time.monotonic() + ANSWER_SECONDS
        while not there() and time.monotonic() < deadline:
            if self._pulse.pa_mainloop_prepare(self._loop, 50_000) < 0:
                return
            self._pulse.pa_mainloop_poll(self._loop)
            if self._pulse.pa_mainloop_dispatch(self._loop) < 0:
                return

"""Graphics cards, as the installed build of llama.cpp sees them: only where it may be loaded."""

from __future__ import annotations

import ctypes
import queue
from collections.abc import Callable, Sequence
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from scribe_app.adapters.llama.gguf import ModelCard
from scribe_app.adapters.worker import WorkerProcess
from scribe_app.errors import EngineError, ScribeError
from scribe_app.ports import Graphics, GraphicsCard

AS_MANY_AS_FIT = -1
_CARD, _PART_OF_PROCESSOR = 1, 2
"""Kinds of a device in ggml-backend.h (GGML_BACKEND_DEVICE_TYPE_GPU, _IGPU)."""
_WORKING_ROOM = 1_000_000_000
"""Bytes of a card that are left for what a batch needs, and for the screen."""
_LONGEST = 60.0
"""Seconds for a driver to wake up."""


def layers_on_cards(
    wanted: int, card: ModelCard, size: int, context: int, look: Callable[[], Graphics] | None = None
) -> int:
    """Layers of a model that go on the graphics cards that there are; the output counts as one.

    Args:
        wanted: -1 for as many as fit.
        size: bytes of the weights.
        context: tokens that the cache holds.
    """
    if wanted == 0:
        return 0
    cards = (look or look_for_graphics)().cards
    if not cards or not card.layers:
        return 0
    most = card.layers + 1
    if wanted != AS_MANY_AS_FIT:
        return min(wanted, most)
    room = sum(one.free for one in cards) - _WORKING_ROOM
    return max(0, min(most, room * most // (size + card.cache_bytes * context)))


def ask_for_graphics() -> Graphics:
    """Look for them in a process of its own: drivers crash. Raises EngineError."""
    told: queue.SimpleQueue[Graphics | ScribeError | None] = queue.SimpleQueue()
    worker = WorkerProcess("graphics", _tell, (), told.put, told.put)
    try:
        found = told.get(timeout=_LONGEST)
    except queue.Empty:
        found = None
    finally:
        worker.kill()
    if isinstance(found, Graphics):
        return found
    raise found or EngineError(
        "llama.cpp does not say which graphics cards there are.", "Nothing was changed."
    )


def _tell(connection: Connection) -> None:
    """Process main."""
    connection.send(look_for_graphics())


@cache
def look_for_graphics() -> Graphics:
    """What llama.cpp finds; without a card where it cannot be asked, as in builds of before 2025."""
    import llama_cpp  # loads the backends

    folder = Path(llama_cpp.__file__).parent / "lib"
    try:
        return seen_by(_Backends(folder))
    except (AttributeError, OSError):
        return Graphics(("CPU",), ())


def seen_by(backends: Any) -> Graphics:
    """Read backends and devices through ggml's C interface.

    llama.cpp uses a graphics part of the processor only where there is no card, so neither is counted then.
    """
    names = [
        backends.ggml_backend_reg_name(backends.ggml_backend_reg_get(number)).decode()
        for number in range(backends.ggml_backend_reg_count())
    ]
    found = []
    for number in range(backends.ggml_backend_dev_count()):
        device = backends.ggml_backend_dev_get(number)
        kind = backends.ggml_backend_dev_type(device)
        if kind in (_CARD, _PART_OF_PROCESSOR):
            free, memory = ctypes.c_size_t(0), ctypes.c_size_t(0)
            backends.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(memory))
            words = backends.ggml_backend_dev_description(device).decode("utf-8", "replace")
            found.append(GraphicsCard(words, memory.value, free.value, kind == _PART_OF_PROCESSOR))
    own = tuple(card for card in found if not card.shared)
    return Graphics(tuple(names), own or tuple(found))


class _Backends:
    """The functions of ggml that tell of devices: two libraries hold them, and pointers are 64 bits wide."""

    _RESULTS: Sequence[tuple[str, Any, tuple[Any, ...]]] = (
        ("ggml_backend_reg_count", ctypes.c_size_t, ()),
        ("ggml_backend_reg_get", ctypes.c_void_p, (ctypes.c_size_t,)),
        ("ggml_backend_reg_name", ctypes.c_char_p, (ctypes.c_void_p,)),
        ("ggml_backend_dev_count", ctypes.c_size_t, ()),
        ("ggml_backend_dev_get", ctypes.c_void_p, (ctypes.c_size_t,)),
        ("ggml_backend_dev_type", ctypes.c_int, (ctypes.c_void_p,)),
        ("ggml_backend_dev_description", ctypes.c_char_p, (ctypes.c_void_p,)),
        (
            "ggml_backend_dev_memory",
            None,
            (ctypes.c_void_p, ctypes.POINTER(ctypes.c_size_t), ctypes.POINTER(ctypes.c_size_t)),
        ),
    )

    def __init__(self, folder: Path) -> None:
        """Raises OSError, AttributeError where this build has them not."""
        from llama_cpp._ctypes_extensions import load_shared_library

        libraries = [load_shared_library(name, folder) for name in ("ggml", "ggml-base")]
        for name, result, arguments in self._RESULTS:
            holder = libraries[0] if hasattr(libraries[0], name) else libraries[1]
            function = getattr(holder, name)
            function.restype, function.argtypes = result, list(arguments)
            setattr(self, name, function)

"""faster-whisper without the libraries that it would download models and open sound files with.

It imports huggingface_hub and PyAV at its top and uses them only for that. We give it local folders and
arrays, so neither is in what ships: while faster-whisper is imported, empty modules stand in their places.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

LEFT_OUT = ("huggingface_hub", "av")


def faster_whisper() -> ModuleType:
    """The package, imported once; call it before any `from faster_whisper import …`."""
    if "faster_whisper" in sys.modules:
        return sys.modules["faster_whisper"]
    absent = [name for name in LEFT_OUT if name not in sys.modules]
    for name in absent:
        sys.modules[name] = ModuleType(name, "Left out of what ships.")
    try:
        return importlib.import_module("faster_whisper")
    finally:
        for name in absent:  # whoever really needs one (an import of M4A in development) gets the real one
            del sys.modules[name]

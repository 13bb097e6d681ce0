"""What models of the sizes that practices use would cost on this computer."""

from __future__ import annotations

import shutil
from dataclasses import asdict
from typing import Any

import psutil

from scribe_app.cli.output import Output
from scribe_app.errors import ScribeError
from scribe_app.ports import ModelSize, SpeechYardstick
from scribe_app.services.application import Workshop

ROOM = 1.1
"""Disk and memory that must be free, as a share of what is needed."""


def size_figures(workshop: Workshop, yardstick: SpeechYardstick, output: Output) -> list[dict[str, Any]]:
    """Each size measured, or why it was left out."""
    found = []
    for size in ModelSize:
        missing = _missing(workshop, *yardstick.needs(size))
        if missing:
            found.append({"size": size.value, "left_out": missing})
            continue
        output.note(f"scribe: making and measuring a model of size {size.value} with random weights …")
        try:
            cost = yardstick.cost(size, workshop.folders.cache, workshop.settings.speech_threads)
        except ScribeError as error:
            found.append({"size": size.value, "left_out": str(error)})
            continue
        found.append(asdict(cost))
    return found


def _missing(workshop: Workshop, disk: int, memory: int) -> str:
    """What this computer lacks for it, in words; empty where nothing."""
    free, available = shutil.disk_usage(workshop.folders.cache).free, psutil.virtual_memory().available
    if free < ROOM * disk:
        return f"needs {disk // 1_000_000} MB of disk, {free // 1_000_000} MB are free"
    if available < ROOM * memory:
        return f"needs {memory // 1_000_000} MB of memory, {available // 1_000_000} MB are free"
    return ""

"""What drafting models of the usual sizes would cost on this computer, before any is fetched."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import psutil

from scribe_app.cli.output import Output
from scribe_app.errors import ScribeError
from scribe_app.ports import DraftingSize, DraftingYardstick
from scribe_app.services.application import Workshop

ROOM = 1.1
"""Disk and memory that must be free, as a share of what is needed."""

_WIDTHS = (10, 10, 11, 13, 12, 22, 22)


def drafting_sizes(
    sizes: Sequence[str], workshop: Workshop, yardstick: DraftingYardstick, output: Output
) -> list[dict[str, Any]]:
    """Each size measured, or why it was left out."""
    found: list[dict[str, Any]] = []
    for size in map(DraftingSize, sizes):
        missing = _missing(workshop, *yardstick.needs(size))
        if missing:
            found.append({"size": size.value, "left_out": missing})
            continue
        output.note(f"scribe: making and measuring a drafting model of {size.value} with random weights …")
        try:
            cost = yardstick.cost(size, workshop.folders.cache, workshop.settings.drafting_threads)
        except ScribeError as error:
            found.append({"size": size.value, "left_out": str(error)})
            continue
        found.append(asdict(cost))
    return found


def tell_sizes(output: Output, sizes: Sequence[Mapping[str, Any]]) -> None:
    """Print a table, and what was left out."""
    measured = [one for one in sizes if "left_out" not in one]
    if measured:
        output.line(f"\nmodels with random weights, {measured[0]['threads']} thread(s)")
        output.line(
            _row("size", "file", "memory", "loads in", "reads", "writes", "stops reading", "stops writing")
        )
    for one in measured:
        cells = (
            f"{one['file_mb']} MB",
            f"{one['peak_memory_mb']} MB",
            f"{one['load_s']} s",
            f"{one['reading']} tok/s",
            f"{one['writing']} tok/s",
            _stops(one["stops_reading"]),
            _stops(one["stops_writing"]),
        )
        output.line(_row(one["size"], *cells))
    for one in sizes:
        if "left_out" in one:
            output.line(f"{one['size']}: left out. {one['left_out']}")


def _row(size: str, *cells: str) -> str:
    return f"{size:<5}" + "".join(f"{cell:>{width}}" for cell, width in zip(cells, _WIDTHS, strict=True))


def _stops(stops: Sequence[Mapping[str, float]]) -> str:
    """Median and most, and the most in processor time."""
    lags = [one["seconds"] for one in stops]
    cpu = max(one["cpu_seconds"] for one in stops)
    return f"{statistics.median(lags):.2f}-{max(lags):.2f} ({cpu:.2f}) s"


def _missing(workshop: Workshop, disk: int, memory: int) -> str:
    """What this computer lacks for it, in words; empty where nothing."""
    free, available = shutil.disk_usage(workshop.folders.cache).free, psutil.virtual_memory().available
    if free < ROOM * disk:
        return f"It needs {disk // 1_000_000} MB of disk, {free // 1_000_000} MB are free."
    if available < ROOM * memory:
        return f"It needs {memory // 1_000_000} MB of memory, {available // 1_000_000} MB are free."
    return ""

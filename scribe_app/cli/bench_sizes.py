"""What drafting models of the usual sizes would cost on this computer, before any is fetched."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from scribe_app.cli.model_sizes import size_costs
from scribe_app.cli.output import Output
from scribe_app.ports import DraftingSize, DraftingYardstick
from scribe_app.services.application import Workshop

_WIDTHS = (10, 10, 11, 13, 12, 22, 22)


def drafting_sizes(
    sizes: Sequence[str], workshop: Workshop, yardstick: DraftingYardstick, output: Output
) -> list[dict[str, Any]]:
    """Each size measured, or why it was left out."""
    return size_costs(
        map(DraftingSize, sizes),
        yardstick,
        workshop.folders.cache,
        workshop.settings.drafting_threads,
        lambda size: output.note(
            f"scribe: making and measuring a drafting model of {size} with random weights …"
        ),
        lambda lacking: f"It {lacking}.",
    )


def tell_sizes(output: Output, sizes: Sequence[Mapping[str, Any]], where: str) -> None:
    """Print a table under the computer, its load and the day, and what was left out.

    packaging/model_speeds.py reads the table, as it stands in the README, into the manifest.
    """
    measured = [one for one in sizes if "left_out" not in one]
    if measured:
        output.line(f"\nmodels with random weights, {measured[0]['threads']} thread(s), {where}")
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

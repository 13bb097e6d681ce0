"""What models of the sizes that practices use would cost on this computer."""

from __future__ import annotations

from typing import Any

from scribe_app.cli.model_sizes import size_costs
from scribe_app.cli.output import Output
from scribe_app.ports import ModelSize, SpeechYardstick
from scribe_app.services.application import Workshop


def size_figures(workshop: Workshop, yardstick: SpeechYardstick, output: Output) -> list[dict[str, Any]]:
    """Each size measured, or why it was left out."""
    return size_costs(
        ModelSize,
        yardstick,
        workshop.folders.cache,
        workshop.settings.speech_threads,
        lambda size: output.note(
            f"scribe: making and measuring a model of size {size} with random weights …"
        ),
    )

"""How long a letter will take on this computer, from the measured speed of the model that is installed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scribe_app.ports import DraftingSpeed, ModelEntry, ModelTask

VISIT_TOKENS = 2_700
"""Of the transcript of a ten-minute visit: 270 a minute, counted on PriMock57 with a Qwen tokeniser."""
LETTER_TOKENS = 600
"""Of a whole letter with the ids that it names: as the longer reference notes of aci-bench."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Seconds after Stop, for a visit of ten minutes."""

    first: float
    """Until the first statement begins."""
    whole: float
    unread: float
    """Until the whole letter if nothing were read along."""


def waiting(speed: DraftingSpeed) -> Waiting:
    """Requests are read and the letter written; the transcript was read while it was spoken."""
    reading = speed.requests / speed.prefill
    whole = reading + LETTER_TOKENS / speed.decode
    first = reading / max(1, speed.sections) + 1 / speed.decode
    return Waiting(first, whole, whole + VISIT_TOKENS / speed.prefill)


def best_for(
    entries: Sequence[ModelEntry], language: str, memory_gb: float, card_gb: float = 0.0
) -> ModelEntry | None:
    """The drafting model of the highest rank that a computer with so much memory runs with comfort.

    `card_gb` is memory of a graphics card that can be used: what it holds whole needs none of the computer's.
    """
    fitting = [
        entry
        for entry in entries
        if entry.task is ModelTask.DRAFTING
        and language in entry.languages
        and (0 < entry.for_gb <= memory_gb + _SPARE or 0 < entry.for_card_gb <= card_gb + _SPARE)
    ]
    return max(fitting, key=lambda entry: entry.rank, default=None)


_SPARE = 1.0
"""GB: what is sold as 16 GB shows as a little less."""

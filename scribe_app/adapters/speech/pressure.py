"""What gives way when the computer is too slow: preview first, then beams; never audio, never the model."""

from __future__ import annotations

from dataclasses import dataclass

from scribe_app.adapters.speech.decoder import BEAM

PREVIEW_UNTIL = 15.0
PACK_FROM = 30.0
GREEDY_FROM = 60.0
"""Seconds of recording not yet transcribed."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How the next window is made and decoded."""

    preview: bool
    pack: bool
    beam: int


def effort(lag: float, live: bool) -> Effort:
    """The ladder by lag in seconds.

    Not live (a file, or after Stop): nobody runs ahead of us, so only packing is worth it.
    """
    return Effort(
        preview=live and lag < PREVIEW_UNTIL,
        pack=lag >= PACK_FROM,
        beam=1 if live and lag >= GREEDY_FROM else BEAM,
    )

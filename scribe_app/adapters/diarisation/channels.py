"""Two microphones, two people: whoever is louder in a channel of their own is told apart by that alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

APART_DB = 6.0
"""Between the two speakers' mean differences of the channels. A stereo microphone on a desk stays below."""
SPREADS_APART = 5.0
"""The same in spreads (mean absolute deviations) of one speaker: two heaps. One broad heap cut in two has 3.3
(normal) to 4 (uniform)."""
LEAST_SHARE = 0.05
"""Of the utterances that the quieter of the two must have."""
LEAST_KNOWN = 0.8
"""Of the utterances whose balance must be known."""


def two_channels(balances: Sequence[float | None]) -> tuple[int, ...] | None:
    """Voice 0 or 1 of each utterance (the first has 0) by how much louder channel 1 is, in dB.

    None for an utterance: nothing is known of its channels; it gets -1. None as a whole: the channels do
    not tell two people apart.
    """
    known = np.array([balance is not None for balance in balances])
    if known.sum() < 3 or known.mean() < LEAST_KNOWN:
        return None
    values = np.array([balance for balance in balances if balance is not None])
    louder = _split(values)
    if louder is None:
        return None
    labels = np.full(len(known), -1)
    labels[known] = louder
    if labels[known][0] == 1:
        labels[known] = 1 - labels[known]
    return tuple(int(label) for label in labels)


def _split(values: npt.NDArray[np.float64]) -> npt.NDArray[np.int64] | None:
    """Two heaps of numbers by Lloyd's algorithm; None where there is one."""
    low, high = float(values.min()), float(values.max())
    for _ in range(20):
        above = values > (low + high) / 2
        if above.all() or not above.any():
            return None
        low, high = float(values[~above].mean()), float(values[above].mean())
    spread = max(np.abs(values[above] - high).mean(), np.abs(values[~above] - low).mean(), 1e-6)
    share = min(above.mean(), 1 - above.mean())
    if high - low < max(APART_DB, SPREADS_APART * spread) or share < LEAST_SHARE:
        return None
    return above.astype(np.int64)

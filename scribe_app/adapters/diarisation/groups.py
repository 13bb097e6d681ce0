"""Utterances to voices by the directions of their embeddings: spherical k-means, without chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Directions = npt.NDArray[np.float32]
"""One unit vector a row."""

BEGINNINGS = 16
"""Utterances from which it is begun anew; the best end counts."""
ROUNDS = 20


def grouped(directions: Directions, weights: Sequence[float], count: int) -> npt.NDArray[np.int64]:
    """Which of `count` groups each row is in. Each is the nearer to its group's mean the more it weighs there
    (Dhillon and Modha 2001); begun from the rows that are furthest from each other.
    """
    heavy = np.asarray(weights, np.float32)[:, None]
    best, chosen = -np.inf, np.zeros(len(directions), np.int64)
    for start in np.argsort(-heavy[:, 0], kind="stable")[:BEGINNINGS]:
        centres = _furthest(directions, int(start), count)
        labels = chosen
        for _ in range(ROUNDS):
            labels = (directions @ centres.T).argmax(axis=1)
            moved = np.stack(
                [
                    _unit((directions * heavy)[labels == k].sum(axis=0))
                    if (labels == k).any()
                    else centres[k]
                    for k in range(count)
                ]
            )
            if np.allclose(moved, centres):
                break
            centres = moved
        fits = float(((directions @ centres.T).max(axis=1) * heavy[:, 0]).sum())
        if fits > best + 1e-6:
            best, chosen = fits, labels
    return chosen


def _furthest(directions: Directions, start: int, count: int) -> Directions:
    """`count` rows: the one given, then always the one that is furthest from those taken."""
    taken = [start]
    while len(taken) < count:
        taken.append(int((directions @ directions[taken].T).max(axis=1).argmin()))
    return directions[taken]


def _unit(vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length else vector

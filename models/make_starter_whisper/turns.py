"""Where the sentences of a spoken turn begin and end, taken from its own pauses."""

from __future__ import annotations

import itertools
import operator
import re

import numpy as np

#: A frame is quiet at this much less power than the clip's loudest (log10): 35 dB.
QUIET = 3.5
#: The shortest pause between two sentences, frames of 10 ms; synthesisers leave 0.1 to 0.8 s.
SHORTEST = 6
#: A pause that is no comma's: flite and RHVoice's voices make both alike; their turns with commas are left.
LONG = 20
#: What is left of a pause with the speech at its sides, frames: as at the ends of sentences spoken alone.
MARGIN = 5
#: How far a pause may lie from where the sentence's share of the letters puts it: frames, and a share of both
#: sentences' own frames.
OFF_BY, OFF_BY_SHARE = 20, 0.12
#: How much better the pauses taken have to be than the next best: a second of pause is 1.
SURE_BY = 0.25


def sentences(text: str) -> list[str]:
    """Return the sentences of a turn."""
    return re.split(r"(?<=[.?!])\s+", text)


def pauses(mel: np.ndarray) -> list[tuple[int, int]]:
    """Return the quiet stretches inside a clip's log10 power (frames, 80), as first frame and end."""
    power = np.log10(np.exp(mel.astype(np.float32) * np.float32(np.log(10))).sum(1))
    quiet = np.concatenate([[False], power < power.max() - QUIET, [False]])
    edges = np.flatnonzero(quiet[1:] != quiet[:-1]).reshape(-1, 2)
    return [(int(a), int(b)) for a, b in edges if b - a >= SHORTEST and a > 0 and b < len(mel)]


def score(taken: tuple[tuple[int, int], ...], expected: np.ndarray, limit: np.ndarray) -> float:
    """Return how well these pauses part the sentences: long ones, where the letters say; -inf if too far."""
    start, end = np.transpose(taken)
    off = np.abs((start + end) / 2 - expected) / limit
    return float("-inf") if off.max() > 1 else float((np.minimum(end - start, 60) / 100 - 0.7 * off).sum())


def sentence_frames(mel: np.ndarray, text: str) -> list[tuple[int, int, str]] | None:
    """Return first frame, end and text of every sentence of a turn; None where its pauses do not tell."""
    said = sentences(text)
    if len(said) == 1:
        return [(0, len(mel), text)]
    letters = np.array([len(sentence) for sentence in said])
    speech = (len(mel) - 2 * MARGIN) / letters.sum()
    expected = MARGIN + np.cumsum(letters)[:-1] * speech
    limit = OFF_BY + OFF_BY_SHARE * (letters[:-1] + letters[1:]) * speech
    choices = itertools.combinations(pauses(mel), len(said) - 1)
    scored = ((score(taken, expected, limit), taken) for taken in choices)
    ranked = sorted(scored, key=operator.itemgetter(0), reverse=True)
    if not ranked or ranked[0][0] == float("-inf"):
        return None
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < SURE_BY:
        return None
    taken = ranked[0][1]
    if "," in text and min(end - start for start, end in taken) < LONG:
        return None
    margins = [min(MARGIN, (end - start) // 2) for start, end in taken]
    starts = [0, *(end - margin for (_, end), margin in zip(taken, margins, strict=True))]
    ends = [*(start + margin for (start, _), margin in zip(taken, margins, strict=True)), len(mel)]
    return list(zip(starts, ends, said, strict=True))

"""How many of how many, over consultations, with an interval that takes each of them as one draw."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`."""

    part: int = 0
    whole: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.part + other.part, self.whole + other.whole)

    @property
    def rate(self) -> float | None:
        """0 to 1; None of nothing."""
        return self.part / self.whole if self.whole else None


def share_of(judged: Iterable[bool]) -> Share:
    """How many of these are true."""
    answers = list(judged)
    return Share(sum(answers), len(answers))


def pooled(shares: Iterable[Share]) -> Share:
    """All of them as one."""
    return sum(shares, Share())


def margin(shares: Sequence[Share]) -> float | None:
    """Half the width of a 95 % interval of the pooled rate; None for fewer than two consultations.

    Delete-one jackknife over consultations (Efron and Tibshirani 1993, chapter 11): statements of one
    consultation stand and fall together, so they are not counted as independent.
    """
    counted = [share for share in shares if share.whole]
    if len(counted) < 2:
        return None
    every = pooled(counted)
    without = [(every.part - s.part) / (every.whole - s.whole) for s in counted]
    middle = sum(without) / len(without)
    spread = sum((rate - middle) ** 2 for rate in without) * (len(without) - 1) / len(without)
    return _NORMAL_95 * math.sqrt(spread)

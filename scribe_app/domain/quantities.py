"""A number with its unit, as found in a text, and when two are the same amount."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scribe_app.domain.lexicon.numerals import TIME_DAYS


class NumberKind(StrEnum):
    """What a number counts."""

    PLAIN = "plain"
    DOSE = "dose"
    DURATION = "duration"
    BLOOD_PRESSURE = "blood_pressure"
    RATIO = "ratio"
    """A score out of something: 8 out of 10, 3/6."""
    FREQUENCY = "frequency"
    """How often; the unit is per day, per week …"""
    MEASURE = "measure"
    """Any other number with a unit."""
    DIGITS = "digits"
    """Digits said one by one: 999."""
    ORDINAL = "ordinal"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number found in a text, with its unit under one name ("milligrams" → mg); [start,
    end) in characters."""

    value: float
    unit: str
    kind: NumberKind
    start: int
    end: int
    second: float | None = None
    """Diastolic pressure, or what a score is out of."""
    number_end: int = 0
    """Where the number itself ends, before its unit."""


def same_amount(claimed: Quantity, said: Quantity) -> bool:
    """Whether two quantities are one amount: 1 g is 1000 mg,
    14 days are 2 weeks."""
    if claimed.second != said.second and claimed.second is not None:
        return False
    if claimed.unit == said.unit or {claimed.unit, said.unit} == _UNITS:
        return abs(claimed.value - said.value) < 1e-6
    for scale in (_MILLIGRAMS, TIME_DAYS):
        if claimed.unit in scale and said.unit in scale:
            return abs(claimed.value * scale[claimed.unit] - said.value * scale[said.unit]) < 1e-6
    return False


_UNITS = {"IU", "units"}
_MILLIGRAMS = {"mcg": 0.001, "mg": 1.0, "g": 1000.0, "kg": 1_000_000.0}


AmountKey = tuple[str, float]


def amount_keys(quantity: Quantity) -> tuple[AmountKey, ...]:
    """Under what an amount is found: its bare value, and what it is in milligrams or days.

    Two that are the same amount share one of them; two that share one need not be the same.
    """
    found = [("value", round(quantity.value, 4))]
    for name, scale in (("mg", _MILLIGRAMS), ("days", TIME_DAYS)):
        if quantity.unit in scale:
            found.append((name, round(quantity.value * scale[quantity.unit], 4)))
    return tuple(found)

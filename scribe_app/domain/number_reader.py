"""Reads the numbers of one text from left to right."""

from __future__ import annotations

import re
from dataclasses import replace

from scribe_app.domain.lexicon.numerals import (
    COUNTED,
    EN_ATOMS,
    MASS_OR_VOLUME,
    ORDINALS,
    PER,
    SHORT_FREQUENCY,
    TIME_DAYS,
    UNITS,
    dutch_number,
)
from scribe_app.domain.number_words import NumberWords
from scribe_app.domain.quantities import NumberKind, Quantity

_ORDINAL = re.compile(r"^(?:st|nd|rd|th|e|ste|de)$")
_UK_DURATION = {7: "days", 52: "weeks", 12: "months"}
_SYSTOLIC, _DIASTOLIC = range(60, 261), range(30, 161)
_ANY_PERIOD = frozenset({"a", "the", "one", "een", "de"})
_TENS = range(20, 100, 10)
_SCALES = (5, 6, 10)
"""What scores are out of: strength, murmurs, pain."""
_OVER = {"en": ("over", "/", "on"), "nl": ("over", "op", "/")}
_ONE_WORDS = {"en": ("one",), "nl": ("een",)}
_ONCE = {"once": 1.0, "twice": 2.0, "thrice": 3.0, "eenmaal": 1.0, "tweemaal": 2.0, "driemaal": 3.0,
"viermaal": 4.0,
         "dagelijks": 1.0, "daily": 1.0}  # fmt: skip

_BEGINNINGS = frozenset(
    (
        *EN_ATOMS,
        *_ONCE,
        *SHORT_FREQUENCY,
        "a",
        "an",
        "half",
        "quarter",
        "point",
        "couple",
        "fortnight",
        "per",
        "each",
    )
) | {"last", "next", "another", "day", "week", "month", "year", "hour", *ORDINALS}
"""Words with which an amount in English may begin."""


class NumberReader(NumberWords):
    """Reads one text from left to right; each method looks at a token index and says how far it came."""

    def read(self) -> list[Quantity]:
        found: list[Quantity] = []
        at = 0
        while at < len(self.tokens):
            quantity, after = self._quantity(at) if self._may_begin(at) else (None, at + 1)
            if quantity is None:
                at += 1
                continue
            found.append(quantity)
            at = after
        return self._shared_units(found)

    def _may_begin(self, at: int) -> bool:
        """A quick look that spares most English words the grammar; any Dutch word may be a number."""
        word = self.word(at)
        return self.language == "nl" or word[0] in ".0123456789" or word in _BEGINNINGS

    def _quantity(self, at: int) -> tuple[Quantity | None, int]:
        frequency = self._frequency_word(at)
        if frequency:
            return frequency
        skipped = self._is_article(at) or (self.word(at) == "one" and self.word(at - 1) == "no")
        number = None if skipped else self._number(at)
        if number is None:
            return self._loose_one(at) if self.lenient else (None, at + 1)
        value, after, kind = number
        ordinal = self._ordinal(value, after)
        if ordinal:
            return self._ordered(ordinal[0], at, ordinal[1])
        if _ORDINAL.match(self.word(after)) and self._touching(after):
            return self._made(value, "", NumberKind.ORDINAL, at, after + 1), after + 1
        pair = self._pair(value, at, after)
        if pair:
            return pair
        if kind is NumberKind.DIGITS:
            return self._made(value, "", kind, at, after), after
        times = self._times(value, at, after)
        if times:
            return times
        unit, after_unit = self._unit(after)
        if self._is_pronoun(at, after, unit):
            return None, after
        end = after_unit if unit else after
        return self._made(value, unit, _kind(unit), at, end, number_end=after), end

    def _ordinal(self, tens: float, after: int) -> tuple[float, int] | None:
        """The value of an ordinal behind its tens, and the index after it: "twenty third"."""
        at = self._joined(after)
        unit = ORDINALS.get(self.word(at), 0)
        return (tens + unit, at + 1) if tens in _TENS and 0 < unit < 10 else None

    def _ordered(self, value: float, at: int, after: int) -> tuple[Quantity, int]:
        """An ordinal; of a birthday, how old somebody is."""
        if self.lenient and self.word(after) in ("birthday", "verjaardag"):
            return self._made(value, "years", NumberKind.DURATION, at, after), after
        return self._made(value, "", NumberKind.ORDINAL, at, after), after

    def _is_article(self, at: int) -> bool:
        """Whether "een" only goes before something that counts: "een half pakje", "een dag of tien"."""
        if self.language != "nl" or self.word(at) != "een":
            return False
        return self.word(at + 1) in ("half", "halve") or self.word(at + 2) == "of"

    def _made(
        self,
        value: float,
        unit: str,
        kind: NumberKind,
        at: int,
        after: int,
        second: float | None = None,
        number_end: int = 0,
    ) -> Quantity:
        """The quantity in tokens [at, after), of which the number itself is [at, number_end)."""
        end = self.tokens[after - 1].end
        return Quantity(
            value,
            unit,
            kind,
            self.tokens[at].start,
            end,
            second,
            self.tokens[number_end - 1].end if number_end else end,
        )

    def _pair(self, value: float, at: int, after: int) -> tuple[Quantity, int] | None:
        """Blood pressure, UK durations (3/7) and scores (8 out of 10)."""
        out_of = self._out_of(after)
        if out_of:
            second = self._number(out_of)
            if second:
                return self._made(value, "", NumberKind.RATIO, at, second[1], second[0]), second[1]
        if self.word(after) not in _OVER[self.language]:
            return None
        while self.word(after + 1) == self.word(after) != "/":
            after += 1  # "over, over seventy"
        second = self._number(after + 1)
        if second is None:
            return None
        lower, end = second[0], second[1]
        if value in _SYSTOLIC and lower in _DIASTOLIC and lower < value:
            return self._made(value, "", NumberKind.BLOOD_PRESSURE, at, end, lower), end
        if self.lenient and self.word(after) != "/" and value <= lower and lower in _SCALES:
            return self._made(value, "", NumberKind.RATIO, at, end, lower), end  # "a two over six murmur"
        if self.word(after) != "/":
            return None
        if (
            lower in _UK_DURATION
            and value.is_integer()
            and self.word(end) != "/"
            and self.word(after - 2) != "/"
        ):
            return self._made(value, _UK_DURATION[int(lower)], NumberKind.DURATION, at, end), end
        return self._made(value, "", NumberKind.RATIO, at, end, lower), end

    def _out_of(self, after: int) -> int:
        words = [self.word(after + offset) for offset in range(2)]
        if words == ["out", "of"] or words == ["van", "de"]:
            return after + 2
        return 0

    def _times(self, value: float, at: int, after: int) -> tuple[Quantity, int] | None:
        """ "three times a day", "vier keer per dag", "10 a day"."""
        counted = self.word(after) in ("time", "times", "x", "keer", "maal", "dd")
        if self.word(after) == "dd":
            return self._made(value, "per day", NumberKind.FREQUENCY, at, after + 1), after + 1
        period, end = self._period(after + 1 if counted else after)
        if counted and self.word(after + 1) in ("in", "op") and self.word(after + 2) in _ANY_PERIOD:
            period, end = PER.get(self.word(after + 3), ""), after + 4  # "three times in a week"
        if not period:
            return None
        quantity = self._made(value, f"per {period}", NumberKind.FREQUENCY, at, end, number_end=after)
        return quantity, end

    def _period(self, at: int) -> tuple[str, int]:
        word = self.word(at)
        if word in ("daily", "daags", "dagelijks", "weekly", "nightly"):
            return PER[word], at + 1
        if word in ("a", "per", "each", "every", "/") and self.word(at + 1) in PER:
            return PER[self.word(at + 1)], at + 2
        if word in ("a", "per") and self.word(at + 1) == "the" and self.word(at + 2) in PER:
            return PER[self.word(at + 2)], at + 3
        return "", at

    def _frequency_word(self, at: int) -> tuple[Quantity, int] | None:
        """ "once a day", "daily", "tds": a frequency without a number of its own to show."""
        word = self.word(at)
        if word in SHORT_FREQUENCY and word != "dd":
            return self._wordless(SHORT_FREQUENCY[word], "day", at, at + 1)
        if word in ("daily", "dagelijks"):
            return self._wordless(1.0, "day", at, at + 1)
        if word not in _ONCE:
            return None
        again = 2 if self.word(at + 1) in ("or", "to", "of") and self.word(at + 2) in _ONCE else 0
        period, end = self._period(at + 1 + again)  # "once or twice a year"
        return self._wordless(_ONCE[word], period, at, at + 1 if again else end) if period else None

    def _wordless(self, value: float, period: str, at: int, after: int) -> tuple[Quantity, int]:
        made = self._made(value, f"per {period}", NumberKind.FREQUENCY, at, after)
        return replace(made, number_end=made.start), after

    def _unit(self, after: int) -> tuple[str, int]:
        """The unit's name and the index after it."""
        if self.word(after) == "-" and self._touching(after):
            after += 1
        word = self.word(after)
        if word == "per" and self.word(after + 1) == "cent":
            return "%", after + 2
        if word in ("beats", "slagen") and self.word(after + 1) in ("per", "a"):
            return "bpm", after + 3
        if word == "°" and self.word(after + 1) in ("c", "f"):
            return ("°C" if self.word(after + 1) == "c" else "°F"), after + 2
        unit = UNITS.get(word, "")
        if unit == "°C" and self.word(after + 1) in ("fahrenheit", "f"):
            return "°F", after + 2
        if unit == "°C" and self.word(after + 1) in ("celsius", "centigrade", "c"):
            return unit, after + 2
        return unit, after + 1 if unit else after

    def _is_pronoun(self, at: int, after: int, unit: str) -> bool:
        """Whether a lone "one" or "een" is no number here ("that one", "een man", "een week")."""
        if self.lenient or after != at + 1 or self.word(at) not in _ONE_WORDS[self.language]:
            return False
        if unit and not (self.language == "nl" and unit in TIME_DAYS):
            return False
        return self.word(after) not in COUNTED

    def _loose_one(self, at: int) -> tuple[Quantity | None, int]:
        word, following = self.word(at), self.word(at + 1).removesuffix("'s")
        if UNITS.get(word) in TIME_DAYS and following in ("to", "or", "tot") and self._number(at + 2):
            return self._made(1.0, UNITS[word], NumberKind.DURATION, at, at + 1), at + 1  # "week to ten days"
        if word in ("dag", "week", "uur", "maand", "jaar") and following == "of":
            return self._about(at)
        if (
            not self._halved(at + 1)
            and word in ("a", "an", "per", "each", "last", "next", "another", "afgelopen", "volgende")
            and following in UNITS
        ):
            unit = UNITS[following]
            return self._made(1.0, unit, _kind(unit), at, at + 2), at + 2
        if word == "couple" or (word == "paar" and self.word(at - 1) == "een"):
            skip = at + 2 if following == "of" else at + 1
            unit, end = self._unit(skip)
            return self._made(2.0, unit, _kind(unit), at, end if unit else at + 1), end if unit else at + 1
        if word in ("a", "an", "een") and self._halved(at + 1):
            unit, after = UNITS.get(following, ""), self._halved(at + 1)
            period, end = self._period(after)
            if period:  # "a pack and a half a day"
                return self._made(1.5, f"per {period}", NumberKind.FREQUENCY, at, end), end
            return self._made(1.5, unit, _kind(unit), at, after), after
        if place := _ordinal(word):
            return self._ordered(float(place), at, at + 1)
        if word == "fortnight":
            return self._made(2.0, "weeks", NumberKind.DURATION, at, at + 1), at + 1
        if word == "half" and following in ("jaar", "uur"):
            value, unit = (6.0, "months") if following == "jaar" else (30.0, "minutes")
            return self._made(value, unit, NumberKind.DURATION, at, at + 2), at + 2
        return None, at + 1

    def _about(self, at: int) -> tuple[Quantity | None, int]:
        """ "een dag of tien": about ten days."""
        number = self._number(at + 2)
        unit = UNITS[self.word(at)]
        if number is None:
            return None, at + 1
        return self._made(number[0], unit, _kind(unit), at, number[1]), number[1]

    def _halved(self, at: int) -> int:
        """Index after "and a half" behind a noun ("a year and a half"); 0 where there is none."""
        said = [self.word(at + offset) for offset in range(1, 4)]
        return at + 4 if said in (["and", "a", "half"], ["en", "een", "half"]) else 0

    def _shared_units(self, found: list[Quantity]) -> list[Quantity]:
        """ "two or three weeks": the first number has the unit of the second."""
        result = list(found)
        for index in range(len(found) - 1, 0, -1):
            first, second = result[index - 1], result[index]
            if (
                first.unit
                or not second.unit
                or first.second is not None
                or first.kind is not NumberKind.PLAIN
            ):
                continue
            between = [t.text for t in self.tokens if first.end <= t.start < second.start]
            if between in (["or"], ["to"], ["-"], ["–"], ["and"], ["of"], ["tot"], ["à"], ["a"], []):
                result[index - 1] = replace(first, unit=second.unit, kind=second.kind)
        return result


def _kind(unit: str) -> NumberKind:
    if unit in MASS_OR_VOLUME:
        return NumberKind.DOSE
    if unit in TIME_DAYS:
        return NumberKind.DURATION
    return NumberKind.MEASURE if unit else NumberKind.PLAIN


def _ordinal(word: str) -> int:
    """The value of an ordinal in one word: "third", "drieëntwintigste"; 0 for none."""
    ends = word.endswith("ste")
    return ORDINALS.get(word) or (dutch_number(word.removesuffix("ste")) or 0 if ends else 0)

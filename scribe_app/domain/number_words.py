"""The value of a number in a text, said in words or written in figures."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scribe_app.domain.lexicon.numerals import EN_ATOMS, EN_SCALES, MASS_OR_VOLUME, UNITS, dutch_number
from scribe_app.domain.quantities import NumberKind


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int


_FEVERS = range(35, 43)
_BEFORE_A_POINT = frozenset({"a", "an", "the", "of", "about", "at", "is", "was", "your"})
_FRACTIONS = {("1", "2"): 0.5, ("1", "4"): 0.25, ("3", "4"): 0.75}
_TOKEN = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+(?:['’][^\W\d_]+)?|\S")


class NumberWords:
    """The tokens of one text; each method looks at a token index and says how far it came."""

    def __init__(self, text: str, language: str, lenient: bool) -> None:
        self.language = language
        self.lenient = lenient
        self.tokens = [
            _Token(m[0].lower().replace("’", "'"), m.start(), m.end()) for m in _TOKEN.finditer(text)
        ]

    def word(self, at: int) -> str:
        return self.tokens[at].text if 0 <= at < len(self.tokens) else ""

    def _touching(self, at: int) -> bool:
        """Whether the token at `at` follows the one before it without a space."""
        return 0 < at < len(self.tokens) and self.tokens[at].start == self.tokens[at - 1].end

    def _number(self, at: int) -> tuple[float, int, NumberKind] | None:
        """Value, index after it, and DIGITS or PLAIN."""
        token = self.word(at)
        if token and token[0] in "0123456789":
            value, after = self._split_decimals(_figures(token, self.language), at + 1)
            if part := self._written_fraction(after):
                return value + part, after + 4, NumberKind.PLAIN
            return (*self._and_a_half(value, after), NumberKind.PLAIN)
        if token in (".",) and self._begins_with_point(at):
            return self._after_point(at)
        digits = self._digit_run(at)
        if digits:
            return digits
        whole = self._english(at) if self.language == "en" else self._dutch(at)
        if whole is None:
            return None
        value, after = self._split_decimals(*self._decimals(*whole))
        return (*self._and_a_half(value, after), NumberKind.PLAIN)

    def _written_fraction(self, at: int) -> float:
        """What "-1/2" adds to the figure before it; 0 for none."""
        if (
            self.word(at) != "-"
            or self.word(at + 2) != "/"
            or not all(self._touching(at + n) for n in range(4))
        ):
            return 0.0
        return _FRACTIONS.get((self.word(at + 1), self.word(at + 3)), 0.0)

    def _begins_with_point(self, at: int) -> bool:
        """Whether a point begins a number: ".7"; in speech also "a . five centimetre stone"."""
        if self.word(at + 1)[:1].isdigit():
            return self._touching(at + 1) and not self._touching(at)
        spoken = self.lenient and self.language == "en" and self._digit(at + 1, False) is not None
        return spoken and (self.word(at - 1) in _BEFORE_A_POINT or self.word(at + 1) == "zero")

    def _after_point(self, at: int) -> tuple[float, int, NumberKind] | None:
        if self.word(at + 1)[:1].isdigit():
            digits, after = self.word(at + 1), at + 2
        else:
            digits, after = "", at + 1
            while (digit := self._digit(after, bool(digits))) is not None:
                digits, after = digits + str(digit), after + 1
        return (float(f"0.{digits}"), after, NumberKind.PLAIN) if digits.isdigit() else None

    def _split_decimals(self, value: float, after: int) -> tuple[float, int]:
        """A decimal whose point stands apart, as some transcripts have it: "two . five", "97 . 7"."""
        apart = self.lenient and self.word(after) == "." and not self._touching(after)
        following = self.word(after + 1)
        if not apart or not value.is_integer():
            return value, after
        if following.isdigit() and len(following) == 1:
            return float(f"{value:.0f}.{following}"), after + 2
        digit = self._digit(after + 1, False)
        return (float(f"{value:.0f}.{digit}"), after + 2) if digit is not None else (value, after)

    def _atom(self, at: int) -> int | None:
        word = self.word(at)
        return EN_ATOMS.get(word) if self.language == "en" else dutch_number(word)

    def _digit_run(self, at: int) -> tuple[float, int, NumberKind] | None:
        """Three or more digits said one by one."""
        digits: list[int] = []
        while (atom := self._digit(at + len(digits), bool(digits))) is not None:
            digits.append(atom)
        if len(digits) < 3 or self._atom_is_ten(at + len(digits)):
            return None
        return float("".join(map(str, digits))), at + len(digits), NumberKind.DIGITS

    def _digit(self, at: int, inside: bool) -> int | None:
        if inside and self.word(at) in ("o", "oh"):
            return 0
        atom = self._atom(at)
        return atom if atom is not None and atom < 10 else None

    def _atom_is_ten(self, at: int) -> bool:
        return (self._atom(at) or 0) >= 10

    def _joined(self, at: int) -> int:
        """Index of the next number word, past a hyphen that joins."""
        return at + 1 if self.word(at) == "-" and self._touching(at) and self._touching(at + 1) else at

    def _english(self, at: int) -> tuple[float, int] | None:
        if self.word(at) == "a" and self.word(at + 1) in EN_SCALES:
            return self._scaled(1, at + 1)
        halving = self.word(at + 1) in ("to", "or") and self.word(at - 1) == "a"
        if self.word(at) == "half" and halving:  # "a half to a full pack"
            return 0.5, at + 1
        if self.word(at) in ("half", "quarter") and self.word(at + 1) in ("a", "an", "of"):
            timed = self.word(at + 2) in ("hour", "year")
            return (0.5 if self.word(at) == "half" else 0.25), at + 2 if timed else at + 1
        if self.word(at) == "point" and self._digit(at + 1, False) is not None:
            return 0.0, at
        below = self._below_hundred(at)
        return self._scaled(*below) if below else None

    def _below_hundred(self, at: int) -> tuple[int, int] | None:
        """Up to 99, and the short forms of hundreds and years: "one fifty", "one oh five",
        "nineteen eighty-five"."""
        atom = self._atom(at)
        if atom is None:
            return None
        after = self._joined(at + 1)
        following = self._atom(after)
        if atom >= 20 and following is not None and 0 < following < 10:
            return atom + following, after + 1
        if (
            following is not None
            and following >= 10
            and after == at + 1
            and (atom in (19, 20) or 0 < atom < 10)
        ):
            tail = self._below_hundred(after)
            if (
                tail
                and tail[0] < 100
                and (following >= 20 or self.word(tail[1]) in ("over", "on") or atom >= 19)
            ):
                return atom * 100 + tail[0], tail[1]
        if 0 < atom < 10 and self.word(at + 1) in ("o", "oh") and self._digit(at + 2, False) is not None:
            return atom * 100 + (self._digit(at + 2, False) or 0), at + 3
        return atom, at + 1

    def _scaled(self, value: int, after: int) -> tuple[float, int]:
        """`value` times hundred or thousand where they follow, with what is added to it."""
        total = 0
        while self.word(after) in EN_SCALES:
            scale = EN_SCALES[self.word(after)]
            after += 1
            value = value * scale if scale == 100 else (total + value) * scale
            rest_at = after + 1 if self.word(after) == "and" else after
            rest = self._below_hundred(rest_at)
            if rest is None or rest[0] >= scale or EN_SCALES.get(self.word(rest[1]), 0) >= scale:
                break  # the last: "five hundred, five hundred" is said twice
            if self.word(rest[1]) in EN_SCALES and EN_SCALES[self.word(rest[1])] < scale:
                total, value, after = total + value, rest[0], rest[1]
                continue
            value, after = value + rest[0], rest[1]
        return float(total + value), after

    def _dutch(self, at: int) -> tuple[float, int] | None:
        word = self.word(at)
        if word in ("anderhalf", "anderhalve"):
            return 1.5, at + 1
        if word in ("half", "halve") and self.word(at + 1) not in ("jaar", "uur"):
            return 0.5, at + 1
        halves = re.fullmatch(r"(\w+)[eë]nhal(?:f|ve)", word)
        if halves:
            whole = dutch_number(halves[1])
            return (whole + 0.5, at + 1) if whole is not None else None
        value = dutch_number(word)
        if value is None:
            return None
        after = at + 1
        if value >= 100 and value % 100 == 0:
            rest_at = after + 1 if self.word(after) == "en" else after
            rest = dutch_number(self.word(rest_at))
            if rest and rest < 100:
                return float(value + rest), rest_at + 1
        if self.word(after) in ("honderd", "duizend") and value < 100:
            return float(value * (100 if self.word(after) == "honderd" else 1000)), after + 1
        return float(value), after

    def _decimals(self, value: float, after: int) -> tuple[float, int]:
        if self.word(after) not in ("point", "komma"):
            return self._temperature(value, after)
        digits, at = "", after + 1
        while (digit := self._digit(at, False)) is not None:
            digits, at = digits + str(digit), at + 1
        if digits and self.language == "en" and self._atom_is_ten(at):  # "point one twenty five milligrams"
            tail = self._below_hundred(at)
            if tail and UNITS.get(self.word(tail[1])) in MASS_OR_VOLUME:
                return float(f"{value:.0f}.{digits}{tail[0]}"), tail[1]
        if not digits and (ten := self._below_hundred(at) if self.language == "en" else self._dutch(at)):
            digits, at = f"{ten[0]:.0f}", int(ten[1])
        return (float(f"{value:.0f}.{digits}"), at) if digits else (value, after)

    def _temperature(self, value: float, after: int) -> tuple[float, int]:
        """A fever as people say it: "thirty-nine two", "negenendertig twee"; for what was said only."""
        digit = self._digit(after, False)
        if not self.lenient or digit is None or value not in _FEVERS:
            return value, after
        following = self.word(after + 1)
        counts = following.isalpha() and (following in UNITS or self._atom(after + 1) is not None)
        return (value, after) if counts else (float(f"{value:.0f}.{digit}"), after + 1)

    def _and_a_half(self, value: float, after: int) -> tuple[float, int]:
        words = [self.word(after + offset) for offset in range(3)]
        if words in (["and", "a", "half"], ["en", "een", "half"], ["en", "een", "halve"]):
            return value + 0.5, after + 3
        return value, after


def _figures(token: str, language: str) -> float:
    """Figures as a number: 1,000 is a thousand in English, 37,9 has a decimal comma in Dutch."""
    if language == "nl":
        if re.fullmatch(r"\d{1,3}(\.\d{3})+", token):
            return float(token.replace(".", ""))
        token = token.replace(",", ".")
    else:
        token = token.replace(",", "" if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", token) else ".")
    head, _, tail = token.partition(".")
    return float(f"{head}.{tail.replace('.', '')}" if tail else head)

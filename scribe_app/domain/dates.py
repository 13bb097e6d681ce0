"""Dates of the calendar in spoken and written text, English and Dutch."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scribe_app.domain.lexicon.numerals import EN_ATOMS, ORDINALS, dutch_number
from scribe_app.domain.words import plain

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january januari jan", "february februari feb", "march maart mar mrt", "april apr", "may mei",
            "june juni jun", "july juli jul", "august augustus aug", "september sept sep",
            "october oktober oct okt", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ALSO_WORDS = frozenset({"may", "march", "mar", "mei", "maart", "jan", "sep", "dec"})
"""Months that are a word or a name, too: they count beside a day, a year or "in"."""
_TENS = {"twenty": 20, "thirty": 30}
_CARDINALS = "|".join(sorted((w for w, v in EN_ATOMS.items() if 0 < v < 32), key=len, reverse=True))
_ENGLISH_DAY = (
    rf"(?:(?:twenty|thirty)[ -])?(?:{'|'.join(w for w, v in ORDINALS.items() if v < 11)}|eleventh|twelfth"
    rf"|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
    rf"|(?:twenty|thirty)[ -](?:one|two|three|four|five|six|seven|eight|nine)|{_CARDINALS}"
)
_DAY = (
    rf"(?P<day>\d{{1,2}}(?:st|nd|rd|th|e)?(?![\d/:%]|[.,]\d)|{_ENGLISH_DAY}|[a-zëï]*(?:tig|ste|de|tien|elf|twaalf)"
    r"|drie|vier|vijf|zes|zeven|acht|negen|een|één|twee)"
)
_YEAR = (
    r"(?P<year>(?:19|20)\d\d|'\d\d|nineteen \w+(?:[ -]\w+)?"
    r"|twenty (?:oh[ -]\w+|ten|eleven|twelve|\w+teen|(?:twenty|thirty)(?:[ -](?:one|two|three|four|five|six"
    r"|seven|eight|nine))?)"
    r"|two thousand(?: and)? \w+|tweeduizend\w+|negentienhonderd\w+)"
)
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_SPOKEN = (
    re.compile(rf"\b{_MONTH}(?:\s?,)? (?:of )?{_YEAR}\b"),
    re.compile(rf"\b{_MONTH} of (?P<year>o[h']? \w+|(?:seventy|eighty|ninety)(?:[ -]\w+)?)\b"),
    re.compile(rf"\b{_MONTH},? (?:the )?{_DAY}\b(?:(?:\s?,)? (?:of )?{_YEAR}\b)?"),
    re.compile(rf"\b{_DAY} (?:of )?{_MONTH}(?:(?:\s?,)? {_YEAR}\b)?"),
    re.compile(r"\b(?P<lead>(?:in|since|from|by|vanaf|van|early|late|end of|begin|eind|sinds|this|last|next"
               r"|until|tot) )?"
               rf"{_MONTH}(?:,? (?:of )?{_YEAR}\b)?"),
)  # fmt: skip
_FIGURES = re.compile(
    r"(?<![\d/.-])(?P<a>\d{1,2})(?P<mark>[/.-])(?P<b>\d{1,2})(?P=mark)(?P<year>(?:19|20)?\d\d)(?![\d/])"
)
_VERB = re.compile(
    r" (?:not |also |well |just )?(?:be|have|represent|indicate|cause|need|help|require|suggest|come|go"
    r"|take)\b"
)
"""What follows a "may" that is no month: "this may be due to"."""
_SHORT_YEAR = re.compile(
    r"(?:(?<=\bin )|(?<=\bsince )|(?<=\buntil )|(?<=\bof )|(?<=\bfrom )|(?<=\bto )|(?<=\())"
    r"(?P<month>0?[1-9]|1[0-2])/(?P<year>0\d|(?!52)[2-9]\d)(?![\d/])"
)
"""Month and year in short: "in 9/95", "(9/03)"; "in 1/52" is a week."""
_MONTH_YEAR = re.compile(r"(?<![\d/.-])(?P<month>0?[1-9]|1[0-2])[/-](?P<year>(?:19|20)\d\d)(?![\d/])")
_ISO = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)")
_DAY_MONTH = re.compile(r"(?<![\d/.-])(?P<a>0[1-9]|1[0-2])/(?P<b>0[1-9]|[12]\d|3[01])(?![\d/])")


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A date as far as a text tells it; [start, end) in characters."""

    day: int | None
    month: int
    year: int | None
    start: int
    end: int
    other_way: bool = False
    """Written 3/4/2021: the month may be the first or the second figure."""

    def may_be(self, other: CalendarDate) -> bool:
        """Whether nothing in the two excludes that they are one date."""
        return any(_fits(mine, theirs) for mine in self._readings() for theirs in other._readings())

    def _readings(self) -> list[tuple[int | None, int, int | None]]:
        one = [(self.day, self.month, self.year)]
        turned = self.other_way and self.day is not None and self.day <= _DECEMBER
        return [*one, (self.month, self.day or 0, self.year)] if turned else one


_DECEMBER = 12


def _fits(one: tuple[int | None, int, int | None], other: tuple[int | None, int, int | None]) -> bool:
    same_day = one[0] is None or other[0] is None or one[0] == other[0]
    same_year = one[2] is None or other[2] is None or one[2] == other[2]
    return same_day and one[1] == other[1] and same_year


def dates_in(text: str, language: str) -> list[CalendarDate]:
    """Every date of a text, from the left; a month alone counts where it can be nothing else."""
    text = plain(text)
    found: list[CalendarDate] = []
    longest_first = sorted(_spoken(text), key=lambda date: date.start - date.end)
    for date in (*_written(text, language), *longest_first):
        if not any(date.start < other.end and other.start < date.end for other in found):
            found.append(date)
    return sorted(found, key=lambda date: date.start)


def _written(text: str, language: str) -> list[CalendarDate]:
    found = []
    for m in _ISO.finditer(text):
        found.append(CalendarDate(int(m["day"]), int(m["month"]), int(m["year"]), m.start(), m.end()))
    for m in (*_FIGURES.finditer(text), *_DAY_MONTH.finditer(text)):
        first, second = int(m["a"]), int(m["b"])
        year = _full_year(m["year"]) if "year" in m.re.groupindex else None
        day, month = (first, second) if language == "nl" or first > _DECEMBER else (second, first)
        if 0 < day < 32 and 0 < month <= _DECEMBER:
            found.append(CalendarDate(day, month, year, m.start(), m.end(), other_way=language != "nl"))
    for m in (*_MONTH_YEAR.finditer(text), *(_SHORT_YEAR.finditer(text) if language != "nl" else ())):
        found.append(CalendarDate(None, int(m["month"]), _full_year(m["year"]), m.start(), m.end()))
    return found


def _spoken(text: str) -> list[CalendarDate]:
    found = []
    for pattern in _SPOKEN:
        for m in pattern.finditer(text):
            parts = m.groupdict()
            day = _day(parts["day"]) if parts.get("day") else None
            if parts.get("day") and day is None:
                continue
            year = _full_year(parts["year"]) if parts.get("year") else None
            alone = day is None and year is None and not parts.get("lead")
            if alone and m["month"] in _ALSO_WORDS:
                continue
            if (
                m["month"] in ("may", "march")
                and year is None
                and day is None
                and _VERB.match(text[m.end() :])
            ):
                continue
            end = m.end("year") if year is not None else max(m.end("month"), m.end("day") if day else 0)
            found.append(CalendarDate(day, _MONTHS[m["month"]], year, m.start(), end))
    return found


def _day(word: str) -> int | None:
    figures = re.match(r"\d+", word)
    value = int(figures[0]) if figures else _day_in_words(word)
    return value if value and value < 32 else None


_ENGLISH_ENDINGS = {"fifth": "five", "eighth": "eight", "ninth": "nine", "twelfth": "twelve"}


def _day_in_words(word: str) -> int | None:
    *tens, last = re.split(r"[ -]", word)
    value = ORDINALS.get(last) or EN_ATOMS.get(last) or EN_ATOMS.get(_ENGLISH_ENDINGS.get(last, ""))
    value = value or EN_ATOMS.get(last.removesuffix("th")) or EN_ATOMS.get(last.removesuffix("ieth") + "y")
    if value is None:
        value = next((n for end in ("", "ste", "de") if (n := dutch_number(last.removesuffix(end)))), None)
    return value + sum(_TENS[ten] for ten in tens if ten in _TENS) if value else None


def _full_year(word: str) -> int | None:
    """1985, '21 or "twenty twenty one" as a year; None where the words are none."""
    word = word.lstrip("'")
    if word.isdigit():
        year = int(word)
        return year if year > 99 else 2000 + year if year < 40 else 1900 + year
    if (dutch := dutch_number(word)) is not None:
        return dutch if dutch > 1900 else None
    if re.match(r"o[h']? |seventy|eighty|ninety", word):
        word = re.sub(r"^o[h']? ", "twenty oh ", word) if word[0] == "o" else f"nineteen {word}"
    first, *rest = re.split(r"[ -]", word.replace(" and ", " ").replace("two thousand", "twenty oh"))
    values = [EN_ATOMS.get(part) for part in rest if part != "oh"]
    if first not in ("nineteen", "twenty") or not values or None in values:
        return None
    return (19 if first == "nineteen" else 20) * 100 + sum(value for value in values if value is not None)

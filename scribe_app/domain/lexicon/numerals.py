"""Number words and units, English and Dutch."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_EN_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
)
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
EN_ATOMS: dict[str, int] = {
    word: value for value, word in enumerate([*_EN_UNITS.split(), "seventeen", "eighteen", "nineteen"])
}
EN_ATOMS |= {word: 10 * (value + 2) for value, word in enumerate(_EN_TENS.split())}
EN_ATOMS |= {"fourty": 40, "dozen": 12}
EN_ATOMS |= {f"{word}'s": 10 * (value + 2) for value, word in enumerate(_EN_TENS.split())}
EN_ATOMS |= {word[:-1] + "ies": 10 * (value + 2) for value, word in enumerate(_EN_TENS.split())}
EN_SCALES: dict[str, int] = {"hundred": 100, "thousand": 1000, "million": 1_000_000}

ORDINALS: dict[str, int] = {
    word: value
    for words in (
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
        "fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
        "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende",
    )
    for value, word in enumerate(words.split(), start=1)
}
"""Counted for what was said only: "first things first" claims nothing."""

_NL_LOW = "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien"
_NL_TENS = "twintig dertig veertig vijftig zestig zeventig tachtig negentig"


def _dutch_below_hundred() -> dict[str, int]:
    words = {
        word: value for value, word in enumerate([*_NL_LOW.split(), "zeventien", "achttien", "negentien"])
    }
    units = list(words.items())[1:10]
    for ten, word in enumerate(_NL_TENS.split(), start=2):
        words[word] = 10 * ten
        for unit, value in units:
            words[f"{unit}en{word}"] = 10 * ten + value
    return words


NL_ATOMS: dict[str, int] = _dutch_below_hundred()


@lru_cache(maxsize=4096)
def dutch_number(word: str) -> int | None:
    """The value of one Dutch number word,
    however long ("honderdtweeëndertig" → 132); None for other words."""
    bare = "".join(c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c))
    for scale, value in (("duizend", 1000), ("honderd", 100)):
        if scale in bare:
            before, after = bare.split(scale, 1)
            times = 1 if not before else dutch_number(before)
            rest = 0 if not after else dutch_number(after.removeprefix("en") or "nul")
            if times is None or rest is None or rest >= value:
                return None
            return times * value + rest
    return NL_ATOMS.get(bare)


UNITS: dict[str, str] = {
    "mg": "mg", "milligram": "mg", "milligrams": "mg", "milligramme": "mg", "milligrammes": "mg", "mgs": "mg",
    "mcg": "mcg", "µg": "mcg", "μg": "mcg", "ug": "mcg", "microgram": "mcg", "micrograms": "mcg",
    "g": "g", "gram": "g", "grams": "g", "gr": "g", "gramme": "g", "grammes": "g",
    "kg": "kg", "kilo": "kg", "kilos": "kg", "kilogram": "kg", "kilograms": "kg", "kgs": "kg",
    "lb": "lb", "lbs": "lb", "pounds": "lb", "pound": "lb", "pond": "lb",
    "ml": "ml", "millilitre": "ml", "millilitres": "ml", "milliliter": "ml", "milliliters": "ml", "cc": "ml",
    "litre": "l", "litres": "l", "liter": "l", "liters": "l",
    "%": "%", "percent": "%", "procent": "%",
    "mmhg": "mmHg", "bpm": "bpm", "°": "°C", "degrees": "°C", "degree": "°C", "graden": "°C", "celsius": "°C",
    "mmol": "mmol", "millimol": "mmol", "iu": "IU", "units": "units", "unit": "units", "eenheden": "units",
    "eenheid": "units",
    "mm": "mm", "millimetre": "mm", "millimetres": "mm", "millimeter": "mm", "millimeters": "mm",
    "cm": "cm", "centimetre": "cm", "centimetres": "cm", "centimeter": "cm", "centimeters": "cm",
    "seconds": "seconds", "seconden": "seconds", "secs": "seconds",
    "minute": "minutes", "minutes": "minutes", "min": "minutes", "mins": "minutes", "minuut": "minutes",
    "minuten": "minutes", "hour": "hours", "hours": "hours", "hr": "hours", "hrs": "hours", "uur": "hours",
    "uren": "hours",
    "d": "days", "day": "days", "days": "days", "dag": "days", "dagen": "days", "night": "days",
    "nights": "days",
    "week": "weeks", "weeks": "weeks", "wk": "weeks", "wks": "weeks", "weken": "weeks",
    "month": "months", "months": "months", "mth": "months", "mths": "months", "maand": "months",
    "maanden": "months",
    "year": "years", "years": "years", "yr": "years", "yrs": "years", "jaar": "years", "jaren": "years",
    "yo": "years", "y/o": "years", "yearold": "years",
}  # fmt: skip
"""Unit as said or written, lower case → the name it is compared under."""

SHOWN: dict[str, str] = {"mg": "mg", "mcg": "micrograms", "g": "g", "kg": "kg", "ml": "ml", "%": "%",
"mmHg": "mmHg",
                         "bpm": "bpm", "mm": "mm", "cm": "cm", "IU": "IU"}  # fmt: skip
"""Units that a letter writes by their sign; micrograms stay in full, as prescribing guidance asks."""

MASS_OR_VOLUME = frozenset({"mg", "mcg", "g", "ml", "IU", "units"})
TIME_DAYS: dict[str, float] = {"seconds": 1 / 86400, "minutes": 1 / 1440, "hours": 1 / 24, "days": 1,
"weeks": 7,
                               "months": 30.4375, "years": 365.25}  # fmt: skip

COUNTED = frozenset((
    "time", "times", "tablet", "tablets", "pill", "pills", "puff", "puffs", "capsule", "capsules", "spray",
    "sprays", "drop", "drops", "dose", "doses", "glass", "glasses", "pint", "pints", "cigarette",
    "cigarettes", "episode", "episodes", "attack", "attacks", "stone", "sachet", "sachets", "patch",
    "patches", "injection", "injections", "child", "children", "kid", "kids", "brother", "brothers",
    "sister", "sisters", "pack", "packs", "bottle", "bottles", "beer", "beers", "cup", "cups", "keer",
    "maal", "tablet", "tabletten", "pil", "pillen", "pufje", "pufjes", "puf", "capsules", "druppel",
    "druppels", "glazen", "glas", "sigaret", "sigaretten", "zakje", "zakjes", "pleister", "pleisters",
    "kind", "kinderen", "sneetje", "injectie", "injecties",
))  # fmt: skip
"""Nouns that make a number of the word "one" before them."""

PER: dict[str, str] = {"day": "day", "daily": "day", "week": "week", "weekly": "week", "month": "month",
"hour": "hour",
                       "year": "year", "night": "day", "nightly": "day", "dag": "day", "daags": "day",
                       "dagelijks": "day",
                       "week.": "week", "maand": "month", "uur": "hour", "jaar": "year", "wekelijks": "week",
                       "evening": "day", "morning": "day"}  # fmt: skip

SHORT_FREQUENCY: dict[str, float] = {
    "od": 1,
    "bd": 2,
    "bid": 2,
    "tds": 3,
    "tid": 3,
    "qds": 4,
    "qid": 4,
    "dd": 1,
}
"""Latin shorthand: times a day."""

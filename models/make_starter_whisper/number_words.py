"""Numbers as they are spoken, in English (British) and Dutch words.

The starter Whisper writes every number as words, so the training texts hold no digits.
"""

from __future__ import annotations

import re

# fmt: off
_EN_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]
_EN_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NL_ONES = [
    "nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf",
    "dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien",
]
_NL_TENS = [
    "nul", "tien", "twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig",
]
# fmt: on
_EN_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def english(number: int) -> str:
    """Spell ``number`` (0 to 999,999) in British words: 142 is "one hundred and forty-two"."""
    if number < 20:
        return _EN_ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _EN_TENS[tens] + (f"-{_EN_ONES[ones]}" if ones else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return f"{_EN_ONES[hundreds]} hundred" + (f" and {english(rest)}" if rest else "")
    thousands, rest = divmod(number, 1000)
    joint = " and " if 0 < rest < 100 else " "
    return f"{english(thousands)} thousand" + (joint + english(rest) if rest else "")


def english_ordinal(number: int) -> str:
    """Spell an ordinal: 23 is "twenty-third"."""
    head, separator, last = re.match(r"(.*?)([- ]?)(\w+)$", english(number)).groups()  # type: ignore[union-attr]
    if last in _EN_ORDINALS:
        last = _EN_ORDINALS[last]
    elif last.endswith("y"):
        last = last[:-1] + "ieth"
    else:
        last += "th"
    return head + separator + last


def english_year(year: int) -> str:
    """Spell a year: 1998 is "nineteen ninety-eight", 2008 "two thousand and eight"."""
    if 2000 <= year < 2010:
        return english(year)
    century, rest = divmod(year, 100)
    if rest == 0:
        return f"{english(century)} hundred"
    return f"{english(century)} " + (f"oh {english(rest)}" if rest < 10 else english(rest))


def dutch(number: int) -> str:
    """Spell ``number`` (0 to 999,999) in Dutch words: 142 is "honderdtweeënveertig"."""
    if number < 20:
        return _NL_ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        if not ones:
            return _NL_TENS[tens]
        joint = "ën" if _NL_ONES[ones].endswith("e") else "en"
        return _NL_ONES[ones] + joint + _NL_TENS[tens]
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        head = ("" if hundreds == 1 else _NL_ONES[hundreds]) + "honderd"
        return head + (dutch(rest) if rest else "")
    thousands, rest = divmod(number, 1000)
    head = ("" if thousands == 1 else dutch(thousands)) + "duizend"
    return head + (" " + dutch(rest) if rest else "")


def spell_digits(text: str) -> str | None:
    """Replace the digits of an English sentence by words; None where no reading is sure."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"\$(\d+)", r"\1 dollars", text).replace("%", " percent")
    text = re.sub(r"(\d+)\s*mg\b", r"\1 milligrams", text)
    text = re.sub(r"\ba1c\b", "A one C", text, flags=re.IGNORECASE)
    text = re.sub(
        r"\b([lcts])(\d{1,2})\b", lambda m: f"{m[1].upper()} {english(int(m[2]))}", text, flags=re.IGNORECASE
    )
    text = re.sub(r"\b(\d{2,3})/(\d{2,3})\b", r"\1 over \2", text)
    text = re.sub(r"\b(\d{1,2}):00\b", r"\1 o'clock", text)
    text = re.sub(r"\b(\d{1,2}):([1-5]\d)\b", r"\1 \2", text)
    text = re.sub(r"\b(\d+)(?:st|nd|rd|th)\b", lambda m: english_ordinal(int(m[1])), text)
    text = re.sub(
        r"\b(\d*)\.(\d+)\b",
        lambda m: (
            (english(int(m[1])) if m[1] else "zero") + " point " + " ".join(_EN_ONES[int(d)] for d in m[2])
        ),
        text,
    )
    text = re.sub(r"\b(19\d\d|20\d\d)\b", lambda m: english_year(int(m[1])), text)
    text = re.sub(r"(?<![A-Za-z\d])(\d{1,6})(?![A-Za-z\d])", lambda m: english(int(m[1])), text)
    return None if re.search(r"\d", text) else text

"""Two texts written the same way, so that only what was misheard differs, not how it happens to be written.

Case, punctuation and accents away, numbers as words, contractions and abbreviations in full, British
spelling, hesitations away; English and Dutch. Two faults of OpenAI Whisper's own normaliser are mended that
cost 2 to 3 points on consultations (Omi-Health/medical-STT-eval): "oh" is a zero only beside digits, and ok,
okay, mum and mom are the same words. as_written() is Whisper's basic normaliser, to compare with others.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from scribe_app.domain.lexicon.house_words import SPELLINGS
from scribe_app.domain.transcript import UNCLEAR


def _listed(words: str) -> list[str]:
    return words.split()


_EN_UNITS = _listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_EN_TENS = _listed("twenty thirty forty fifty sixty seventy eighty ninety")
_NL_UNITS = _listed(
    "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien "
    "zeventien achttien negentien"
)
_NL_TENS = _listed("twintig dertig veertig vijftig zestig zeventig tachtig negentig")
_UNITS = {"en": _EN_UNITS, "nl": _NL_UNITS}
_TENS = {"en": _EN_TENS, "nl": _NL_TENS}
_POWERS = {"en": ("hundred", "thousand"), "nl": ("honderd", "duizend")}
_AND = {"en": "and", "nl": "en"}
_POINT = {"en": "point", "nl": "komma"}
_NUMBER_WORDS = {
    language: frozenset([*_UNITS[language], *_TENS[language], *_POWERS[language]]) for language in _UNITS
}

_SAME = {
    "en": {
        "ok": "okay", "mom": "mum", "mommy": "mummy", "dr": "doctor", "mr": "mister", "mrs": "missus",
        "mg": "milligrams", "milligram": "milligrams", "mcg": "micrograms", "microgram": "micrograms",
        "ml": "millilitres", "millilitre": "millilitres", "milliliters": "millilitres", "kg": "kilograms",
        "kilos": "kilograms", "cm": "centimetres", "alright": "all right", "till": "until",
        "gonna": "going to", "wanna": "want to", "yeah": "yes", "yep": "yes",
        "gotta": "got to", "kinda": "kind of", "sorta": "sort of", "dunno": "do not know", "cos": "because",
        "ohh": "oh", "moms": "mums", "drs": "doctors", "gp": "g p", "followup": "follow up",
    },
    "nl": {
        "oke": "okay", "ok": "okay", "oké": "okay", "dr": "dokter", "dhr": "meneer", "mevr": "mevrouw",
        "mw": "mevrouw", "mg": "milligram", "ml": "milliliter", "kg": "kilo", "kilogram": "kilo",
        "cm": "centimeter", "da's": "dat is", "'k": "ik", "zo'n": "zo een", "effe": "even",
        "mcg": "microgram", "ug": "microgram", "'t": "het", "'n": "een", "'s": "des", "m'n": "mijn",
        "z'n": "zijn",
    },
}  # fmt: skip
_CONTRACTIONS = (
    ("won't", "will not"), ("can't", "can not"), ("cannot", "can not"), ("let's", "let us"), ("n't", " not"),
    ("'re", " are"), ("'s", " is"), ("'d", " would"), ("'ll", " will"), ("'ve", " have"), ("'m", " am"),
)  # fmt: skip
_ORDINALS = {
    "en": _listed(
        "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
        "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
    ),
    "nl": _listed(
        "nulde eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde "
        "dertiende veertiende vijftiende zestiende zeventiende achttiende negentiende"
    ),
}
_HESITATIONS = frozenset(_listed("um uh uhm erm er hm hmm mm mmm mhm eh ehm uhh ah"))


def normalised(text: str, language: str = "en") -> list[str]:
    """The words of a text, written in one way."""
    language = language if language in _UNITS else "en"
    text = unicodedata.normalize("NFC", text.replace(UNCLEAR, " ").replace("’", "'")).lower()
    text = _halves(_numbers_as_words(text, language), language)
    if language == "en":
        for short, full in _CONTRACTIONS:
            text = re.sub(rf"{re.escape(short)}\b", full, text)
    words = re.findall(r"[^\W_]+(?:'[^\W_]+)*|'[tns]\b", text)
    same = _SAME[language]
    words = [part for word in words for part in same.get(word, word).split()]
    words = [word for word in words if word not in _HESITATIONS]
    plain = [_without_accents(word) for word in _plain_numbers(words, language)]
    return [_british(word) for word in plain] if language == "en" else plain


def as_written(text: str) -> list[str]:
    """The words as Whisper's basic normaliser leaves them: case, brackets and signs away, nothing else."""
    text = re.sub(r"[<\[(][^>\])]*[>\])]", "", text.lower())
    letters = (" " if unicodedata.category(sign)[0] in "MSP" else sign for sign in _composed(text))
    return "".join(letters).split()


def _numbers_as_words(text: str, language: str) -> str:
    """Figures, blood pressures, decimals and per cent as they are spoken."""
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text) if language == "en" else text
    text = re.sub(r"(?<=\d)\s*/\s*(?=\d)", " over ", text)
    text = text.replace("%", " percent " if language == "en" else " procent ")
    text = re.sub(r"°\s*(c\b)?", " degrees " if language == "en" else " graden ", text)
    text = re.sub(r"(\d+)(st|nd|rd|th|ste|de|e)\b", lambda m: _ordinal(m[1], m[0], language), text)
    text = re.sub(r"\bper cent\b", "percent", text)
    text = re.sub(r"(\d+)[.,](\d+)", lambda m: f"{m[1]} {_POINT[language]} {' '.join(m[2])}", text)
    return re.sub(r"\d+", lambda m: f" {_spoken(m[0], language)} ", text)


def _spoken(figures: str, language: str) -> str:
    if len(figures) > 6 or (len(figures) > 1 and figures[0] == "0"):
        return " ".join(_UNITS[language][int(figure)] for figure in figures)
    number = int(figures)
    if 1100 <= number < 2000 and number % 100 >= 10:  # years, and nineteen hundred is rare
        return f"{_below_100(number // 100, language)} {_below_100(number % 100, language)}"
    parts = []
    hundred, thousand = _POWERS[language]
    if number >= 1000:
        parts += [
            _spoken(str(number // 1000), language) if number >= 2000 or language == "en" else "",
            thousand,
        ]
    if number % 1000 >= 100:
        count = number % 1000 // 100
        parts += [_UNITS[language][count] if count > 1 or language == "en" else "", hundred]
    if number % 100 or not number:
        parts.append(_below_100(number % 100, language))
    return " ".join(part for part in parts if part)


def _below_100(number: int, language: str) -> str:
    units = _UNITS[language]
    if number < len(units):
        return units[number]
    tens, unit = _TENS[language][number // 10 - 2], units[number % 10] if number % 10 else ""
    return f"{tens} {unit}".strip() if language == "en" else f"{unit} {tens}".strip()


def _plain_numbers(words: list[str], language: str) -> list[str]:
    """Dutch numbers in parts (acht veertig), "and" inside numbers away, "oh" beside numbers a zero."""
    if language == "nl":
        words = [part for word in words for part in _dutch_parts(word)]
    numbers, joint = _NUMBER_WORDS[language], _AND[language]
    plain = []
    for at, word in enumerate(words):
        before, after = words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""
        if word == joint and after in numbers and _joins(before, after, language):
            continue
        if language == "en" and word == "oh" and (before in numbers or after in numbers):
            word = "zero"
        if language == "en" and word == "a" and after in _POWERS["en"]:
            word = "one"
        plain.append(word)
    return plain


def _joins(before: str, after: str, language: str) -> bool:
    """Whether "and" between these is part of one number: hundred and five, acht en veertig."""
    if before in _POWERS[language]:
        return True
    return language == "nl" and before in _NL_UNITS[1:10] and after in _NL_TENS


_DUTCH_ATOMS = "|".join(sorted(_NUMBER_WORDS["nl"] | {"één", "ën", "en"}, key=len, reverse=True))
_DUTCH_NUMBER = re.compile(rf"(?:{_DUTCH_ATOMS}){{2,}}")


def _dutch_parts(word: str) -> list[str]:
    """A number written in one word, in its parts without "en"; other words as they are."""
    if word == "één":
        return ["een"]
    if not _DUTCH_NUMBER.fullmatch(word):
        return [word]
    parts = re.findall(_DUTCH_ATOMS, word)
    return ["een" if part == "één" else part for part in parts if part not in {"en", "ën"}]


def _ordinal(figures: str, written: str, language: str) -> str:
    """1st, 22nd, 3e as they are spoken; as written where the number is too large to be read so."""
    known = _ORDINALS[language]
    number = int(figures)
    if number < len(known):
        return known[number]
    if number >= 100:
        return written
    tens, unit = _TENS[language][number // 10 - 2], number % 10
    if language == "nl":
        return f"{_NL_UNITS[unit]}en{tens}ste" if unit else f"{tens}ste"
    return f"{tens} {known[unit]}" if unit else f"{tens[:-1]}ieth"


def _halves(text: str, language: str) -> str:
    """Two and a half as 2.5 is spoken; anderhalf as 1,5."""
    if language == "en":
        counted = "|".join(_EN_UNITS[1:])
        return re.sub(rf"\b({counted}) and a half\b", r"\1 point five", text)
    counted = "|".join(_NL_UNITS[1:])
    text = re.sub(r"\banderhal(?:f|ve)\b", "een komma vijf", text)
    return re.sub(rf"\b({counted})(?: en een |ën|en)hal(?:f|ve)\b", r"\1 komma vijf", text)


def _without_accents(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


@cache
def _british(word: str) -> str:
    """American spelling as British, by the beginnings of words."""
    for british, american in SPELLINGS:
        if word.startswith(american):
            return british + word.removeprefix(american)
    return word

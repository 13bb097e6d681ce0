"""How hard a text is to read, by the usual formula of its language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scribe_app.domain.words import sentences

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_DUTCH_VOWELS = re.compile(
    r"aai|eeu|ieu|oei|ooi|aa|ee|oo|uu|ie|oe|eu|ui|ij|ei|au|ou|[aeiouyáàâäéèêëíìîïóòôöúùûü]"
)
_ENGLISH_VOWELS = re.compile(r"[aeiouyáéèêëïöü]+")
_SILENT_END = re.compile(r"(?:[^laeiouy]e|[^aeiouytd]ed|[^aeiouysxzcg]es)$")
_TWO_VOWELS = re.compile(r"i(?:a(?!n\b|l\b)|o(?!us|n\b)|u)|eo(?!p)|ea\b|ua(?!r)|iet|uou|[aeiou]ing\b|sm\b")
_EXCEPTIONS = {"diabetes": 4, "asthma": 2, "every": 2, "herpes": 2}
_FEWEST_WORDS = 20
"""Below this many words the figure says nothing."""


@dataclass(frozen=True, slots=True)
class Readability:
    """The figure of a text; what it means depends on the formula."""

    formula: str
    value: float
    """Flesch-Kincaid: a US school grade, lower is easier. Flesch-Douma: 0 to 100, higher is easier."""
    words: int

    @property
    def is_plain(self) -> bool:
        """Whether most adults can read it with ease: grade 6 (age 11, as the NHS aims for); Douma 60 (B1)."""
        return self.value <= _PLAIN_GRADE if self.formula == "Flesch-Kincaid" else self.value >= _PLAIN_EASE


_PLAIN_GRADE, _PLAIN_EASE = 6.0, 60.0


def readability(text: str, language: str) -> Readability | None:
    """The figure of a text, rounded to one decimal; None when there are too few words.

    English: Flesch-Kincaid grade = 0.39 words/sentence + 11.8 syllables/word - 15.59 (Kincaid et al.,
    Navy Research Branch Report 8-75, 1975). Dutch: Flesch-Douma = 206.84 - 0.93 words/sentence
    - 77 syllables/word (Douma, 1960).
    """
    parts = [part for part in sentences(" ".join(text.split())) if _WORD.search(part)]
    words = [word for part in parts for word in _WORD.findall(part)]
    if len(words) < _FEWEST_WORDS:
        return None
    dutch = language.startswith("nl")
    length = len(words) / len(parts)
    load = sum(syllables(word, language) for word in words) / len(words)
    if dutch:
        return Readability("Flesch-Douma", round(206.84 - 0.93 * length - 77 * load, 1), len(words))
    return Readability("Flesch-Kincaid", round(0.39 * length + 11.8 * load - 15.59, 1), len(words))


def syllables(word: str, language: str) -> int:
    """Syllables of one word, by its vowels; at least 1. A number counts as one."""
    word = word.lower().replace("’", "'")
    if language.startswith("nl"):
        return max(1, len(_DUTCH_VOWELS.findall(word)))
    if word in _EXCEPTIONS:
        return _EXCEPTIONS[word]
    found = len(_ENGLISH_VOWELS.findall(word)) + len(_TWO_VOWELS.findall(word))
    return max(1, found - bool(_SILENT_END.search(word)))


def word_count(text: str) -> int:
    """Words of a text."""
    return len(_WORD.findall(text))

"""Sentences of a consultation in English, from english_sentences.toml."""

from __future__ import annotations

import random
import re
from pathlib import Path

from grammar import Grammar
from number_words import english, english_ordinal, english_year

RANGES = {
    "pulse": (45, 140),
    "sats": (85, 100),
    "resp": (8, 40),
    "weight": (40, 140),
    "age": (16, 99),
    "digit": (1, 9),
    "hba": (20, 99),
    "hb": (70, 180),
    "small": (1, 12),
    "count": (2, 24),
}
#: An article that a filled-in word brought along where the template has one, or forbids one.
DOUBLED_ARTICLE = re.compile(
    r"\b(the|any|no|or|your|have|The|Any|No) (?:a|an|the) "
    r"(?=sore|runny|urine|chest|slipped|stiff|change|heart|stroke|blue|brown|mini|under)"
)


def number(slot: str, rng: random.Random) -> str | None:
    """Return a spoken number, date or time for ``slot``; None where the slot takes a word."""
    if slot in RANGES:
        return english(rng.randint(*RANGES[slot]))
    if slot == "bp":
        return f"{english(rng.randint(88, 195))} over {english(rng.randint(48, 115))}"
    if slot == "temp":
        degrees = english(rng.randint(35, 40))
        return degrees + (f" point {english(rng.randint(1, 9))}" if rng.random() < 0.8 else "")
    if slot == "ordinal":
        return english_ordinal(rng.randint(1, 31))
    if slot == "year":
        return english_year(rng.choice([rng.randint(1930, 1999), rng.randint(2000, 2026)]))
    if slot == "hundreds":
        return english(rng.randrange(100, 800, 10))
    if slot == "clock":
        hour = english(rng.randint(1, 12))
        forms = ("{} o'clock", "half past {}", "quarter to {}", "quarter past {}", "{} thirty")
        return rng.choice(forms).format(hour)
    return None


GRAMMAR = Grammar(Path(__file__).with_suffix(".toml"), number)


def sentence(rng: random.Random, grammar: Grammar = GRAMMAR) -> str:
    """Return one sentence, with casing and punctuation, numbers as words."""
    text = grammar.sentence(rng)
    text = re.sub(r"\b([Aa]) (?=[aeiouAEIO]|ECG|MRI|X-)", r"\1n ", text)
    text = text[0].upper() + text[1:]
    return DOUBLED_ARTICLE.sub(r"\1 ", text)

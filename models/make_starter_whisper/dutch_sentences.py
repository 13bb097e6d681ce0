"""Sentences of a consultation in Dutch, from dutch_sentences.toml."""

from __future__ import annotations

import random
import re
from pathlib import Path

from grammar import Grammar
from number_words import dutch

RANGES = {
    "pols": (45, 140),
    "sat": (85, 100),
    "week": (6, 40),
    "gewicht": (40, 140),
    "leeftijd": (16, 99),
    "cijfer": (2, 9),
    "klein": (2, 12),
    "aantal": (2, 24),
}


def number(slot: str, rng: random.Random) -> str | None:
    """Return a spoken number, date or time for ``slot``; None where the slot takes a word."""
    if slot in RANGES:
        return dutch(rng.randint(*RANGES[slot]))
    if slot == "bd":
        return f"{dutch(rng.randint(88, 195))} over {dutch(rng.randint(48, 115))}"
    if slot == "temp":
        degrees = dutch(rng.randint(35, 40))
        return degrees + (f" komma {dutch(rng.randint(1, 9))}" if rng.random() < 0.8 else "")
    if slot == "rang":
        day = rng.randint(1, 31)
        return "één" if day == 1 else dutch(day)
    if slot == "jaar":
        year = rng.randint(1930, 2026)
        century, rest = divmod(year, 100)
        return dutch(year) if year >= 2000 else dutch(century) + dutch(rest)
    if slot == "klok":
        hour = dutch(rng.randint(1, 12)).replace("een", "één")
        return rng.choice(("{} uur", "half {}", "kwart voor {}", "kwart over {}")).format(hour)
    return None


GRAMMAR = Grammar(Path(__file__).with_suffix(".toml"), number)


def sentence(rng: random.Random, grammar: Grammar = GRAMMAR) -> str:
    """Return one sentence, with casing and punctuation, numbers as words."""
    text = re.sub(r"\b(de|geen|De) (?:de|een) ", r"\1 ", grammar.sentence(rng))
    return text[0].upper() + text[1:]

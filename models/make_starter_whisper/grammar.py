"""Sentences from templates: {slot} is filled by a word of its list, or by a number as it is spoken."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable
from pathlib import Path


class Grammar:
    """The templates and words of one language."""

    def __init__(self, path: Path, numbers: Callable[[str, random.Random], str | None]) -> None:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
        self.words: dict[str, list[str]] = read["words"]
        self.templates: list[str] = read["sentences"]["templates"]
        self.numbers = numbers

    def sentence(self, rng: random.Random) -> str:
        """Return one template, drawn at random, with every slot filled."""

        def filled(found: re.Match[str]) -> str:
            slot = found[1]
            return self.numbers(slot, rng) or rng.choice(self.words[slot])

        return re.sub(r"\{(\w+)\}", filled, rng.choice(self.templates))

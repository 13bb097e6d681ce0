"""Spoken passages made readable: what only steers the visit left out, fillers gone, numbers in figures."""

from __future__ import annotations

from scribe_app.domain.lexicon import topics_en, topics_nl
from scribe_app.domain.numbers import with_digits
from scribe_app.domain.topics import is_bare
from scribe_app.domain.words import (
    is_question,
    phrase_pattern,
    plain,
    sentences,
    without_fillers,
    without_repeats,
)


def last_question(text: str, language: str) -> str:
    """The last question of an utterance; empty for none."""
    return next((part for part in reversed(sentences(text)) if is_question(part, language)), "")


def course(sentence: str, language: str) -> bool:
    """Whether a sentence asks, or only steers the visit."""
    lexicon = topics_nl if language == "nl" else topics_en
    return is_question(sentence, language) or bool(phrase_pattern(lexicon.STEERING).search(plain(sentence)))


def readable(text: str, language: str) -> str:
    """The words as said, for people: figures, no fillers or stutters, no bare acknowledgements."""
    parts = [part for part in sentences(without_fillers(text, language)) if not is_bare(part, language)]
    kept = " ".join(parts) or text
    return without_repeats(with_digits(kept[:1].upper() + kept[1:], language))

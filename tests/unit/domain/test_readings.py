"""Locking forgets what was said, in every cache that the program has."""

from __future__ import annotations

from scribe_app.domain.checks.reading import read, stem_of
from scribe_app.domain.numbers import numbers_in
from scribe_app.domain.readings import clear_readings
from scribe_app.domain.words import is_question, plain


def test_every_cache_of_spoken_text_is_emptied() -> None:
    caches = (read, stem_of, plain, is_question)
    read("zxqvneedle said five milligrams?", "en", True)
    stem_of("zxqvneedle", "en")
    is_question("zxqvneedle?", "en")
    numbers_in("five milligrams", "en")
    assert all(cache.cache_info().currsize for cache in caches)
    clear_readings()
    assert not any(cache.cache_info().currsize for cache in caches)

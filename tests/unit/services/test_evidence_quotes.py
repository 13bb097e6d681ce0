"""Quotes without what was begun twice, broken off or only filled; nothing else may be left out."""

from __future__ import annotations

import pytest
from unit.services.test_evidence import SUPPORTED, checked, codes, talk


@pytest.mark.parametrize(
    ("language", "said", "quote"),
    [
        ("en", "My, my mum, my mum has, has migraines, yeah.", "“My mum has migraines.”"),
        ("en", "It, it's not, it's not constant, you know, and", "“It's not constant.”"),
        (
            "en",
            "I've been in pain in my, like, lower stomach but",
            "“I've been in pain in my lower stomach.”",
        ),
        ("nl", "Mijn zus, mijn zus heeft, heeft migraine, ja.", "“Mijn zus heeft migraine.”"),
        ("nl", "Het is niet, het is niet steeds, hè, en", "“Het is niet steeds.”"),
    ],
)
def test_a_quote_leaves_out_what_was_said_twice_or_broken_off(language: str, said: str, quote: str) -> None:
    visit = talk(f"p: {said}", language=language)
    assert checked(quote, visit, 1, quoted=True).support is SUPPORTED


@pytest.mark.parametrize(
    ("language", "said", "quote"),
    [
        ("en", "I had a cough, I had a fever.", "“I had a fever and a cough.”"),
        ("en", "Take two in the morning, two in the evening.", "“Take two in the evening.”"),
        ("nl", "Ik had koorts, ik had geen hoest.", "“Ik had geen koorts.”"),
    ],
)
def test_a_quote_that_leaves_out_more_is_not_believed(language: str, said: str, quote: str) -> None:
    visit = talk(f"p: {said}", language=language)
    assert "quote_changed" in codes(checked(quote, visit, 1, quoted=True))

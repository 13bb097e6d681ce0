"""Numbers to call that do not exist are marked, also where they were heard so."""

from __future__ import annotations

import pytest
from unit.services.test_evidence import checked, codes, talk


@pytest.mark.parametrize(
    ("words", "language", "marked"),
    [
        ("If the pain comes back, call 99999.", "en", True),
        ("If the pain comes back, call 999.", "en", False),
        ("Ring 111 if it gets worse.", "en", False),
        ("If it gets worse, ring 020 7946 0000.", "en", False),
        ("Call us 100 times if need be.", "en", False),
        ("Bel meteen 1122 als de pijn terugkomt.", "nl", True),
        ("Bel meteen 112 als de pijn terugkomt.", "nl", False),
        ("Belt u dan 0900 8844.", "nl", False),
    ],
)
def test_a_number_to_call_that_does_not_exist_is_marked(words: str, language: str, marked: bool) -> None:
    statement = checked(words, talk(f"c: {words}", language=language), 1, quoted=True)
    assert ("helpline_unknown" in codes(statement)) is marked
    assert statement.needs_settling is marked

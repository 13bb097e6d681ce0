"""The same in fewer words, or as it was."""

from __future__ import annotations

import pytest

from scribe_app.domain.tightening import tightened


@pytest.mark.parametrize(
    ("language", "text", "shorter"),
    [
        ("en", "Blood pressure is 148/88, a little high.", "Blood pressure 148/88, a little high."),
        ("en", "Heart sounds are normal, and the chest is clear.", "Heart sounds normal, and chest clear."),
        ("en", "The abdomen is soft. Temperature was 37.2.", "Abdomen soft. Temperature 37.2."),
        ("en", "ECG today, and some bloods.", "ECG today, and bloods."),
        ("en", "It actually hurts at night.", "It hurts at night."),
        ("nl", "Bloeddruk is 132/80, de pols is 84.", "Bloeddruk 132/80, pols 84."),
        ("nl", "De buik is soepel.", "Buik soepel."),
        ("nl", "Plassen gaat gewoon goed.", "Plassen gaat goed."),
    ],
)  # fmt: skip
def test_what_only_links_or_fills_goes(language: str, text: str, shorter: str) -> None:
    assert tightened(text, language) == shorter


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The chest is where it hurts."),
        ("en", "The pulse is not regular."),
        ("en", "Asked “Is my heart really failing?”: “The heart is fine.”"),
        ("en", "Is the chest sore? Chest is sore?"),
        ("en", "May be angina."),
        ("nl", "De buik is niet soepel."),
        ("nl", "Daar is eigenlijk niet over gesproken."),
        ("nl", "Denkt aan een ontsteking."),
    ],
)
def test_what_says_more_stays(language: str, text: str) -> None:
    assert tightened(text, language) == text


def test_letters_to_patients_keep_whole_sentences() -> None:
    assert tightened("Your pulse is 76 and regular.", "en", sentences=True) == "Your pulse is 76 and regular."

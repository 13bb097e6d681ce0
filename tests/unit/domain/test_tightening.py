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


@pytest.mark.parametrize(
    ("language", "text", "shorter"),
    [
        ("en", "You told us: no sweating or palpitations.", "No sweating or palpitations."),
        ("en", "You told us: “It's like a tight band.”", "“It's like a tight band.”"),
        ("en", "We asked: “Is it worse at night?” You said: “No.”", "“Is it worse at night?” – “No.”"),
        ("en", "I'd like you to start aspirin, 75 mg once a day.", "Start aspirin, 75 mg once a day."),
        ("en", "I'll also refer you to the clinic.", "I'll refer you to the clinic."),
        ("nl", "U vertelde ons: geen bloed bij de ontlasting.", "Geen bloed bij de ontlasting."),
        ("nl", "Wij vroegen: “Is de pijn er steeds?” U zei: “Ja.”", "“Is de pijn er steeds?” – “Ja.”"),
        ("nl", "Ik geef u ook een verwijzing mee.", "Ik geef u een verwijzing mee."),
    ],
)
def test_what_only_leads_in_goes_from_a_letter_to_the_patient(language: str, text: str, shorter: str) -> None:
    assert tightened(text, language, sentences=True) == shorter
    assert "“" not in text or tightened(text, language) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "You asked: “Is that bad?” Our answer: “No.”"),
        ("en", "The person with you said: he is not eating."),
        ("nl", "U vroeg: “Is dat erg?” Ons antwoord: “Nee.”"),
        ("nl", "U mag ook niet roken."),
    ],
)
def test_who_said_it_stays_where_no_heading_says_it(language: str, text: str) -> None:
    assert tightened(text, language, sentences=True) == text

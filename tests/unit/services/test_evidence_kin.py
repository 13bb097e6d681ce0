"""Relatives by another's name, a parent who speaks, which hand is used, ages, scales and short years."""

from __future__ import annotations

from dataclasses import replace

import pytest
from unit.services.test_evidence import checked, codes, talk

from scribe_app.domain.letter import Support
from scribe_app.domain.transcript import SpeakerRole, Transcript

EN = talk(
    "p: My mom and her sister both had melanoma.",
    "p: Both of my parents had diabetes.",
    "c: This is a right handed boy with pain on the left side.",
    "p: I quit twenty seven years ago, I smoked about two packs a day.",
    "c: On a scale of one to ten, how bad is the pain?",
    "p: Seven, I'd say.",
    "p: I was hospitalized for the heart attack in ninety six.",
    "p: I've got a bit of a rash on my arm where I got stung.",
    "p: It hurts right a cross the middle of my chest.",
    "c: Do you have any trouble breathing?",
    "p: Yes, I get short of breath at times.",
)
NL = talk(
    "p: Mijn moeder en haar zus hadden allebei melanoom.",
    "p: Mijn ouders hadden suikerziekte.",
    "c: Het is een rechtshandige jongen met pijn aan de linkerkant.",
    "p: Ik heb wat uitslag op mijn arm waar ik gestoken ben.",
    language="nl",
)
_OPEN = (Support.UNSUPPORTED, Support.CONFLICTING)


@pytest.mark.parametrize(
    ("said", "text", "cited", "code"),
    [
        (EN, "Family history of melanoma in mother and aunt", 1, ""),
        (EN, "Family history of melanoma in mother and uncle", 1, "relative_not_said"),
        (EN, "Father and mother had diabetes", 2, ""),
        (EN, "Right-handed boy with pain on the left side", 3, ""),
        (EN, "Left-handed boy with pain on the left side", 3, "side_differs"),
        (EN, "Quit 27 years ago, two packs a day", 4, ""),
        (EN, "Pain 7 on a 0 to 10 scale", 6, ""),
        (EN, "Pain 8 on a 0 to 10 scale", 6, "number_differs"),
        (EN, "Hospitalized for heart attack in 1996", 7, ""),
        (EN, "Hospitalized for heart attack in 1998", 7, "number_differs"),
        (EN, "No rash seen on arm", 8, ""),
        (EN, "No rash on arm", 8, "negation_differs"),
        (EN, "Pain in the right chest", 9, "side_differs"),
        (EN, "Mid-shortness of breath at times", 11, ""),
        (NL, "Melanoom bij moeder en tante", 1, ""),
        (NL, "Melanoom bij moeder en oom", 1, "relative_not_said"),
        (NL, "Vader en moeder hadden suikerziekte", 2, ""),
        (NL, "Rechtshandige jongen met pijn links", 3, ""),
        (NL, "Linkshandige jongen met pijn links", 3, "side_differs"),
        (NL, "Geen uitslag te zien op de arm", 4, ""),
        (NL, "Geen uitslag op de arm", 4, "negation_differs"),
    ],
)
def test_what_is_said_in_another_way_is_no_error(said: Transcript, text: str, cited: int, code: str) -> None:
    statement = checked(text, said, cited)
    assert (code in codes(statement)) if code else statement.support not in _OPEN, statement.flags


@pytest.mark.parametrize(
    ("language", "spoken", "text"),
    [
        ("en", "p: I have a son also who is nine, he has autism.", "Nine-year-old brother with autism"),
        ("nl", "p: Ik heb ook een zoon van negen met autisme.", "Broer van negen met autisme"),
    ],
)
def test_the_son_of_a_parent_who_speaks_is_the_patients_brother(
    language: str, spoken: str, text: str
) -> None:
    patient = talk(spoken, language=language)
    parent = replace(patient, utterances=(replace(patient.utterances[0], speaker=SpeakerRole.OTHER),))
    assert "relative_not_said" in codes(checked(text, patient, 1))
    assert "relative_not_said" not in codes(checked(text, parent, 1))

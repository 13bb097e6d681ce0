"""How far a denial reaches, and what counts as a no: sentences of the tuning splits, made general."""

from __future__ import annotations

import pytest
from unit.services.test_evidence import checked, codes, talk

from scribe_app.domain.letter import Support
from scribe_app.domain.transcript import Transcript

EN = talk(
    "p: I get itchy eyes and I can't stop sneezing.",
    "c: And no chest pain while you were doing exercises for your knee?",
    "p: No, not at all.",
    "c: Have you been experiencing any bowel or bladder dysfunction.",
    "p: No.",
    "c: Have you used illegal drugs?",
    "p: Oh, absolutely not.",
    "c: Any depression or anxiety?",
    "p: This is normal for me. Nothing like that in my head.",
    "c: I see acne on your face.",
    "p: I did not take my pain medication this morning, and there is still a good amount of pain.",
    "c: Why don't we repeat the swab of your throat.",
    "p: I have broken my hand before.",
    "c: Is anybody else at home sick?",
    "p: No.",
    "c: You have a history of hepatitis, right?",
    "p: That sounds right.",
    "c: Let me look at you now why don't we start here I don't appreciate any murmurs or swelling",
    "p: The cream for my knee doesn't help.",
)
NL = talk(
    "p: Ik kan niet ophouden met niezen.",
    "c: En geen pijn op de borst tijdens het sporten?",
    "p: Nee, helemaal niet.",
    "c: Heeft u last van plassen of van de ontlasting.",
    "p: Nee.",
    "c: Gebruikt u drugs?",
    "p: Absoluut niet.",
    "c: Heeft u last van angst of somberheid?",
    "p: Zo ben ik altijd. Niets van dat alles in mijn hoofd.",
    "p: Ik heb acne in mijn gezicht.",
    "c: Waarom niet nog een keelkweek.",
    "c: Is er iemand anders thuis ziek?",
    "p: Nee.",
    "c: Ik ga u onderzoeken waarom niet meteen ik voel geen zwelling van uw benen",
    language="nl",
)
OPEN = (Support.UNSUPPORTED, Support.CONFLICTING)


@pytest.mark.parametrize(
    ("said", "text", "cited", "code"),
    [
        (EN, "Itchy eyes and sneezing", 1, ""),
        (EN, "Denies sneezing", 1, "negation_differs"),
        (EN, "Denies chest pain while doing exercises for the knee", 3, ""),
        (EN, "Chest pain while doing exercises", 3, "negation_differs"),
        (EN, "No bowel or bladder dysfunction", 4, ""),
        (EN, "Bladder dysfunction", 4, "negation_differs"),
        (EN, "Denies illegal drugs", 7, ""),
        (EN, "No anxiety or depression", 9, ""),
        (EN, "Depression", 9, "negation_differs"),
        (EN, "Denies treatment for her acne", 10, ""),
        (EN, "Denies acne", 10, "negation_differs"),
        (EN, "Still pain", 11, ""),
        (EN, "Swab of throat repeated", 12, ""),
        (EN, "No fractures with the exception of the hand, broken before", 13, ""),
        (EN, "Nobody else at home is sick", 14, ""),
        (EN, "Hepatitis", 17, ""),
        (EN, "Bladder dysfunction, none", 4, ""),
        (EN, "Cream does not help the knee", 19, ""),
        (EN, "No murmurs", 18, ""),
        (EN, "Murmurs", 18, "negation_differs"),
        (NL, "Niezen", 1, ""),
        (NL, "Geen pijn op de borst tijdens sporten", 3, ""),
        (NL, "Pijn op de borst tijdens sporten", 3, "negation_differs"),
        (NL, "Geen last van plassen", 4, ""),
        (NL, "Geen drugs", 7, ""),
        (NL, "Geen angst of somberheid", 9, ""),
        (NL, "Angst", 9, "negation_differs"),
        (NL, "Geen behandeling voor de acne", 10, ""),
        (NL, "Geen acne", 10, "negation_differs"),
        (NL, "Niemand anders thuis is ziek", 12, ""),
        (NL, "Angst en somberheid, ontkend", 9, ""),
        (NL, "Geen zwelling van de benen", 13, ""),
        (NL, "Zwelling van de benen", 13, "negation_differs"),
    ],
)
def test_a_denial_reaches_as_far_as_it_was_meant(said: Transcript, text: str, cited: int, code: str) -> None:
    statement = checked(text, said, cited)
    assert (code in codes(statement)) if code else statement.support not in OPEN, statement.flags

"""Notes in telegram style, and lines of our own letters: what is doubted and what passes."""

from __future__ import annotations

import pytest
from unit.services.test_evidence import checked, codes, talk

from scribe_app.domain.letter import UNSETTLED
from scribe_app.domain.planted_errors import planted, turned_round, with_other_sides

TRUE = [
    (
        ("c: Do you smoke, or drink alcohol?", "p: I don't smoke, uh, I do drink at weekends."),
        "Nil smoking, social EtOH.",
    ),
    (("p: I'm worried, I don't want it to be a migraine.",), "Concerned about migraines."),
    (
        ("p: I felt warm.", "c: Have you measured your temperature?", "p: Yep."),
        "Felt warm (not measured temperature).",
    ),
    (("c: Come back and see me in a week to ten days.",), "Review in 1/52."),
    (("c: The scan shows no hydronephrosis.",), "Scan without evidence of hydronephrosis."),
    (
        ("c: Is that the right or left hand?", "p: The right hand."),
        "“Is that the right or left hand?” – Right hand.",
    ),
]
WRONG = [
    (("c: Any palpitations?", "p: Not that it, no."), "Palpitations"),
    (("c: Have you got a history of anaphylaxis?", "p: Not that I know of."), "PMHx of anaphylaxis"),
    (("c: Are you on any medication?", "p: No, none."), "On medication."),
    (("c: Any allergies, to medications?", "p: No allergies."), "Allergies, to medications. No allergies."),
    (("c: Any chest pain or belly pain?", "p: Breathless. No belly pain though."), "Chest pain."),
]
WAAR = [
    (
        ("a: Rookt u of drinkt u alcohol?", "p: Ik rook niet, eh, ik drink wel in het weekend."),
        "Rookt niet, drinkt alcohol in het weekend.",
    ),
    (("p: Ik ben bang, ik wil niet dat het kanker is.",), "Bang voor kanker."),
    (
        ("p: Ik was koortsig.", "a: Hebt u de temperatuur gemeten?", "p: Ja."),
        "Koortsig, temperatuur niet gemeten.",
    ),
]
ONWAAR = [
    (("a: Hebt u koorts gehad?", "p: Koorts nee."), "Koorts gehad."),
    (("a: Gebruikt u medicatie?", "p: Nee, niets."), "Gebruikt medicatie."),
]


@pytest.mark.parametrize(("lines", "note"), TRUE, ids=[note for _, note in TRUE])
def test_what_was_said_is_not_doubted_in_short_notes(lines: tuple[str, ...], note: str) -> None:
    assert checked(note, talk(*lines)).support not in UNSETTLED


@pytest.mark.parametrize(("lines", "note"), WRONG, ids=[note for _, note in WRONG])
def test_a_denial_that_lost_its_no_is_doubted(lines: tuple[str, ...], note: str) -> None:
    assert checked(note, talk(*lines)).support in UNSETTLED


@pytest.mark.parametrize(("lines", "note"), WAAR, ids=[note for _, note in WAAR])
def test_what_was_said_is_not_doubted_in_dutch_notes(lines: tuple[str, ...], note: str) -> None:
    dutch = talk(*(line.replace("a: ", "c: ", 1) for line in lines), language="nl")
    assert checked(note, dutch).support not in UNSETTLED


@pytest.mark.parametrize(("lines", "note"), ONWAAR, ids=[note for _, note in ONWAAR])
def test_a_dutch_denial_that_lost_its_no_is_doubted(lines: tuple[str, ...], note: str) -> None:
    dutch = talk(*(line.replace("a: ", "c: ", 1) for line in lines), language="nl")
    assert checked(note, dutch).support in UNSETTLED


SAID = talk(
    "c: Where is it?", "p: Um, actually just the left ear, you know, since two weeks. Uh, just the left ear."
)


@pytest.mark.parametrize(
    ("quote", "true"),
    [
        ("Patient: “Just the left ear, since two weeks.”", True),
        ("Patient: “Just the left ear.”", True),
        ("Patient: “Just the right ear.”", False),
        ("Patient: “Just the left ear, since three weeks.”", False),
    ],
)
def test_a_quote_has_the_words_that_were_said_or_is_doubted(quote: str, true: bool) -> None:
    statement = checked(quote, SAID, 2, quoted=True)
    assert (statement.support not in UNSETTLED) is true
    assert ("quote_changed" in codes(statement)) is not true


def test_errors_are_planted_only_where_they_are_errors() -> None:
    assert [*turned_round("No fever.", "en")] == ["Fever."]
    assert [*turned_round("Not really. “I thought it was stress.”", "en")] == []
    assert [*turned_round("No they said it was angina.", "en")] == []
    assert [*turned_round("Niet echt pijn.", "nl")] == []
    assert [*with_other_sides("“Does that sound right?” – “Right.”", quoted=True)] == []
    assert [*planted("Pain in the left knee.", "en")] == [("side", "Pain in the right knee.")]


@pytest.mark.parametrize(
    ("line", "true"),
    [
        ("“Have you ever injured this arm before” – No, has not.", True),
        ("Smoking: no, does not smoke.", True),
        ("Smoking: smokes.", False),
    ],
)
def test_what_a_line_asks_or_heads_asserts_nothing(line: str, true: bool) -> None:
    said = talk(
        "c: have you ever injured this arm before",
        "p: no i have not",
        "c: Do you smoke?",
        "p: No, I don't smoke.",
    )
    cited = (3, 4) if "Smok" in line else (1, 2)
    assert (checked(line, said, *cited).support not in UNSETTLED) is true


@pytest.mark.parametrize(("side", "true"), [("left", True), ("right", False)])
def test_quoted_words_inside_a_line_are_the_words_that_were_said(side: str, true: bool) -> None:
    statement = checked(f"Site: “just the {side} ear, you know, since two weeks.”", SAID, 1, 2)
    assert ("quote_changed" not in codes(statement)) is true

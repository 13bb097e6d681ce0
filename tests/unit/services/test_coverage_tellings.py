"""What is listed: answers without their question, questions without an answer, and what is left out."""

from __future__ import annotations

import pytest
from unit.services.test_evidence import checked, talk, template

from scribe_app.domain.letter import Section
from scribe_app.domain.transcript import Transcript
from scribe_app.services.evidence import find_coverage


def listed(said: Transcript, name: str = "soap") -> list[str]:
    return [item.text for item in find_coverage((), template(name), said)]


@pytest.mark.parametrize(
    ("lines", "language", "expected"),
    [
        (
            ("c: Any palpitations, heart beating fast?", "c: OK, fine."),
            "en",
            "“Any palpitations, heart beating fast?” – no answer heard",
        ),
        (
            ("c: Hebt u last van hartkloppingen?", "c: Goed, dan kijk ik even."),
            "nl",
            "“Hebt u last van hartkloppingen?” – geen antwoord gehoord",
        ),
        (
            ("c: Any discharge coming out of the ear? No, OK.",),
            "en",
            "“Any discharge coming out of the ear?” – “No, OK.”",
        ),
        (
            ("c: Do you smoke at all? And do you drink much?", "p: No."),
            "en",
            "“Do you smoke at all?” – “No.”",
        ),
        (
            ("c: Does the pain move to your back? To your sides?", "p: No, no."),
            "en",
            "“Does the pain move to your back? To your sides?” – “No, no.”",
        ),
        (
            ("c: Tell me whether you can feel any enlarged glands.", "p: No, they feel pretty normal."),
            "en",
            "“Tell me whether you can feel any enlarged glands.” – “No, they feel pretty normal.”",
        ),
        (
            ("c: Methotrexate. What are you on that for?", "p: Um, I've got SLE."),
            "en",
            "“What are you on that for?” – “I've got SLE.”",
        ),
        (
            ("p: I've got a swelling on my elbow.", "p: The skin feels warm and a bit soft inside."),
            "en",
            "The skin feels warm and a bit soft inside.",
        ),
        (
            ("c: Are you normally fit and well? Or, uh", "p: Apart from asthma I am fine."),
            "en",
            "Apart from asthma I am fine.",
        ),
    ],
)
def test_what_would_be_lost_is_listed(lines: tuple[str, ...], language: str, expected: str) -> None:
    assert expected in listed(talk(*lines, language=language), "soep" if language == "nl" else "soap")


@pytest.mark.parametrize(
    "lines",
    [
        ("c: Is that clear?", "p: Yes, yeah, that's very clear."),
        ("c: Can I have a look at your elbow now?", "p: Yeah, sure."),
        ("c: Can you confirm your address?", "p: Fifteen Babylon Street."),
        ("c: Are you in a private place?", "p: Yep."),
        ("p: You too, have a good day, bye."),
        ("c: Any palpitations?", "c: No. And any fever?", "p: No."),
    ],
    ids=["agreed", "may I look", "address", "private place", "goodbye", "echoed no"],
)
def test_what_is_of_the_visit_only_is_not_listed(lines: tuple[str, ...]) -> None:
    found = listed(talk(*((lines,) if isinstance(lines, str) else lines)))
    assert not any("no answer heard" in text or "clear" in text for text in found)
    assert not any("Street" in text or "bye" in text or "private" in text or "look" in text for text in found)


def test_an_utterance_has_one_entry_however_much_it_asks() -> None:
    said = talk(
        "c: Any chest pain? Any palpitations, or dizziness?", "p: No.", "c: Any fever? No. Any cough?"
    )
    ids = [item.utterance for item in find_coverage((), template("soap"), said)]
    assert len(ids) == len(set(ids))


def test_a_statement_that_cites_the_question_only_does_not_carry_its_answer() -> None:
    said = talk(
        "c: Okay, so you're drinking fluids. What kind of foods have you managed to eat?",
        "p: Just soups, and light foods, smoothies and liquid foods.",
    )
    drinking = checked("Drinking fluids, managed foods.", said, 1)
    section = Section("subjective", "Subjective", (drinking,))
    items = find_coverage((section,), template("soap"), said)
    assert any("soups" in item.text for item in items)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Can I confirm your name and date of birth please?", "Jack Smith, the second of November 1992."),
        ("Sorry?", "I remember now, I said that, I said so."),
    ],
)
def test_who_someone_is_and_what_was_not_understood_is_not_listed(question: str, answer: str) -> None:
    assert listed(talk(f"c: {question}", f"p: {answer}")) == []

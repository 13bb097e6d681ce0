"""Counts of numbers, medicines, doses and denials, each with an answer that can be counted by eye."""

from __future__ import annotations

import pytest
from drafting_parts import said

from scribe_app.domain.measures import fidelity
from scribe_app.domain.measures.shares import Share

TALK = said(
    ("c", "Your blood pressure is one hundred and forty eight over eighty eight."),
    ("p", "I take ramipril, five milligrams, once a day. And I used to have aspirin."),
    ("c", "How many?"),
    ("p", "Seventy five milligrams. Three weeks ago it stopped."),
)
SAID = fidelity.said_in(TALK)


def test_spoken_numbers_are_numbers() -> None:
    note = ["BP 148/88, pulse 72.", "Stopped 3 weeks ago."]
    assert fidelity.numbers_unsaid(note, SAID) == Share(1, 4)


@pytest.mark.parametrize(
    "text",
    ["Haemoglobin six . eight.", "Two or three tablets, one in the morning.", "It was 4-5/10, on day one."],
)
def test_the_transcript_itself_holds_no_number_that_nobody_said(text: str) -> None:
    assert fidelity.numbers_unsaid([text], fidelity.said_in(said(("p", text)))).part == 0


def test_numbers_kept_counts_only_what_was_written_by_a_person_and_said() -> None:
    person = ["BP 148/88. Ramipril 5 mg. Aged 62."]
    assert fidelity.numbers_kept(["148/90, ramipril 5 mg"], person, SAID) == Share(2, 3)


def test_medicines_by_either_name() -> None:
    talk = fidelity.said_in(said(("p", "I take Lipitor and some paracetamol.")))
    assert fidelity.drugs_unsaid(["Atorvastatin, ibuprofen."], talk) == Share(1, 2)
    assert fidelity.drugs_kept(["Atorvastatin."], ["Atorvastatin and paracetamol."], talk) == Share(1, 2)


@pytest.mark.parametrize(
    ("note", "wrong"),
    [
        ("Ramipril 5 mg daily.", 0),
        ("Ramipril 0.005 g daily.", 0),
        ("Ramipril 10 mg daily.", 1),
        ("Aspirin 75 mg.", 0),
        ("75 mg aspirin.", 0),
        ("Aspirin 300 mg.", 1),
    ],
)
def test_a_dose_must_be_said_near_its_medicine(note: str, wrong: int) -> None:
    assert fidelity.doses_unsaid([note], SAID) == Share(wrong, 1)


def test_each_dose_belongs_to_the_medicine_before_it() -> None:
    found = fidelity.doses_in("Ramipril 5 mg and aspirin 75 mg", "en")
    assert [(drug, dose.value) for drug, dose in found] == [("ramipril", 5), ("aspirin", 75)]
    assert fidelity.doses_in("5 mg of something", "en") == []


def test_terms_that_are_denied_in_one_note_and_told_in_the_other() -> None:
    person = ["Denies fever.", "Has a cough and some wheeze."]
    assert fidelity.terms_turned(["Fever and cough.", "No wheeze."], person, "en") == Share(2, 3)
    assert fidelity.terms_turned(["No fever."], person, "en") == Share(0, 1)


def test_a_term_that_is_told_both_ways_is_left_out() -> None:
    assert fidelity.terms_turned(["No cough now.", "Cough last week."], ["Has a cough."], "en") == Share(0, 0)


def test_dutch() -> None:
    talk = fidelity.said_in(said(("p", "Ik slik metoprolol, vijftig milligram."), language="nl"))
    assert fidelity.doses_unsaid(["Metoprolol 50 mg.", "Metoprolol 100 mg."], talk) == Share(1, 2)
    assert fidelity.terms_turned(["Geen koorts."], ["Heeft koorts."], "nl") == Share(1, 1)

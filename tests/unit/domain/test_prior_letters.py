"""Letters from before: what in them is background, where it goes, and whose letter it is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from drafting_parts import SOAP, said, sample
from hypothesis import given
from hypothesis import strategies as st

from scribe_app.adapters.templates import TomlTemplates
from scribe_app.domain.prior_letters import (
    MOST_STATEMENTS,
    PriorLetter,
    background,
    other_birth_date,
    passages_of,
    title_for,
)
from scribe_app.paths import resources_folder

LETTER = """City Hospital
Re: Mrs Jane Doe, DOB 03/05/1956

Dear Dr Smith,

Thank you for referring this lady with chest pain.

Diagnoses
- Hypertension since 2010
Past medical history: appendicectomy 1998.
Medication: metformin 500 mg twice daily. Amlodipine 5 mg once daily.
Allergies
None known
Examination: BP 150/90.
Results
Echo showed LVEF 45%.
Plan: increase ramipril to 10 mg. Review in three months.

Yours sincerely,
Dr Jones, allergic to paperwork
"""


def prior(text: str, number: int = 1) -> PriorLetter:
    return PriorLetter(number, "Clinic letter", text, datetime.now(UTC))


def told(text: str, language: str = "en") -> dict[str, str]:
    return {one.text: one.kind for one in passages_of(prior(text), language) if one.kind}


def test_background_is_told_by_heading_and_words_and_nothing_else_is() -> None:
    assert told(LETTER) == {
        "Diagnoses: Hypertension since 2010": "history",
        "Past medical history: appendicectomy 1998.": "history",
        "Medication: metformin 500 mg twice daily.": "medication",
        "Amlodipine 5 mg once daily.": "medication",
        "Allergies: None known": "allergy",
        "Echo showed LVEF 45%.": "result",
    }


def test_a_dutch_letter_is_read_by_dutch_headings() -> None:
    text = (
        "Geachte collega,\nVoorgeschiedenis\nHypertensie sinds 2010\nMedicatie\nmetoprolol 50 mg 1dd1\n"
        "Allergie: geen bekend\nConclusie: diverticulitis.\nBeleid: controle over 3 maanden."
    )
    assert set(told(text, "nl").values()) == {"history", "medication", "allergy"}
    assert not any("controle" in line for line in told(text, "nl"))


def test_every_sentence_has_its_number_whether_it_is_taken_or_not() -> None:
    numbers = [one.place.sentence for one in passages_of(prior(LETTER), "en")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {one.place.letter for one in passages_of(prior(LETTER, 7), "en")} == {7}


@given(st.text(max_size=300))
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    for language in ("en", "nl"):
        passages_of(prior(text), language)


def test_findings_and_plans_take_nothing_from_before() -> None:
    keys = {
        spec.key for spec in SOAP.sections if background(spec, SOAP, [prior(LETTER)], said(("p", "Hello.")))
    }
    assert keys == {"subjective"}


def test_letters_to_patients_and_dictated_ones_take_nothing() -> None:
    library = TomlTemplates([resources_folder() / "letter_templates"])
    for name in ("patient", "dictation"):
        template = library.template(name)
        assert not any(background(spec, template, [prior(LETTER)], sample()) for spec in template.sections)


def test_each_sentence_goes_under_one_heading_the_one_of_its_kind() -> None:
    template = TomlTemplates([resources_folder() / "letter_templates"]).template("outpatient")
    found = {
        spec.key: [one.kind for one in background(spec, template, [prior(LETTER)], sample())]
        for spec in template.sections
    }
    assert found["medications"] == ["medication", "medication"]
    assert found["allergies"] == ["allergy"]
    assert sum(map(len, found.values())) == 6


def test_what_was_said_today_is_not_told_again_from_before() -> None:
    transcript = said(("p", "I take metformin five hundred milligrams twice daily."), ("c", "Amlodipine?"))
    texts = [one.text for one in background(SOAP.sections[0], SOAP, [prior(LETTER)], transcript)]
    assert not any("metformin" in text for text in texts)
    assert any("Amlodipine" in text for text in texts), "a question says nothing"


def test_of_too_many_allergies_and_medicines_stay() -> None:
    lines = "\n".join(f"Operation number {word} in 19{year}." for year, word in enumerate("abcdefghijkl", 50))
    text = f"Past medical history\n{lines}\nAllergies: penicillin.\nMedication: amlodipine 5 mg."
    found = background(SOAP.sections[0], SOAP, [prior(text)], said(("p", "Hello.")))
    assert len(found) == MOST_STATEMENTS
    assert {"allergy", "medication"} <= {one.kind for one in found}


@pytest.mark.parametrize(
    ("text", "own", "other"),
    [
        ("Re: Jane Doe, DOB 03/05/1956", "03/05/1956", ""),
        ("Re: Jane Doe, DOB: 3-5-56", "1956-05-03", ""),
        ("Re: Jane Doe, DOB 04/05/1956", "03/05/1956", "04/05/1956"),
        ("Betreft: mw. Doe, geb. 04-05-1956", "03-05-1956", "04-05-1956"),
        ("Re: Jane Doe, born 3 May 1956", "3 May 1956", ""),
        ("Re: Jane Doe, born 3 mei 1956", "03-05-1956", ""),
        ("Re: Jane Doe, DOB 03/06/1956", "3 May 1956", "03/06/1956"),
        ("Seen on 04/05/1956", "03/05/1956", ""),
        ("DOB 04/05/1956", "", ""),
        ("DOB 04/05/1956", "unknown", ""),
    ],
)
def test_another_date_of_birth_is_noticed(text: str, own: str, other: str) -> None:
    assert other_birth_date(text, own) == other


def test_a_letter_is_called_by_its_file_or_its_first_words() -> None:
    assert title_for("x", "cardiology 2024") == "cardiology 2024"
    assert title_for("\n--\n  City   Hospital \nmore") == "City Hospital"
    assert len(title_for("word " * 50)) <= 60

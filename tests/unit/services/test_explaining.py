"""A letter to the patient explains its terms once, and an explanation is not taken for something said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drafting_parts import SOAP, said

from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import Section, Statement, Support
from scribe_app.domain.patient_language import without_explanations
from scribe_app.services.evidence import check_statement
from scribe_app.services.explaining import with_terms_explained

PATIENT = replace(SOAP, audience="patient")
VISIT = said(("c", "Your ECG shows atrial fibrillation."), ("c", "We'll do another ECG in 6 weeks."))


def sections(*lines: str) -> tuple[Section, ...]:
    """One section of statements that rest on the lines of VISIT in turn, checked."""
    spec = PATIENT.sections[1]
    made = [
        check_statement(Statement(text, evidence=(UtteranceId(number),)), spec, VISIT)
        for number, text in enumerate(lines, start=1)
    ]
    return (Section(spec.key, spec.heading, tuple(made)),)


def test_a_term_is_explained_where_it_stands_first() -> None:
    lines = sections("Your ECG shows atrial fibrillation.", "We'll do another ECG in 6 weeks.")
    (explained,) = with_terms_explained(lines, PATIENT, VISIT)
    texts = [statement.text for statement in explained.statements]
    assert "ECG (a heart tracing) shows atrial fibrillation (" in texts[0]
    assert texts[1] == "We'll do another ECG in 6 weeks."
    assert all(statement.support is Support.SUPPORTED for statement in explained.statements)


def test_a_letter_to_a_colleague_explains_nothing() -> None:
    lines = sections("Your ECG shows atrial fibrillation.")
    assert with_terms_explained(lines, SOAP, VISIT) == lines


def test_what_is_doubted_is_left_as_it_is() -> None:
    lines = sections("Your ECG shows a heart attack from 1990.")
    assert lines[0].statements[0].support is not Support.SUPPORTED
    assert with_terms_explained(lines, PATIENT, VISIT) == lines


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Your ECG (a heart tracing) is normal.", "Your ECG is normal."),
        ("Your ECG (it was dreadful) is normal.", "Your ECG (it was dreadful) is normal."),
        ("The nerve (a heart tracing) is fine.", "The nerve (a heart tracing) is fine."),
    ],
)
def test_only_the_lists_own_explanation_is_no_claim(text: str, claim: str) -> None:
    assert without_explanations(text, "en") == claim

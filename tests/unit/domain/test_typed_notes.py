"""Typed shorthand goes under the heading where a clinician would have put it."""

from __future__ import annotations

import pytest

from scribe_app.adapters.llama.writer import typed_notes
from scribe_app.adapters.templates import TomlTemplates
from scribe_app.domain.letter import Support
from scribe_app.paths import resources_folder

TEMPLATES = TomlTemplates([resources_folder() / "letter_templates"])


@pytest.mark.parametrize(
    ("template", "note", "section"),
    [
        ("soap", "BP 150/90", "objective"),
        ("soap", "HS 1+2+0, chest clear", "objective"),
        ("soap", "ECG: normal sinus rhythm", "objective"),
        ("soap", "Imp: angina", "assessment"),
        ("soap", "P: refer RACPC", "plan"),
        ("soap", "NKDA", "subjective"),
        ("soap", "Start aspirin 75 mg od", "plan"),
        ("outpatient", "BP 150/90", "examination"),
        ("outpatient", "HbA1c 52", "results"),
        ("outpatient", "Ramipril 5 mg od", "medications"),
        ("outpatient", "NKDA", "allergies"),
        ("soep", "RR 150/90, pols 80 r.a.", "objectief"),
        ("soep", "LO: abdomen soepel", "objectief"),
        ("soep", "E: diverticulitis", "evaluatie"),
        ("soep", "Controle 2 wk", "plan"),
        ("polikliniekbrief", "T 38,4", "onderzoek"),
        ("polikliniekbrief", "Metoprolol 50 mg 1dd", "medicatie"),
        ("soap", "xyzzy", "subjective"),
    ],
)
def test_a_typed_line_goes_under_its_heading(template: str, note: str, section: str) -> None:
    notes = typed_notes(note, TEMPLATES.template(template))
    assert {key: [one.text for one in held] for key, held in notes.items()} == {section: [note]}
    assert notes[section][0].support is Support.CLINICIAN_ADDED

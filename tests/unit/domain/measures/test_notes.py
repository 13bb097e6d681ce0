from __future__ import annotations

import pytest

from scribe_app.domain.measures.notes import (
    Division,
    NoteLine,
    division_of_heading,
    division_of_topics,
    note_lines,
)

ACI = """CHIEF COMPLAINT

Back pain.

PHYSICAL EXAM

• Heart: Regular rhythm. No murmur.
ASSESSMENT AND PLAN
• Medication: Start naproxen 500 mg.
"""


def test_a_note_with_headings_in_capitals() -> None:
    assert list(note_lines(ACI)) == [
        NoteLine("Back pain.", Division.HISTORY),
        NoteLine("Regular rhythm.", Division.FINDINGS),
        NoteLine("No murmur.", Division.FINDINGS),
        NoteLine("Start naproxen 500 mg.", Division.PLAN),
    ]


def test_headings_between_angle_brackets_and_before_the_text() -> None:
    chat = "<\nRESULTS\n> The x-ray is clear.  <\nPLAN\n> Come back soon."
    assert [(line.text, line.division) for line in note_lines(chat)] == [
        ("The x-ray is clear.", Division.FINDINGS),
        ("Come back soon.", Division.PLAN),
    ]
    inline = "Possible clinical note:  PHYSICAL EXAM:  Lungs are clear."
    assert list(note_lines(inline)) == [NoteLine("Lungs are clear.", Division.FINDINGS)]


def test_labels_are_headings_where_the_note_has_no_others() -> None:
    note = "History: lips swollen since an hour\nExamination : looked breathless\nTreatment: call 999 now"
    assert [line.division for line in note_lines(note)] == list(Division)


def test_before_any_heading_nothing_is_known() -> None:
    assert [line.division for line in note_lines("Feels tired. Sleeps badly.")] == [None, None]
    assert [line.division for line in note_lines("Feels tired.", Division.PLAN)] == [Division.PLAN]


@pytest.mark.parametrize(
    ("heading", "division"),
    [
        ("HISTORY OF PRESENT ILLNESS", Division.HISTORY),
        ("FAM/SOCHX", Division.HISTORY),
        ("PASTMEDICALHX", Division.HISTORY),
        ("O/E", Division.FINDINGS),
        ("LABS", Division.FINDINGS),
        ("ASSESSMENT AND PLAN", Division.PLAN),
        ("Treatment history", Division.HISTORY),
        ("Beleid", Division.PLAN),
        ("COPD.", None),
    ],
)
def test_headings(heading: str, division: Division | None) -> None:
    assert division_of_heading(heading) is division


def test_sections_of_templates() -> None:
    assert division_of_topics(("symptom", "history", "medication")) is Division.HISTORY
    assert division_of_topics(("examination", "result")) is Division.FINDINGS
    assert division_of_topics(("plan", "procedure", "advice", "safety_net")) is Division.PLAN
    assert division_of_topics(()) is Division.HISTORY

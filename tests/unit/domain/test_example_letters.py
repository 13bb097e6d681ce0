"""A template from example letters keeps their manner and nothing of their patients."""

from __future__ import annotations

import pytest

from scribe_app.adapters.templates import TomlTemplates, template_text
from scribe_app.domain.example_letters import general, language_of, template_from
from scribe_app.domain.template import Presence, SectionSource
from scribe_app.domain.topics import TOPICS

NEEDLES = (
    "Zebedee", "Quillfeather", "Jabberwock", "1961", "14/03", "November", "999 000 1234", "LS1 4QQ", "Leeds",
    "Snickett", "Vanderquist",
    "ramipril", "angina", "clopidogrel", "0113 555", "example.org", "zq@", "Dodgson",
)  # fmt: skip
ENGLISH = """Leeds Jabberwock Hospital
Zebedee Quillfeather
12 Snickett Lane, Leeds LS1 4QQ
NHS No: 999 000 1234  Tel 0113 555 1234

Dear Dr Dodgson,
Re: Zebedee Quillfeather, born 14/03/1961
Thank you for referring Mr Quillfeather, who I saw in clinic on 3 November 2026 with Snickett.

Diagnosis: Possible angina, Zebedee
PLAN
- Start clopidogrel 75 mg, ring 0113 555 9999
- Refer to Vanderquist
Zebedee's Medications: ramipril 5 mg od
Allergies: Penicillin (1961)
Quillfeather History
Mr Quillfeather of Snickett Lane has chest pain. I examined him.

Kind regards,
Dr Vanderquist
zq@example.org
"""
DUTCH = """Geachte collega Dodgson,
Hartelijk dank voor uw verwijzing van mevrouw Quillfeather, geboren 14-3-1961 te Jabberwock.

Conclusie
Angina bij Zebedee. Wij zien haar terug.
Beleid
Start clopidogrel. Controle bij Vanderquist. Zij belt.
Anamnese
Zij woont te Jabberwock. Zij rookt niet en slikt ramipril.

Met vriendelijke groet,
Vanderquist
"""


@pytest.mark.parametrize(
    "examples", [[ENGLISH], [DUTCH], [ENGLISH, ENGLISH], [ENGLISH.lower()], [ENGLISH.upper()]]
)
def test_nothing_of_a_patient_is_kept(examples: list[str]) -> None:
    found = template_from(examples, "mine")
    kept = (template_text(found.template) + " ".join(found.remarks)).lower()
    assert not [needle for needle in NEEDLES if needle.lower() in kept]


def test_headings_order_manner_and_person_are_found() -> None:
    template = template_from([ENGLISH], "mine", "Clinic letter").template
    assert (template.title, template.language, template.person) == ("Clinic letter", "en", "first")
    headings = [section.heading for section in template.sections]
    assert headings == ["Diagnosis", "Plan", "Medications", "Allergies", "History"]
    topics = {section.heading: section.topics for section in template.sections}
    assert topics["Diagnosis"][0] == "assessment"
    assert topics["Medications"] == ("medication",)
    assert template.section("allergies").presence is Presence.MANDATORY
    assert template.section("plan").clinician_only
    assert template.closing == "Kind regards,"
    assert "who I saw in clinic on […]" in template.opening


def test_a_dutch_letter_makes_a_dutch_template() -> None:
    template = template_from([DUTCH], "mijn").template
    assert (template.language, template.layout, template.audience) == ("nl", "prose", "clinician")
    assert [section.heading for section in template.sections] == ["Conclusie", "Beleid", "Anamnese"]
    assert template.opening.startswith("Geachte collega […]")


def test_headings_of_several_letters_are_put_together_in_order() -> None:
    first = "Dear Dr A,\nHistory: x\nPlan: y\nKind regards,"
    second = "Dear Dr B,\nHistory: x\nExamination: z\nPlan: y\nYours sincerely,"
    template = template_from([first, second], "mine").template
    assert [s.heading for s in template.sections] == ["History", "Examination", "Plan"]
    assert template.closing == ""  # they do not agree


def test_bullets_prose_and_letters_to_patients_are_told_apart() -> None:
    bullets = (
        "Dear Sam,\nPlan:\n- You rest\n- You ring us\nAllergies:\n- None\nHistory:\n- You had pain\n"
        "Best wishes,"
    )
    template = template_from([bullets], "mine").template
    assert (template.layout, template.audience) == ("bullets", "patient")


def test_identity_comes_from_the_programs_fields() -> None:
    template = template_from(["Patient details: Zebedee\nPlan: rest"], "mine").template
    assert template.sections[0].source is SectionSource.APPLICATION


@pytest.mark.parametrize(
    ("examples", "says"),
    [([], "one to 3"), (["  "], "one to 3"), ([ENGLISH] * 4, "one to 3"), (["x" * 100_001], "too long"),
     (["Dear Zebedee, all is well."], "No headings")],
)  # fmt: skip
def test_what_cannot_be_an_example_is_refused(examples: list[str], says: str) -> None:
    with pytest.raises(ValueError, match=says) as raised:
        template_from(examples, "mine")
    assert "Zebedee" not in str(raised.value)


def test_what_is_made_can_be_saved(tmp_path: object) -> None:
    found = template_from([ENGLISH], "mine")
    library = TomlTemplates([])
    text = template_text(found.template).replace("version = 0", "version = 1")
    assert library.check(text, "mine").sections == found.template.sections


@pytest.mark.parametrize(
    ("line", "kept"),
    [("Thank you for seeing Zebedee.", "Thank you for seeing […]."), ("Zebedee Quillfeather", ""),
     ("Write to zq@example.org", ""), ("Seen on 3 November 2026", "Seen on […]")],
)  # fmt: skip
def test_only_common_words_of_letters_are_kept(line: str, kept: str) -> None:
    assert general(line) == kept


def test_the_language_is_told() -> None:
    assert (language_of(ENGLISH), language_of(DUTCH), language_of("")) == ("en", "nl", "en")


EVERYDAY = """Dear Dr Patel,

Diagnosis:
Knee osteoarthritis

History
She has had pain in the right knee for three years.

On examination
Small effusion.

Impression and plan
I have referred her to physiotherapy and will see her in three months.

Yours sincerely,
"""


def test_every_topic_has_a_place_also_where_the_example_has_no_heading_for_it() -> None:
    found = template_from([EVERYDAY], "knee")
    topics = {section.heading: section.topics for section in found.template.sections}
    assert {topic for named in topics.values() for topic in named} == set(TOPICS)
    assert {"symptom", "medication", "allergy", "family", "social", "concern"} <= set(topics["History"])
    assert {"plan", "advice", "safety_net"} <= set(topics["Impression and plan"])
    assert topics["On examination"] == ("examination", "result")
    only = {section.heading for section in found.template.sections if section.clinician_only}
    assert only == {"Diagnosis", "On examination", "Impression and plan"}


def test_a_topic_without_any_home_is_said() -> None:
    found = template_from(["Dear colleague,\n\nPlan\nPhysiotherapy.\n\nYours sincerely,\n"], "short")
    assert any(remark == "No heading has room for findings of the examination." for remark in found.remarks)


def test_why_somebody_was_referred_is_told_by_what_stands_there() -> None:
    letter = "Geachte collega,\n\nReden van verwijzing: hoesten sinds 3 maanden.\n\nBeleid\nFoto.\n"
    told = template_from([letter], "brief").template
    assert [section.topics[0] for section in told.sections] == ["symptom", "plan"]
    assert not told.sections[0].clinician_only


CLINIC = """Dear Dr Smith,

Diagnosis
1. Stable angina

Medication
Aspirin 75 mg once daily

I reviewed this gentleman in clinic today. He has had chest pain for four weeks on walking uphill.

On examination
Blood pressure 150/90.

Plan
ECG and bloods.

Yours sincerely,
Dr A Jones
"""
KLINIEK = """Geachte collega,

Conclusie
Stabiele angina pectoris

Ik zag deze patiënt op het spreekuur. Hij heeft sinds vier weken pijn op de borst bij het lopen.

Lichamelijk onderzoek
RR 150/90.

Beleid
ECG en lab.

Met vriendelijke groet,
dr. Jansen
"""


@pytest.mark.parametrize(
    ("letter", "headings"),
    [
        (CLINIC, ["Diagnosis", "Medication", "History", "On examination", "Plan"]),
        (KLINIEK, ["Conclusie", "Anamnese", "Lichamelijk onderzoek", "Beleid"]),
    ],
)
def test_a_story_under_no_heading_gets_one_before_the_findings(letter: str, headings: list[str]) -> None:
    found = template_from([letter], "clinic")
    assert [spec.heading for spec in found.template.sections] == headings
    story = found.template.sections[headings.index("History" if "History" in headings else "Anamnese")]
    assert {"symptom", "history", "concern", "family", "social"} <= set(story.topics)
    assert not story.clinician_only
    assert any("under no heading" in remark for remark in found.remarks)
    assert not any("No heading has room" in remark for remark in found.remarks)


def test_a_letter_that_tells_no_story_gets_no_heading_for_one() -> None:
    found = template_from(["Dear colleague,\n\nDiagnosis\nGout\n\nPlan\nColchicine.\n"], "short")
    assert [spec.heading for spec in found.template.sections] == ["Diagnosis", "Plan"]

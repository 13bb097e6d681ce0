"""How drafted statements become a letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scribe_app import __version__
from scribe_app.domain.consultation import Consultation, PatientIdentity
from scribe_app.domain.events import DrafterReady
from scribe_app.domain.ids import ConsultationId, UtteranceId
from scribe_app.domain.letter import Letter, Section, Statement, Support
from scribe_app.domain.template import LetterTemplate, Presence, SectionSource, SectionSpec
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.services.drafting import Clinician, LetterDraft, placed, readdressed, recheck

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ANN = PatientIdentity("Ann Example", "1961-03-14", "999 000 0000")
SAM = Clinician("Dr Sam Sample", "GP")
MODEL = DrafterReady(ConsultationId("c1"), "llama", "abc", "7")
NONE = DrafterReady(ConsultationId("c1"), "none", "", "7")
CONSULTATION = Consultation(ConsultationId("c1"), NOON, "en", "visit", patient=ANN)
SAID = Transcript((Utterance(UtteranceId(1), "I've had chest pain.", 0.0, 3.0, SpeakerRole.PATIENT),))


def spec(key: str, presence: Presence = Presence.OPTIONAL, application: bool = False) -> SectionSpec:
    source = SectionSource.APPLICATION if application else SectionSource.CONVERSATION
    topics = () if application else ("symptom",)
    return SectionSpec(key, key.title(), "", topics, presence, source, snomed_code=f"code-{key}")


TEMPLATE = LetterTemplate(
    "visit",
    "Visit",
    "en",
    3,
    (
        spec("demographics", Presence.MANDATORY, application=True),
        spec("story", Presence.MANDATORY),
        spec("findings", Presence.REQUIRED),
        spec("social"),
        spec("attendance", application=True),
        spec("author", application=True),
    ),
    opening="Thank you for seeing this patient.",
    closing="Yours sincerely,",
)


def draft(
    template: LetterTemplate = TEMPLATE,
    consultation: Consultation = CONSULTATION,
    clinician: Clinician = SAM,
) -> LetterDraft:
    return LetterDraft(consultation, template, SAID, clinician, "whisper")


def finished(writing: LetterDraft, drafter: DrafterReady = MODEL) -> Letter:
    for key in writing.missing:
        writing.close_section(key)
    return writing.finish(drafter, 2.5)


def absent(letter: Letter) -> dict[str, str]:
    return {section.key: section.absent for section in letter.sections if not section.statements}


def texts(letter: Letter, key: str) -> list[str]:
    return [s.text for section in letter.sections if section.key == key for s in section.statements]


class TestHeadings:
    def test_mandatory_ones_ask_required_ones_say_and_optional_ones_are_left_out(self) -> None:
        assert absent(finished(draft())) == {"story": "Not recorded – ask", "findings": "Not recorded"}

    def test_in_dutch(self) -> None:
        dutch = replace(TEMPLATE, language="nl")
        told = absent(finished(draft(dutch)))
        assert told == {"story": "Niet vastgelegd – navragen", "findings": "Niet vastgelegd"}

    def test_a_section_that_writing_did_not_get_to_is_not_called_absent(self) -> None:
        writing = draft()
        writing.close_section("story")
        letter = writing.finish(MODEL, 1.0)
        assert absent(letter) == {
            "story": "Not recorded – ask", "findings": "Not written", "social": "Not written",
        }  # fmt: skip

    def test_something_under_it_is_no_absence(self) -> None:
        writing = draft()
        writing.add("story", Statement("Chest pain.", evidence=(UtteranceId(1),)))
        letter = finished(writing)
        assert "story" not in absent(letter)
        assert [section.snomed_code for section in letter.sections if section.key == "story"] == [
            "code-story"
        ]


class TestApplicationSections:
    def test_come_from_typed_fields_and_are_settled(self) -> None:
        letter = finished(draft())
        assert texts(letter, "demographics") == ["Ann Example, 1961-03-14, 999 000 0000"]
        assert texts(letter, "attendance") == ["21/11/2026, Dr Sam Sample"]
        assert texts(letter, "author") == ["Dr Sam Sample, GP, 21/11/2026"]
        assert {s.support for s in letter.statements} == {Support.CLINICIAN_ADDED}
        assert letter.unsettled == 0

    def test_what_a_drafter_says_there_is_never_used(self) -> None:
        writing = draft()
        writing.add("demographics", Statement("The patient is called Bob.", evidence=(UtteranceId(1),)))
        assert texts(finished(writing), "demographics") == ["Ann Example, 1961-03-14, 999 000 0000"]

    def test_nothing_typed_says_so(self) -> None:
        nobody = replace(CONSULTATION, patient=PatientIdentity())
        letter = finished(draft(consultation=nobody, clinician=Clinician()))
        assert absent(letter)["demographics"] == "Not recorded – ask"
        assert "author" not in {section.key for section in letter.sections}

    def test_dates_are_written_in_the_letters_language(self) -> None:
        assert texts(finished(draft(replace(TEMPLATE, language="nl"))), "attendance")[0].startswith(
            "21-11-2026"
        )

    @pytest.mark.parametrize(
        ("audience", "name", "opening"),
        [
            ("patient", "Ann Example", "Dear Ann Example,\nThank you for seeing this patient."),
            ("patient", " ", "Thank you for seeing this patient."),
            ("clinician", "Ann Example", "Thank you for seeing this patient."),
        ],
    )
    def test_letters_to_the_patient_greet_by_name(self, audience: str, name: str, opening: str) -> None:
        value = replace(CONSULTATION, patient=PatientIdentity(name))
        assert finished(draft(replace(TEMPLATE, audience=audience), value)).opening == opening

    def test_the_closing_is_signed_with_name_and_role(self) -> None:
        assert finished(draft()).closing == "Yours sincerely,\nDr Sam Sample\nGP"
        assert finished(draft(clinician=Clinician())).closing == "Yours sincerely,"
        assert finished(draft(replace(TEMPLATE, closing=""))).closing == ""


class TestProvenance:
    def test_names_everything_that_made_the_letter(self) -> None:
        made = finished(draft()).provenance
        assert made is not None
        assert made.application == f"scribe {__version__}"
        assert (made.template, made.template_version) == ("visit", 3)
        assert (made.drafting_model, made.drafting_model_sha256) == ("llama", "abc")
        assert (made.prompt_version, made.speech_model, made.settings) == ("7", "whisper", ())

    def test_a_letter_that_was_quoted_from_the_first_section_on_names_no_model(self) -> None:
        writing = draft()
        writing.forget_unfinished(MODEL)
        made = finished(writing, NONE).provenance
        assert made is not None
        assert (made.drafting_model, made.settings) == ("none", ())

    def test_how_much_was_read_is_kept(self) -> None:
        coverage = finished(draft()).coverage
        assert (coverage.read_until, coverage.total) == (2.5, 3.0)


class TestUnfinished:
    def test_sections_that_were_cut_off_are_forgotten_and_the_others_kept(self) -> None:
        writing = draft()
        writing.add("story", Statement("Whole.", evidence=(UtteranceId(1),)))
        writing.close_section("story")
        writing.add("findings", Statement("Half."))
        assert writing.missing == ("findings", "social")
        writing.forget_unfinished(MODEL)
        assert writing.has_statements
        letter = finished(writing, NONE)
        assert texts(letter, "story") == ["Whole."]
        assert texts(letter, "findings") == []
        assert letter.provenance is not None
        assert letter.provenance.settings == (("quoted_sections", "findings,social"),)


class TestPlaced:
    def test_sections_of_an_older_template_stay_at_the_end(self) -> None:
        letter = replace(finished(draft()), sections=(Section("old", "Old", (Statement("x"),)),))
        both = placed(letter, TEMPLATE, Section("story", "Story", (Statement("y"),)))
        assert [section.key for section in both.sections] == ["story", "old"]

    def test_rechecking_leaves_what_the_template_no_longer_knows(self) -> None:
        old = Section("old", "Old", (Statement("x", Support.SUPPORTED),))
        letter = replace(finished(draft()), sections=(old,))
        assert recheck(letter, TEMPLATE, SAID).sections == (old,)


def test_another_patient_changes_greeting_and_identity_and_nothing_else() -> None:
    template = replace(TEMPLATE, audience="patient")
    letter = finished(draft(template))
    bob = replace(CONSULTATION, patient=PatientIdentity("Bob Example"))
    now = readdressed(letter, template, CONSULTATION, bob)
    assert texts(now, "demographics") == ["Bob Example"]
    assert now.opening.startswith("Dear Bob Example,")
    assert texts(now, "author") == texts(letter, "author")
    back = readdressed(now, template, bob, CONSULTATION)
    assert texts(back, "demographics") == texts(letter, "demographics")
    assert back.opening == letter.opening
    mine = replace(letter, opening="Dear Mrs Example,")
    assert readdressed(mine, template, CONSULTATION, bob).opening == "Dear Mrs Example,"


def test_whose_second_look_it_was_goes_with_the_letter() -> None:
    writing = draft()
    first = writing.add("story", Statement("Chest pain.", evidence=(UtteranceId(1),)))
    second = writing.add("story", Statement("Chest pain at night.", evidence=(UtteranceId(1),)))
    writing.judge(first.id, 0.9, MODEL)
    writing.judge(second.id, 0.1, MODEL)
    provenance = finished(writing).provenance
    assert provenance is not None
    told = dict(provenance.settings)["second_look"]
    assert told == f"{MODEL.model}, sha256 {MODEL.sha256}, prompts {MODEL.prompt_version}: 2 read, 1 doubted"

"""Several letters from one checked set of facts, on a real vault: corrected once, known to all."""

from __future__ import annotations

import pytest
from line_stage import Stage

from scribe_app.domain.erasure import Erasure, Part
from scribe_app.domain.events import DrafterReady
from scribe_app.domain.ids import ConsultationId, UtteranceId
from scribe_app.domain.letter import Letter, Statement, Support
from scribe_app.domain.transcript import SpeakerRole
from scribe_app.services.drafting import Clinician, LetterDraft
from scribe_app.services.several_letters import SeveralLetters

C, P = SpeakerRole.CLINICIAN, SpeakerRole.PATIENT
VISIT = (
    (C, "What brings you in today?"),
    (P, "I've had chest pain for three weeks."),
    (P, "I smoke ten a day."),
    (C, "Your blood pressure is one hundred and forty eight over eighty eight."),
    (C, "Start aspirin, seventy five milligrams once a day."),
)
PAIN, SMOKES, PRESSURE, ASPIRIN = (UtteranceId(n) for n in (2, 3, 4, 5))
TOLD = {
    "soap": {"subjective": [("Chest pain for 3 weeks.", PAIN), ("Smokes 10 a day.", SMOKES)],
             "objective": [("Blood pressure 148/88.", PRESSURE)],
             "plan": [("Start aspirin 75 mg once a day.", ASPIRIN)]},
    "patient": {"why": [("You have had chest pain for 3 weeks.", PAIN)],
                "about_you": [("You smoke 10 a day.", SMOKES)],
                "next": [("Start aspirin 75 mg once a day.", ASPIRIN)]},
}  # fmt: skip


@pytest.fixture
def visit(stage: Stage) -> ConsultationId:
    return stage.visited(VISIT)


def written(stage: Stage, id: ConsultationId, template: str) -> Letter:
    """A letter as it is drafted, and taken in beside those that there are."""
    draft = LetterDraft(
        stage.store.consultation(id),
        stage.templates.template(template),
        stage.store.transcript(id),
        Clinician("Dr Sam Sample", "GP"),
        "whisper",
    )
    for section, lines in TOLD[template].items():
        for text, evidence in lines:
            draft.add(section, Statement(text, evidence=(evidence,)))
    for spec in draft.template.sections:
        draft.close_section(spec.key)
    letter = draft.finish(DrafterReady(id, "llama", "abc", "1"), 30.0)
    stage.review.take_in(letter)
    return stage.store.letter(letter.id)


def statement(letter: Letter, part: str) -> Statement:
    (found,) = [one for one in letter.statements if part in one.text]
    return found


def stale(stage: Stage, letter: Letter) -> list[str]:
    """Texts of the statements that rest on what was changed elsewhere."""
    ids = stage.review.stale(letter.consultation).get(letter.id, ())
    return [one.text for one in stage.store.letter(letter.id).statements if one.id in ids]


class TestANewLetter:
    def test_tells_an_edited_fact_in_the_clinicians_words(self, stage: Stage, visit: ConsultationId) -> None:
        first = written(stage, visit, "soap")
        stage.review.edit(first.id, statement(first, "Smokes").id, "Smokes 20 a day.")
        second = written(stage, visit, "patient")
        told = statement(second, "20 a day")
        assert (told.support, told.settled, told.evidence) == (Support.CLINICIAN_ADDED, True, (SMOKES,))
        assert not [one for one in second.statements if "10 a day" in one.text]
        assert stale(stage, second) == []

    def test_marks_a_fact_that_was_removed(self, stage: Stage, visit: ConsultationId) -> None:
        first = written(stage, visit, "soap")
        stage.review.remove(first.id, statement(first, "Smokes").id)
        again = statement(written(stage, visit, "patient"), "smoke")
        assert again.needs_settling
        assert again.flags[0].reason == "You took this out of “Consultation record”."

    def test_keeps_the_mark_when_it_is_checked_anew(self, stage: Stage, visit: ConsultationId) -> None:
        first = written(stage, visit, "soap")
        stage.review.remove(first.id, statement(first, "Smokes").id)
        second = written(stage, visit, "patient")
        stage.review.correct_utterance(visit, PAIN, "I've had chest pain for four weeks.", P)
        again = statement(stage.store.letter(second.id), "smoke")
        assert again.needs_settling
        stage.review.settle(second.id, again.id)
        stage.review.correct_utterance(visit, PAIN, "I've had chest pain for three weeks.", P)
        assert not statement(stage.store.letter(second.id), "smoke").needs_settling

    def test_a_removal_that_was_undone_marks_nothing(self, stage: Stage, visit: ConsultationId) -> None:
        first = written(stage, visit, "soap")
        stage.review.remove(first.id, statement(first, "Smokes").id)
        stage.review.undo(first.id)
        assert not statement(written(stage, visit, "patient"), "smoke").needs_settling

    def test_an_edit_of_the_wording_alone_leaves_the_other_letters_wording(
        self, stage: Stage, visit: ConsultationId
    ) -> None:
        first = written(stage, visit, "soap")
        stage.review.edit(first.id, statement(first, "Smokes").id, "smokes: 10 a day")
        assert statement(written(stage, visit, "patient"), "10 a day").text == "You smoke 10 a day."

    def test_has_what_the_clinician_added_by_hand_under_the_heading_that_fits(
        self, stage: Stage, visit: ConsultationId
    ) -> None:
        first = written(stage, visit, "soap")
        stage.review.add(first.id, "objective", "Abdomen soft, BP right arm 140/80.")
        second = written(stage, visit, "patient")
        (section,) = [s for s in second.sections if any("Abdomen" in one.text for one in s.statements)]
        assert section.key == "found"
        assert second.unsettled == 0

    def test_identity_and_dates_are_not_carried_as_facts(self, stage: Stage, visit: ConsultationId) -> None:
        TOLD["outpatient"] = {"plan": [("Start aspirin 75 mg once a day.", ASPIRIN)]}
        written(stage, visit, "outpatient")
        second = written(stage, visit, "patient")
        assert not [one for one in second.statements if "Sam Sample" in one.text]

    def test_a_corrected_utterance_counts(self, stage: Stage, visit: ConsultationId) -> None:
        written(stage, visit, "soap")
        stage.review.correct_utterance(visit, SMOKES, "I smoke twenty a day.", P)
        assert statement(written(stage, visit, "patient"), "10 a day").needs_settling


class TestOtherLetters:
    def test_say_what_rests_on_an_edit_and_only_that(self, stage: Stage, visit: ConsultationId) -> None:
        first, second = written(stage, visit, "soap"), written(stage, visit, "patient")
        assert stage.review.stale(visit) == {}
        stage.review.edit(first.id, statement(first, "aspirin").id, "Start clopidogrel 75 mg once a day.")
        assert stale(stage, second) == ["Start aspirin 75 mg once a day."]
        assert stale(stage, first) == []

    def test_one_click_puts_them_before_the_clinician(self, stage: Stage, visit: ConsultationId) -> None:
        first, second = written(stage, visit, "soap"), written(stage, visit, "patient")
        stage.review.edit(first.id, statement(first, "aspirin").id, "Start clopidogrel 75 mg once a day.")
        checked = stage.review.check_again(second.id)
        doubted = [one for one in checked.statements if one.needs_settling]
        assert [one.text for one in doubted] == ["Start aspirin 75 mg once a day."]
        assert "You changed this in “Consultation record”" in doubted[0].flags[0].reason
        assert stale(stage, second) == []
        kept = stage.review.settle(second.id, doubted[0].id)
        assert kept.unsettled == 0

    def test_an_edit_that_was_undone_is_no_change(self, stage: Stage, visit: ConsultationId) -> None:
        first, second = written(stage, visit, "soap"), written(stage, visit, "patient")
        stage.review.edit(first.id, statement(first, "aspirin").id, "Start clopidogrel 75 mg once a day.")
        stage.review.undo(first.id)
        assert stale(stage, second) == []

    def test_a_signed_letter_says_so_too_and_stays_as_it_is(
        self, stage: Stage, visit: ConsultationId
    ) -> None:
        first, second = written(stage, visit, "soap"), written(stage, visit, "patient")
        for one in second.statements:
            if one.needs_settling:
                stage.review.settle(second.id, one.id)
        signed = stage.review.sign(second.id, "Dr Sam Sample", "GP")
        stage.review.correct_utterance(visit, SMOKES, "I smoke twenty a day.", P, first.id)
        assert stale(stage, second) == ["You smoke 10 a day."]
        assert stage.store.letter(second.id) == signed
        assert stale(stage, first) == []  # it was on screen and is checked again at once

    def test_what_the_clinician_kept_is_asked_again_when_what_was_heard_changes(
        self, stage: Stage, visit: ConsultationId
    ) -> None:
        first, second = written(stage, visit, "soap"), written(stage, visit, "patient")
        stage.review.edit(second.id, statement(second, "smoke").id, "You smoke a little, 10 a day.")
        stage.review.correct_utterance(visit, SMOKES, "I never smoked.", P, first.id)
        assert stale(stage, second) == ["You smoke a little, 10 a day."]
        assert statement(stage.review.check_again(second.id), "a little").needs_settling

    def test_rewording_for_the_patient_is_no_correction(self, stage: Stage, visit: ConsultationId) -> None:
        first, second = written(stage, visit, "soap"), written(stage, visit, "patient")
        told = statement(second, "aspirin")
        stage.review.reword(second.id, told.id, "Start aspirin (a medicine) 75 mg once a day.")
        assert stage.review.stale(visit) == {}
        assert stale(stage, first) == []


def test_rewording_keeps_a_supported_statement_supported_and_makes_others_the_clinicians(
    stage: Stage, visit: ConsultationId
) -> None:
    letter = written(stage, visit, "patient")
    told = statement(letter, "smoke")
    same = statement(stage.review.reword(letter.id, told.id, "You do smoke 10 a day."), "do smoke")
    assert same.support in (Support.SUPPORTED, told.support)
    other = statement(stage.review.reword(letter.id, told.id, "You smoke 90 a day."), "90")
    assert (other.support, other.settled) == (Support.CLINICIAN_ADDED, True)


def test_the_log_is_erased_with_its_consultation(stage: Stage, visit: ConsultationId) -> None:
    letter = written(stage, visit, "soap")
    SeveralLetters(stage.store, stage.templates, stage.now).note_edit(letter, letter.statements[0], "x")
    assert stage.store.corrections(visit)
    stage.store.erase([Erasure(visit, Part.CONSULTATION)], [], stage.now())
    assert stage.store.corrections(visit) == ()

"""Prior letters in the vault, in letters, and held against what was said today."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from drafting_parts import SOAP, said, sample
from line_stage import Stage

from scribe_app.adapters.llama.messages import Write
from scribe_app.adapters.llama.strategies import QuotingDrafting
from scribe_app.adapters.llama.writer import LetterWriter
from scribe_app.domain.consultation import Consultation, PatientIdentity
from scribe_app.domain.documents import letter_as_json, plain_text
from scribe_app.domain.erasure import Erasure, Part
from scribe_app.domain.events import DrafterReady, StatementDrafted
from scribe_app.domain.ids import ConsultationId, UtteranceId, new_consultation_id
from scribe_app.domain.letter import Letter, PriorPlace, Statement, Support
from scribe_app.domain.prior_letters import PriorLetter
from scribe_app.domain.transcript import SpeakerRole, Transcript
from scribe_app.errors import UsageError
from scribe_app.services.beginning import NewConsultation
from scribe_app.services.drafting import Clinician, LetterDraft, recheck
from scribe_app.services.patient_records import PatientRecords
from scribe_app.services.prior_evidence import check_prior
from scribe_app.services.prior_letters import PriorLetters, prior_letter

NOW = datetime.now(UTC)
TEXT = "Medication: ramipril 2.5 mg once daily. Metformin 500 mg twice daily.\nAllergies: none known."


def given_letter(text: str = TEXT, number: int = 1) -> PriorLetter:
    return PriorLetter(number, "Clinic letter", text, NOW)


def checked(text: str, transcript: Transcript, prior: str = "") -> Statement:
    statement = Statement(text, prior=(PriorPlace(1, 1, "Clinic letter"),))
    return check_prior(statement, SOAP.sections[0], [given_letter(prior or text)], transcript)


NOTHING = said(("p", "Good morning."))


class TestHeldAgainstTheLetterAndToday:
    def test_what_stands_there_is_supported_and_rests_on_no_utterance(self) -> None:
        found = checked("Amlodipine 5 mg once daily.", NOTHING)
        assert (found.support, found.evidence, found.prior[0].sentence) == (Support.SUPPORTED, (), 1)

    def test_what_does_not_stand_there_is_doubted(self) -> None:
        found = checked("Amlodipine 50 mg once daily.", NOTHING, prior="Amlodipine 5 mg once daily.")
        assert found.needs_settling

    def test_a_place_that_is_not_there_is_doubted(self) -> None:
        statement = Statement("Amlodipine 5 mg.", prior=(PriorPlace(3, 9, "Gone"),))
        found = check_prior(statement, SOAP.sections[0], [given_letter()], NOTHING)
        assert [flag.code for flag in found.flags] == ["prior_not_there"]

    @pytest.mark.parametrize(
        ("then", "today"),
        [
            ("Ramipril 2.5 mg once daily.", said(("p", "Ramipril, five milligrams, once a day."))),
            ("Metformin 500 mg.", said(("p", "I stopped the metformin last month."))),
            ("Allergies: penicillin.", said(("c", "Any allergies?"), ("p", "No, none."))),
            ("Allergies: none known.", said(("c", "Any allergies?"), ("p", "Yes, to penicillin."))),
            ("History of diabetes.", said(("c", "Do you have diabetes?"), ("p", "No."))),
        ],
        ids=["dose", "stopped", "allergy denied", "allergy named", "denied"],
    )
    def test_what_is_said_otherwise_today_is_put_before_the_clinician(
        self, then: str, today: Transcript
    ) -> None:
        found = checked(then, today)
        assert found.support is Support.CONFLICTING
        assert found.flags[0].code == "prior_differs"
        assert today.utterances[-1].text.rstrip(".")[:12] in found.flags[0].reason

    @pytest.mark.parametrize(
        ("then", "today"),
        [
            ("Ramipril 5 mg once daily.", said(("p", "Ramipril, five milligrams, once a day."))),
            ("Allergies: penicillin.", said(("c", "Any allergies?"), ("p", "Yes, to penicillin."))),
            ("Allergies: none known.", said(("c", "Any allergies?"), ("p", "No, none."))),
            ("Metformin 500 mg.", said(("p", "My sister stopped smoking."))),
        ],
    )
    def test_what_agrees_or_is_about_something_else_is_not(self, then: str, today: Transcript) -> None:
        assert checked(then, today).support is Support.SUPPORTED

    def test_a_corrected_utterance_leaves_it_alone(self) -> None:
        draft = drafted(sample(), [given_letter("Past medical history: appendicectomy 1998.")])
        held = next(one for one in draft.statements if one.prior)
        again = recheck(draft, SOAP, sample(), frozenset({UtteranceId(1), UtteranceId(5)}))
        assert next(one for one in again.statements if one.prior) == held

    @pytest.mark.parametrize(
        ("then", "misheard", "meant"),
        [
            (
                "Ramipril 2.5 mg once daily.",
                "Ramipril, two point five milligrams.",
                "Ramipril, five milligrams.",
            ),
            ("Metformin 500 mg.", "I still take the metformin.", "I stopped the metformin."),
        ],
    )
    def test_it_is_held_against_what_today_was_corrected_to(
        self, then: str, misheard: str, meant: str
    ) -> None:
        prior, heard, corrected = [given_letter(then)], said(("p", misheard)), said(("p", meant))
        draft, touched = drafted(heard, prior), frozenset({UtteranceId(1)})
        assert [s.support for s in draft.statements if s.prior] == [Support.SUPPORTED]
        doubted = recheck(draft, SOAP, corrected, touched, prior=prior)
        (statement,) = (s for s in doubted.statements if s.prior)
        assert statement.support is Support.CONFLICTING
        assert meant in statement.flags[0].reason
        settled = recheck(doubted, SOAP, heard, touched, prior=prior)
        assert [(s.support, s.flags) for s in settled.statements if s.prior] == [(Support.SUPPORTED, ())]

    def test_what_its_letter_no_longer_tells_stays_as_it_was(self) -> None:
        prior = [given_letter("Ramipril 2.5 mg once daily.")]
        draft = drafted(NOTHING, prior)
        again = recheck(draft, SOAP, said(("p", "Ramipril, five milligrams.")), frozenset({UtteranceId(1)}))
        held = [s for s in draft.statements if s.prior]
        assert [s for s in again.statements if s.prior] == held
        assert held


def drafted(transcript: Transcript, prior: list[PriorLetter]) -> Letter:
    consultation = Consultation(new_consultation_id(), NOW, "en", "soap")
    draft = LetterDraft(consultation, SOAP, transcript, Clinician(), "", prior=prior)
    writer = LetterWriter(consultation.id, QuotingDrafting("en"), "en")
    for event in writer.write(Write(1, SOAP, transcript, prior=tuple(prior))):
        if isinstance(event, StatementDrafted):
            draft.add(event.section, event.statement)
    for spec in SOAP.sections:
        draft.close_section(spec.key)
    return draft.finish(DrafterReady(consultation.id, "none", "", "3"), transcript.seconds)


class TestInALetter:
    def test_it_is_tagged_with_its_source_wherever_the_letter_goes(self) -> None:
        letter = drafted(sample(), [given_letter("Past medical history: appendicectomy 1998.")])
        assert "appendicectomy 1998 (from: Clinic letter)." in plain_text(
            letter, Consultation(letter.consultation, NOW, "en", "soap")
        )
        stated = [s for section in letter_as_json(letter)["sections"] for s in section["statements"]]
        places = [s["prior"] for s in stated if s["prior"]]
        assert places == [[{"letter": 1, "sentence": 1, "title": "Clinic letter"}]]
        assert dict(letter.provenance.settings)["prior_letters"] == "1" if letter.provenance else False

    def test_it_does_not_count_as_said_today(self) -> None:
        """What was said and is in no statement of today is still listed."""
        transcript = sample()
        words = next(u.text for u in transcript if "amipril" in u.text)
        letter = drafted(transcript, [])
        own = Statement(words, Support.SUPPORTED, prior=(PriorPlace(1, 1, "Old"),))
        section = replace(letter.sections[0], statements=(own,))
        again = recheck(replace(letter, sections=(section,)), SOAP, transcript)
        assert any("amipril" in item.text for item in again.coverage.items)


def begun(stage: Stage, **more: object) -> tuple[ConsultationId, PriorLetters]:
    new = NewConsultation("soap", prior=(prior_letter(TEXT, "clinic", NOW),), **more)  # type: ignore[arg-type]
    consultation = stage.service.begin_typed(new, "Cough for a week.")
    stage.settle()
    return consultation.id, PriorLetters(stage.store, stage.service.trail)


class TestInTheVault:
    def test_they_belong_to_a_consultation_and_reach_the_drafter(self, stage: Stage) -> None:
        id, letters = begun(stage)
        assert [(one.number, one.title, one.text) for one in letters.of(id)] == [(1, "clinic", TEXT)]
        assert stage.drafting.prior == letters.of(id)
        assert stage.texts(id) == [], "never mixed up with what was said"

    def test_a_number_is_not_given_twice_while_a_letter_cites_it(self, stage: Stage) -> None:
        id, letters = begun(stage)
        letter = stage.store.letters(id)[0]
        cited = Statement("x", Support.CLINICIAN_ADDED, prior=(PriorPlace(1, 1, "clinic"),))
        section = replace(letter.sections[0], statements=(cited,))
        stage.store.save_letter(replace(letter, sections=(section,)))
        letters.remove(id, 1)
        assert letters.of(id) == ()
        assert letters.add(id, prior_letter("Another letter.", "b", NOW)).number == 2
        assert stage.store.letter(letter.id).statements[0].prior == cited.prior

    def test_a_correction_in_the_window_reaches_what_they_told(self, stage: Stage) -> None:
        id, _ = begun(stage)
        stage.store.add_utterances(id, said(("p", "Ramipril, two point five milligrams.")).utterances, 9.0)
        letter = stage.store.letters(id)[0]
        told = Statement(
            "Ramipril 2.5 mg once daily.", Support.SUPPORTED, prior=(PriorPlace(1, 1, "clinic"),)
        )
        section = replace(letter.sections[0], statements=(told,))
        stage.store.save_letter(replace(letter, sections=(section,)))
        after = stage.review.correct_utterance(
            id, UtteranceId(1), "Ramipril, five milligrams.", SpeakerRole.PATIENT
        )
        (statement,) = (one for one in after[0].statements if one.prior)
        assert [flag.code for flag in statement.flags] == ["prior_differs"]

    @pytest.mark.parametrize("part", [Part.CONSULTATION, Part.TRANSCRIPT])
    def test_they_go_with_the_consultation_and_with_its_transcript(self, stage: Stage, part: Part) -> None:
        id, letters = begun(stage)
        stage.service.erase([Erasure(id, part)])
        assert letters.of(id) == ()

    def test_they_are_handed_over_with_everything_else(self, stage: Stage) -> None:
        patient = PatientIdentity(name="Jane", record_number="9990000000")
        id, _ = begun(stage, patient=patient)
        records = PatientRecords(stage.store, stage.service)
        records.hand_over([stage.store.consultation(id)], stage.folders.data / "all.zip")
        packed = zipfile.ZipFile(stage.folders.data / "all.zip")
        name = next(name for name in packed.namelist() if "prior-letter-1" in name)
        assert TEXT in packed.read(name).decode()

    def test_the_audit_trail_knows_of_them_without_their_words(self, stage: Stage) -> None:
        id, letters = begun(stage)
        letters.remove(id, 1)
        details = [entry.detail for entry in stage.store.audit() if entry.consultation == id]
        assert {"prior letter 1 added", "prior letter 1 removed"} <= set(details)

    def test_the_same_letter_is_refused_and_another_patients_is_noticed(self, stage: Stage) -> None:
        patient = PatientIdentity(name="Jane", date_of_birth="03/05/1956")
        id, letters = begun(stage, patient=patient)
        with pytest.raises(UsageError, match="there already"):
            letters.add(id, prior_letter(TEXT, "again", NOW))
        assert "another date of birth" in letters.warning(id, prior_letter("DOB 04/05/1956", "x", NOW))

    @pytest.mark.parametrize("text", ["", " \n 12 ", "\0\x07"])
    def test_nothing_to_read_is_said(self, text: str) -> None:
        with pytest.raises(UsageError, match="nothing to read"):
            prior_letter(text, "x", NOW)

    def test_a_book_is_no_letter(self) -> None:
        with pytest.raises(UsageError, match="longer than a letter"):
            prior_letter("word " * 20_000, "x", NOW)

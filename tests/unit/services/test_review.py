"""What a clinician does with a draft, on a real vault with the real checks, templates and exporters."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from line_stage import Stage

from scribe_app.domain.consultation import Consultation, ConsultationState, PatientIdentity
from scribe_app.domain.events import DrafterReady, LetterReady, StateChanged, UtteranceSettled
from scribe_app.domain.ids import ConsultationId, LetterId, StatementId, UtteranceId
from scribe_app.domain.letter import Letter, LetterStatus, Section, Statement, Support
from scribe_app.domain.transcript import SpeakerRole
from scribe_app.errors import SigningError, StorageError, UsageError
from scribe_app.ports import ExportFormat
from scribe_app.services import letter_changes
from scribe_app.services.drafting import Clinician, LetterDraft

S = ConsultationState
C, P = SpeakerRole.CLINICIAN, SpeakerRole.PATIENT
VISIT = (
    (C, "What brings you in today?"),
    (P, "I've had chest pain for three weeks."),
    (C, "Any allergies?"),
    (P, "Yes, penicillin, I came out in a rash."),
    (C, "Your blood pressure is one hundred and forty eight over eighty eight."),
    (C, "Start aspirin, seventy five milligrams once a day."),
    (P, "My father died of a heart attack when he was fifty two."),
)
PAIN, PENICILLIN, PRESSURE, ASPIRIN, FATHER = (UtteranceId(n) for n in (2, 4, 5, 6, 7))
INVENTED = "Start warfarin 9 mg."


def visited(stage: Stage, template: str = "soap") -> ConsultationId:
    return stage.visited(VISIT, template)


def drafted(stage: Stage, id: ConsultationId, template: str = "soap", *invented: str) -> Letter:
    """A draft with one good statement, and with these invented ones in the plan."""
    draft = LetterDraft(
        stage.store.consultation(id),
        stage.templates.template(template),
        stage.store.transcript(id),
        Clinician("Dr Sam Sample", "GP"),
        "whisper",
    )
    good = {"soap": "subjective", "outpatient": "history"}[template]
    draft.add(good, Statement("Chest pain for 3 weeks.", evidence=(PAIN,)))
    for text in invented:
        draft.add("plan", Statement(text, evidence=(ASPIRIN,)))
    for spec in draft.template.sections:
        draft.close_section(spec.key)
    letter = draft.finish(DrafterReady(id, "llama", "abc", "1"), 30.0)
    stage.store.save_letter(letter)
    return letter


@pytest.fixture
def letter(stage: Stage) -> Letter:
    made = drafted(stage, visited(stage), "soap", INVENTED)
    assert made.statements[0].support is Support.SUPPORTED
    assert made.unsettled == 1
    return made


def statement(letter: Letter, text: str) -> Statement:
    (found,) = [one for one in letter.statements if one.text == text]
    return found


def section(letter: Letter, key: str) -> Section:
    (found,) = [one for one in letter.sections if one.key == key]
    return found


def listed(letter: Letter) -> set[int]:
    return {item.utterance for item in letter.coverage.items if not item.dismissed}


class TestStatements:
    def test_edited_words_are_the_clinicians_own(self, stage: Stage, letter: Letter) -> None:
        changed = stage.review.edit(letter.id, statement(letter, INVENTED).id, "  Start aspirin 75 mg. ")
        mine = statement(changed, "Start aspirin 75 mg.")
        assert (mine.support, mine.settled, mine.flags) == (Support.CLINICIAN_ADDED, True, ())
        assert mine.evidence
        assert changed.unsettled == 0
        assert stage.store.letter(letter.id) == changed

    def test_the_same_words_again_settle_nothing(self, stage: Stage, letter: Letter) -> None:
        assert stage.review.edit(letter.id, statement(letter, INVENTED).id, INVENTED) == letter
        assert stage.audited(letter.consultation) == []

    def test_a_doubted_statement_may_be_kept(self, stage: Stage, letter: Letter) -> None:
        kept = statement(stage.review.settle(letter.id, statement(letter, INVENTED).id), INVENTED)
        assert (kept.support, kept.settled) == (Support.CLINICIAN_ADDED, True)
        assert kept.flags, "why it was doubted stays on record"

    def test_removed_and_the_heading_says_again_that_nothing_is_there(
        self, stage: Stage, letter: Letter
    ) -> None:
        changed = stage.review.remove(letter.id, statement(letter, INVENTED).id)
        assert section(changed, "plan").statements == ()
        assert section(changed, "plan").absent == "Not recorded – ask"
        again = stage.review.add(letter.id, "plan", "Rest.")
        assert section(again, "plan").absent == ""

    def test_emptied_is_removed(self, stage: Stage, letter: Letter) -> None:
        changed = stage.review.edit(letter.id, statement(letter, INVENTED).id, "  \n")
        assert all(one.text != INVENTED for one in changed.statements)

    def test_what_is_removed_is_listed_as_not_written(self, stage: Stage, letter: Letter) -> None:
        assert PAIN not in listed(letter)
        changed = stage.review.remove(letter.id, statement(letter, "Chest pain for 3 weeks.").id)
        assert PAIN in listed(changed)

    def test_an_optional_heading_comes_with_its_statement_in_its_place_and_goes_with_it(
        self, stage: Stage
    ) -> None:
        letter = drafted(stage, visited(stage, "outpatient"), "outpatient")
        template = stage.templates.template("outpatient")
        shown = {one.key for one in letter.sections}
        absent = next(spec.key for spec in template.sections if spec.key not in shown)
        changed = stage.review.add(letter.id, absent, "In the clinician's words.")
        order = [spec.key for spec in template.sections]
        assert [order.index(one.key) for one in changed.sections] == sorted(
            order.index(one.key) for one in changed.sections
        )
        assert section(changed, absent).heading == template.section(absent).heading
        gone = stage.review.remove(letter.id, section(changed, absent).statements[0].id)
        assert absent not in {one.key for one in gone.sections}

    @pytest.mark.parametrize(
        "change",
        [
            lambda service, id: service.edit(id, StatementId("gone"), "x"),
            lambda service, id: service.settle(id, StatementId("gone")),
            lambda service, id: service.remove(id, StatementId("gone")),
            lambda service, id: service.add(id, "no such section", "x"),
            lambda service, id: service.add_covered(id, UtteranceId(404)),
            lambda service, id: service.dismiss_covered(id, UtteranceId(404)),
            lambda service, id: service.undo(id),
        ],
        ids=["edit", "settle", "remove", "add", "add covered", "dismiss covered", "undo"],
    )
    def test_what_is_not_there_cannot_be_changed(
        self, stage: Stage, letter: Letter, change: Callable[..., Letter]
    ) -> None:
        with pytest.raises(UsageError):
            change(stage.review, letter.id)
        assert stage.store.letter(letter.id) == letter
        assert stage.audited(letter.consultation) == []

    def test_adding_nothing_is_nothing(self, stage: Stage, letter: Letter) -> None:
        assert stage.review.add(letter.id, "plan", "  ") == letter


class TestUndo:
    def test_takes_back_one_change_after_the_other(self, stage: Stage, letter: Letter) -> None:
        first = stage.review.add(letter.id, "plan", "One.")
        stage.review.add(letter.id, "plan", "Two.")
        assert stage.review.undo(letter.id) == first
        assert stage.review.undo(letter.id) == letter
        assert stage.store.letter(letter.id) == letter
        with pytest.raises(UsageError, match="nothing to undo"):
            stage.review.undo(letter.id)

    def test_what_comes_back_is_checked_against_the_words_of_today(
        self, stage: Stage, letter: Letter
    ) -> None:
        stage.review.remove(letter.id, statement(letter, "Chest pain for 3 weeks.").id)
        stage.review.correct_utterance(letter.consultation, PAIN, "I've had back pain for five weeks.", P)
        back = statement(stage.review.undo(letter.id), "Chest pain for 3 weeks.")
        assert back.support is not Support.SUPPORTED

    def test_a_signed_letter_has_nothing_to_undo(self, stage: Stage, letter: Letter) -> None:
        stage.review.remove(letter.id, statement(letter, INVENTED).id)
        stage.review.sign(letter.id, "Dr A", "GP")
        with pytest.raises(UsageError):
            stage.review.undo(letter.id)

    def test_is_held_for_the_last_letters_and_changes_only(
        self, stage: Stage, letter: Letter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(letter_changes, "LETTERS_WITH_UNDO", 1)
        monkeypatch.setattr(letter_changes, "KEPT_FOR_UNDO", 2)
        for number in range(3):
            stage.review.add(letter.id, "plan", f"{number}.")
        stage.review.undo(letter.id)
        stage.review.undo(letter.id)
        with pytest.raises(UsageError):
            stage.review.undo(letter.id)
        stage.review.add(letter.id, "plan", "More.")
        other = drafted(stage, visited(stage))
        stage.review.add(other.id, "plan", "Rest.")
        with pytest.raises(UsageError):
            stage.review.undo(letter.id)


class TestWhatWasSaidAndIsNotWritten:
    def test_is_added_quoted_with_its_evidence(self, stage: Stage, letter: Letter) -> None:
        assert PENICILLIN in listed(letter)
        changed = stage.review.add_covered(letter.id, PENICILLIN)
        assert PENICILLIN not in listed(changed)
        (quote,) = [one for one in changed.statements if one.evidence == (PENICILLIN,)]
        assert quote.quoted
        assert quote.support is Support.SUPPORTED

    def test_is_dismissed_and_stays_so(self, stage: Stage, letter: Letter) -> None:
        stage.review.dismiss_covered(letter.id, PENICILLIN)
        changed = stage.review.add(letter.id, "plan", "Rest.")
        assert PENICILLIN not in listed(changed)
        assert PENICILLIN in {item.utterance for item in changed.coverage.items}
        stage.review.undo(letter.id)
        assert PENICILLIN in listed(stage.review.undo(letter.id))


class TestTranscript:
    def test_a_correction_rechecks_drafts_and_no_signed_letter(self, stage: Stage, letter: Letter) -> None:
        id = letter.consultation
        signed = drafted(stage, id)
        stage.review.sign(signed.id, "Dr A", "GP")
        frozen = stage.store.letter(signed.id)
        letters = stage.review.correct_utterance(id, PAIN, "I've had back pain for five weeks.", P)
        assert statement(letters[0], "Chest pain for 3 weeks.").support is not Support.SUPPORTED
        assert letters[1] == frozen == stage.store.letter(signed.id)
        assert [event.letter for event in stage.of(LetterReady)] == [letters[0]]
        (told,) = stage.of(UtteranceSettled)
        assert told.utterance == stage.store.transcript(id).utterances[1]
        assert told.utterance.confidence == 1.0

    def test_a_correction_marks_exactly_the_statements_that_rest_on_it(
        self, stage: Stage, letter: Letter
    ) -> None:
        before = {held.id: held for held in letter.statements}
        resting = {id for id, held in before.items() if PAIN in held.evidence}
        words = "I've had chest pain for three weeks, doctor."
        (after,) = stage.review.correct_utterance(letter.consultation, PAIN, words, P)
        changed = {held.id for held in after.statements if held != before[held.id]}
        assert changed == resting != set()
        for held in after.statements:
            marked = "evidence_corrected" in {flag.code for flag in held.flags}
            assert marked == (held.id in resting)
            assert not (marked and held.needs_settling), "still true, so nothing keeps it from being signed"
        (again,) = stage.review.correct_utterance(letter.consultation, ASPIRIN, "Thank you.", C)
        assert any("evidence_corrected" in {flag.code for flag in held.flags} for held in again.statements)

    def test_a_correction_may_support_a_statement(self, stage: Stage, letter: Letter) -> None:
        words = "Start warfarin, nine milligrams."
        (after,) = stage.review.correct_utterance(letter.consultation, ASPIRIN, words, C)
        assert statement(after, INVENTED).support is Support.SUPPORTED

    def test_what_the_clinician_settled_stays_settled(self, stage: Stage, letter: Letter) -> None:
        stage.review.settle(letter.id, statement(letter, INVENTED).id)
        (after,) = stage.review.correct_utterance(letter.consultation, ASPIRIN, "Take rest.", C)
        assert after.unsettled == 0

    def test_empty_words_change_the_speaker_only(self, stage: Stage, letter: Letter) -> None:
        stage.review.correct_utterance(letter.consultation, PAIN, " ", C)
        said = stage.store.transcript(letter.consultation).utterances[1]
        assert (said.text, said.speaker, said.confidence) == (VISIT[1][1], C, 0.8)

    def test_what_was_not_said_cannot_be_corrected(self, stage: Stage, letter: Letter) -> None:
        with pytest.raises(UsageError):
            stage.review.correct_utterance(letter.consultation, UtteranceId(404), "x", P)
        assert stage.audited(letter.consultation) == []

    def test_swapping_speakers_there_and_back(self, stage: Stage, letter: Letter) -> None:
        id = letter.consultation
        stage.review.correct_utterance(id, FATHER, "", SpeakerRole.OTHER)
        before = stage.store.transcript(id)
        stage.review.swap_speakers(id)
        assert [u.speaker for u in stage.store.transcript(id)] == [P, C, P, C, P, P, SpeakerRole.OTHER]
        stage.review.swap_speakers(id)
        assert stage.store.transcript(id) == before
        assert stage.store.letter(letter.id) == letter

    def test_a_plan_that_only_the_patient_said_is_doubted(self, stage: Stage) -> None:
        letter = drafted(stage, visited(stage), "soap", "Aspirin 75 mg once a day.")
        assert letter.unsettled == 0
        (after,) = stage.review.swap_speakers(letter.consultation)
        assert statement(after, "Aspirin 75 mg once a day.").flags


class TestSigning:
    def settled(self, stage: Stage, letter: Letter) -> Letter:
        return stage.review.settle(letter.id, statement(letter, INVENTED).id)

    def test_freezes_the_letter_under_a_name(self, stage: Stage, letter: Letter) -> None:
        self.settled(stage, letter)
        final = stage.review.sign(letter.id, " Dr A ", " GP ")
        assert final.status is LetterStatus.FINAL
        assert final.signature is not None
        assert (final.signature.name, final.signature.role) == ("Dr A", "GP")
        assert stage.store.letter(letter.id) == final
        assert stage.store.consultation(letter.consultation).state is S.SIGNED
        assert stage.of(StateChanged)[-1].state is S.SIGNED
        assert stage.audited(letter.consultation)[-1] == "signed"

    @pytest.mark.parametrize("name", ["", "   "])
    def test_needs_a_name(self, stage: Stage, letter: Letter, name: str) -> None:
        self.settled(stage, letter)
        with pytest.raises(SigningError, match="with a name"):
            stage.review.sign(letter.id, name, "GP")

    def test_is_refused_while_something_is_unsettled(self, stage: Stage, letter: Letter) -> None:
        with pytest.raises(SigningError, match="1 statement"):
            stage.review.sign(letter.id, "Dr A", "GP")
        assert stage.store.letter(letter.id) == letter
        assert stage.store.consultation(letter.consultation).state is S.IN_REVIEW

    def test_is_refused_for_an_empty_letter(self, stage: Stage, letter: Letter) -> None:
        for one in letter.statements:
            stage.review.remove(letter.id, one.id)
        with pytest.raises(SigningError, match="empty"):
            stage.review.sign(letter.id, "Dr A", "GP")

    def test_happens_once(self, stage: Stage, letter: Letter) -> None:
        self.settled(stage, letter)
        stage.review.sign(letter.id, "Dr A", "GP")
        with pytest.raises(SigningError, match="already"):
            stage.review.sign(letter.id, "Dr B", "GP")

    @pytest.mark.parametrize(
        "change",
        [
            lambda service, letter: service.edit(letter.id, letter.statements[0].id, "x"),
            lambda service, letter: service.remove(letter.id, letter.statements[0].id),
            lambda service, letter: service.add(letter.id, "plan", "x"),
            lambda service, letter: service.dismiss_covered(letter.id, PENICILLIN),
        ],
        ids=["edit", "remove", "add", "dismiss"],
    )
    def test_a_signed_letter_cannot_be_changed(
        self, stage: Stage, letter: Letter, change: Callable[..., Letter]
    ) -> None:
        self.settled(stage, letter)
        final = stage.review.sign(letter.id, "Dr A", "GP")
        with pytest.raises(SigningError, match="cannot be changed"):
            change(stage.review, final)
        assert stage.store.letter(letter.id) == final

    def test_an_amendment_is_a_new_version_checked_anew(self, stage: Stage, letter: Letter) -> None:
        self.settled(stage, letter)
        stage.review.sign(letter.id, "Dr A", "GP")
        stage.review.correct_utterance(letter.consultation, PAIN, "I've had back pain for five weeks.", P)
        draft = stage.review.amend(letter.id)
        assert (draft.version, draft.status, draft.signature) == (2, LetterStatus.PRELIMINARY, None)
        assert stage.store.consultation(letter.consultation).state is S.AMENDED
        pain = statement(draft, "Chest pain for 3 weeks.")
        assert pain.support is not Support.SUPPORTED
        stage.review.edit(letter.id, pain.id, "Back pain for 5 weeks.")
        final = stage.review.sign(letter.id, "Dr A", "GP")
        assert (final.version, final.status) == (2, LetterStatus.AMENDED)

    def test_only_signed_letters_are_amended(self, stage: Stage, letter: Letter) -> None:
        with pytest.raises(SigningError, match="not signed"):
            stage.review.amend(letter.id)
        self.settled(stage, letter)
        stage.review.sign(letter.id, "Dr A", "GP")
        stage.review.amend(letter.id)
        with pytest.raises(SigningError, match="not signed"):
            stage.review.amend(letter.id)


class TestTakingOut:
    def test_text_carries_draft_until_it_is_signed(self, stage: Stage, letter: Letter) -> None:
        assert "DRAFT" in stage.review.plain_text(letter)
        stage.review.settle(letter.id, statement(letter, INVENTED).id)
        final = stage.review.sign(letter.id, "Dr A", "GP")
        assert "DRAFT" not in stage.review.plain_text(final)
        assert "Chest pain for 3 weeks." in stage.review.plain_text(final)

    def test_copying_and_exporting_are_audited_without_content(self, stage: Stage, letter: Letter) -> None:
        stage.review.copied(letter.id)
        content = stage.review.export(letter.id, ExportFormat.JSON)
        assert json.loads(content)
        entries = stage.store.audit()[-2:]
        assert [entry.action.value for entry in entries] == ["copied", "exported"]
        assert [entry.detail for entry in entries] == [f"letter {letter.id}", f"letter {letter.id} json"]

    def test_a_letter_that_is_not_there(self, stage: Stage) -> None:
        with pytest.raises(StorageError):
            stage.review.export(LetterId("nothing"), ExportFormat.TXT)
        assert stage.store.audit() == []

    def test_a_letter_drafted_elsewhere_is_taken_in(self, stage: Stage) -> None:
        id = visited(stage)
        stage.store.change_consultation(
            id, lambda now: Consultation(id, now.started_at, "en", "soap", S.FAILED, failure="x")
        )
        made = drafted(stage, id)
        stage.review.take_in(made)
        assert stage.audited(id) == ["drafted"]
        assert stage.store.consultation(id).state is S.IN_REVIEW
        assert stage.store.consultation(id).failure == ""
        assert stage.of(LetterReady)[-1].letter == made


class TestThePatientIsTypedLater:
    ANN = PatientIdentity("Ann Example", "1961-03-14", "999 000 0000")

    def test_drafts_follow_and_signed_letters_do_not(self, stage: Stage) -> None:
        id = visited(stage, "outpatient")
        signed, draft = drafted(stage, id, "outpatient"), drafted(stage, id, "outpatient")
        final = stage.review.sign(signed.id, "Dr A", "GP")
        stage.review.add(draft.id, "plan", "Rest.")
        stage.service.set_patient(id, self.ANN)
        assert stage.store.letter(signed.id) == final
        now = stage.store.letter(draft.id)
        assert [s.text for s in section(now, "demographics").statements] == [
            "Ann Example, 1961-03-14, 999 000 0000"
        ]
        assert stage.of(LetterReady)[-1].letter == now
        back = stage.review.undo(draft.id)
        assert "Ann Example" in section(back, "demographics").statements[0].text, "never another patient"
        stage.service.set_patient(id, PatientIdentity())
        assert all("Ann" not in one.text for one in stage.store.letter(draft.id).statements)

    def test_what_the_clinician_wrote_there_stays(self, stage: Stage) -> None:
        id = visited(stage, "outpatient")
        stage.service.set_patient(id, self.ANN)
        letter = drafted(stage, id, "outpatient")
        mine = section(letter, "demographics").statements[0]
        stage.review.edit(letter.id, mine.id, "Ann Example, of no fixed abode")
        stage.service.set_patient(id, PatientIdentity("Anna Example"))
        texts = [s.text for s in section(stage.store.letter(letter.id), "demographics").statements]
        assert texts == ["Ann Example, of no fixed abode"]

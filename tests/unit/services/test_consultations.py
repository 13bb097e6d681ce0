"""From Start to a letter, and every way in which a part may fail in between."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from line_stage import DIED, NOBODY, STEP, Stage

from scribe_app.config import Settings
from scribe_app.domain.consultation import Consultation, ConsultationState, Informed, PatientIdentity
from scribe_app.domain.events import (
    ConsultationFailed,
    GapRecorded,
    LetterReady,
    LevelMeasured,
    RecordingClosed,
    RecordingPaused,
    StatementDrafted,
    UtteranceSettled,
)
from scribe_app.domain.ids import ConsultationId, UtteranceId, new_consultation_id
from scribe_app.domain.letter import Statement, Support
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.topics import guess_roles
from scribe_app.domain.transcript import SpeakerRole, Utterance
from scribe_app.errors import (
    EngineError,
    MicrophoneError,
    ModelError,
    RecordingError,
    ScribeError,
    StorageError,
    TemplateError,
    UsageError,
)
from scribe_app.services import line, transcribing
from scribe_app.services.consultations import NewConsultation

S = ConsultationState
TO_REVIEW = ["recording", "transcribing", "drafting", "in_review"]
NO_MICROPHONE = MicrophoneError("There is no microphone.", "Nothing was recorded.", "Plug one in.")


@pytest.fixture
def stage(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Stage]:
    opened = Stage(tmp_path)
    yield opened
    opened.close()
    told = [record.getMessage() for record in caplog.get_records("call")]
    assert not [text for text in told if text.startswith("unexpected step")]


def begun(stage: Stage, lines: int = 0, **new: object) -> ConsultationId:
    """A consultation that has heard and settled so many lines."""
    consultation = stage.service.start(NewConsultation(**new))  # type: ignore[arg-type]  # the tests give the right types
    stage.recording.hear(lines)
    stage.speech.tell(lines)
    stage.settle()
    return consultation.id


def interrupted(stage: Stage, count: int) -> list[ConsultationId]:
    """So many consultations of four lines, cut off after two, in the program's next run; oldest first."""
    stage.transcriber.holds = True
    ids = []
    for _ in range(count):
        ids.append(begun(stage, 2))
        stage.recording.hear(4)
        stage.reopen()
    return ids


def in_review(stage: Stage, lines: int = 8) -> ConsultationId:
    id = begun(stage, lines)
    stage.service.stop(id)
    stage.settle()
    assert stage.store.consultation(id).state is S.IN_REVIEW
    return id


def failures(stage: Stage, id: ConsultationId) -> list[str]:
    return [event.error.title for event in stage.of(ConsultationFailed, id)]


class TestTheWholeWay:
    def test_start_to_letter(self, stage: Stage) -> None:
        id = begun(stage, 8)
        assert stage.service.active == id
        stage.recording.hear(11)
        stage.service.stop(id)
        stage.settle()
        assert stage.states(id) == TO_REVIEW
        assert stage.texts(id) == stage.transcriber.lines[:11], "the tail after Stop is there too"
        assert stage.service.active is None
        (letter,) = stage.store.letters(id)
        assert [event.letter for event in stage.of(LetterReady, id)] == [letter]
        assert letter.provenance is not None
        assert (letter.provenance.speech_model, letter.provenance.drafting_model) == ("whisper", "llama")
        recording, key = stage.store.recording(id) or (None, b"")
        assert recording is not None
        assert recording.samples == 11 * STEP
        assert recording.complete
        assert key == stage.recording.request.key
        assert stage.audited(id) == ["created", "recorded", "drafted"]

    def test_statements_are_checked_before_anybody_sees_them(self, stage: Stage) -> None:
        stage.drafter.holds = True
        id = begun(stage, 8)
        stage.service.stop(id)
        stage.settle()
        stage.drafting.section(
            "plan", Statement("Start warfarin 9 mg.", Support.SUPPORTED, (UtteranceId(1),))
        )
        stage.drafting.finish()
        stage.settle()
        assert [e.statement.support for e in stage.of(StatementDrafted, id)] != [Support.SUPPORTED]
        (letter,) = stage.store.letters(id)
        assert letter.unsettled == 1

    def test_the_drafter_reads_along_with_a_first_guess_of_who_speaks(self, stage: Stage) -> None:
        begun(stage, 4)
        assert [u.text for u in stage.drafting.heard] == stage.transcriber.lines[:4]
        assert all(u.speaker is not SpeakerRole.UNKNOWN for u in stage.drafting.heard)

    def test_pause_and_resume(self, stage: Stage) -> None:
        id = begun(stage, 2)
        stage.service.pause(id)
        stage.settle()
        assert stage.service.active == id, "paused is still being recorded"
        stage.service.resume(id)
        stage.settle()
        stage.service.stop(id)
        stage.settle()
        assert stage.states(id) == ["recording", "paused", *TO_REVIEW]
        assert len(stage.of(GapRecorded, id)) == 1
        assert stage.of(RecordingPaused, id)
        recording, _ = stage.store.recording(id) or (None, b"")
        assert recording is not None
        assert len(recording.gaps) == 1

    def test_a_pause_that_comes_after_stop_does_not_bring_recording_back(self, stage: Stage) -> None:
        id = begun(stage, 2)
        stage.recording.holds = stage.transcriber.holds = True
        stage.service.stop(id)
        stage.recording.pause()
        stage.settle()
        assert stage.store.consultation(id).state is S.TRANSCRIBING
        stage.recording.close()
        stage.settle()
        assert stage.states(id) == TO_REVIEW

    def test_stop_twice_is_stop_once(self, stage: Stage) -> None:
        id = begun(stage, 2)
        stage.recording.holds = True
        stage.service.stop(id)
        stage.service.stop(id)
        assert stage.recording.calls == ["stop"]

    def test_a_played_file_ends_by_itself(self, stage: Stage) -> None:
        id = begun(stage, 2)
        stage.recording.close()
        stage.settle()
        assert stage.states(id) == TO_REVIEW

    def test_roles_judged_at_the_end_are_told_anew(self, stage: Stage) -> None:
        id = begun(stage, 12)
        stage.service.stop(id)
        stage.settle()
        last = {e.utterance.id: e.utterance for e in stage.of(UtteranceSettled, id)}
        assert tuple(last.values()) == stage.store.transcript(id).utterances
        unknown = tuple(replace(u, speaker=SpeakerRole.UNKNOWN) for u in stage.store.transcript(id))
        assert guess_roles(replace(stage.store.transcript(id), utterances=unknown)) == stage.store.transcript(
            id
        )


class TestWhatThePersonSays:
    def test_a_speaker_set_by_a_person_is_not_overruled_at_stop(self, stage: Stage) -> None:
        id = begun(stage, 8)
        said = stage.store.transcript(id).utterances
        other = SpeakerRole.PATIENT if said[0].speaker is SpeakerRole.CLINICIAN else SpeakerRole.CLINICIAN
        stage.review.correct_utterance(id, said[0].id, "Corrected words.", other)
        stage.service.stop(id)
        stage.settle()
        first = stage.store.transcript(id).utterances[0]
        assert (first.text, first.speaker) == ("Corrected words.", other)

    def test_a_speaker_set_by_a_person_tells_who_speaks_beside_it(self, stage: Stage) -> None:
        id = begun(stage, 12)
        second = stage.store.transcript(id).utterances[1]
        other = SpeakerRole.PATIENT if second.speaker is SpeakerRole.CLINICIAN else SpeakerRole.CLINICIAN
        stage.review.correct_utterance(id, second.id, second.text, other)
        stage.service.stop(id)
        stage.settle()
        after = stage.store.transcript(id)
        unknown = [replace(u, speaker=SpeakerRole.UNKNOWN) for u in after]
        alone = guess_roles(replace(after, utterances=tuple(unknown)))
        unknown[1] = replace(second, speaker=other)
        assert after == guess_roles(replace(after, utterances=tuple(unknown)))
        assert after.utterances[0] != alone.utterances[0]

    def test_swapped_speakers_stay_swapped(self, stage: Stage) -> None:
        id = begun(stage, 8)
        stage.review.swap_speakers(id)
        swapped = [u.speaker for u in stage.store.transcript(id)]
        stage.service.stop(id)
        stage.settle()
        assert [u.speaker for u in stage.store.transcript(id)] == swapped

    def test_fields_typed_while_recording_last(self, stage: Stage) -> None:
        id = begun(stage, 8)
        patient = PatientIdentity("Ann Example", "1961-03-14", "999 000 0000")
        stage.service.set_notes(id, "looks well")
        stage.service.set_patient(id, patient)
        stage.service.set_informed(id, Informed.INFORMED)
        stage.service.stop(id)
        stage.settle()
        now = stage.store.consultation(id)
        assert (now.notes, now.patient, now.informed) == ("looks well", patient, Informed.INFORMED)
        assert now.state is S.IN_REVIEW
        assert stage.drafter.started[0].written[0][2] == "looks well"

    def test_what_others_change_in_the_vault_is_not_undone_by_the_next_state(self, stage: Stage) -> None:
        id = begun(stage, 4)
        stage.store.change_consultation(id, lambda now: replace(now, notes="from elsewhere"))
        stage.service.stop(id)
        stage.settle()
        assert stage.store.consultation(id).notes == "from elsewhere"

    def test_a_patient_typed_while_the_letter_is_written_stands_in_it(self, stage: Stage) -> None:
        stage.drafter.holds = True
        id = begun(stage, 4, template="outpatient")
        stage.service.stop(id)
        stage.settle()
        stage.service.set_patient(id, PatientIdentity("Ann Example"))
        stage.drafting.finish()
        stage.settle()
        (letter,) = stage.store.letters(id)
        assert "Ann Example" in [statement.text for statement in letter.statements]

    def test_words_corrected_while_the_letter_is_written_count(self, stage: Stage) -> None:
        stage.drafter.holds = True
        id = begun(stage, 8)
        stage.service.stop(id)
        stage.settle()
        first = stage.store.transcript(id).utterances[0]
        quote = Statement(first.text, evidence=(first.id,), quoted=True)
        stage.drafting.section("subjective", quote)
        stage.settle()
        stage.review.correct_utterance(id, first.id, "It is about my left knee.", SpeakerRole.PATIENT)
        stage.drafting.finish()
        stage.settle()
        (letter,) = stage.store.letters(id)
        (statement,) = [s for s in letter.statements if s.quoted]
        assert statement.support is not Support.SUPPORTED

    def test_signing_while_another_letter_is_written_leaves_that_one_at_work(self, stage: Stage) -> None:
        id = in_review(stage)
        stage.drafter.holds = True
        stage.service.write(id, "patient")
        (letter,) = stage.store.letters(id)
        for statement in letter.statements:
            letter = stage.review.settle(letter.id, statement.id)
        stage.review.sign(letter.id, "Dr Sam Sample", "GP")
        assert stage.store.consultation(id).state is S.DRAFTING
        stage.drafting.finish()
        stage.settle()
        assert stage.store.consultation(id).state is S.IN_REVIEW
        stage.service.set_notes(id, "later")
        assert stage.store.consultation(id).state is S.IN_REVIEW


class TestTheRecorderFails:
    def test_it_does_not_start(self, stage: Stage) -> None:
        stage.recorder.refuses = NO_MICROPHONE
        with pytest.raises(MicrophoneError):
            stage.service.start(NewConsultation())
        (consultation,) = stage.store.consultations()
        assert consultation.state is S.FAILED
        assert "no microphone" in consultation.failure
        stage.recorder.refuses = None
        in_review(stage)

    def test_a_vault_that_refuses_the_start_leaves_no_microphone_open(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        change = stage.store.change_consultation
        refusals = [StorageError("The disk is full.")]

        def refuse_once(*arguments: object) -> object:
            if refusals:
                raise refusals.pop()
            return change(*arguments)  # type: ignore[arg-type]  # passed on as they came

        monkeypatch.setattr(stage.store, "change_consultation", refuse_once)
        with pytest.raises(StorageError, match="full"):
            stage.service.start(NewConsultation())
        assert stage.recording.calls == ["kill", "join"]
        assert stage.service.active is None
        assert [one.state for one in stage.store.consultations()] == [S.FAILED]

    @pytest.mark.parametrize("journal", [True, False], ids=["empty journal", "no journal"])
    def test_at_once(self, stage: Stage, journal: bool) -> None:
        id = begun(stage)
        if not journal:
            del stage.recorder.journals[id]
        stage.recording.die(NO_MICROPHONE)
        stage.settle()
        assert stage.states(id) == ["recording", "failed"]
        assert failures(stage, id) == ["There is no microphone."]
        assert stage.service.active is None
        assert stage.speech.cancelled
        assert stage.drafting.closed

    def test_after_audio_the_letter_still_comes(self, stage: Stage) -> None:
        id = begun(stage, 4)
        stage.recording.hear(6)
        stage.recording.die(NO_MICROPHONE)
        stage.settle()
        assert stage.states(id) == TO_REVIEW
        assert failures(stage, id) == ["There is no microphone."]
        assert stage.texts(id) == stage.transcriber.lines[:6]
        assert len(stage.store.letters(id)) == 1

    def test_after_the_end_changes_nothing(self, stage: Stage) -> None:
        id = begun(stage, 4)
        stage.transcriber.started[-1].holds = True
        stage.service.stop(id)
        stage.settle()
        stage.recording.close()
        stage.recording.die(RecordingError("The disk is full."))
        stage.speech.end()
        stage.settle()
        assert stage.states(id) == TO_REVIEW
        assert len(stage.of(RecordingClosed, id)) == 1
        assert failures(stage, id) == ["The disk is full."]


class TestSpeechFails:
    def test_once_is_not_noticed(self, stage: Stage) -> None:
        id = begun(stage, 3)
        stage.speech.die()
        stage.settle()
        assert stage.speech.request.from_sample == 3 * STEP
        stage.recording.hear(7)
        stage.speech.tell(2)
        stage.service.stop(id)
        stage.settle()
        assert stage.texts(id) == stage.transcriber.lines[:7]
        assert [u.id for u in stage.store.transcript(id)] == list(range(1, 8))
        assert failures(stage, id) == []
        assert stage.states(id) == TO_REVIEW

    def test_once_after_stop(self, stage: Stage) -> None:
        stage.transcriber.holds = True
        id = begun(stage, 3)
        stage.service.stop(id)
        stage.settle()
        stage.transcriber.holds = False
        stage.speech.die()
        stage.settle()
        assert stage.states(id) == TO_REVIEW

    def test_again_and_again_with_progress_in_between(self, stage: Stage) -> None:
        id = begun(stage, 1)
        stage.recording.hear(6)
        for _ in range(4):
            stage.speech.die()
            stage.settle()
            stage.speech.tell()
            stage.settle()
        assert failures(stage, id) == []
        assert stage.texts(id) == stage.transcriber.lines[:5]

    def test_twice_leaves_the_recording_and_tries_again_after_stop(self, stage: Stage) -> None:
        id = begun(stage, 3)
        stage.speech.die()
        stage.settle()
        stage.speech.die()
        stage.settle()
        assert failures(stage, id) == [DIED.title]
        assert stage.service.active == id
        stage.recording.hear(6)
        stage.service.stop(id)
        stage.settle()
        assert stage.texts(id) == stage.transcriber.lines[:6]
        assert stage.states(id) == TO_REVIEW

    def test_for_good_and_then_the_person_tries_again(self, stage: Stage) -> None:
        stage.transcriber.holds = True
        id = begun(stage, 3)
        stage.recording.hear(5)
        stage.service.stop(id)
        stage.settle()
        stage.speech.die()
        stage.settle()
        stage.speech.die()
        stage.settle()
        assert stage.states(id)[-1] == "failed"
        assert stage.store.consultation(id).failure == str(DIED)
        stage.transcriber.holds = False
        stage.service.write(id, "outpatient")
        stage.settle()
        assert stage.texts(id) == stage.transcriber.lines[:5]
        assert [letter.template for letter in stage.store.letters(id)] == ["outpatient"]
        assert stage.store.consultation(id).failure == ""

    def test_no_speech_is_said_and_a_letter_can_still_be_typed(self, stage: Stage) -> None:
        id = begun(stage)
        stage.service.stop(id)
        stage.settle()
        assert stage.states(id)[-1] == "failed"
        assert failures(stage, id) == ["No speech was heard in this recording."]
        stage.service.write(id, "soap")
        stage.settle()
        (letter,) = stage.store.letters(id)
        assert letter.statements == ()
        assert stage.review.add(letter.id, "plan", "Rest.").statements

    def test_a_vault_that_refuses_one_utterance_loses_none(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        id = begun(stage, 2)
        keep = stage.store.add_utterances

        def refuse(id: ConsultationId, window: object, until: int) -> None:
            raise StorageError("The disk is full.")

        monkeypatch.setattr(stage.store, "add_utterances", refuse)
        stage.speech.tell(1)
        stage.settle()
        monkeypatch.setattr(stage.store, "add_utterances", keep)
        assert stage.service.active == id, "the recording goes on"
        assert failures(stage, id) == ["The disk is full."]
        stage.recording.hear(5)
        stage.service.stop(id)
        stage.settle()
        assert stage.texts(id) == stage.transcriber.lines[:5]

    def test_half_a_window_is_not_kept_and_may_come_again_as_another_number_of_utterances(
        self, stage: Stage
    ) -> None:
        id = begun(stage, 2)
        stage.recording.hear(6)
        died, told = stage.speech, stage.store.transcribed_until(id)
        for number, text in ((3, "Half a"), (4, "window")):
            start = 2 * STEP / SAMPLE_RATE
            died.sink(UtteranceSettled(id, Utterance(UtteranceId(number), text, start, start + 1), told))
        died.die()
        stage.settle()
        assert len(stage.texts(id)) == 2
        assert [event.utterance.id for event in stage.of(UtteranceSettled, id)] == [1, 2]
        assert (stage.speech.request.from_sample, stage.speech.request.first_id) == (told, 3)
        stage.service.stop(id)
        stage.settle()
        assert stage.texts(id) == stage.transcriber.lines[:6]

    def test_a_window_of_several_utterances_is_stored_and_told_at_once(self, stage: Stage) -> None:
        id = begun(stage, 1)
        texts = ["Good morning.", "Good morning, doctor.", "Where does it hurt?"]
        for number, text in enumerate(texts, 2):
            until = 4 * STEP if number == 4 else STEP
            said = Utterance(UtteranceId(number), text, number * 2.0, number * 2.0 + 1)
            assert stage.store.transcribed_until(id) == STEP
            stage.speech.sink(UtteranceSettled(id, said, until))
            stage.settle()
        assert stage.store.transcribed_until(id) == 4 * STEP
        assert stage.texts(id)[1:] == texts
        assert [event.utterance.text for event in stage.of(UtteranceSettled, id)][1:] == texts
        assert [utterance.text for utterance in stage.drafting.heard][1:] == texts

    def test_what_comes_before_a_lost_predecessor_waits_for_it(self, stage: Stage) -> None:
        id = begun(stage, 2)
        stage.speech.told += 1
        stage.speech.tell(1)
        stage.settle()
        assert stage.texts(id) == stage.transcriber.lines[:2]

    def test_no_model_is_said_before_anything_is_recorded(self, stage: Stage) -> None:
        stage.models.speech_installed = False
        with pytest.raises(ModelError, match="No speech model"):
            stage.service.start(NewConsultation())
        assert stage.store.consultations() == []


class TestDraftingFails:
    def test_half_way_the_rest_is_quoted_and_what_was_written_stays(self, stage: Stage) -> None:
        stage.drafter.holds = True
        id = begun(stage, 20)
        stage.service.stop(id)
        stage.settle()
        kept = Statement("Written by the model.")
        stage.drafting.section("subjective", kept)
        stage.drafting.section("objective", Statement("Cut off."), ends=False)
        stage.drafting.die()
        stage.settle()
        assert stage.drafting.written[-1][3] == ("objective", "assessment", "plan")
        assert stage.drafting.request.model is None
        (letter,) = stage.store.letters(id)
        texts = [statement.text for statement in letter.statements]
        assert texts[0] == "Written by the model."
        assert "Cut off." not in texts
        assert len(stage.of(ConsultationFailed, id)) == 1
        assert letter.provenance is not None
        assert letter.provenance.drafting_model == "llama", "the model that wrote part of it is named"
        assert letter.provenance.settings == (("quoted_sections", "objective,assessment,plan"),)
        assert stage.states(id) == TO_REVIEW

    def test_after_the_last_section_the_letter_is_whole(self, stage: Stage) -> None:
        stage.drafter.holds = True
        id = begun(stage, 4)
        stage.service.stop(id)
        stage.settle()
        for key in ("subjective", "objective", "assessment", "plan"):
            stage.drafting.section(key, Statement(f"About {key}."))
        stage.drafting.die()
        stage.settle()
        assert len(stage.store.letters(id)[0].statements) == 4
        assert len(stage.drafter.started) == 1

    def test_while_reading_along_the_model_is_loaded_again_for_the_letter(self, stage: Stage) -> None:
        id = begun(stage, 4)
        stage.drafting.die()
        stage.settle()
        stage.service.stop(id)
        stage.settle()
        assert [d.request.model for d in stage.drafter.started] == [Path("llama"), Path("llama")]
        assert stage.states(id) == TO_REVIEW

    def test_a_broken_model_is_said_once_and_the_letter_quotes(self, stage: Stage) -> None:
        id = begun(stage, 4)
        stage.drafting.die(ModelError("The drafting model is not whole."))
        stage.settle()
        stage.service.stop(id)
        stage.settle()
        assert failures(stage, id) == ["The drafting model is not whole."]
        assert stage.drafter.started[-1].request.model is None
        assert len(stage.store.letters(id)) == 1

    def test_rules_that_died_write_the_same_letter_once_more(self, stage: Stage) -> None:
        stage.models.drafting, stage.drafter.rules_hold = None, True
        id = begun(stage, 4)
        stage.service.stop(id)
        stage.settle()
        stage.drafting.section("subjective", Statement("So far."))
        stage.drafting.section("plan", Statement("Half of"), ends=False)
        stage.drafter.rules_hold = False
        stage.drafting.die()
        stage.settle()
        assert stage.drafting.written[-1][3] == ("objective", "assessment", "plan")
        (letter,) = stage.store.letters(id)
        texts = [statement.text for statement in letter.statements]
        assert texts[0] == "So far."
        assert "Half of" not in texts
        assert letter.provenance is not None
        assert "quoted_sections" not in dict(letter.provenance.settings), "no model began it"
        assert failures(stage, id) == []

    def test_quoting_fails_twice_and_what_is_there_becomes_the_letter(self, stage: Stage) -> None:
        stage.models.drafting, stage.drafter.rules_hold = None, True
        id = begun(stage, 4)
        stage.service.stop(id)
        stage.settle()
        stage.drafting.section("subjective", Statement("So far."))
        for _ in range(2):
            stage.drafting.die()
            stage.settle()
        (letter,) = stage.store.letters(id)
        assert [statement.text for statement in letter.statements] == ["So far."]
        assert [s.absent for s in letter.sections if s.key == "plan"] == ["Not written"]
        assert stage.states(id) == TO_REVIEW

    def test_no_process_can_be_started_any_more(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        id = begun(stage, 4)

        def refuse(*_: object) -> object:
            raise EngineError("The drafting process cannot be started.")

        stage.drafting.die()
        stage.settle()
        monkeypatch.setattr(stage.drafter, "start", refuse)
        stage.service.stop(id)
        stage.settle()
        assert stage.states(id)[-1] == "failed"
        monkeypatch.undo()
        stage.service.write(id, "soap")
        stage.settle()
        assert len(stage.store.letters(id)) == 1

    def test_a_second_letter_that_cannot_be_begun_leaves_the_first_as_it_is(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        id = in_review(stage)

        def refuse(*_: object) -> object:
            raise EngineError("The drafting process cannot be started.")

        monkeypatch.setattr(stage.drafter, "start", refuse)
        stage.service.write(id, "patient")
        assert stage.store.consultation(id).state is S.IN_REVIEW
        told = "This letter could not be written. The drafting process cannot be started."
        assert failures(stage, id)[-1] == told
        assert len(stage.store.letters(id)) == 1
        monkeypatch.undo()
        stage.service.write(id, "patient")
        stage.drafting.finish()
        stage.settle()
        assert len(stage.store.letters(id)) == 2

    def test_quoting_fails_at_once_and_the_person_tries_again(self, stage: Stage) -> None:
        stage.models.drafting, stage.drafter.rules_hold = None, True
        id = begun(stage, 4)
        stage.service.stop(id)
        stage.settle()
        for _ in range(2):
            stage.drafting.die()
            stage.settle()
        assert stage.states(id)[-1] == "failed"
        stage.drafter.rules_hold = False
        stage.service.write(id, "soap")
        stage.settle()
        assert len(stage.store.letters(id)) == 1
        assert stage.texts(id) == stage.transcriber.lines[:4]

    def test_a_template_that_is_gone_fails_clearly_and_another_one_is_written(self, stage: Stage) -> None:
        id = begun(stage, 4)
        stage.store.change_consultation(id, lambda now: replace(now, template="gone"))
        stage.service.stop(id)
        stage.settle()
        assert stage.store.consultation(id).state is S.FAILED
        stage.service.write(id, "soap")
        stage.settle()
        assert len(stage.store.letters(id)) == 1


class TestWriting:
    def test_cancel_keeps_what_was_written_and_does_not_call_the_rest_absent(self, stage: Stage) -> None:
        stage.drafter.holds = True
        id = begun(stage, 4)
        stage.service.stop(id)
        stage.settle()
        stage.drafting.section("subjective", Statement("So far."))
        stage.service.cancel_writing(id)
        stage.settle()
        (letter,) = stage.store.letters(id)
        assert [statement.text for statement in letter.statements] == ["So far."]
        assert {s.absent for s in letter.sections if not s.statements} == {"Not written"}
        assert stage.states(id) == TO_REVIEW

    def test_a_drafter_that_dies_while_it_is_cancelled_writes_no_more(self, stage: Stage) -> None:
        stage.drafter.holds = True
        id = begun(stage, 4)
        stage.service.stop(id)
        stage.settle()
        stage.drafting.written.clear()  # does not answer
        stage.service.cancel_writing(id)
        stage.drafting.die()
        stage.settle()
        assert len(stage.drafter.started) == 1
        assert stage.states(id) == TO_REVIEW

    def test_cancelling_nothing_is_nothing(self, stage: Stage) -> None:
        stage.service.cancel_writing(NOBODY)
        assert stage.events == []

    def test_a_second_letter_beside_the_first(self, stage: Stage) -> None:
        id = in_review(stage)
        stage.service.write(id, "patient")
        stage.settle()
        assert [letter.template for letter in stage.store.letters(id)] == ["soap", "patient"]
        assert stage.states(id) == [*TO_REVIEW, "drafting", "in_review"]
        assert len(stage.transcriber.started) == 1, "nothing is transcribed twice"
        second = stage.store.letters(id)[1]
        assert second.provenance is not None
        assert second.provenance.speech_model == "whisper", "what transcribed it, also in a later run"

    def test_what_an_ended_drafter_still_says_does_not_get_into_the_next_letter(self, stage: Stage) -> None:
        id = in_review(stage)
        old = stage.drafting
        stage.drafter.holds = True
        stage.service.write(id, "soap")
        old.section("plan", Statement("From the letter before."))
        old.finish()
        stage.settle()
        assert stage.store.consultation(id).state is S.DRAFTING
        stage.drafting.finish()
        stage.settle()
        assert stage.store.letters(id)[1].statements == ()

    @pytest.mark.parametrize("when", ["recording", "transcribing", "drafting"])
    def test_is_refused_while_something_is_under_way(self, stage: Stage, when: str) -> None:
        stage.transcriber.holds = stage.drafter.holds = True
        id = begun(stage, 4)
        if when != "recording":
            stage.service.stop(id)
            stage.settle()
        if when == "drafting":
            stage.speech.end()
            stage.settle()
        with pytest.raises(UsageError):
            stage.service.write(id, "soap")
        assert stage.store.consultation(id).state.value == when

    def test_settings_that_were_changed_count_for_the_next_letter(self, stage: Stage) -> None:
        id = in_review(stage)
        stage.service.use_settings(Settings(clinician_name="Dr New", drafting_model="none"))
        stage.service.write(id, "patient")
        stage.settle()
        first, second = stage.store.letters(id)
        assert "Dr New" in second.closing
        assert "Dr New" not in first.closing
        assert second.provenance is not None
        assert second.provenance.drafting_model == "none"

    def test_an_unknown_template_changes_nothing(self, stage: Stage) -> None:
        id = in_review(stage)
        with pytest.raises(TemplateError):
            stage.service.write(id, "haiku")
        assert stage.store.consultation(id).state is S.IN_REVIEW

    def test_a_consultation_without_any_recording_gets_a_letter(self, stage: Stage) -> None:
        value = Consultation(new_consultation_id(), stage.now(), "en", "soap")
        stage.store.save_consultation(value)
        stage.service.write(value.id, "soap")
        stage.settle()
        assert len(stage.store.letters(value.id)) == 1

    def test_one_that_does_not_exist_is_an_error(self, stage: Stage) -> None:
        with pytest.raises(StorageError, match="no consultation"):
            stage.service.write(NOBODY, "soap")


class TestSeveralConsultations:
    def test_a_second_recording_is_refused_while_one_runs(self, stage: Stage) -> None:
        id = begun(stage, 1)
        with pytest.raises(UsageError, match="already running"):
            stage.service.start(NewConsultation())
        assert stage.service.active == id
        assert len(stage.store.consultations()) == 1

    def test_recording_wins_over_transcribing_and_drafting(self, stage: Stage) -> None:
        stage.transcriber.holds = True
        first = begun(stage, 4)
        stage.service.stop(first)
        stage.settle()
        transcription = stage.speech
        second = begun(stage, 2)
        assert stage.service.active == second
        transcription.end()
        stage.settle()
        assert stage.store.consultation(first).state is S.IN_REVIEW
        assert stage.store.consultation(second).state is S.RECORDING

    def test_the_next_patient_waits_for_the_last_seal_only(self, stage: Stage) -> None:
        first = begun(stage, 4)
        last = stage.recording
        last.holds = True
        stage.service.stop(first)
        assert stage.service.active is None
        second = stage.service.start(NewConsultation()).id
        assert last.calls == ["stop", "join"]
        last.close()
        stage.settle()
        assert stage.store.consultation(first).state is S.IN_REVIEW
        assert stage.service.active == second

    def test_finished_lines_are_let_go(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        lines: list[weakref.ref[line.Line]] = []
        make = stage.service._new_line
        monkeypatch.setattr(stage.service, "_new_line", lambda c: _noted(lines, make(c)))
        for _ in range(3):
            in_review(stage, 3)
        stage.settle()
        gc.collect()
        assert [reference() for reference in lines] == [None, None, None]


def _noted(lines: list[weakref.ref[line.Line]], made: line.Line) -> line.Line:
    lines.append(weakref.ref(made))
    return made


class TestDeleting:
    def test_while_it_is_recorded_ends_everything_at_once(self, stage: Stage) -> None:
        id = begun(stage, 3)
        folder = stage.folders.recordings / id
        folder.mkdir()
        (folder / "0001.journal").write_bytes(b"sealed")
        stage.service.delete(id)
        assert stage.recording.calls == ["kill", "join"]
        assert stage.speech.cancelled
        assert stage.drafting.closed
        assert not folder.exists()
        assert stage.store.consultations() == []
        assert stage.service.active is None
        assert stage.audited(id)[-1] == "deleted"

    def test_what_its_workers_still_say_is_not_heard(self, stage: Stage) -> None:
        id = begun(stage, 3)
        stage.service.delete(id)
        told = len(stage.events)
        stage.speech.tell(1)
        stage.recording.sink(LevelMeasured(id, -20.0, -10.0, 1))
        stage.drafting.die()
        stage.recording.close()
        stage.settle()
        assert len(stage.events) == told
        assert stage.store.consultations() == []

    def test_files_that_cannot_be_removed_are_named(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        id = in_review(stage)
        (stage.folders.recordings / id).mkdir()

        def refuse(folder: Path) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("scribe_app.services.erasing.shutil.rmtree", refuse)
        with pytest.raises(StorageError, match="could not be removed"):
            stage.service.delete(id)
        assert stage.store.consultations() == []
        assert stage.audited(id)[-1] == "deleted"


class TestInterruptions:
    def test_closed_while_recording_comes_to_a_letter_in_the_next_run(self, stage: Stage) -> None:
        id = begun(stage, 3)
        stage.recording.hear(6)
        stage.reopen()
        assert stage.recording.calls == ["stop", "join"]
        assert stage.drafting.closed
        (back,) = stage.service.recover()
        assert back.id == id
        assert back.state is S.TRANSCRIBING
        stage.settle()
        assert stage.texts(id) == stage.transcriber.lines[:6]
        assert stage.store.consultation(id).state is S.IN_REVIEW
        assert stage.audited(id)[2:] == ["recovered", "drafted"]
        assert stage.service.recover() == []

    def test_closed_while_drafting_writes_the_letter_again(self, stage: Stage) -> None:
        stage.drafter.holds = True
        id = begun(stage, 4)
        stage.service.stop(id)
        stage.settle()
        stage.drafter.holds = False
        stage.reopen()
        stage.service.recover()
        stage.settle()
        assert len(stage.store.letters(id)) == 1
        assert stage.store.consultation(id).state is S.IN_REVIEW

    def test_closed_while_drafting_a_second_letter_keeps_the_first(self, stage: Stage) -> None:
        id = in_review(stage)
        stage.drafter.holds = True
        stage.service.write(id, "patient")
        stage.reopen()
        stage.service.recover()
        stage.settle()
        assert [letter.template for letter in stage.store.letters(id)] == ["soap"]
        assert stage.store.consultation(id).state is S.IN_REVIEW

    def test_without_a_speech_model_it_is_said_and_can_be_taken_up_later(self, stage: Stage) -> None:
        id = begun(stage, 3)
        stage.recording.hear(5)
        stage.reopen()
        stage.models.speech_installed = False
        assert stage.service.recover() == []
        assert stage.store.consultation(id).state is S.FAILED
        assert len(failures(stage, id)) == 1
        stage.models.speech_installed = True
        stage.service.write(id, "soap")
        stage.settle()
        assert stage.texts(id) == stage.transcriber.lines[:5]
        assert stage.store.consultation(id).state is S.IN_REVIEW

    def test_one_that_cannot_be_recovered_does_not_keep_the_others(self, stage: Stage) -> None:
        stage.transcriber.holds = True
        lost = begun(stage, 2)
        stage.service.stop(lost)
        stage.settle()
        kept = begun(stage, 2)
        stage.reopen()
        stage.transcriber.holds = False
        del stage.recorder.journals[lost]
        assert [back.id for back in stage.service.recover()] == [kept]
        stage.settle()
        assert stage.store.consultation(lost).state is S.FAILED
        assert stage.store.consultation(kept).state is S.IN_REVIEW

    def test_several_are_taken_up_one_after_the_other_the_newest_first(self, stage: Stage) -> None:
        ids = interrupted(stage, 3)
        back = stage.service.recover()
        assert [consultation.id for consultation in back] == ids[::-1]
        assert {stage.store.consultation(id).state for id in ids} == {S.TRANSCRIBING}
        assert stage.service.recover() == [], "they wait already"
        for id in ids[::-1]:
            assert stage.speech.request.consultation == id
            begun_before = len(stage.transcriber.started)
            stage.settle()
            assert len(stage.transcriber.started) == begun_before, "one at a time"
            stage.speech.end()
            stage.settle()
            assert stage.store.consultation(id).state is S.IN_REVIEW
            assert stage.texts(id) == stage.transcriber.lines[:4]

    def test_a_recording_wins_over_what_is_taken_up(self, stage: Stage) -> None:
        old, new = interrupted(stage, 2)
        stage.service.recover()
        under_way = stage.speech
        under_way.tell(1)
        stage.settle()
        visit = stage.service.start(NewConsultation()).id
        assert under_way.cancelled, "the processor belongs to the patient who is there"
        assert stage.speech.request.consultation == visit
        stage.recording.hear(2)
        stage.service.stop(visit)
        stage.speech.end()
        stage.settle()
        assert stage.store.consultation(visit).state is S.IN_REVIEW
        assert stage.speech.request.consultation == new, "then it goes on where it was"
        assert stage.speech.request.from_sample == 3 * STEP
        for id in (new, old):
            stage.speech.end()
            stage.settle()
            assert stage.texts(id) == stage.transcriber.lines[:4]
            assert stage.store.consultation(id).state is S.IN_REVIEW
        assert len(stage.of(GapRecorded, new)) == len(stage.recorder.journals[new].gaps)

    def test_one_that_waits_may_be_deleted_or_wanted_at_once(self, stage: Stage) -> None:
        first, second, third = interrupted(stage, 3)
        stage.service.recover()
        stage.service.delete(second)
        stage.service.write(first, "soap")
        assert stage.speech.request.consultation == first
        stage.speech.end()
        stage.settle()
        assert stage.store.consultation(first).state is S.IN_REVIEW
        stage.transcriber.started[-2].end()
        stage.settle()
        assert stage.store.consultation(third).state is S.IN_REVIEW
        assert stage.service.recover() == []

    def test_one_that_fails_lets_the_next_begin(self, stage: Stage) -> None:
        old, new = interrupted(stage, 2)
        stage.service.recover()
        stage.speech.die()
        stage.settle()
        assert stage.store.consultation(new).state is S.FAILED
        assert stage.speech.request.consultation == old
        stage.speech.end()
        stage.settle()
        assert stage.store.consultation(old).state is S.IN_REVIEW

    def test_closing_twice_and_commands_after_it(self, stage: Stage) -> None:
        stage.service.close()
        stage.service.close()
        with pytest.raises(UsageError, match="closing"):
            stage.service.start(NewConsultation())

    def test_closing_waits_for_a_start_under_way(self, stage: Stage) -> None:
        entered, go_on = threading.Event(), threading.Event()
        begin = stage.recorder.start

        def slow(*arguments: object) -> object:
            entered.set()
            assert go_on.wait(10)
            return begin(*arguments)  # type: ignore[arg-type]  # passed on as they came

        stage.recorder.start = slow  # type: ignore[assignment]  # the same signature
        starting = threading.Thread(target=lambda: stage.service.start(NewConsultation()))
        starting.start()
        assert entered.wait(10)
        closing = threading.Thread(target=stage.service.close)
        closing.start()
        go_on.set()
        starting.join(10)
        closing.join(10)
        assert stage.recording.calls == ["stop", "join"], "the recording that was being started is sealed"


class TestAudio:
    def test_is_read_by_seconds(self, stage: Stage) -> None:
        id = in_review(stage)
        assert len(stage.service.audio(id, 1.0, 2.5)) == 2 * int(1.5 * SAMPLE_RATE)

    def test_that_never_was_is_an_error(self, stage: Stage) -> None:
        with pytest.raises(RecordingError, match="no audio"):
            stage.service.audio(NOBODY, 0.0, 1.0)


def test_something_unexpected_inside_is_told_and_the_program_lives(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = begun(stage, 2)

    def broken(*_: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(transcribing, "guess_roles", broken)
    stage.speech.tell(1)
    stage.settle()
    monkeypatch.undo()
    assert failures(stage, id) == ["Something failed inside the program (ZeroDivisionError)."]
    assert stage.service.active == id
    stage.recording.hear(4)
    stage.service.stop(id)
    stage.settle()
    assert stage.texts(id) == stage.transcriber.lines[:4]
    assert stage.store.consultation(id).state is S.IN_REVIEW


def test_a_vault_that_keeps_nothing_any_more_is_told(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    id = begun(stage, 2)

    def full(*_: object) -> object:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(stage.store, "change_consultation", full)
    stage.recording.close()
    stage.settle()
    assert stage.states(id)[-1] == "failed"
    assert failures(stage, id)[-1] == "The disk is full."
    assert isinstance(stage.of(ConsultationFailed)[-1].error, ScribeError)

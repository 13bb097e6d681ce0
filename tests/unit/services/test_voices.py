"""Voices settle who spoke, and whatever they do wrong, the transcript stays as it was heard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from line_stage import Stage
from scripted_voices import ScriptedVoices

from scribe_app.domain.consultation import ConsultationState
from scribe_app.domain.events import ConsultationFailed, LetterReady
from scribe_app.domain.ids import ConsultationId, UtteranceId
from scribe_app.domain.transcript import SpeakerRole
from scribe_app.errors import AudioFileError, EngineError, StorageError
from scribe_app.ports import ImportSource, MicrophoneSource
from scribe_app.services.consultations import NewConsultation

S = ConsultationState
LINES = 24
IMPORT = ImportSource(Path("/somewhere/visit.mp3"))


@pytest.fixture
def listener() -> ScriptedVoices:
    return ScriptedVoices()


@pytest.fixture
def stage(tmp_path: Path, listener: ScriptedVoices) -> Iterator[Stage]:
    opened = Stage(tmp_path)
    opened.voices = listener
    opened.open()
    yield opened
    opened.close()


def consulted(stage: Stage, source: object = None) -> ConsultationId:
    """A consultation of so many lines, to its letter."""
    new = NewConsultation(source=source or MicrophoneSource())  # type: ignore[arg-type]
    id = stage.service.start(new).id
    stage.recording.hear(LINES)
    stage.speech.tell(LINES)
    stage.settle()
    if source is None:
        stage.service.stop(id)
    else:
        stage.recording.close()
    stage.settle()
    return id


def words(stage: Stage, id: ConsultationId) -> list[tuple[str, float, float]]:
    return [(u.text, u.start, u.end) for u in stage.store.transcript(id)]


def test_voices_are_heard_beside_the_recording_and_settle_who_spoke(
    stage: Stage, listener: ScriptedVoices
) -> None:
    id = consulted(stage)
    transcript = stage.store.transcript(id)
    assert [u.id for u in listener.heard] == [u.id for u in transcript]
    assert len(listener.requests) == listener.asked == 1
    assert [u.voice for u in transcript] == [u.id % 2 for u in transcript]
    assert len({(u.voice, u.speaker) for u in transcript}) == 2, "a voice has one role throughout"
    assert {u.speaker for u in transcript} == {SpeakerRole.CLINICIAN, SpeakerRole.PATIENT}
    assert stage.store.consultation(id).state is S.IN_REVIEW


def test_a_swap_turns_whole_voices(stage: Stage) -> None:
    id = consulted(stage)
    before = {u.voice: u.speaker for u in stage.store.transcript(id)}
    stage.review.swap_speakers(id)
    after = stage.store.transcript(id)
    assert len({(u.voice, u.speaker) for u in after}) == 2
    assert all(u.speaker is not before[u.voice] for u in after)


def test_what_a_person_corrected_is_not_overruled_by_a_voice(stage: Stage) -> None:
    id = stage.service.start(NewConsultation()).id
    stage.recording.hear(LINES)
    stage.speech.tell(LINES)
    stage.settle()
    first = stage.store.transcript(id).utterances[0]
    stage.review.correct_utterance(id, first.id, first.text, SpeakerRole.OTHER)
    stage.service.stop(id)
    stage.settle()
    assert stage.store.transcript(id).utterances[0].speaker is SpeakerRole.OTHER


def test_after_an_unlock_in_mid_recording_all_voices_are_told_apart_anew(
    stage: Stage, listener: ScriptedVoices
) -> None:
    id = stage.service.start(NewConsultation()).id
    stage.recording.hear(LINES)
    stage.speech.tell(LINES // 2)
    stage.settle()
    parked_key = stage.store._thread.key
    stage.service.lock()
    stage.store.lock()
    assert listener.cancelled == 1, "nobody listens while it is locked"
    stage.store.reopen(parked_key)
    stage.service.unlock()
    stage.settle()
    assert len(listener.requests) == 2
    assert [u.id for u in listener.heard] == list(range(1, LINES // 2 + 1)), "at once, not after Stop"
    stage.speech.tell(LINES)
    stage.settle()
    stage.service.stop(id)
    stage.settle()
    transcript = stage.store.transcript(id)
    assert len(transcript) > LINES
    assert [u.voice for u in transcript] == [u.id % 2 for u in transcript]


GARBAGE: dict[str, Any] = {
    "nothing": (),
    "unknown utterances": ((UtteranceId(999), 0), (UtteranceId(-1), 1)),
    "voices out of range": tuple((UtteranceId(n), -n) for n in range(1, LINES)),
    "huge voices": tuple((UtteranceId(n), 10**12) for n in range(1, LINES)),
    "voices that are no numbers": tuple((UtteranceId(n), "clinician") for n in range(1, LINES)),
    "one voice for all": tuple((UtteranceId(n), 0) for n in range(1, LINES)),
    "the same utterance many times": tuple((UtteranceId(1), n % 2) for n in range(100)),
}


@pytest.mark.parametrize("what", GARBAGE)
def test_garbage_leaves_words_times_and_roles_as_without_voices(
    stage: Stage, listener: ScriptedVoices, what: str
) -> None:
    stage.voices = None
    stage.open()
    alone = consulted(stage)
    listener.told = lambda _heard: GARBAGE[what]
    stage.voices = listener
    stage.reopen()
    id = consulted(stage)
    assert words(stage, id) == words(stage, alone)
    assert [u.speaker for u in stage.store.transcript(id)] == [
        u.speaker for u in stage.store.transcript(alone)
    ]
    assert stage.store.consultation(id).state is S.IN_REVIEW
    assert stage.of(LetterReady, id)
    assert not stage.of(ConsultationFailed, id)


def test_a_listener_that_cannot_be_started_is_not_missed(stage: Stage, listener: ScriptedVoices) -> None:
    listener.refuses = EngineError("No process can be started.")
    id = consulted(stage)
    assert len(words(stage, id)) == LINES
    assert stage.of(LetterReady, id)
    assert not stage.of(ConsultationFailed, id)


def test_voices_that_cannot_be_stored_leave_the_words(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(stage.store, "set_voices", refuse)
    id = consulted(stage)
    assert len(words(stage, id)) == LINES
    assert stage.of(LetterReady, id)


def test_nothing_is_written_while_the_answer_is_awaited(stage: Stage, listener: ScriptedVoices) -> None:
    listener.holds = True
    id = consulted(stage)
    assert stage.store.consultation(id).state is S.TRANSCRIBING
    assert stage.store.letters(id) == []
    listener.answer()
    stage.settle()
    assert stage.store.consultation(id).state is S.IN_REVIEW
    listener.answer()  # late, and once too often
    stage.settle()
    assert len(stage.of(LetterReady, id)) == 1


def test_a_deleted_consultation_is_listened_to_no_more(stage: Stage, listener: ScriptedVoices) -> None:
    listener.holds = True
    id = consulted(stage)
    stage.service.delete(id)
    assert listener.cancelled == 1
    listener.answer()
    stage.settle()
    assert stage.store.consultations() == []


def test_after_an_interruption_all_utterances_are_heard(stage: Stage, listener: ScriptedVoices) -> None:
    stage.transcriber.holds = True
    id = stage.service.start(NewConsultation()).id
    stage.recording.hear(LINES)
    stage.speech.tell(LINES // 2)
    stage.settle()
    stage.reopen()
    stage.service.recover()
    stage.settle()
    stage.speech.end()
    stage.settle()
    assert [u.id for u in listener.heard] == [u.id for u in stage.store.transcript(id)] or sorted(
        u.id for u in listener.heard
    ) == [u.id for u in stage.store.transcript(id)]
    assert {u.voice for u in stage.store.transcript(id)} == {0, 1}


class TestImports:
    def test_a_file_goes_down_the_same_line_to_a_letter(self, stage: Stage) -> None:
        id = consulted(stage, IMPORT)
        assert stage.states(id) == ["transcribing", "drafting", "in_review"]
        assert len(words(stage, id)) == LINES
        assert stage.recording.request.source == IMPORT
        assert stage.service.audio(id, 0.0, 1.0), "it can be played"
        assert any(e.detail == "imported" for e in stage.store.audit() if e.consultation == id)

    def test_a_file_that_cannot_be_read_leaves_nothing(self, stage: Stage) -> None:
        stage.recorder.refuses_file = AudioFileError("It is no audio file.", "Nothing was changed.")
        with pytest.raises(AudioFileError):
            stage.service.start(NewConsultation(source=IMPORT))
        assert stage.store.consultations() == []
        assert stage.recorder.started == []

    def test_it_disturbs_no_recording_and_is_disturbed_by_none(self, stage: Stage) -> None:
        live = stage.service.start(NewConsultation()).id
        imported = stage.service.start(NewConsultation(source=IMPORT)).id
        file = stage.recording
        assert stage.service.active == live
        file.hear(4)
        stage.speech.tell(4)
        file.close()
        stage.settle()
        assert stage.store.consultation(imported).state is S.IN_REVIEW
        assert stage.store.consultation(live).state is S.RECORDING
        stage.service.stop(live)

    def test_a_recording_starts_while_a_file_comes_in(self, stage: Stage) -> None:
        stage.service.start(NewConsultation(source=IMPORT))
        live = stage.service.start(NewConsultation()).id
        assert stage.service.active == live
        assert stage.store.consultation(live).state is S.RECORDING

    def test_a_file_that_breaks_off_gives_a_letter_of_what_there_is_and_says_so(self, stage: Stage) -> None:
        id = stage.service.start(NewConsultation(source=IMPORT)).id
        stage.recording.hear(4)
        stage.speech.tell(4)
        stage.recording.close()
        stage.recording.die(AudioFileError("visit.mp3 is damaged after 8.0 seconds.", "It is kept."))
        stage.settle()
        assert stage.store.consultation(id).state is S.IN_REVIEW
        assert [str(e.error.title) for e in stage.of(ConsultationFailed, id)] == [
            "visit.mp3 is damaged after 8.0 seconds."
        ]

    def test_the_number_of_speakers_is_told(self, stage: Stage, listener: ScriptedVoices) -> None:
        id = stage.service.start(replace(NewConsultation(source=IMPORT), speakers=3)).id
        stage.recording.hear(4)
        stage.speech.tell(4)
        stage.settle()
        assert [request.speakers for request in listener.requests] == [3]
        stage.service.delete(id)


def test_the_number_of_speakers_outlives_an_interruption(stage: Stage, listener: ScriptedVoices) -> None:
    id = stage.service.start(NewConsultation(speakers=4)).id
    stage.recording.hear(LINES)
    stage.reopen()
    stage.service.recover()
    stage.settle()
    assert stage.store.consultation(id).state is S.IN_REVIEW
    assert {request.speakers for request in listener.requests} == {4}

"""Objecting, withdrawing, deleting and what is kept only until signing, on a real vault."""

from __future__ import annotations

from dataclasses import replace

import pytest
from line_stage import Stage

from scribe_app.config import Settings
from scribe_app.domain.consultation import ConsultationState, Informed, PatientIdentity
from scribe_app.domain.ids import ConsultationId
from scribe_app.errors import RecordingError, UsageError
from scribe_app.services.auditing import AuditTrail
from scribe_app.services.consultations import NewConsultation
from scribe_app.services.retention import Retention

S = ConsultationState


def begun(stage: Stage, lines: int = 3) -> ConsultationId:
    new = NewConsultation(patient=PatientIdentity("Zoë Example"), informed=Informed.INFORMED)
    id = stage.service.start(new).id
    stage.recording.hear(lines)
    stage.speech.tell(lines)
    stage.settle()
    folder = stage.folders.recordings / id
    folder.mkdir(exist_ok=True)
    (folder / "0001.journal").write_bytes(b"sealed")
    return id


def in_review(stage: Stage) -> ConsultationId:
    id = begun(stage, 8)
    stage.service.stop(id)
    stage.settle()
    assert stage.store.consultation(id).state is S.IN_REVIEW
    return id


def signed(stage: Stage) -> ConsultationId:
    id = in_review(stage)
    (letter,) = stage.store.letters(id)
    for statement in letter.statements:
        if statement.needs_settling:
            stage.review.settle(letter.id, statement.id)
    stage.review.sign(letter.id, "Dr A", "GP")
    return id


def has_audio(stage: Stage, id: ConsultationId) -> bool:
    held = stage.store.recording(id)
    return held is not None and bool(held[1])


class TestTelling:
    def test_is_stamped_with_who_and_when(self, stage: Stage) -> None:
        id = begun(stage)
        told = stage.store.consultation(id)
        assert told.informed_at is not None
        assert told.informed_by == "tester"
        stage.service.set_informed(id, Informed.NOT_STATED)
        stage.service.set_informed(id, Informed.INFORMED)
        later = stage.store.consultation(id)
        assert later.informed_at is not None
        assert later.informed_at > told.informed_at
        entries = [entry for entry in stage.store.audit() if entry.action.value == "informed"]
        assert [entry.detail for entry in entries] == ["not_stated", "informed"]

    def test_nothing_was_stated_by_nobody(self, stage: Stage) -> None:
        value = stage.service.start(NewConsultation())
        assert (value.informed_at, value.informed_by) == (None, "")


class TestObjecting:
    def test_before_start_keeps_the_microphone_shut(self, stage: Stage) -> None:
        with pytest.raises(UsageError, match="objected"):
            stage.service.start(NewConsultation(informed=Informed.OBJECTED))
        assert stage.recorder.started == []
        assert stage.store.consultations() == []

    def test_notes_can_be_typed_and_a_letter_written_from_them(self, stage: Stage) -> None:
        new = NewConsultation(informed=Informed.OBJECTED)
        value = stage.service.begin_typed(new, "Blood pressure 130/80.")
        stage.settle()
        assert stage.recorder.started == []
        held = stage.store.consultation(value.id)
        assert (held.state, held.notes) == (S.IN_REVIEW, "Blood pressure 130/80.")
        assert len(stage.store.letters(value.id)) == 1
        assert stage.audited(value.id)[0] == "created"
        assert stage.store.recording(value.id) is None

    def test_while_recording_ends_it_and_erases_what_was_captured(self, stage: Stage) -> None:
        id = begun(stage)
        stage.service.set_notes(id, "typed")
        stage.service.set_informed(id, Informed.OBJECTED)
        assert stage.recording.calls == ["kill", "join"]
        assert stage.service.active is None
        assert not has_audio(stage, id)
        assert not (stage.folders.recordings / id).exists()
        assert stage.texts(id) == []
        held = stage.store.consultation(id)
        assert (held.informed, held.state, held.notes) == (Informed.OBJECTED, S.IN_REVIEW, "typed")
        deleted = [entry for entry in stage.store.audit() if entry.action.value == "deleted"]
        assert [(entry.object, entry.detail) for entry in deleted] == [
            ("audio", "objected"), ("transcript", "objected"), ("letters", "objected"),
        ]  # fmt: skip
        with pytest.raises(RecordingError, match="erased on"):
            stage.service.audio(id, 0, 1)
        stage.service.write(id, "soap")  # from the notes
        stage.settle()
        assert len(stage.store.letters(id)) == 1

    def test_drafts_made_from_it_go_too_but_no_signed_letter(self, stage: Stage) -> None:
        draft, final = in_review(stage), signed(stage)
        stage.service.set_informed(draft, Informed.OBJECTED)
        stage.service.set_informed(final, Informed.OBJECTED)
        assert stage.store.letters(draft) == []
        assert len(stage.store.letters(final)) == 1
        assert stage.store.consultation(final).state is S.SIGNED


class TestWithdrawing:
    def test_erases_audio_and_transcript_and_keeps_the_letter(self, stage: Stage) -> None:
        id = signed(stage)
        stage.service.set_informed(id, Informed.WITHDRAWN)
        assert not has_audio(stage, id)
        assert stage.texts(id) == []
        assert len(stage.store.letters(id)) == 1
        assert stage.store.consultation(id).informed is Informed.WITHDRAWN
        assert stage.audited(id)[-1] == "informed"

    def test_erases_the_letters_too_where_that_is_wanted(self, stage: Stage) -> None:
        id = signed(stage)
        stage.service.set_informed(id, Informed.WITHDRAWN, letters=True)
        assert stage.store.letters(id) == []
        assert stage.store.consultation(id).state is S.IN_REVIEW


class TestWithoutTranscript:
    def test_amending_and_undoing_judge_nothing_by_a_transcript_that_is_gone(self, stage: Stage) -> None:
        id = signed(stage)
        stage.service.set_informed(id, Informed.WITHDRAWN)
        (letter,) = stage.store.letters(id)
        draft = stage.review.amend(letter.id)
        changed = stage.review.add(draft.id, draft.sections[0].key, "One more thing.")
        again = stage.review.undo(changed.id)
        assert [s.support for s in again.statements] == [s.support for s in letter.statements]
        assert [s.flags for s in again.statements] == [s.flags for s in letter.statements]


class TestKeptOnlyUntilSigning:
    def watch(self, stage: Stage, **days: int) -> None:
        settings = replace(Settings(), **days)  # type: ignore[arg-type]  # days are whole numbers
        trail = AuditTrail(stage.store, "tester", stage.now)
        Retention(stage.store, trail, stage.bus, settings, stage.service)

    def test_audio_and_transcript_go_at_once(self, stage: Stage) -> None:
        self.watch(stage, audio_days=0, transcript_days=0)
        id = in_review(stage)
        assert has_audio(stage, id)
        assert stage.texts(id)
        (letter,) = stage.store.letters(id)
        for statement in letter.statements:
            if statement.needs_settling:
                stage.review.settle(letter.id, statement.id)
        stage.review.sign(letter.id, "Dr A", "GP")
        stage.settle()
        assert not has_audio(stage, id)
        assert not (stage.folders.recordings / id).exists()
        assert stage.texts(id) == []
        assert len(stage.store.letters(id)) == 1
        deleted = [entry for entry in stage.store.audit() if entry.action.value == "deleted"]
        assert {entry.detail for entry in deleted} == {"signed"}

    def test_what_is_kept_for_days_stays(self, stage: Stage) -> None:
        self.watch(stage, audio_days=0)
        id = signed(stage)
        stage.settle()
        assert not has_audio(stage, id)
        assert stage.texts(id)

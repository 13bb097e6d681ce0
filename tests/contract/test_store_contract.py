"""What every ConsultationStore must do; run on the real SQLCipher store."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from scribe_app.adapters.store import SqlCipherStore
from scribe_app.domain.consultation import Consultation, ConsultationState, Informed, PatientIdentity
from scribe_app.domain.corrections import Correction, CorrectionKind
from scribe_app.domain.documents import letter_sha256
from scribe_app.domain.erasure import Erasure, Part
from scribe_app.domain.ids import (
    ConsultationId,
    LetterId,
    UtteranceId,
    new_consultation_id,
    new_letter_id,
)
from scribe_app.domain.letter import (
    Coverage,
    CoverageItem,
    Flag,
    Letter,
    LetterStatus,
    Provenance,
    Section,
    Signature,
    Statement,
    Support,
)
from scribe_app.domain.recording import AudioGap, GapReason, Recording
from scribe_app.domain.transcript import UNCLEAR, RejectedText, SpeakerRole, Utterance
from scribe_app.errors import SigningError, StorageError
from scribe_app.ports import AuditAction, AuditEntry, ConsultationStore

MORNING = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConsultationStore]:
    opened = SqlCipherStore(tmp_path / "vault.db", bytes(range(32)))
    yield opened
    opened.close()


def a_consultation(**changes: object) -> Consultation:
    values = Consultation(
        new_consultation_id(),
        MORNING,
        "en",
        "soap",
        patient=PatientIdentity("Zoë Example", "1961-03-14", "999 000 0000"),
    )
    return replace(values, **changes)  # type: ignore[arg-type]  # the tests give the right types


def said(number: int, text: str, speaker: SpeakerRole = SpeakerRole.PATIENT) -> Utterance:
    return Utterance(UtteranceId(number), text, number * 2.0, number * 2.0 + 1.5, speaker, 0.8)


def a_letter(consultation: ConsultationId) -> Letter:
    sections = (
        Section(
            "history",
            "History",
            (
                Statement("Chest pain for 3 days.", Support.SUPPORTED, (UtteranceId(2), UtteranceId(1))),
                Statement(
                    "BP 148/88.",
                    Support.UNSUPPORTED,
                    (),
                    (Flag("number_not_said", "148/88 was not said."),),
                    quoted=True,
                ),
            ),
            snomed_code="717121000000105",
        ),
        Section("allergies", "Allergies", (), "not recorded - ask"),
    )
    coverage = Coverage((CoverageItem(UtteranceId(3), "I smoke", "social", "social", True),), 12.5, 20.0)
    provenance = Provenance("scribe 0.1", "soap", 1, "m", "abc", "1", "w", (("seed", "1"),))
    return Letter(new_letter_id(), consultation, "soap", "Record", "en", sections, coverage, provenance)


def signed(letter: Letter) -> Letter:
    final = replace(letter, status=LetterStatus.FINAL)
    return replace(final, signature=Signature("Dr A", "GP", MORNING, letter_sha256(final)))


class TestConsultations:
    def test_comes_back_as_it_was_saved(self, store: ConsultationStore) -> None:
        value = a_consultation(
            state=ConsultationState.FAILED, informed=Informed.INFORMED, notes="own words", failure="disk full"
        )
        store.save_consultation(value)
        assert store.consultation(value.id) == value

    def test_saving_again_keeps_what_belongs_to_it(self, store: ConsultationStore) -> None:
        value = a_consultation()
        store.save_consultation(value)
        store.add_utterances(value.id, [said(1, "hello")], 16_000)
        store.save_recording(Recording(value.id, 16_000), b"k" * 32)
        store.save_letter(letter := a_letter(value.id))
        store.save_consultation(replace(value, state=ConsultationState.IN_REVIEW))
        assert store.consultation(value.id).state is ConsultationState.IN_REVIEW
        assert len(store.transcript(value.id)) == 1
        assert store.recording(value.id) is not None
        assert store.letter(letter.id) == letter
        assert store.transcribed_until(value.id) == 16_000

    def test_one_that_does_not_exist_is_an_error(self, store: ConsultationStore) -> None:
        with pytest.raises(StorageError, match="no consultation"):
            store.consultation(ConsultationId("nobody"))

    def test_all_are_listed_newest_first(self, store: ConsultationStore) -> None:
        days = [a_consultation(started_at=MORNING + timedelta(days=day)) for day in (1, 3, 2)]
        for value in days:
            store.save_consultation(value)
        assert [value.id for value in store.consultations()] == [days[1].id, days[2].id, days[0].id]

    @pytest.mark.parametrize(
        "words",
        [
            "zoe",
            "ZOË EX",
            "1961",
            "9990000000",
            "999 000",
            "chest pain",
            "EST PAI",
            "zö",
            "cafe",
            " café ",
            "148/88",
            "5%",
        ],
    )
    def test_is_found_by_patient_and_spoken_text(self, store: ConsultationStore, words: str) -> None:
        wanted, other = a_consultation(), a_consultation(patient=PatientIdentity("Jan", "1980-01-01", "1"))
        store.save_consultation(wanted)
        store.save_consultation(other)
        store.add_utterances(wanted.id, [said(1, "Chest pain at the café, 148/88, 5%")], 1)
        store.add_utterances(other.id, [said(1, "A sore throat")], 1)
        assert [value.id for value in store.consultations(words)] == [wanted.id]

    @pytest.mark.parametrize(
        "words", ['"', "'", "a*", "NEAR(", "-", "\0", "\ud800", '" OR 1=1 --', "text:", "%", "_"]
    )
    def test_signs_with_a_meaning_in_queries_are_only_text(
        self, store: ConsultationStore, words: str
    ) -> None:
        store.save_consultation(value := a_consultation())
        store.add_utterances(value.id, [said(1, "Chest pain")], 1)
        found = store.consultations(words)
        assert found == ([value] if not words.strip("\0 ") else [value] if words == "-" else [])

    def test_corrected_words_are_found_and_the_old_ones_no_longer(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation())
        store.add_utterances(value.id, [said(1, "amlodipine")], 1)
        store.correct_utterance(value.id, said(1, "ramipril"))
        assert store.consultations("amlodipine") == []
        assert store.consultations("ramipril") == [value]

    def test_two_changes_at_once_both_last(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation(notes="0"))

        def count() -> None:
            for _ in range(20):
                store.change_consultation(value.id, lambda now: replace(now, notes=str(int(now.notes) + 1)))

        threads = [threading.Thread(target=count) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert store.consultation(value.id) == replace(value, notes="60")

    def test_changing_one_that_does_not_exist_is_an_error(self, store: ConsultationStore) -> None:
        with pytest.raises(StorageError, match="no consultation"):
            store.change_consultation(ConsultationId("nobody"), lambda now: now)


class TestRecordings:
    def test_recording_and_key_come_back(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation())
        gaps = (AudioGap(8_000, 1.5, GapReason.PAUSED), AudioGap(9_000, 0.25, GapReason.DEVICE_LOST))
        store.save_recording(Recording(value.id, 8_000), b"k" * 32)
        store.save_recording(Recording(value.id, 16_000, gaps, complete=True), b"q" * 32)
        assert store.recording(value.id) == (Recording(value.id, 16_000, gaps, complete=True), b"q" * 32)

    def test_none_where_there_never_was_audio(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation())
        assert store.recording(value.id) is None


class TestTranscripts:
    def test_utterances_come_back_in_order_with_the_language(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation(language="nl"))
        spoken = [said(number, f"zin {number}") for number in (1, 2, 3)]
        for utterance in spoken:
            store.add_utterances(value.id, [utterance], utterance.id * 32_000)
        transcript = store.transcript(value.id)
        assert transcript.utterances == tuple(spoken)
        assert transcript.language == "nl"

    def test_the_same_utterance_twice_counts_once(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation())
        store.add_utterances(value.id, [said(1, "first")], 32_000)
        store.add_utterances(value.id, [said(1, "again, after a restart")], 16_000)
        assert [u.text for u in store.transcript(value.id)] == ["first"]
        assert store.transcribed_until(value.id) == 32_000

    def test_the_last_one_said_is_found_without_reading_the_rest(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation())
        assert store.last_said(value.id) == (0, None)
        spoken = [said(1, "one"), said(2, "two"), said(3, "mother", SpeakerRole.OTHER)]
        store.add_utterances(value.id, spoken, 9)
        assert store.last_said(value.id) == (3, spoken[1])

    def test_a_window_is_stored_whole_or_not_at_all(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation())
        window = [said(1, "one"), said(2, "two"), said(3, "three")]
        broken = [*window, said(4, cast(str, object()))]
        with pytest.raises(StorageError):
            store.add_utterances(value.id, broken, 9)
        assert store.transcript(value.id).utterances == ()
        assert store.transcribed_until(value.id) == 0
        store.add_utterances(value.id, window, 9)
        assert store.transcript(value.id).utterances == tuple(window)
        assert store.transcribed_until(value.id) == 9

    def test_a_correction_survives_the_recogniser_settling_it_again(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation())
        store.add_utterances(value.id, [said(1, "heard")], 1)
        store.correct_utterance(value.id, said(1, "meant", SpeakerRole.CLINICIAN))
        store.add_utterances(value.id, [said(1, "heard")], 1)
        assert [(u.text, u.speaker) for u in store.transcript(value.id)] == [("meant", SpeakerRole.CLINICIAN)]

    def test_voices_are_kept_until_others_are_told(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation())
        store.add_utterances(value.id, [said(number, f"line {number}") for number in (1, 2, 3)], 9)
        before = store.transcript(value.id)
        assert [u.voice for u in before] == [None] * 3
        store.set_voices(value.id, {UtteranceId(1): 0, UtteranceId(3): 1, UtteranceId(99): 1})
        assert [u.voice for u in store.transcript(value.id)] == [0, None, 1]
        store.set_voices(value.id, {UtteranceId(2): 0})
        assert [u.voice for u in store.transcript(value.id)] == [None, 0, None]
        store.set_voices(value.id, {})
        assert store.transcript(value.id) == before

    def test_the_program_never_overrules_what_a_person_corrected(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation())
        for number in (1, 2, 3):
            store.add_utterances(value.id, [said(number, f"line {number}", SpeakerRole.UNKNOWN)], number)
        store.correct_utterance(value.id, said(2, "typed", SpeakerRole.OTHER))
        ids = [UtteranceId(number) for number in (1, 2, 3)]
        store.set_speakers(value.id, dict.fromkeys(ids, SpeakerRole.PATIENT), by_person=False)
        assert [u.speaker for u in store.transcript(value.id)] == ["patient", "other", "patient"]
        assert store.corrected(value.id) == {2}
        store.set_speakers(value.id, {ids[2]: SpeakerRole.CLINICIAN}, by_person=True)
        store.set_speakers(value.id, dict.fromkeys(ids, SpeakerRole.UNKNOWN), by_person=False)
        assert [u.speaker for u in store.transcript(value.id)] == ["unknown", "other", "clinician"]
        assert store.corrected(value.id) == {2, 3}

    def test_typed_words_are_certain_and_heard_ones_as_certain_as_they_were(
        self, store: ConsultationStore
    ) -> None:
        store.save_consultation(value := a_consultation())
        for number in (1, 2):
            store.add_utterances(value.id, [said(number, "heard")], number)
        store.correct_utterance(value.id, said(1, "typed"))
        store.correct_utterance(value.id, said(2, "heard", SpeakerRole.CLINICIAN))
        assert [u.confidence for u in store.transcript(value.id)] == [1.0, 0.8]

    def test_correcting_what_was_never_said_is_an_error(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation())
        with pytest.raises(StorageError, match="no utterance 7"):
            store.correct_utterance(value.id, said(7, "x"))

    def test_rejected_text_comes_back_once_is_not_said_and_not_found(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation())
        store.add_utterances(value.id, [said(1, UNCLEAR)], 1)
        retry = RejectedText("gone bad", 5.5, 8.5, 2, ("improbable", "too_much"), -1.7, 0.2, 1.1, 3.0)
        first = replace(retry, text="pain pain pain pain", start=1.0, attempt=1, reasons=("loop",))
        for rejected in (retry, first, retry):
            store.add_rejected(value.id, rejected)
        assert store.rejected(value.id) == (first, retry)
        assert [u.text for u in store.transcript(value.id)] == [UNCLEAR]
        assert store.consultations("gone bad") == []
        store.erase([Erasure(value.id, Part.CONSULTATION)], [], datetime.now(UTC))
        assert store.rejected(value.id) == ()

    def test_nothing_transcribed_is_sample_0(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation())
        assert store.transcribed_until(value.id) == 0

    def test_an_utterance_without_a_consultation_is_refused(self, store: ConsultationStore) -> None:
        with pytest.raises(StorageError):
            store.add_utterances(ConsultationId("nobody"), [said(1, "x")], 1)


class TestLetters:
    def test_comes_back_as_it_was_saved(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation())
        store.save_letter(letter := a_letter(value.id))
        assert store.letter(letter.id) == letter

    def test_saving_again_replaces_the_draft(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation())
        store.save_letter(letter := a_letter(value.id))
        store.save_letter(shorter := replace(letter, sections=letter.sections[1:], coverage=Coverage()))
        assert store.letter(letter.id) == shorter

    def test_a_signed_version_cannot_be_changed(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation())
        store.save_letter(final := signed(a_letter(value.id)))
        with pytest.raises(SigningError):
            store.save_letter(replace(final, title="Another"))
        with pytest.raises(SigningError):
            store.save_letter(replace(final, signature=None, status=LetterStatus.PRELIMINARY))
        assert store.letter(final.id) == final

    def test_a_signature_over_another_text_is_refused(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation())
        with pytest.raises(SigningError, match="does not belong"):
            store.save_letter(replace(signed(a_letter(value.id)), title="Changed after signing"))

    def test_the_newest_version_is_the_letter(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation())
        store.save_letter(final := signed(a_letter(value.id)))
        amended = replace(final, version=2, status=LetterStatus.PRELIMINARY, signature=None, title="Amended")
        store.save_letter(amended)
        assert store.letter(final.id) == amended
        assert store.letters(value.id) == [amended]

    def test_letters_are_listed_oldest_first_also_after_edits(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation())
        first, second = a_letter(value.id), a_letter(value.id)
        store.save_letter(first)
        store.save_letter(second)
        store.save_letter(replace(first, title="Edited"))
        assert [letter.id for letter in store.letters(value.id)] == [first.id, second.id]

    def test_one_that_does_not_exist_is_an_error(self, store: ConsultationStore) -> None:
        with pytest.raises(StorageError, match="no letter"):
            store.letter(LetterId("nothing"))

    def test_evidence_for_an_utterance_that_does_not_exist_is_kept(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation())
        doubtful = Statement("Said nowhere.", Support.UNSUPPORTED, (UtteranceId(404),))
        letter = replace(a_letter(value.id), sections=(Section("plan", "Plan", (doubtful,)),))
        store.save_letter(letter)
        assert store.letter(letter.id) == letter


class TestDeletionAndAudit:
    def test_deleting_takes_everything_of_it_and_nothing_else(self, store: ConsultationStore) -> None:
        gone, kept = a_consultation(), a_consultation()
        letters = {}
        for value in (gone, kept):
            store.save_consultation(value)
            store.save_recording(Recording(value.id, 5, (AudioGap(0, 1.0, GapReason.PAUSED),)), b"k" * 32)
            store.add_utterances(value.id, [said(1, "chest pain")], 5)
            store.save_letter(letter := signed(a_letter(value.id)))
            letters[value.id] = letter
        store.erase([Erasure(gone.id, Part.CONSULTATION)], [], datetime.now(UTC))
        assert store.consultations() == [kept]
        assert store.consultations("chest") == [kept]
        assert store.recording(gone.id) is None
        assert store.letters(gone.id) == []
        assert store.letter(letters[kept.id].id) == letters[kept.id]
        with pytest.raises(StorageError):
            store.letter(letters[gone.id].id)

    def test_the_trail_is_kept_in_order_and_outlives_the_consultation(self, store: ConsultationStore) -> None:
        store.save_consultation(value := a_consultation())
        entries = [
            AuditEntry(MORNING, "ann", AuditAction.CREATED, value.id, "soap"),
            AuditEntry(MORNING - timedelta(hours=1), "ann", AuditAction.SETTINGS),
            AuditEntry(MORNING, "ann", AuditAction.DELETED, value.id),
        ]
        for entry in entries:
            store.add_audit(entry)
        store.erase([Erasure(value.id, Part.CONSULTATION)], [], datetime.now(UTC))
        assert store.audit() == entries

    def test_a_closed_store_says_so(self, store: ConsultationStore) -> None:
        store.close()
        store.close()
        with pytest.raises(StorageError, match="locked"):
            store.consultations()


class TestCorrections:
    def test_the_log_keeps_its_order_and_every_field(self, store: ConsultationStore) -> None:
        visit, other = a_consultation(), a_consultation()
        for consultation in (visit, other):
            store.save_consultation(consultation)
        first = Correction(
            visit.id,
            CorrectionKind.EDITED,
            MORNING,
            LetterId("a"),
            (UtteranceId(3), UtteranceId(1)),
            "Zoë smokes “10”.",
            "Smokes 20.",
        )
        second = Correction(visit.id, CorrectionKind.UTTERANCE, MORNING + timedelta(hours=1))
        for correction in (first, replace(first, consultation=other.id), second):
            store.add_correction(correction)
        log = store.corrections(visit.id)
        assert [replace(correction, number=0) for correction in log] == [first, second]
        assert log[0].number < log[1].number
        assert store.corrections(new_consultation_id()) == ()

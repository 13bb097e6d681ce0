"""What the recogniser wrote and was not trusted with stays in the vault and goes nowhere else."""

from __future__ import annotations

from pathlib import Path

from line_stage import STEP, Stage

from scribe_app.domain.events import ConsultationFailed, LetterReady, MemoryGrown, TextRejected, WindowTaken
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.transcript import UNCLEAR, RejectedText
from scribe_app.domain.vocabulary import Term
from scribe_app.services.consultations import NewConsultation
from scribe_app.services.persevering import LOST_IN_A_ROW

REJECTED = RejectedText("amputate the left leg", 1.0, 3.0, 2, ("improbable",), -1.7, 0.2, 1.1, 2.0)


class Names:
    """A VocabularyLibrary that remembers for what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def terms(self, template: str, language: str) -> tuple[Term, ...]:
        self.asked.append((template, language))
        return (Term("amlodipine", ("am lodi peen",)),)


def test_rejected_text_is_kept_told_and_never_read_by_the_drafter_nor_written(stage: Stage) -> None:
    id = stage.service.start(NewConsultation()).id
    stage.recording.hear(6)
    stage.speech.sink(TextRejected(id, REJECTED))
    stage.speech.tell(4)
    stage.settle()
    assert stage.store.rejected(id) == (REJECTED,)
    assert stage.of(TextRejected, id) == [TextRejected(id, REJECTED)]

    stage.service.stop(id)
    stage.settle()
    letter = stage.of(LetterReady, id)[-1].letter
    read = " ".join(u.text for u in stage.drafting.heard)
    given = " ".join(u.text for _, transcript, _, _ in stage.drafting.written for u in transcript)
    written = " ".join(statement.text for statement in letter.statements)
    offered = " ".join(item.text for item in letter.coverage.items)
    assert written
    for text in (read, given, written, offered):
        assert "amputate" not in text


def test_a_recogniser_started_again_tells_the_same_rejection_once(stage: Stage) -> None:
    id = stage.service.start(NewConsultation()).id
    stage.speech.sink(TextRejected(id, REJECTED))
    stage.speech.die()
    stage.settle()
    stage.speech.sink(TextRejected(id, REJECTED))
    stage.settle()
    assert len(stage.transcriber.started) == 2
    assert stage.store.rejected(id) == (REJECTED,)


def test_the_recogniser_is_given_the_names_of_letter_and_language_again_after_a_crash(tmp_path: Path) -> None:
    names = Names()
    stage = Stage(tmp_path, vocabularies=names)
    try:
        stage.service.start(NewConsultation(template="soep", language="nl"))
        stage.speech.die()
        stage.settle()
        assert names.asked == [("soep", "nl")] * 2
        assert [one.request.terms for one in stage.transcriber.started] == [
            (Term("amlodipine", ("am lodi peen",)),)
        ] * 2
    finally:
        stage.close()


def die_of(stage: Stage, line: int) -> None:
    """The recogniser takes the window of one line, and dies of it."""
    id = stage.speech.request.consultation
    stage.speech.sink(WindowTaken(id, line * STEP, (line + 1) * STEP - 1600, (line + 1) * STEP))
    stage.speech.die()
    stage.settle()


def told(stage: Stage, id: ConsultationId) -> list[str]:
    return [event.error.title for event in stage.of(ConsultationFailed, id)]


def test_a_window_that_kills_twice_is_marked_told_once_and_the_next_one_is_heard(stage: Stage) -> None:
    id = stage.service.start(NewConsultation()).id
    stage.recording.hear(6)
    stage.speech.tell(2)
    die_of(stage, 2)
    assert told(stage, id) == []
    assert stage.speech.request.careful, "no preview of what may have killed it"
    die_of(stage, 2)
    assert len(told(stage, id)) == 1
    assert told(stage, id)[0].startswith("2 seconds from 0:04 on could not be transcribed")
    assert (stage.speech.request.from_sample, stage.speech.request.first_id) == (3 * STEP, 4)
    assert not stage.speech.request.careful
    stage.speech.tell()
    stage.service.stop(id)
    stage.settle()
    lines = stage.transcriber.lines
    assert stage.texts(id) == [*lines[:2], UNCLEAR, *lines[3:6]]
    marked = stage.store.transcript(id).utterances[2]
    assert (marked.start, marked.end, marked.confidence) == (4.0, round(6 - 1600 / SAMPLE_RATE, 2), 0.0)
    assert stage.of(LetterReady, id)
    assert len(told(stage, id)) == 1


def test_a_window_that_kills_twice_after_stop_does_not_fail_the_consultation(stage: Stage) -> None:
    stage.transcriber.holds = True
    id = stage.service.start(NewConsultation()).id
    stage.recording.hear(4)
    stage.service.stop(id)
    stage.settle()
    die_of(stage, 0)
    stage.transcriber.holds = False
    die_of(stage, 0)
    assert stage.texts(id) == [UNCLEAR, *stage.transcriber.lines[1:4]]
    assert "failed" not in stage.states(id)


def test_one_death_each_in_two_windows_marks_neither(stage: Stage) -> None:
    """The first of them held nothing that was told, so the next process hears it again."""
    id = stage.service.start(NewConsultation()).id
    stage.recording.hear(4)
    die_of(stage, 0)
    die_of(stage, 1)
    stage.service.stop(id)
    stage.settle()
    assert stage.texts(id) == stage.transcriber.lines[:4]
    assert told(stage, id) == []


def test_a_death_after_a_window_was_told_is_not_that_windows(stage: Stage) -> None:
    id = stage.service.start(NewConsultation()).id
    for _ in range(2):
        stage.speech.sink(WindowTaken(id, 0, STEP, STEP))
        stage.speech.sink(WindowTaken(id, 0, STEP, STEP, under_way=False))
        stage.speech.die()
        stage.settle()
    assert UNCLEAR not in stage.texts(id)


def test_a_recogniser_that_dies_of_every_window_is_given_up(stage: Stage) -> None:
    """It is not the audio: nobody wants an hour of marks, and a model loaded twice for each."""
    stage.transcriber.holds = True
    id = stage.service.start(NewConsultation()).id
    stage.recording.hear(9)
    stage.service.stop(id)
    stage.settle()
    for line in range(LOST_IN_A_ROW + 1):
        die_of(stage, line)
        die_of(stage, line)
    assert stage.states(id)[-1] == "failed"
    assert stage.texts(id) == [UNCLEAR] * LOST_IN_A_ROW


def test_a_recogniser_whose_memory_grew_goes_on_in_a_new_process_unnoticed(stage: Stage) -> None:
    id = stage.service.start(NewConsultation()).id
    stage.recording.hear(8)
    for _ in range(3):
        assert stage.speech.request.may_end_early
        stage.speech.tell(2)
        stage.speech.sink(MemoryGrown(id))
        stage.settle()
    assert [one.request.from_sample for one in stage.transcriber.started] == [0, 2 * STEP, 4 * STEP, 6 * STEP]
    assert [one.cancelled for one in stage.transcriber.started] == [True, True, True, False]
    stage.service.stop(id)
    stage.settle()
    assert stage.texts(id) == stage.transcriber.lines[:8]
    assert told(stage, id) == []


def test_memory_given_back_after_stop_still_ends_in_a_letter(stage: Stage) -> None:
    stage.transcriber.holds = True
    id = stage.service.start(NewConsultation()).id
    stage.recording.hear(4)
    stage.service.stop(id)
    stage.settle()
    stage.speech.tell(2)
    stage.transcriber.holds = False
    stage.speech.sink(MemoryGrown(id))
    stage.settle()
    assert stage.texts(id) == stage.transcriber.lines[:4]
    assert stage.of(LetterReady, id)

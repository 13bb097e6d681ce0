"""What the recogniser wrote and was not trusted with stays in the vault and goes nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from line_stage import Stage

from scribe_app.domain.events import LetterReady, TextRejected
from scribe_app.domain.transcript import RejectedText
from scribe_app.domain.vocabulary import Term
from scribe_app.services.consultations import NewConsultation

REJECTED = RejectedText("amputate the left leg", 1.0, 3.0, 2, ("improbable",), -1.7, 0.2, 1.1, 2.0)


class Names:
    """A VocabularyLibrary that remembers for what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def terms(self, template: str, language: str) -> tuple[Term, ...]:
        self.asked.append((template, language))
        return (Term("amlodipine", ("am lodi peen",)),)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


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

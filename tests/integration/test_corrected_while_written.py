"""An utterance is corrected while the letter is written: real services, vault and drafting process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from drafting_parts import PATIENCE_S
from line_stage import Stage
from worker_mains import draft_when_corrected

from scribe_app.adapters.llama import LlamaDrafter, drafter
from scribe_app.config import Settings
from scribe_app.domain.events import LetterReady, SectionDrafted, StatementDrafted
from scribe_app.domain.ids import ConsultationId, UtteranceId
from scribe_app.domain.letter import UNSETTLED, Statement
from scribe_app.domain.transcript import SpeakerRole
from scribe_app.services.engines import NO_DRAFTING_MODEL

C, P = SpeakerRole.CLINICIAN, SpeakerRole.PATIENT
VISIT = (
    (P, "I've had chest pain for three weeks."),
    (P, "I take ramipril, five milligrams a day."),
    (C, "I think this may be angina."),
    (C, "Start aspirin, seventy five milligrams once a day."),
)
PAIN, RAMIPRIL, ANGINA, ASPIRIN = (UtteranceId(n) for n in range(1, 5))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    opened = Stage(tmp_path, Settings(drafting_model=NO_DRAFTING_MODEL))
    opened.drafter = LlamaDrafter()  # type: ignore[assignment]  # the port's real adapter
    opened.reopen()
    yield opened
    opened.close()


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def seen(stage: Stage, id: ConsultationId, word: str) -> list[Statement]:
    """What was shown of the statement with this word, one after the other."""
    events = stage.of(StatementDrafted, id)
    return [event.statement for event in events if word in event.statement.text.lower()]


def test_what_is_on_screen_is_checked_at_once_and_the_rest_is_written_from_the_corrected_words(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafter, "draft", partial(draft_when_corrected, 2))
    id = stage.visited(VISIT)
    stage.service.write(id, "soap")
    until(lambda: bool(stage.of(SectionDrafted, id)))
    stage.settle()
    (first,) = seen(stage, id, "ramipril")
    assert first.support not in UNSETTLED
    stage.review.correct_utterance(id, RAMIPRIL, "I take ramipril, ten milligrams a day.", P)
    until(lambda: len(seen(stage, id, "ramipril")) == 2)
    again = seen(stage, id, "ramipril")[-1]
    assert (again.id, again.text) == (first.id, first.text), "the same line, not a second one"
    assert again.support in UNSETTLED
    assert len(seen(stage, id, "chest pain")) == 1, "what does not rest on it is left alone"
    assert not stage.of(LetterReady, id), "long before the letter's end"
    stage.review.correct_utterance(id, ASPIRIN, "Start aspirin, three hundred milligrams once a day.", C)
    until(lambda: bool(stage.of(LetterReady, id)))
    (letter,) = stage.store.letters(id)
    (aspirin,) = [one for one in letter.statements if "aspirin" in one.text.lower()]
    assert "300 mg" in aspirin.text
    assert aspirin.support not in UNSETTLED
    (doubted,) = (one for one in letter.statements if one.needs_settling)
    assert doubted.id == first.id

"""A drafting process that is killed in the middle of a letter: what it wrote stays, the rest is redone.

Real services, vault, drafting process and model; only sound and speech recognition are scripted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from drafting_parts import PATIENCE_S, small_model
from line_stage import Stage, spoken_lines
from worker_mains import draft_until

from scribe_app.adapters.llama import LlamaDrafter, drafter
from scribe_app.adapters.llama.drafter import DraftingProcess
from scribe_app.domain.events import (
    ConsultationFailed,
    Event,
    LetterReady,
    SectionDrafted,
    StatementDrafted,
)
from scribe_app.domain.ids import ConsultationId
from scribe_app.ports import DraftingRequest, EventSink
from scribe_app.services.consultations import NewConsultation

pytestmark = pytest.mark.timeout(1200)
PATIENCE = 10 * PATIENCE_S
"""A starved machine takes minutes to load a model twice; what is waited for comes, or the test is hung."""


class Watched(LlamaDrafter):
    """The real drafter; remembers its processes."""

    def __init__(self, whole: bool) -> None:
        """`whole`: the small model is used as large ones are; else it rewords while the letter is written."""
        super().__init__(whole)
        self.started: list[DraftingProcess] = []

    def start(self, request: DraftingRequest, sink: EventSink) -> DraftingProcess:
        self.started.append(super().start(replace(request, threads=1), sink))
        return self.started[-1]


@pytest.fixture(params=[False, pytest.param(True, marks=pytest.mark.long)], ids=["rewording", "whole"])
def stage(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stage]:
    opened = Stage(tmp_path)
    opened.drafter = Watched(request.param)  # type: ignore[assignment]  # the port's real adapter
    assert opened.models.drafting is not None
    opened.models.drafting = replace(opened.models.drafting, path=small_model())
    opened.reopen()
    yield opened
    opened.close()


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


A_FEW = (*range(4, 10), *range(44, 50), 51, 61, 63, 65, 75)
"""Lines of the sample: some for each section, so few that a busy machine comes to its end."""


def stopped(stage: Stage) -> ConsultationId:
    stage.transcriber.lines = [spoken_lines()[place] for place in A_FEW]
    lines = len(A_FEW)
    consultation = stage.service.start(NewConsultation())
    stage.recording.hear(lines)
    stage.speech.tell(lines)
    stage.service.stop(consultation.id)
    return consultation.id


def killed_after(kind: type[Event], monkeypatch: pytest.MonkeyPatch) -> None:
    """The drafting process dies by SIGKILL as it has told its first event of this kind, and no later."""
    monkeypatch.setattr(drafter, "draft", partial(draft_until, kind))


def test_what_it_wrote_stays_and_the_rest_quotes_what_was_said(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_after(SectionDrafted, monkeypatch)
    id = stopped(stage)
    until(lambda: bool(stage.of(LetterReady, id)))
    first = stage.of(SectionDrafted, id)[0].section
    written = [event.statement.text for event in stage.of(StatementDrafted, id) if event.section == first]
    (letter,) = stage.store.letters(id)
    kept = next((one for one in letter.sections if one.key == first), None)
    assert [one.text for one in kept.statements] == written if kept and written else not written
    assert len(stage.drafter.started) == 2
    told = [str(event.error) for event in stage.of(ConsultationFailed, id)]
    assert len(told) == 1
    assert "(code -9)" in told[0]
    assert "The rest of the letter quotes what was said." in told[0]
    assert letter.provenance is not None
    assert letter.provenance.drafting_model == small_model().stem
    quoted = dict(letter.provenance.settings)["quoted_sections"].split(",")
    assert first not in quoted
    assert "plan" in quoted
    assert [one for one in letter.statements if one.quoted], "the rest was redone"


@pytest.mark.long
def test_before_its_first_section_is_whole_nothing_half_written_stays(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_after(StatementDrafted, monkeypatch)
    id = stopped(stage)
    until(lambda: bool(stage.of(LetterReady, id)))
    assert len(stage.drafter.started) == 2
    (letter,) = stage.store.letters(id)
    assert letter.statements
    assert all(one.quoted or one.evidence for one in letter.statements)

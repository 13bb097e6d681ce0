"""A letter is given up in the middle of what its rules read, not only inside the model."""

from __future__ import annotations

import pytest
from drafting_parts import SOAP, sample

from scribe_app.adapters.llama.messages import Write
from scribe_app.adapters.llama.strategies import QuotingDrafting
from scribe_app.adapters.llama.writer import LetterWriter
from scribe_app.domain.events import DraftFinished
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.readings import clear_readings
from scribe_app.domain.steps import until


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.75, 0.95])
def test_nothing_is_read_after_the_step_at_which_it_was_given_up(share: float) -> None:
    transcript = sample()

    def write(give_up_at: float) -> tuple[int, list[object]]:
        clear_readings()
        steps = 0

        def given_up() -> bool:
            nonlocal steps
            steps += 1
            return steps > give_up_at

        writer = LetterWriter(ConsultationId("c"), QuotingDrafting("en"), "en")
        with until(given_up):
            events: list[object] = list(writer.write(Write(1, SOAP, transcript)))
        return steps, events

    whole, _ = write(float("inf"))
    at = int(share * whole)
    steps, events = write(at)
    assert steps == at + 1
    assert isinstance(events[-1], DraftFinished)
    assert len([one for one in events if isinstance(one, DraftFinished)]) == 1

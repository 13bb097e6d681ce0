"""While a letter is being checked, commands are answered; held and counted by steps, never timed."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest
from line_stage import Stage
from unit.services.test_long_visits import SOAP, quoting, visit

from scribe_app.adapters.llama.self_corrections import mended
from scribe_app.domain.checks import coverage
from scribe_app.domain.checks.evidence import spoke
from scribe_app.domain.checks.reading import read
from scribe_app.domain.checks.telling import tellings
from scribe_app.domain.consultation import ConsultationState
from scribe_app.domain.events import LetterReady
from scribe_app.domain.facts import facts_in
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.letter import Statement
from scribe_app.domain.readings import clear_readings
from scribe_app.domain.steps import until
from scribe_app.domain.transcript import SpeakerRole
from scribe_app.errors import SigningError
from scribe_app.services import checking
from scribe_app.services.beginning import NewConsultation
from scribe_app.services.checking import Checks

S = ConsultationState
PATIENCE = 20


class Held:
    """Checks that wait at one of their steps until the test lets them go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps = 0
        self.hold_at: int | None = None
        self.holding, self._go_on = threading.Event(), threading.Event()
        given_up = vars(Checks)["_given_up"]

        def step(checks: Checks) -> bool:
            if not threading.current_thread().name.startswith("checks"):
                return bool(given_up(checks))  # who spoke is judged so, too
            self.steps += 1
            if self.hold_at is not None and self.steps >= self.hold_at and not self._go_on.is_set():
                self.holding.set()
                assert self._go_on.wait(PATIENCE)
            return bool(given_up(checks))

        monkeypatch.setattr(Checks, "_given_up", step)

    def let_go(self) -> int:
        """Go on; the step at which they were held."""
        at = self.steps
        self._go_on.set()
        return at


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    held = Held(monkeypatch)
    yield held
    held.let_go()


@pytest.fixture
def stage(tmp_path: Path, held: Held) -> Iterator[Stage]:
    clear_readings()  # of other tests, which would leave nothing to do
    opened = Stage(tmp_path)
    yield opened
    held.let_go()  # also where a test fails: closing must not be what hangs
    opened.close()


def being_checked(stage: Stage, held: Held, step: int = 30, lines: int = 16) -> ConsultationId:
    """A consultation whose letter is drafted, and whose checks are held at this step."""
    id = stage.service.start(NewConsultation("soap")).id
    stage.recording.hear(lines)
    held.hold_at = held.steps + step
    stage.service.stop(id)
    assert held.holding.wait(PATIENCE)
    return id


def in_the_list(stage: Stage, held: Held) -> ConsultationId:
    """Held where all statements are checked and the list is being made."""
    stage.drafter.holds = True
    id = stage.service.start(NewConsultation("soap")).id
    stage.recording.hear(16)
    stage.service.stop(id)
    stage.settle()
    said = stage.store.transcript(id).utterances[3]
    stage.drafting.section("subjective", Statement(said.text, evidence=(said.id,), quoted=True))
    stage.settle()
    held.hold_at = held.steps + 10
    stage.drafting.finish()
    assert held.holding.wait(PATIENCE)
    return id


class TestCommandsAreAnsweredWhileALetterIsChecked:
    def test_another_consultation_is_begun_paused_and_stopped(self, stage: Stage, held: Held) -> None:
        first = being_checked(stage, held)
        second = stage.service.start(NewConsultation("soap")).id
        assert stage.service.active == second
        stage.service.pause(second)
        stage.service.resume(second)
        stage.service.stop(second)
        assert stage.service.active is None
        assert stage.store.consultation(first).state is S.DRAFTING
        held.let_go()
        stage.settle()
        assert [one.state for one in map(stage.store.consultation, (first, second))] == [
            S.IN_REVIEW,
            S.FAILED,
        ]
        assert stage.store.letters(first)[0].coverage.listed

    def test_two_letters_are_checked_side_by_side(self, stage: Stage, held: Held) -> None:
        first = being_checked(stage, held)
        held.hold_at = None  # whoever waits, waits
        second = stage.service.start(NewConsultation("soap")).id
        stage.recording.hear(8)
        stage.service.stop(second)
        for _ in range(PATIENCE * 20):
            if stage.store.letters(second):
                break
            time.sleep(0.05)
        assert stage.store.letters(second), "not behind the first"
        assert not stage.store.letters(first)

    def test_lock_drops_what_is_checked(self, stage: Stage, held: Held) -> None:
        id = being_checked(stage, held)
        stage.service.lock()
        at = held.let_go()
        stage.service.unlock()
        stage.settle()
        assert held.steps <= at + 1, "given up at the next step"
        assert not stage.of(LetterReady, id)
        assert not stage.store.letters(id)

    def test_close_ends_it_and_the_next_run_writes_the_letter(self, stage: Stage, held: Held) -> None:
        id = being_checked(stage, held)
        stage.service.close()
        at = held.let_go()
        assert held.steps <= at + 1
        assert not stage.store.letters(id)
        stage.open()
        stage.service.recover()
        stage.settle()
        assert stage.store.letters(id)[0].coverage.listed

    def test_deleting_the_consultation_drops_what_is_checked(self, stage: Stage, held: Held) -> None:
        id = being_checked(stage, held)
        stage.service.delete(id)
        held.let_go()
        stage.settle()
        assert not stage.of(LetterReady, id)
        assert id not in {one.id for one in stage.store.consultations()}


class TestCancel:
    @pytest.fixture(autouse=True)
    def no_patience(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is not done when it is cancelled is given up at the next step."""
        monkeypatch.setattr(checking.Checks.hurry, "__defaults__", (0.0,))

    def test_the_list_is_given_up_and_the_letter_says_so(self, stage: Stage, held: Held) -> None:
        id = in_the_list(stage, held)
        stage.service.cancel_writing(id)
        at = held.let_go()
        stage.settle()
        assert held.steps <= at + 3, "one step of the list, and nothing after it"
        (letter,) = stage.store.letters(id)
        assert len([one for one in letter.statements if one.evidence]) == 1
        assert not letter.coverage.listed
        assert letter.coverage.items == ()
        assert stage.states(id)[-1] == "in_review"

    def test_it_is_not_signed_before_the_list_is_made(self, stage: Stage, held: Held) -> None:
        id = in_the_list(stage, held)
        stage.service.cancel_writing(id)
        held.let_go()
        stage.settle()
        (letter,) = stage.store.letters(id)
        with pytest.raises(SigningError, match="not been listed"):
            stage.review.sign(letter.id, "Dr Sam Sample", "GP")
        letter = stage.review.check_again(letter.id)
        assert letter.coverage.listed
        assert letter.coverage.items
        for one in letter.statements:
            stage.review.settle(letter.id, one.id)
        assert stage.review.sign(letter.id, "Dr Sam Sample", "GP").signature

    def test_what_nobody_has_seen_is_not_in_the_letter(self, stage: Stage, held: Held) -> None:
        id = being_checked(stage, held, step=2)
        stage.service.cancel_writing(id)
        held.let_go()
        stage.settle()
        (letter,) = stage.store.letters(id)
        assert not [one for one in letter.statements if one.evidence]

    def test_an_ordinary_letter_is_complete(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(checking.Checks.hurry, "__defaults__", (checking.PATIENCE_SECONDS,))
        stage.drafter.holds = True
        id = stage.service.start(NewConsultation("soap")).id
        stage.recording.hear(16)
        stage.service.stop(id)
        stage.settle()
        stage.service.cancel_writing(id)
        stage.settle()
        assert stage.store.letters(id)[0].coverage.listed


def test_what_is_corrected_while_the_list_is_made_counts(stage: Stage, held: Held) -> None:
    """What was found for the words before is dropped."""
    id = in_the_list(stage, held)
    said = stage.store.transcript(id).utterances[3]
    stage.review.correct_utterance(id, said.id, "Nothing of the kind, only a cough.", SpeakerRole.PATIENT)
    held.let_go()
    stage.settle()
    (letter,) = stage.store.letters(id)
    (quoted,) = (one for one in letter.statements if said.id in one.evidence)
    assert quoted.needs_settling or quoted.flags, "held against the words as they are now"
    assert [event.letter for event in stage.of(LetterReady, id)] == [letter], "told once, and as it is now"


def longest_stretch(work: Callable[[], object]) -> int:
    """The most Python functions that are called between two steps."""
    for remembered in (read, spoke, tellings):
        remembered.cache_clear()
    most = since = 0

    def count(_: FrameType, event: str, __: object) -> None:
        nonlocal since
        since += event == "call"

    def step() -> bool:
        nonlocal most, since
        most, since = max(most, since), 0
        return False

    sys.setprofile(count)
    try:
        with until(step):
            work()
    finally:
        sys.setprofile(None)
    return max(most, since)


def test_between_two_steps_is_the_work_of_one_utterance_however_long_the_visit() -> None:
    def work(lines: int) -> None:
        talk = visit(lines)
        coverage.find_coverage(quoting(talk, 3), SOAP, talk)
        facts_in(talk)

    work(30)  # patterns are compiled once
    short, long = (longest_stretch(lambda lines=lines: work(lines)) for lines in (30, 120))  # type: ignore[misc]
    print(f"calls between two steps: {short} of 30 lines, {long} of 120")
    assert long < short + 120 * 12, "no more than a few calls a line, for its index"


def test_what_drafts_looks_up_at_each_line_too() -> None:
    talk, steps = visit(60), 0

    def step() -> bool:
        nonlocal steps
        steps += 1
        return False

    with until(step):
        mended(talk)
    assert steps == 2 * 60, "for what a line corrects in itself, and in those before it"


@pytest.mark.long
@pytest.mark.timeout(900)
def test_of_20_000_utterances_no_step_takes_as_long_as_the_whole() -> None:
    talk = visit(20_000)
    longest, last = 0.0, time.thread_time()

    def step() -> bool:
        nonlocal longest, last
        now = time.thread_time()
        longest, last = max(longest, now - last), now
        return False

    with until(step):
        coverage.find_coverage(quoting(talk, 3), SOAP, talk)
        facts_in(talk)
    print(f"longest step: {longest:.3f} s of its own time")
    assert longest < 0.5, "Python's full collections of garbage wait: 0.91 s with them"

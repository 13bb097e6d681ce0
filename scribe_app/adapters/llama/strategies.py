"""Ways to draft, chosen from what the model file says about itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from scribe_app.adapters.llama.answers import Candidate
from scribe_app.adapters.llama.chat import chat_format
from scribe_app.adapters.llama.engine import AbortFlag, Engine
from scribe_app.adapters.llama.gguf import ModelCard
from scribe_app.adapters.llama.prompts import prompts_for
from scribe_app.adapters.llama.quoting import Quoting
from scribe_app.domain.facts import Fact
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import Statement
from scribe_app.domain.prior_letters import Passage
from scribe_app.domain.template import LetterTemplate, SectionSpec
from scribe_app.domain.transcript import Transcript, Utterance

SMALL = 1_000_000_000
"""Parameters; below this a model cannot use a whole consultation, and only rewords single utterances."""
_SMALL_CONTEXT = 2048
WHOLE_CONTEXT = 8192
"""Tokens: about 20 minutes of speech with room to write; 1.2 GB of cache for a 4B model."""


class Way(StrEnum):
    """How a model is used."""

    BY_SIZE = "by size"
    WHOLE = "whole"
    """It reads along and writes from the whole transcript."""
    REWORDING = "rewording"
    """It only rewords single utterances."""
    ONE_PROMPT = "one prompt"
    """The usual way, to compare with: everything after Stop, in one prompt."""


class Drafting(Protocol):
    """One way from utterances to statements. Everything may raise Cancelled or EngineError."""

    @property
    def tokens(self) -> int:
        """Tokens read so far."""

    @property
    def behind(self) -> bool:
        """Whether reading along has more to do."""

    @property
    def facts_until(self) -> float:
        """Seconds of the transcript's beginning that are used as facts, not word for word."""

    def read(self, utterances: Sequence[Utterance]) -> None:
        """Read along while the consultation runs, one piece at a time; nothing new goes on with the rest."""

    def prepare(self, transcript: Transcript, facts: Sequence[Fact]) -> float:
        """Catch up with the whole transcript; returns the seconds of it that will be used."""

    def statements(
        self,
        spec: SectionSpec,
        template: LetterTemplate,
        candidates: Sequence[Candidate],
        before: Sequence[Passage] = (),
    ) -> Iterator[Statement]:
        """The statements of one section, each as soon as it is complete.

        `before` tells what prior letters say that belongs here; whoever writes of it names its place.
        """

    def agreement(self, claim: str, cited: Sequence[UtteranceId]) -> float | None:
        """How far the model agrees, 0 to 1, that the cited lines say a claim; None where it cannot tell."""

    def close(self) -> None:
        """Give the model's memory back."""


class QuotingDrafting:
    """No model: what was said, under the headings that fit."""

    def __init__(self, language: str) -> None:
        self._language = language
        self.tokens = 0
        self.behind = False
        self.facts_until = 0.0

    def read(self, utterances: Sequence[Utterance]) -> None:
        """Nothing to do beforehand."""

    def prepare(self, transcript: Transcript, facts: Sequence[Fact]) -> float:
        """All of it is used."""
        return transcript.seconds

    def statements(
        self,
        spec: SectionSpec,
        template: LetterTemplate,
        candidates: Sequence[Candidate],
        before: Sequence[Passage] = (),
    ) -> Iterator[Statement]:
        """One line for each candidate."""
        quoting = Quoting(self._language, template.audience)
        for candidate in candidates:
            yield quoting.statement(candidate)

    def agreement(self, claim: str, cited: Sequence[UtteranceId]) -> float | None:
        """There is nobody to ask."""
        return None

    def close(self) -> None:
        """There is nothing to give back."""


def drafting_for(
    path: Path,
    card: ModelCard,
    language: str,
    threads: int,
    flag: AbortFlag,
    way: Way = Way.BY_SIZE,
    gpu_layers: int = 0,
) -> Drafting:
    """Load a model and choose how to use it.

    Raises:
        ModelError: the file cannot be loaded.
    """
    from scribe_app.adapters.llama.one_prompt import OnePromptDrafting
    from scribe_app.adapters.llama.rewriting import RewritingDrafting
    from scribe_app.adapters.llama.whole import WholeDrafting

    prompts = prompts_for(language)
    if way is Way.BY_SIZE:
        way = Way.WHOLE if card.parameters >= SMALL else Way.REWORDING
    if way is Way.REWORDING:
        if not prompts.rewrite:
            return QuotingDrafting(language)
        # One thread: there is little to do, and speech recognition needs the cores at the same time.
        return RewritingDrafting(Engine(path, card, 1, _SMALL_CONTEXT, flag, gpu_layers), prompts, language)
    engine = Engine(path, card, threads, WHOLE_CONTEXT, flag, gpu_layers)
    chat = chat_format(card.chat_template, *engine.special_texts)
    if way is Way.ONE_PROMPT:
        return OnePromptDrafting(engine, chat, prompts)
    return WholeDrafting(engine, chat, prompts, language, append_only=card.recurrent)

"""What parent and drafting process say to each other."""

from __future__ import annotations

from dataclasses import dataclass

from scribe_app.domain.events import Event
from scribe_app.domain.prior_letters import PriorLetter
from scribe_app.domain.template import LetterTemplate
from scribe_app.domain.transcript import Transcript, Utterance


@dataclass(frozen=True, slots=True)
class Read:
    """These utterances are settled: read along."""

    utterances: tuple[Utterance, ...]


@dataclass(frozen=True, slots=True)
class Write:
    """Write this letter, or only these sections."""

    number: int
    """Counts the requests, so that a cancellation meets the right ones."""
    template: LetterTemplate
    transcript: Transcript
    notes: str = ""
    sections: tuple[str, ...] = ()
    prior: tuple[PriorLetter, ...] = ()


@dataclass(frozen=True, slots=True)
class Correct:
    """These utterances of this request's transcript tell something else now."""

    number: int
    utterances: tuple[Utterance, ...]


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop this request and all before it."""

    number: int


@dataclass(frozen=True, slots=True)
class Told:
    """An event from the drafting process; `number` is the request it belongs to, 0 for none."""

    event: Event
    number: int = 0

"""One consultation to measure letters on: what was said, and what people and other systems made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scribe_app.domain.measures.critical_facts import ListedFact
from scribe_app.domain.measures.notes import Division, NoteLine, note_lines
from scribe_app.domain.transcript import Transcript


@dataclass(frozen=True)
class Case:
    """One consultation. What there is not is empty, and is not measured."""

    name: str
    transcript: Transcript
    note: str = ""
    """By a person."""
    division: Division | None = None
    """The part of a letter that the whole note is, where it is only one."""
    facts: tuple[ListedFact, ...] = ()
    checklist: tuple[str, ...] = ()
    """Critical facts in a clinician's words, without the utterances that say them."""
    not_spoken: frozenset[str] = frozenset()
    """Sentences of the note that tell something nobody said, by a reader: to doubt them is right."""
    published: Mapping[str, str] = field(default_factory=dict)
    """Notes by other systems, by the name of the system."""

    @property
    def reference(self) -> tuple[NoteLine, ...]:
        """What a person wrote: the note, or the list of facts."""
        if self.note:
            return tuple(note_lines(self.note, self.division))
        return tuple(NoteLine(fact.text, fact.division) for fact in self.facts)

"""Facts that a letter must carry: a person's checklist in words, or a list with utterances and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scribe_app.domain.checks.meaning import said_somehow
from scribe_app.domain.checks.reading import Reading, read
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import Statement
from scribe_app.domain.measures.notes import Division
from scribe_app.domain.numbers import numbers_in

_ENOUGH = 0.6
"""Share of a fact's content words that one passage must have."""


@dataclass(frozen=True, slots=True)
class ListedFact:
    """A fact with the utterances that say it, written by hand."""

    text: str
    utterances: frozenset[UtteranceId]
    numbers: frozenset[float] = frozenset()
    division: Division | None = None
    """The part of a letter that it belongs in."""


def is_carried(fact: ListedFact, statements: Iterable[Statement], language: str) -> bool:
    """Whether statements that rest on one of the fact's utterances have all of its numbers."""
    citing = [statement for statement in statements if fact.utterances & set(statement.evidence)]
    values = {
        value
        for statement in citing
        for quantity in numbers_in(statement.text, language, lenient=True)
        for value in (quantity.value, quantity.second)
    }
    return bool(citing) and fact.numbers <= values


def is_worded(fact: str, passages: Sequence[Reading], language: str) -> bool:
    """Whether one passage has the numbers and most content words of a fact, synonyms included.

    A rule, not a reader: apply it to the whole transcript first, and leave out what it does not find there.
    """
    wanted = read(fact, language, False)
    if not wanted.stems and not wanted.amounts:
        return False
    values = {quantity.value for quantity in wanted.amounts}
    return any(
        values <= {quantity.value for quantity in passage.amounts}
        and sum(said_somehow(stem, wanted.shown[stem], [passage]) for stem in wanted.stems)
        >= _ENOUGH * len(wanted.stems)
        for passage in passages
    )

"""How something was said, and how a question with its answer leaves it."""

from __future__ import annotations

from dataclasses import dataclass

_DENIED, _OPEN = frozenset({True}), frozenset({True, False})


@dataclass(frozen=True, slots=True)
class Sense:
    """How something was said: denied (True), asserted (False), or both where that is open."""

    senses: frozenset[bool]
    only_asked: bool = False
    """It was asked and nobody answered."""
    presupposed: bool = False
    """A question took it for granted, which says nothing of it by itself."""
    beside: int = 0
    """How many other words of the claim stand beside it there."""

    def joined(self, other: Sense) -> Sense:
        """Both together: what was told weighs more than what was only asked."""
        if self.only_asked != other.only_asked:
            return other if self.only_asked else self
        presupposed = self.presupposed and other.presupposed
        return Sense(self.senses | other.senses, self.only_asked, presupposed, self.beside)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it bears on a claim, with its answer; all sets are of content stems."""

    asked: frozenset[str]
    told_first: frozenset[str]
    """Of what was told before it, in the same sentence."""
    kind: bool | None
    """Answered yes, no, or neither."""
    excepted: frozenset[str]
    """What a no leaves out."""
    given: frozenset[str]
    """What it takes for granted."""
    is_told: bool
    """The answer, neither yes nor no, tells of the claim."""

    def sense(self, stem: str, marked: bool) -> Sense | None:
        """How it leaves a stem; None where it asks not of it. `marked`: it stands before a question mark."""
        asks = stem in self.asked or (marked and stem not in self.told_first)
        if not asks or self.kind is True:
            return None
        no, given = self.kind is False, stem in self.given
        denied = no and stem not in self.excepted and not given
        unanswered = self.kind is None and not self.is_told and not given
        return Sense(_DENIED if denied else _OPEN, only_asked=unanswered, presupposed=no and given)

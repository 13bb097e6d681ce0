"""Facts that the clinician corrected or rejected, and what in letters rests on them.

What was said stays as it was said; a correction of a fact says what is true of it. The newest one in the log
counts, and only as long as the words that the fact was read from are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from scribe_app.domain.corrections import Correction, CorrectionKind, in_force, marked, rests_on
from scribe_app.domain.facts import Fact, facts_in
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import Letter, Section, Statement, Support
from scribe_app.domain.transcript import Transcript

_OWN = "own_"
"""In the code of a mark: the statement was the clinician's own before."""


class FactState(StrEnum):
    """What the clinician made of a fact."""

    HEARD = "heard"
    CORRECTED = "corrected"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class HeldFact:
    """A fact as it was heard, and as it holds now."""

    fact: Fact
    text: str
    """As it holds now; of a rejected one as it was heard."""
    state: FactState = FactState.HEARD


def held_facts(facts: Iterable[Fact], corrections: Sequence[Correction]) -> tuple[HeldFact, ...]:
    """Each fact with what the clinician made of it."""
    known = {_key(one): one for one in in_force(corrections) if one.kind in _STATES}
    found = []
    for fact in facts:
        correction = known.get((fact.utterances, fact.text))
        if correction is None:
            found.append(HeldFact(fact, fact.text))
        else:
            state = _STATES[correction.kind]
            found.append(HeldFact(fact, correction.after or fact.text, state))
    return tuple(found)


def told_now(transcript: Transcript, corrections: Sequence[Correction]) -> Transcript:
    """What has to be told of a transcript: corrected facts in the clinician's words, rejected ones not.

    For the drafter and the list of what is not written: statements are checked against what was said.
    """
    touched = {one.utterances[-1] for one in in_force(corrections) if one.kind in _STATES}
    if not touched:
        return transcript
    telling: dict[UtteranceId, list[str]] = {}
    changed: set[UtteranceId] = set()
    for held in held_facts(facts_in(transcript), corrections):
        place = held.fact.utterances[-1]
        texts = telling.setdefault(place, [])
        if held.state is not FactState.REJECTED:
            texts.append(held.text)
        if held.state is not FactState.HEARD:
            changed.add(place)
    return replace(
        transcript,
        utterances=tuple(
            replace(said, text=" ".join(telling[said.id])) if said.id in changed else said
            for said in transcript
        ),
    )


def corrected_utterances(transcript: Transcript, corrections: Sequence[Correction]) -> frozenset[UtteranceId]:
    """Utterances of which a fact is told in the clinician's words."""
    held = held_facts(facts_in(transcript), corrections) if corrections else ()
    return frozenset(one.fact.utterances[-1] for one in held if one.state is FactState.CORRECTED)


def with_marks(letter: Letter, correction: Correction) -> Letter:
    """The letter with every statement that rests on a corrected or rejected fact put before the clinician."""

    def mark(statement: Statement) -> Statement:
        if not rests_on(statement, correction, letter.language):
            return statement
        own = statement.settled or statement.support is Support.CLINICIAN_ADDED
        new = marked(statement, correction, "", letter.language)
        if own:
            flag = new.flags[0]
            new = replace(new, flags=(replace(flag, code=f"{_OWN}{flag.code}"), *new.flags[1:]))
        return new

    return _each(letter, lambda section, statement: mark(statement))


def without_marks(
    letter: Letter, correction: Correction, check: Callable[[Section, Statement], Statement]
) -> Letter:
    """The letter without the marks of a fact; `check` gives a statement its support again.

    What was the clinician's own before is theirs again, and what they kept meanwhile stays kept.
    """

    def clear(section: Section, statement: Statement) -> Statement:
        marks = [flag for flag in statement.flags if _is_mark(flag.code)]
        if not marks or not set(statement.evidence) & set(correction.utterances):
            return statement
        others = tuple(flag for flag in statement.flags if not _is_mark(flag.code))
        bare = replace(statement, flags=others)
        if statement.settled:
            return bare
        if any(flag.code.startswith(_OWN) for flag in marks):
            return replace(bare, support=Support.CLINICIAN_ADDED, settled=True)
        return check(section, replace(bare, support=Support.UNSUPPORTED))

    return _each(letter, clear)


def has_other_words(statement: Statement) -> bool:
    """Whether the clinician has put what it rests on in other words, which it does not have."""
    return any(_is_mark(flag.code) and "rejected" not in flag.code for flag in statement.flags)


def _each(letter: Letter, change: Callable[[Section, Statement], Statement]) -> Letter:
    sections = tuple(
        replace(section, statements=tuple(change(section, one) for one in section.statements))
        for section in letter.sections
    )
    return replace(letter, sections=sections)


def _is_mark(code: str) -> bool:
    return code.removeprefix(_OWN).startswith(f"{CorrectionKind.FACT}_")


def _key(correction: Correction) -> tuple[tuple[UtteranceId, ...], str]:
    return correction.utterances, correction.before


_STATES = {
    CorrectionKind.FACT: FactState.CORRECTED,
    CorrectionKind.FACT_REJECTED: FactState.REJECTED,
}

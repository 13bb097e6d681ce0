"""Corrections to what letters say and rest on, and which statements elsewhere rest on what was changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from scribe_app.domain.checks.reading import read
from scribe_app.domain.house_style import says_the_same
from scribe_app.domain.ids import ConsultationId, LetterId, UtteranceId
from scribe_app.domain.letter import Flag, Letter, Section, Statement, Support

_ALIKE = 0.5
"""Share of the shorter statement's content words that the other must have for both to tell the same fact."""


class CorrectionKind(StrEnum):
    """What was done. DRAFTED and CHECKED only say how far a letter has taken corrections into account."""

    UTTERANCE = "utterance"
    """What was heard, or who said it, was corrected."""
    EDITED = "edited"
    REMOVED = "removed"
    FACT = "fact"
    """A fact was put in the clinician's words: `before` as heard, `after` as it is."""
    FACT_REJECTED = "fact_rejected"
    """A fact, `before`, is not so."""
    FACT_RESTORED = "fact_restored"
    """A fact, `before`, holds as it was heard: whatever was said of it earlier in the log is taken back."""
    DRAFTED = "drafted"
    """The letter was written with every correction before this one."""
    CHECKED = "checked"
    """The clinician had the letter's statements checked against every correction before this one."""


FACTS = frozenset({CorrectionKind.FACT, CorrectionKind.FACT_REJECTED, CorrectionKind.FACT_RESTORED})
CHANGES = frozenset(
    {
        CorrectionKind.UTTERANCE,
        CorrectionKind.EDITED,
        CorrectionKind.REMOVED,
        CorrectionKind.FACT,
        CorrectionKind.FACT_REJECTED,
    }
)


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry of a consultation's log of corrections."""

    consultation: ConsultationId
    kind: CorrectionKind
    at: datetime
    """UTC."""
    letter: LetterId | None = None
    """In which letter; for an utterance, the letter that was on screen and shows it already."""
    utterances: tuple[UtteranceId, ...] = ()
    """What was corrected, or what the statement rests on."""
    before: str = ""
    after: str = ""
    number: int = 0
    """Place in the log, given by the store."""


def in_force(corrections: Sequence[Correction]) -> list[Correction]:
    """The log without what was said earlier of a fact that a later entry speaks of."""
    newest = {(one.utterances, one.before): one.number for one in corrections if one.kind in FACTS}
    return [
        one
        for one in corrections
        if one.kind not in FACTS or newest[one.utterances, one.before] == one.number
    ]


def stale_statements(
    letter: Letter, corrections: Sequence[Correction], letters: Sequence[Letter]
) -> dict[str, Correction]:
    """Statement id → the newest correction elsewhere that it rests on and the letter does not know of."""
    known = max((c.number for c in corrections if c.letter == letter.id and c.kind not in CHANGES), default=0)
    open_ones = [
        c
        for c in in_force(corrections)
        if c.number > known and c.letter != letter.id and _holds(c, letters) and not _shown(c, letter)
    ]
    found: dict[str, Correction] = {}
    for statement in letter.statements:
        for correction in open_ones:
            if rests_on(statement, correction, letter.language):
                found[statement.id] = correction
    return found


def rests_on(statement: Statement, correction: Correction, language: str) -> bool:
    """Whether a statement tells, from the same utterances, what was corrected."""
    if not set(statement.evidence) & set(correction.utterances):
        return False
    if correction.kind is CorrectionKind.UTTERANCE:
        return True
    return statement.text != correction.after and same_fact(statement.text, correction.before, language)


def same_fact(one: str, other: str, language: str) -> bool:
    """Whether two statements from the same utterances tell the same: most words, or a number or medicine."""
    first, second = read(one, language, False), read(other, language, False)
    fewest = min(len(first.stems), len(second.stems))
    if fewest and len(first.stems & second.stems) >= _ALIKE * fewest:
        return True
    amounts = {(q.value, q.unit) for q in first.amounts} & {(q.value, q.unit) for q in second.amounts}
    return bool(amounts) or bool(set(first.drugs) & set(second.drugs))


def with_corrections(letter: Letter, corrections: Sequence[Correction], letters: Sequence[Letter]) -> Letter:
    """A new letter that knows what the clinician changed in the others.

    A fact that was edited there is told in the clinician's words, once; one that was removed is marked for
    a decision; a doubtful statement that was kept there in the same words is kept here too.
    """
    changes = [c for c in in_force(corrections) if c.letter != letter.id and _holds(c, letters)]
    kept = {
        (statement.text, statement.evidence)
        for other in letters
        if other.id != letter.id
        for statement in other.statements
        if statement.settled and statement.support is Support.CLINICIAN_ADDED
    }
    titles = {other.id: other.title for other in letters}
    used: set[int] = set()
    sections = []
    for section in letter.sections:
        statements = [
            new
            for statement in section.statements
            if (new := _carried(statement, changes, kept, titles, used, letter.language)) is not None
        ]
        sections.append(replace(section, statements=tuple(statements)))
    return replace(letter, sections=tuple(sections))


def marked(statement: Statement, correction: Correction, title: str, language: str) -> Statement:
    """The statement, put before the clinician again because of a correction elsewhere."""
    reason = _REASONS["nl" if language == "nl" else "en"][correction.kind]
    text = reason.format(title=title, after=correction.after)
    flag = Flag(f"{correction.kind}{_MARK}", text)
    others = tuple(held for held in statement.flags if not held.code.endswith(_MARK))
    return replace(statement, support=Support.CONFLICTING, settled=False, flags=(flag, *others))


def still_marked(before: Statement, now: Statement) -> Statement:
    """A statement checked anew, still put before the clinician where a correction elsewhere asked for it."""
    marks = tuple(flag for flag in before.flags if flag.code.endswith(_MARK))
    if not marks or now.settled or now.support is Support.CLINICIAN_ADDED:
        return now
    others = tuple(flag for flag in now.flags if not flag.code.endswith(_MARK))
    return replace(now, support=Support.CONFLICTING, flags=(*marks, *others))


_MARK = "_elsewhere"


def own_statements(letters: Iterable[Letter], application_keys: frozenset[str]) -> list[Statement]:
    """What the clinician added by hand to these letters: theirs, and resting on no utterance.

    Typed notes (quoted) reach every letter by themselves; identity and dates come from the fields.
    """
    return [
        statement
        for letter in letters
        for section in letter.sections
        if section.key not in application_keys
        for statement in section.statements
        if statement.support is Support.CLINICIAN_ADDED
        and not (statement.evidence or statement.quoted or statement.prior)
    ]


def _carried(
    statement: Statement,
    changes: Sequence[Correction],
    kept: set[tuple[str, tuple[UtteranceId, ...]]],
    titles: dict[LetterId, str],
    used: set[int],
    language: str,
) -> Statement | None:
    for change in reversed(changes):
        if change.kind is CorrectionKind.UTTERANCE or not rests_on(statement, change, language):
            continue
        if any(flag.code == f"{change.kind}{_MARK}" for flag in statement.flags):
            return statement  # it was written before that was corrected, and has said so since
        if change.kind in (CorrectionKind.REMOVED, CorrectionKind.FACT_REJECTED):
            return marked(statement, change, titles.get(change.letter or LetterId(""), ""), language)
        if change.number in used:
            return None
        used.add(change.number)
        return replace(
            statement,
            text=change.after,
            support=Support.CLINICIAN_ADDED,
            settled=True,
            flags=(),
            quoted=False,
        )
    if statement.needs_settling and (statement.text, statement.evidence) in kept:
        return replace(statement, support=Support.CLINICIAN_ADDED, settled=True)
    return statement


def _holds(correction: Correction, letters: Sequence[Letter]) -> bool:
    """Whether a change still stands: one that was undone is in its letter again as it was."""
    if correction.kind not in CHANGES:
        return False
    if correction.kind is CorrectionKind.UTTERANCE or correction.kind in FACTS:
        return True
    source = next((letter for letter in letters if letter.id == correction.letter), None)
    return source is None or all(statement.text != correction.before for statement in source.statements)


def _shown(correction: Correction, letter: Letter) -> bool:
    """Whether a letter shows what became of a fact: a draft at once, a signed one what came before."""
    if correction.kind not in FACTS:
        return False
    return letter.signature is None or correction.at <= letter.signature.signed_at


_REASONS = {
    "en": {
        CorrectionKind.UTTERANCE: "What this rests on was corrected: read it again.",
        CorrectionKind.EDITED: "You changed this in “{title}” to “{after}”.",
        CorrectionKind.REMOVED: "You took this out of “{title}”.",
        CorrectionKind.FACT: "You corrected this fact to “{after}”.",
        CorrectionKind.FACT_REJECTED: "You rejected this fact: it is not so.",
    },
    "nl": {
        CorrectionKind.UTTERANCE: "Waar dit op rust, is verbeterd: lees het opnieuw.",
        CorrectionKind.EDITED: "U heeft dit in “{title}” veranderd in “{after}”.",
        CorrectionKind.REMOVED: "U heeft dit uit “{title}” gehaald.",
        CorrectionKind.FACT: "U heeft dit feit verbeterd in “{after}”.",
        CorrectionKind.FACT_REJECTED: "U heeft dit feit afgewezen: het klopt niet.",
    },
}


def only_reworded(before: str, after: str, language: str) -> bool:
    """Whether an edit changed how it reads and not what it says: then each letter keeps its own wording."""
    first, second = read(before, language, False).stems, read(after, language, False).stems
    return bool(after) and says_the_same(before, after, language) and first == second


def with_section(letter: Letter, section: Section) -> Letter:
    """The letter with this section in the place of the one with its key."""
    return replace(
        letter, sections=tuple(section if held.key == section.key else held for held in letter.sections)
    )

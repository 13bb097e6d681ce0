"""An instruction about a letter as a tracked change: what it would do, line by line, before anything is done.

Rules only, no model: no statement is written anew, so none can say more than the letter said. A reworded line
has the same figures, medicines, sides and denials (`says_the_same`) and the same outcome of its check.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from scribe_app.domain.ids import StatementId
from scribe_app.domain.instructions import (
    LAYOUTS,
    UNCHANGED,
    Intent,
    Kind,
    Place,
    not_understood,
    reworded,
    section_named,
)
from scribe_app.domain.letter import Letter, Section, Statement, Support
from scribe_app.domain.template import LetterTemplate, Presence, SectionSource, SectionSpec
from scribe_app.domain.tightening import tightened
from scribe_app.domain.transcript import Transcript
from scribe_app.errors import UsageError
from scribe_app.language import later
from scribe_app.services.shortening import about, shortened
from scribe_app.services.styling import same_check

ORDER, LAYOUT = "order", "layout"
"""Ids of the changes that concern the letter as a whole."""
LAYOUT_SETTING = "layout"
"""Name under which a letter's provenance says how its lines are laid out."""
LEFT_OUT = {"en": "Left out", "nl": "Weggelaten"}
"""Under a heading that must be shown and was emptied by instruction: something was said about it."""
CHANGED_SINCE = UsageError(
    "The letter was changed in the meantime.", UNCHANGED, "Type the instruction once more."
)


class Outcome(StrEnum):
    """What becomes of a line."""

    KEPT = "kept"
    REWORDED = "reworded"
    ADDED = "added"
    """A new line, from a section that was drafted again."""
    REMOVED = "removed"
    MOVED = "moved"
    """A whole section."""
    LAID_OUT = "laid out"
    """All lines, otherwise set on the page."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a proposal."""

    id: str
    """Of the statement, or ORDER or LAYOUT."""
    outcome: Outcome
    before: str
    after: str = ""
    reason: str = ""
    """Why it goes, or why it stays where that needs saying."""
    section: str = ""
    """Heading it stands under."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an instruction would do to one version of a letter. Nothing of it is stored."""

    letter: Letter
    intent: Intent
    lines: tuple[Change, ...]
    """Every statement in reading order, and the changes of the whole letter."""
    reworded: tuple[Statement, ...] = ()
    """Checked, in their new words; new lines too."""
    order: tuple[str, ...] = ()
    """Keys of all sections in their new order; of a section drafted again, ids of its lines."""
    redone: str = ""
    """Key of the section that was drafted again; empty for an instruction."""
    made: str = ""
    """What drafted it again and when; for the letter's provenance."""

    @property
    def changes(self) -> tuple[Change, ...]:
        """What would differ."""
        return tuple(line for line in self.lines if line.outcome is not Outcome.KEPT)

    @property
    def kept_because(self) -> tuple[Change, ...]:
        """What stays although the instruction would have it go."""
        return tuple(line for line in self.lines if line.outcome is Outcome.KEPT and line.reason)


def proposal_for(
    letter: Letter, intent: Intent, template: LetterTemplate, transcript: Transcript
) -> Proposal:
    """What an instruction would change.

    Raises:
        UsageError: it names no section of this letter, or there is nothing to change.
    """
    section = section_named(intent.about, letter.sections, template) if intent.about else None
    if intent.kind is Kind.MOVE:
        made = _moved(letter, intent, section, template)
    elif intent.kind is Kind.LEAVE_OUT:
        made = _left_out(letter, intent, section, template, transcript)
    elif intent.about and section is None:
        raise not_understood()
    elif intent.kind in LAYOUTS:
        made = _laid_out(letter, intent)
    elif intent.kind is Kind.SHORTER:
        made = _shorter(letter, intent, section, template, transcript)
    else:
        made = _restyled(letter, intent, section, template, transcript)
    if not made.changes:
        raise _nothing_to_change(made)
    return made


def applied(
    letter: Letter, template: LetterTemplate, proposal: Proposal, accepted: Collection[str]
) -> Letter:
    """The letter with the accepted changes of a proposal, by their ids.

    Raises:
        UsageError: a line that would change is no longer what it was when the proposal was made.
    """
    wanted = {change.id: change for change in proposal.changes if change.id in accepted}
    before = {str(statement.id): statement for statement in proposal.letter.statements}
    now = {str(statement.id): statement for statement in letter.statements}
    if any(id in before and now.get(id) != before[id] for id in wanted):
        raise CHANGED_SINCE
    new = {statement.id: statement for statement in proposal.reworded if statement.id in wanted}
    gone = {id for id, change in wanted.items() if change.outcome is Outcome.REMOVED}
    sections = []
    for section in letter.sections:
        kept = tuple(new.get(one.id, one) for one in section.statements if one.id not in gone)
        emptied = bool(section.statements) and not kept
        if not emptied:
            sections.append(replace(section, statements=kept))
        elif _presence(section, template) is not Presence.OPTIONAL:
            sections.append(replace(section, statements=(), absent=LEFT_OUT[template.language]))
    changed = replace(letter, sections=tuple(sections))
    if ORDER in wanted:
        changed = _ordered(changed, proposal)
    return _with_layout(changed, proposal.intent.kind) if LAYOUT in wanted else changed


def summary(changes: Sequence[Change], kept: Sequence[Change], in_words: Callable[[str], str] = str) -> str:
    """How much would change, and why the rest stays; `in_words` translates."""
    counts = Counter(change.outcome for change in changes)
    done = [f"{counts[outcome]} {in_words(word)}" for outcome, word in _WORDS.items() if counts[outcome]]
    common = Counter(line.reason for line in kept).most_common(_MOST_REASONS)
    because = ", ".join(f"{in_words(reason)} ({number})" for reason, number in common)
    stays = f" {in_words(later('Kept'))}: {because}." if common else ""
    return f"{', '.join(done)}.{stays}"


_WORDS = {
    Outcome.ADDED: later("added"),
    Outcome.REMOVED: later("removed"),
    Outcome.REWORDED: later("reworded"),
    Outcome.MOVED: later("moved"),
    Outcome.LAID_OUT: later("laid out"),
}

_MOST_REASONS = 3


# --- one kind each ----------------------------------------------------------------------------------


def _moved(letter: Letter, intent: Intent, section: Section | None, template: LetterTemplate) -> Proposal:
    """The section elsewhere; what comes from the application's fields (identity, author) stays in place."""
    if section is None:
        raise _no_such_section(letter)
    fixed = {spec.key for spec in template.sections if spec.source is SectionSource.APPLICATION}
    free = [held.key for held in letter.sections if held.key not in fixed]
    if section.key in fixed:
        raise UsageError(f"“{section.heading}” has a fixed place.", UNCHANGED)
    at = free.index(section.key)
    free.remove(section.key)
    to = {Place.UP: at - 1, Place.DOWN: at + 1, Place.FIRST: 0, Place.LAST: len(free)}
    place = to[intent.place or Place.UP]
    free.insert(min(max(place, 0), len(free)), section.key)
    moving = iter(free)
    order = tuple(held.key if held.key in fixed else next(moving) for held in letter.sections)
    lines = _all_kept(letter)
    if order != tuple(held.key for held in letter.sections):
        headings = {held.key: held.heading for held in letter.sections}
        now = free.index(section.key)
        where = f"after {headings[free[now - 1]]}" if now else f"before {headings[free[1]]}"
        lines = (Change(ORDER, Outcome.MOVED, section.heading, f"{section.heading}, {where}"), *lines)
    return Proposal(letter, intent, lines, order=order)


def _left_out(
    letter: Letter, intent: Intent, section: Section | None, template: LetterTemplate, transcript: Transcript
) -> Proposal:
    """The section's statements, or those about what was named, go; each is listed."""
    fixed = {spec.key for spec in template.sections if spec.source is SectionSource.APPLICATION}
    if section is not None:
        gone = {statement.id for statement in section.statements if section.key not in fixed}
    else:
        asked = [s for held in letter.sections if held.key not in fixed for s in held.statements]
        gone = {statement.id for statement in about(intent.about, asked, transcript)}
    if not gone:
        raise UsageError(
            "Nothing in this letter is about that.",
            UNCHANGED,
            f"Name a section ({_headings(letter)}) or a word of the statement.",
        )
    return Proposal(letter, intent, _lines(letter, dict.fromkeys(gone, "")))


def _laid_out(letter: Letter, intent: Intent) -> Proposal:
    if intent.about or letter.provenance is None:
        raise UsageError("Only the whole letter can be laid out otherwise.", UNCHANGED)
    held = dict(letter.provenance.settings).get(LAYOUT_SETTING, "") or Kind.LINES
    lines = _all_kept(letter)
    if held != intent.kind:
        change = Change(LAYOUT, Outcome.LAID_OUT, f"Sections as {held}", f"Sections as {intent.kind}")
        lines = (change, *lines)
    return Proposal(letter, intent, lines)


def _shorter(
    letter: Letter, intent: Intent, section: Section | None, template: LetterTemplate, transcript: Transcript
) -> Proposal:
    found = shortened(letter, template, transcript)
    within = section.statements if section is not None else letter.statements
    ids = {statement.id for statement in within}
    removed = {id: why for id, why in found.removed.items() if id in ids}
    changed = _tightened(letter, ids - removed.keys(), template, transcript)
    kept: dict[str, str] = {one.id: found.kept.get(one.id, "") for one in within}
    if not removed and not changed:
        kept = {one.id: kept[one.id] or (_QUOTED if one.quoted else _BRIEF) for one in within}
    lines = _lines(letter, removed, kept, changed)
    return Proposal(letter, intent, lines, tuple(changed.values()))


_QUOTED = later("quoted word for word")
_BRIEF = later("in as few words as it can be told")


def _tightened(
    letter: Letter, ids: Collection[StatementId], template: LetterTemplate, transcript: Transcript
) -> dict[str, Statement]:
    """Statements in fewer words, whose check comes out the same. The clinician's own stay.

    Of a quote only what a letter to the patient puts before it goes.
    """
    changed: dict[str, Statement] = {}
    specs = {} if template.verbatim else {spec.key: spec for spec in template.sections}
    to_patient = template.audience == "patient"
    for held in letter.sections:
        spec = specs.get(held.key)
        if spec is None or spec.source is SectionSource.APPLICATION:
            continue
        for old in held.statements:
            if (
                old.id not in ids
                or (old.quoted and not to_patient)
                or old.needs_settling
                or old.support is Support.CLINICIAN_ADDED
            ):
                continue
            text = tightened(old.text, letter.language, sentences=to_patient)
            new = same_check(old, text, spec, transcript) if text != old.text else None
            if new is not None:
                changed[old.id] = new
    return changed


def _restyled(
    letter: Letter, intent: Intent, section: Section | None, template: LetterTemplate, transcript: Transcript
) -> Proposal:
    specs = {spec.key: spec for spec in template.sections}
    changed: dict[str, Statement] = {}
    kept: dict[str, str] = {}
    for held in letter.sections:
        spec = specs.get(held.key)
        if spec is None or spec.source is SectionSource.APPLICATION or section not in (None, held):
            continue
        for old in held.statements:
            new, why = _in_style(old, intent.kind, spec, letter.language, transcript)
            if new != old:
                changed[old.id] = new
            elif why:
                kept[old.id] = why
    lines = _lines(letter, {}, kept, changed)
    return Proposal(letter, intent, lines, tuple(changed.values()))


def _in_style(
    old: Statement, kind: Kind, spec: SectionSpec, language: str, transcript: Transcript
) -> tuple[Statement, str]:
    """The statement in its new words, or as it was with the reason why."""
    text = reworded(old.text, kind, language, clinician=spec.clinician_only)
    if text == old.text:
        return old, ""
    if old.quoted:
        return old, _QUOTED
    new = same_check(old, text, spec, transcript)
    return (new, "") if new is not None else (old, later("what was said carries only these words"))


# --- inside -----------------------------------------------------------------------------------------


def _lines(
    letter: Letter,
    removed: dict[str, str],
    kept: dict[str, str] | None = None,
    changed: dict[str, Statement] | None = None,
) -> tuple[Change, ...]:
    """Every statement of the letter, with what becomes of it."""
    lines = []
    for section in letter.sections:
        for statement in section.statements:
            id, text = statement.id, statement.text
            if id in removed:
                lines.append(Change(id, Outcome.REMOVED, text, "", removed[id], section.heading))
            elif changed and id in changed:
                lines.append(Change(id, Outcome.REWORDED, text, changed[id].text, "", section.heading))
            else:
                why = (kept or {}).get(id, "")
                lines.append(Change(id, Outcome.KEPT, text, text, why, section.heading))
    return tuple(lines)


def _all_kept(letter: Letter) -> tuple[Change, ...]:
    return _lines(letter, {})


def _ordered(letter: Letter, proposal: Proposal) -> Letter:
    """The sections in the order of the proposal."""
    if {section.key for section in letter.sections} != set(proposal.order):
        raise CHANGED_SINCE
    return replace(letter, sections=tuple(sorted(letter.sections, key=lambda s: proposal.order.index(s.key))))


def _with_layout(letter: Letter, kind: Kind) -> Letter:
    if letter.provenance is None:
        return letter
    settings = tuple(pair for pair in letter.provenance.settings if pair[0] != LAYOUT_SETTING)
    provenance = replace(letter.provenance, settings=((LAYOUT_SETTING, str(kind)), *settings))
    return replace(letter, provenance=provenance)


def _presence(section: Section, template: LetterTemplate) -> Presence:
    found = (spec.presence for spec in template.sections if spec.key == section.key)
    return next(found, Presence.OPTIONAL)


def _nothing_to_change(proposal: Proposal) -> UsageError:
    """With why each line stays."""
    kept, shorter = proposal.kept_because, proposal.intent.kind is Kind.SHORTER
    detail = later(f"{len(kept)} statements are kept: {_reasons(proposal)}.") if kept else UNCHANGED
    title = later("This cannot be said in fewer words without losing something.")
    return UsageError(title if shorter else "There is nothing to change for that.", detail)


def _reasons(proposal: Proposal) -> str:
    return ", ".join(sorted({line.reason for line in proposal.kept_because}))


def _headings(letter: Letter) -> str:
    return ", ".join(section.heading for section in letter.sections)


def _no_such_section(letter: Letter) -> UsageError:
    return UsageError("This letter has no section of that name.", UNCHANGED, f"It has: {_headings(letter)}.")

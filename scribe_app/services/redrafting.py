"""One section drafted anew, as a tracked change: what would go, what would come, and what stays.

Nothing outside the section is touched, and nothing in it that the clinician wrote, settled or added.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from scribe_app.domain.corrections import same_fact
from scribe_app.domain.instructions import UNCHANGED, Intent, Kind
from scribe_app.domain.letter import Letter, Provenance, Section, Statement, Support
from scribe_app.domain.template import LetterTemplate
from scribe_app.errors import UsageError
from scribe_app.language import later
from scribe_app.services.drafting import placed, with_absence
from scribe_app.services.instructing import CHANGED_SINCE, Change, Outcome, Proposal

YOURS = later("your own words")
GONE = later("not written this time")


def redrafted(letter: Letter, template: LetterTemplate, key: str, new: Sequence[Statement]) -> Proposal:
    """The section's statements beside those drafted anew.

    A statement with the same words stays as it is, with what was settled about it. One that tells the same
    from the same utterances is shown as reworded. What another section says already does not come twice.

    Raises:
        UsageError: nothing differs.
    """
    section = _section(letter, template, key)
    elsewhere = {_words(one) for held in letter.sections if held.key != key for one in held.statements}
    left = list(section.statements)
    lines: dict[str, Change] = {}
    fresh: list[Statement] = []
    order: list[str] = []
    for statement in new:
        old = _counterpart(statement, left, letter.language)
        if old is not None:
            left.remove(old)
            order.append(old.id)
            if _is_own(old) or _words(old) == _words(statement):
                why = YOURS if _is_own(old) else ""
                lines[old.id] = Change(old.id, Outcome.KEPT, old.text, old.text, why, section.heading)
            else:
                fresh.append(replace(statement, id=old.id))
                lines[old.id] = _change(old.id, Outcome.REWORDED, old.text, statement, section.heading)
        elif _words(statement) not in elsewhere:
            fresh.append(statement)
            order.append(statement.id)
            lines[statement.id] = _change(statement.id, Outcome.ADDED, "", statement, section.heading)
    for old in left:
        if _is_own(old):
            lines[old.id] = Change(old.id, Outcome.KEPT, old.text, old.text, YOURS, section.heading)
        else:
            lines[old.id] = Change(old.id, Outcome.REMOVED, old.text, "", GONE, section.heading)
    order = _in_place(order, [old.id for old in section.statements])
    made = Proposal(
        letter, Intent(Kind.REDO, key), tuple(lines[id] for id in order), tuple(fresh), tuple(order), key
    )
    if not made.changes:
        raise UsageError("Written again, it says the same.", UNCHANGED)
    return made


def applied_section(
    letter: Letter, template: LetterTemplate, proposal: Proposal, accepted: Collection[str]
) -> Letter:
    """The letter with the accepted lines of a section drafted anew, by their ids.

    Raises:
        UsageError: a line that would change is no longer what it was when the section was drafted.
    """
    wanted = {change.id: change for change in proposal.changes if change.id in accepted}
    section = _section(letter, template, proposal.redone)
    before = {one.id: one for one in proposal.letter.statements}
    now = {one.id: one for one in section.statements}
    if any(id in wanted and now.get(id) != one for id, one in before.items()):
        raise CHANGED_SINCE
    fresh = {one.id: one for one in proposal.reworded if one.id in wanted}
    gone = {id for id, change in wanted.items() if change.outcome is Outcome.REMOVED}
    held = [fresh.get(one.id, one) for one in section.statements if one.id not in gone]
    for statement in fresh.values():
        if statement.id not in now:
            held.insert(_place(statement.id, held, proposal.order), statement)
    spec = template.section(proposal.redone)
    changed = replace(section, statements=tuple(held), absent="")
    return placed(_noted(letter, proposal), template, with_absence(changed, spec, template.language))


def made_by(provenance: Provenance, at: datetime) -> str:
    """What drafted a section again, in the words of a letter's provenance; `at` is UTC."""
    which = f"{provenance.drafting_model}, sha256 {provenance.drafting_model_sha256 or 'none'}"
    looks = dict(provenance.settings).get("second_look", "")
    parts = [
        f"{which}, prompts {provenance.prompt_version}, {provenance.application}",
        f"second look {looks}" if looks else "",
        f"drafted {at:%Y-%m-%dT%H:%M:%SZ}",
    ]
    return "; ".join(part for part in parts if part)


def _noted(letter: Letter, proposal: Proposal) -> Letter:
    """The letter with what drafted the section again in its provenance, behind what did so earlier."""
    if letter.provenance is None or not proposal.made:
        return letter
    settings, name = dict(letter.provenance.settings), f"redone_{proposal.redone}"
    settings[name] = " | ".join(filter(None, (settings.get(name, ""), proposal.made)))
    return replace(letter, provenance=replace(letter.provenance, settings=tuple(settings.items())))


def _section(letter: Letter, template: LetterTemplate, key: str) -> Section:
    spec = template.section(key)
    empty = Section(key, spec.heading, snomed_code=spec.snomed_code)
    return next((held for held in letter.sections if held.key == key), empty)


def _counterpart(new: Statement, old: Sequence[Statement], language: str) -> Statement | None:
    """What of the section says the same in the same words, or tells the same from the same place."""
    words = next((one for one in old if _words(one) == _words(new)), None)
    if words is not None:
        return words
    for one in old:
        shared = set(one.evidence) & set(new.evidence) or set(one.prior) & set(new.prior)
        if shared and (one.evidence == new.evidence or same_fact(one.text, new.text, language)):
            return one
    return None


def _is_own(statement: Statement) -> bool:
    return statement.settled or statement.support is Support.CLINICIAN_ADDED


def _words(statement: Statement) -> str:
    return " ".join(statement.text.casefold().split())


def _change(id: str, outcome: Outcome, before: str, new: Statement, heading: str) -> Change:
    """With what is doubted about the new line, so that nobody accepts a doubt unseen."""
    doubt = next((flag.reason for flag in new.flags), "") if new.needs_settling else ""
    return Change(id, outcome, before, new.text, doubt, heading)


def _in_place(new: Sequence[str], old: Sequence[str]) -> list[str]:
    """The ids in the new order; those that are in the old one only stay behind what they followed."""
    order = list(new)
    for at, id in enumerate(old):
        if id not in order:
            earlier = next((one for one in reversed(old[:at]) if one in order), None)
            order.insert(order.index(earlier) + 1 if earlier is not None else 0, id)
    return order


def _place(id: str, held: Sequence[Statement], order: Sequence[str]) -> int:
    """Where a new statement goes: behind the nearest one that stands before it in the proposal."""
    earlier = set(order[: order.index(id)])
    return max((at + 1 for at, one in enumerate(held) if one.id in earlier), default=0)

"""The same line under two headings: it stays where the reader meets it first."""

from __future__ import annotations

from dataclasses import replace

from scribe_app.domain.letter import Section, Statement
from scribe_app.domain.template import LetterTemplate

SEE = {"en": "See {heading}", "nl": "Zie {heading}"}
"""What stands under a heading whose every line stands under an earlier one."""
_WHOLE_LISTS = frozenset({"medication", "allergy"})
"""Headings that are read alone: their lists stay complete."""


def without_repeats(sections: tuple[Section, ...], template: LetterTemplate) -> tuple[Section, ...]:
    """The sections with each line once; lists of medicines and allergies keep theirs.

    A heading that loses every line says where they stand, so that it does not read as if nothing was said.
    """
    specs = {spec.key: spec for spec in template.sections}
    first: dict[tuple[object, ...], str] = {}
    kept: list[Section] = []
    for section in sections:
        spec = specs.get(section.key)
        alone = spec is not None and bool(spec.topics) and set(spec.topics) <= _WHOLE_LISTS
        new = tuple(s for s in section.statements if alone or _identity(s) not in first)
        shown = section
        if section.statements and not new:
            heading = first[_identity(section.statements[0])]
            shown = replace(section, statements=(), absent=SEE[template.language].format(heading=heading))
        elif len(new) < len(section.statements):
            shown = replace(section, statements=new)
        kept.append(shown)
        for statement in new:
            if statement.evidence or statement.prior:
                first.setdefault(_identity(statement), section.heading)
    return tuple(kept)


def _identity(statement: Statement) -> tuple[object, ...]:
    return (" ".join(statement.text.casefold().split()), statement.evidence, statement.prior)

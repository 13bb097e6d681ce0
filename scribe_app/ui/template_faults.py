"""What keeps a template from being saved, in the words of the form that it is edited in.

The files have the same rules, told in the words of files (adapters/templates/reading.py). Whatever is not
found here is still found there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scribe_app.domain.template import LetterTemplate, SectionSource, SectionSpec
from scribe_app.language import tr

MOST_HEADINGS = 60
LONGEST_LINE = 200
"""Characters of a title or heading; the fields themselves hold longer texts back."""
_FILLED_IN = re.compile(r"\{[{%#]|[%#}]\}|\$\{|<[%?]")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and in which row of the outline: 0 for the letter, else the section's number."""

    text: str
    row: int


def fault_of(template: LetterTemplate) -> Fault | None:
    """The first thing to put right; None where there is nothing."""
    if not template.title.strip():
        return Fault(tr("Give the letter a title."), 0)
    letter = " ".join((template.title, template.opening, template.closing))
    if found := _FILLED_IN.search(letter):
        return Fault(_not_filled_in(found[0]), 0)
    if len(template.title) > LONGEST_LINE:
        return Fault(_too_long(), 0)
    if not template.sections:
        return Fault(tr("Add at least one heading."), 0)
    if len(template.sections) > MOST_HEADINGS:
        text = tr("There are more than {most} headings: split the letter in two.", most=MOST_HEADINGS)
        return Fault(text, len(template.sections))
    first: dict[str, int] = {}
    for number, section in enumerate(template.sections, start=1):
        if wrong := _of_section(section):
            return Fault(wrong, number)
        before = first.setdefault(" ".join(section.heading.casefold().split()), number)
        if before != number:
            text = tr("“{heading}” is there twice: nobody could tell them apart.", heading=section.heading)
            return Fault(text, number)
    return None


def _of_section(section: SectionSpec) -> str:
    if not section.heading.strip():
        return tr("Give this heading its words.")
    if len(section.heading) > LONGEST_LINE:
        return _too_long()
    if found := _FILLED_IN.search(f"{section.heading} {section.guidance}"):
        return _not_filled_in(found[0])
    if not section.guidance.strip():
        return tr("Say in a sentence what belongs under this heading.")
    if section.source is SectionSource.CONVERSATION and not section.topics:
        return tr("Tick what belongs under this heading: otherwise nothing ever stands there.")
    return ""


def _too_long() -> str:
    return tr("This is longer than {most} characters: shorten it.", most=LONGEST_LINE)


def _not_filled_in(sign: str) -> str:
    return tr("“{sign}” would stand in the letter: nothing is filled in or repeated here.", sign=sign)

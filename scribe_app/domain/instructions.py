"""A typed instruction about a letter, understood by rules: one change, in English or Dutch.

Every word must be understood. What is only half understood is refused with what can be asked, since a change
that the clinician did not ask for is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from scribe_app.domain.checks.reading import stem_of
from scribe_app.domain.house_style import HouseStyle, says_the_same, styled
from scribe_app.domain.letter import Section
from scribe_app.domain.lexicon.instruction_words import (
    ABOUT_IDLE,
    DENIED,
    FORMAL_WORDS,
    IDLE,
    LEAVE_OUT,
    MAIN_TOPICS,
    MOVING,
    PLACES,
    STYLE_WORDS,
    TOPIC_NAMES,
    WITHOUT,
)
from scribe_app.domain.template import LetterTemplate
from scribe_app.domain.words import words_in
from scribe_app.errors import UsageError

LONGEST = 200
"""Characters of an instruction."""
UNCHANGED = "The letter is unchanged."
EXAMPLES = (
    "Ask for one of these: shorter; as bullets, as prose or as separate lines; more formal; in the first or "
    "third person; abbreviations written out; British or American spelling; move the plan up, down, first or "
    "last; leave out the family history."
)
_FEW_TOPICS = 2
"""A section with more topics than this is not called by a lesser one ("family history" is not Subjective)."""


class Kind(StrEnum):
    """What an instruction asks for. Its value may be written to the audit trail: it is nobody's words."""

    SHORTER = "shorter"
    BULLETS = "bullets"
    PROSE = "prose"
    LINES = "lines"
    FORMAL = "more formal"
    FIRST_PERSON = "first person"
    THIRD_PERSON = "third person"
    WRITTEN_OUT = "abbreviations written out"
    ABBREVIATED = "abbreviated"
    BRITISH = "British spelling"
    AMERICAN = "American spelling"
    MOVE = "move a section"
    LEAVE_OUT = "leave out"
    REDO = "section drafted again"
    """Never typed: what the button on a heading does."""


LAYOUTS = frozenset({Kind.BULLETS, Kind.PROSE, Kind.LINES})
STYLES: dict[Kind, HouseStyle] = {
    Kind.FORMAL: HouseStyle(abbreviations="long", person="third"),
    Kind.FIRST_PERSON: HouseStyle(person="first"),
    Kind.THIRD_PERSON: HouseStyle(person="third"),
    Kind.WRITTEN_OUT: HouseStyle(abbreviations="long"),
    Kind.ABBREVIATED: HouseStyle(abbreviations="short"),
    Kind.BRITISH: HouseStyle(spelling="british"),
    Kind.AMERICAN: HouseStyle(spelling="american"),
}


class Place(StrEnum):
    """Where a section goes."""

    UP = "up"
    DOWN = "down"
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Intent:
    """One understood instruction."""

    kind: Kind
    about: str = ""
    """The section or topic it names, in its own words, lower case; empty for the whole letter."""
    place: Place | None = None


def intent_of(instruction: str) -> Intent:
    """What an instruction asks for.

    Raises:
        UsageError: it asks for several things, for nothing known, or has words that mean nothing here.
    """
    flat = " ".join(words_in(instruction[:LONGEST]))
    for pattern in LEAVE_OUT:
        found = re.search(pattern, flat)
        if found and (about := _about(" ".join((flat[: found.start()], *found.groups())), ABOUT_IDLE)):
            return Intent(Kind.LEAVE_OUT, about)
    rest, kinds = _styles(flat)
    moved, place = _place(rest)
    if len(kinds) > 1 or (kinds and place):
        raise UsageError("One change at a time, please.", UNCHANGED, EXAMPLES)
    if kinds:
        return Intent(kinds[0], _about(rest, MOVING))
    if place and (about := _about(moved, MOVING)):
        return Intent(Kind.MOVE, about, place)
    if (found := re.search(WITHOUT, flat)) and (about := _about(found[1], ABOUT_IDLE)):
        return Intent(Kind.LEAVE_OUT, about)
    raise not_understood()


def not_understood() -> UsageError:
    """With what can be asked."""
    return UsageError("That is not a change that can be made here.", UNCHANGED, EXAMPLES)


def section_named(about: str, sections: Sequence[Section], template: LetterTemplate) -> Section | None:
    """The one section of a letter that these words name; None where they name none.

    Raises:
        UsageError: they fit several.
    """
    wanted = _stems(about, template.language)
    if not wanted:
        return None
    headings = [
        (section, _stems(section.heading, template.language), _stems(section.key, "en"))
        for section in sections
    ]
    exact = [section for section, heading, key in headings if wanted in (heading, key)]
    partly = [section for section, heading, _ in headings if wanted <= heading]
    found = exact or partly
    if len(found) > 1:
        names = ", ".join(section.heading for section in found)
        raise UsageError("Several sections fit that.", UNCHANGED, f"Name one of them: {names}.")
    return found[0] if found else _section_about(topics_named(about), sections, template)


def topics_named(about: str) -> frozenset[str]:
    """The topics that people call by these words."""
    return frozenset(topic for topic, names in TOPIC_NAMES.items() if re.fullmatch(names, about))


def reworded(text: str, kind: Kind, language: str, *, clinician: bool) -> str:
    """A statement's text as a style asks for it; each step that would change what it says is left out."""
    new = text
    if kind is Kind.FORMAL:
        for pattern, formal in _FORMAL["nl" if language == "nl" else "en"]:
            tried = _outside_quotes(pattern, formal, new)
            if tried != new and says_the_same(new, tried, language):
                new = tried
    return styled(new, STYLES[kind], language, clinician=clinician)


def _styles(flat: str) -> tuple[str, list[Kind]]:
    """The words left over, and the kinds of change that the others ask for."""
    kinds = []
    for name, pattern in STYLE_WORDS:
        flat, times = re.subn(rf"(?<![\w'-])(?:{pattern})(?![\w'-])", " ", flat)
        flat = " ".join(flat.split())
        if times:
            kinds.append(Kind(name))
    return flat, kinds


def _place(flat: str) -> tuple[str, Place | None]:
    for name, pattern in PLACES:
        left, times = re.subn(rf"(?<![\w'-])(?:{pattern})(?![\w'-])", " ", flat)
        if times:
            return left, Place(name)
    return flat, None


def _about(words: str, more: frozenset[str] = frozenset()) -> str:
    """What is named, without the words round it.

    Raises:
        UsageError: it is denied ("don't move the plan", "minder formeel").
    """
    kept = [word for word in words.split() if word not in IDLE and word not in more]
    if any(word in DENIED for word in kept):
        raise not_understood()
    return " ".join(kept)


def _stems(words: str, language: str) -> frozenset[str]:
    named = _about(" ".join(words_in(words.replace("_", " ")))).split()
    return frozenset(stem_of(word, language) or word for word in named if word not in ("and", "en"))


def _section_about(
    topics: frozenset[str], sections: Sequence[Section], template: LetterTemplate
) -> Section | None:
    """The first section that is about one of the topics before all else."""
    specs = {spec.key: spec for spec in template.sections}
    for section in sections:
        held = specs[section.key].topics if section.key in specs else ()
        if held and held[0] in topics and (held[0] in MAIN_TOPICS or len(held) <= _FEW_TOPICS):
            return section
    return None


_QUOTED = re.compile(r"(“[^”]*”|\"[^\"]*\")")
_FORMAL = {
    language: tuple(
        (re.compile(rf"(?<![\w'’]){found}(?![\w'’])", re.IGNORECASE), formal) for found, formal in rows
    )
    for language, rows in FORMAL_WORDS.items()
}


def _outside_quotes(pattern: re.Pattern[str], formal: str, text: str) -> str:
    def put(found: re.Match[str]) -> str:
        words = found.expand(formal)
        return words[:1].upper() + words[1:] if found[0][:1].isupper() else words

    return "".join(
        part if _QUOTED.fullmatch(part) else pattern.sub(put, part) for part in _QUOTED.split(text)
    )

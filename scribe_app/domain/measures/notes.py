"""A note by a person, or by another system, as sentences under the part of the letter they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from scribe_app.domain.words import plain, words_in

_HEADING = re.compile(r"^[A-Z][A-Z /&-]{3,}:?$")
_LABEL = re.compile(r"^[•*-]?\s*(?:([A-Z][\w/ &-]{1,40}?)\s?:\s+)?")
_SENTENCE_END = re.compile(r"(?<=[.;])\s+")


class Division(StrEnum):
    """The parts that every kind of letter has in some form; finer headings differ from house to house."""

    HISTORY = "history"
    FINDINGS = "findings"
    PLAN = "assessment and plan"


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One sentence of a note."""

    text: str
    division: Division | None = None
    """None where no heading tells."""
    family: bool = False
    """Under the heading of the family history: illnesses there are relatives'."""


_WORDS = {
    Division.FINDINGS: "exam examination objective o/e vitals results result labs laboratory imaging "
    "findings observations onderzoek objectief uitslagen",
    Division.PLAN: "assessment plan impression imp instructions diagnosis diagnoses dx ddx disposition "
    "treatment management recommendations procedures procedure edcourse advice follow evaluatie beleid "
    "conclusie",
    Division.HISTORY: "history complaint hx hpi subjective cc ros systems medication medications allergy "
    "allergies social family genhx pastmedicalhx pastsurgical fam/sochx gynhx other_history immunizations "
    "pmh dh sh fh symptoms presenting anamnese subjectief voorgeschiedenis medicatie ice concerns",
}
_PARTS = {word: division for division, words in _WORDS.items() for word in words.split()}
_TOPICS = {
    "examination": Division.FINDINGS, "result": Division.FINDINGS, "assessment": Division.PLAN,
    "plan": Division.PLAN, "safety_net": Division.PLAN, "advice": Division.PLAN, "procedure": Division.PLAN,
}  # fmt: skip


def division_of_heading(heading: str) -> Division | None:
    """Where a heading belongs by its words; None for one that names no part ("COPD", "MSK")."""
    words = [*plain(heading).split(), *words_in(heading)]
    found = [_PARTS[word.strip(":.")] for word in words if word.strip(":.") in _PARTS]
    for division in (Division.PLAN, Division.FINDINGS, Division.HISTORY):
        if division in found and not (division is Division.PLAN and "history" in words):
            return division
    return None


def division_of_topics(topics: Iterable[str]) -> Division:
    """Where a template's section belongs: by most of its topics, findings and plan before history."""
    found = [_TOPICS.get(topic, Division.HISTORY) for topic in topics] or [Division.HISTORY]
    return max(Division, key=lambda division: (found.count(division), division is not Division.HISTORY))


def note_lines(note: str, division: Division | None = None) -> Iterator[NoteLine]:
    """Sentences of two words or more without headings, bullets and labels; `division` before any heading.

    Labels in mixed case ("Plan: …") count as headings only where the note has none in capitals: under "Plan"
    a "Medication:" begins no new part.
    """
    lines = [line.strip(" <>\t\r") for line in note.splitlines()]
    capitals = any(_HEADING.match(line) and division_of_heading(line) for line in lines)
    family = False
    for line in filter(None, lines):
        if _HEADING.match(line):
            division, family = division_of_heading(line) or division, "FAMILY" in line
            continue
        text, told = _unlabelled(line, labels_count=not capitals)
        division = told or division
        for sentence in _SENTENCE_END.split(text):
            if len(sentence.split()) >= 2:
                yield NoteLine(sentence.strip(), division, family)


def _unlabelled(line: str, labels_count: bool) -> tuple[str, Division | None]:
    """The line without its bullet and labels, and the part of the letter that they name."""
    told: Division | None = None
    while match := _LABEL.match(line):
        label = match[1] or ""
        counts = labels_count or label.isupper()
        told = (division_of_heading(label) if counts else None) or told
        line = line[match.end() :]
        if not label:
            break
        following = _LABEL.match(line)
        if following is None or not (following[1] or "").isupper():
            break
    return line, told

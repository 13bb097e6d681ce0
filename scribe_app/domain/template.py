"""What a letter should contain, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Presence(StrEnum):
    """How a heading is treated when nothing was said about it (PRSB: mandatory, required, optional)."""

    MANDATORY = "mandatory"
    """Shown with "not recorded - ask"."""
    REQUIRED = "required"
    """Shown with "not recorded"."""
    OPTIONAL = "optional"
    """Left out."""


class SectionSource(StrEnum):
    """Where a section's text comes from."""

    CONVERSATION = "conversation"
    APPLICATION = "application"
    """Identity, dates and names: from the application's fields, never from speech."""


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """One heading of a letter and what belongs under it."""

    key: str
    heading: str
    guidance: str
    """One or two sentences telling the model what belongs here."""
    topics: tuple[str, ...] = ()
    """Fact kinds that belong here: symptom, history, medication, allergy, examination, result, assessment,
    plan, safety_net, family, social, concern, advice, procedure."""
    presence: Presence = Presence.OPTIONAL
    source: SectionSource = SectionSource.CONVERSATION
    clinician_only: bool = False
    """Statements here need something the clinician said (examination, assessment, plan)."""
    snomed_code: str = ""


@dataclass(frozen=True, slots=True)
class LetterTemplate:
    """A kind of letter: its sections in reading order and how it addresses its reader."""

    name: str
    title: str
    language: str
    version: int
    sections: tuple[SectionSpec, ...]
    audience: str = "clinician"
    """clinician or patient: whom the letter addresses."""
    opening: str = ""
    closing: str = ""
    verbatim: bool = False
    """The letter is what was dictated, in order; nothing is sorted, left out or reworded."""
    layout: str = ""
    """lines, bullets or prose; empty: as the clinician's house style says."""
    person: str = ""
    """first or third; empty: as the clinician's house style says."""
    wording: str = ""
    """House style in words for the model; put in when a letter is written, never kept in a file."""

    def section(self, key: str) -> SectionSpec:
        """The section with this key.

        Raises:
            KeyError: there is none.
        """
        for spec in self.sections:
            if spec.key == key:
                return spec
        raise KeyError(key)

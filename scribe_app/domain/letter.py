"""A letter made of sections, made of statements, each with its evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from scribe_app.domain.ids import ConsultationId, LetterId, StatementId, UtteranceId, new_statement_id


class Support(StrEnum):
    """How far what was said carries a statement."""

    SUPPORTED = "supported"
    INFERRED = "inferred"
    UNSUPPORTED = "unsupported"
    CONFLICTING = "conflicting"
    CLINICIAN_ADDED = "clinician_added"


UNSETTLED = frozenset({Support.UNSUPPORTED, Support.CONFLICTING})
"""A letter with one of these, not yet settled, cannot be signed."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One reason why a statement is doubted."""

    code: str
    """Short and stable, for machines: number_not_said, no_evidence, …"""
    reason: str
    """In words that a clinician understands."""


@dataclass(frozen=True, slots=True)
class PriorPlace:
    """Where in a letter from before this consultation something stands."""

    letter: int
    """Number of the prior letter within its consultation."""
    sentence: int
    """Counts from 1 within that letter."""
    title: str
    """What that letter is called, so that the statement says where it is from when the letter is gone."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One checkable claim and the utterances it rests on."""

    text: str
    support: Support = Support.UNSUPPORTED
    evidence: tuple[UtteranceId, ...] = ()
    flags: tuple[Flag, ...] = ()
    id: StatementId = field(default_factory=new_statement_id)
    settled: bool = False
    """The clinician has looked at a doubted statement and kept it as their own."""
    quoted: bool = False
    """The words of an utterance as they were said, not the model's."""
    prior: tuple[PriorPlace, ...] = ()
    """Set for what comes from prior letters; it then rests on no utterance."""

    @property
    def needs_settling(self) -> bool:
        """Whether this statement keeps the letter from being signed."""
        return self.support in UNSETTLED and not self.settled


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with its statements; `absent` says why there are none ("not recorded - ask")."""

    key: str
    heading: str
    statements: tuple[Statement, ...] = ()
    absent: str = ""
    snomed_code: str = ""
    """Of the heading, from the template; for FHIR."""


@dataclass(frozen=True, slots=True)
class CoverageItem:
    """Something said, clinically relevant, and in no statement."""

    utterance: UtteranceId
    text: str
    section: str
    """Key of the section it belongs to."""
    topic: str
    dismissed: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of the consultation reached the letter."""

    items: tuple[CoverageItem, ...] = ()
    read_until: float = 0.0
    """Seconds of the transcript that the model was given; equal to `total` when nothing was left out."""
    total: float = 0.0
    """Seconds of the transcript."""
    facts_until: float = 0.0
    """Seconds of its beginning that the model was given as facts, not word for word."""
    listed: bool = True
    """Whether it was looked what is not written; if not, `items` is empty because nobody looked."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made this draft: enough to repeat it."""

    application: str
    template: str
    template_version: int
    drafting_model: str
    drafting_model_sha256: str
    prompt_version: str
    speech_model: str = ""
    settings: tuple[tuple[str, str], ...] = ()


class LetterStatus(StrEnum):
    """FHIR Composition status."""

    PRELIMINARY = "preliminary"
    FINAL = "final"
    AMENDED = "amended"
    ENTERED_IN_ERROR = "entered_in_error"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed what, when."""

    name: str
    role: str
    signed_at: datetime
    """UTC."""
    sha256: str
    """Of the letter's canonical text."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One version of one letter."""

    id: LetterId
    consultation: ConsultationId
    template: str
    title: str
    language: str
    sections: tuple[Section, ...]
    coverage: Coverage = Coverage()
    provenance: Provenance | None = None
    status: LetterStatus = LetterStatus.PRELIMINARY
    version: int = 1
    signature: Signature | None = None
    opening: str = ""
    """Lines above the first heading: salutation and opening, from template and application fields."""
    closing: str = ""
    """Lines below the last section."""

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All statements in reading order."""
        return tuple(statement for section in self.sections for statement in section.statements)

    @property
    def unsettled(self) -> int:
        """How many statements still need a decision before signing."""
        return sum(statement.needs_settling for statement in self.statements)

"""A letter as a file."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from scribe_app.domain.consultation import Consultation
from scribe_app.domain.documents import LetterPage
from scribe_app.domain.letter import Letter
from scribe_app.domain.transcript import Transcript

PRINT = "print"
"""On paper; named like a format in the organisation's policy."""


class ExportFormat(StrEnum):
    """Ways a letter leaves the program."""

    TXT = "txt"
    DOCX = "docx"
    PDF = "pdf"
    FHIR = "fhir"
    JSON = "json"


class LetterExporter(Protocol):
    """A letter as a file."""

    def export(
        self, letter: Letter, consultation: Consultation, transcript: Transcript, format: ExportFormat
    ) -> bytes:
        """The file's bytes; an unsigned letter carries a plain DRAFT mark. Raises ExportError."""

    def for_print(self, letter: Letter, consultation: Consultation) -> LetterPage:
        """The letter laid out for paper; an unsigned one carries the same mark. Raises ExportError."""

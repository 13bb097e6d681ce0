"""The LetterExporter port. Each format is one function from a letter to bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

from scribe_app.domain.consultation import Consultation
from scribe_app.domain.documents import Letterhead, LetterPage, letter_as_json, page_of, plain_text
from scribe_app.domain.letter import Letter
from scribe_app.domain.transcript import Transcript
from scribe_app.errors import ExportError
from scribe_app.ports import PRINT, Clock, ExportFormat


def utc_now() -> datetime:
    """The time now, UTC."""
    return datetime.now(UTC)


class Exporter:
    """Letters as files. What was said never leaves with them: only JSON names utterances, by number."""

    def __init__(
        self,
        now: Clock = utc_now,
        allowed: Callable[[str], bool] = lambda format: True,
        letterhead: Callable[[], Letterhead] = Letterhead,
    ) -> None:
        """`now` dates the FHIR document and the Word file; `allowed` is the organisation's policy.

        `letterhead` is asked for at each export, so that a change in the settings counts at once.
        """
        self._now = now
        self._allowed = allowed
        self._letterhead = letterhead

    def for_print(self, letter: Letter, consultation: Consultation) -> LetterPage:
        """The letter laid out for paper, under the letterhead.

        Raises:
            ExportError: the policy forbids printing, or the letterhead's logo cannot be used.
        """
        if not self._allowed(PRINT):
            raise ExportError(
                "Your organisation does not allow letters to be printed.",
                "The letter is kept as it is.",
                "Copy it into the record system.",
            )
        return page_of(letter, consultation, self._letterhead())

    def export(
        self, letter: Letter, consultation: Consultation, transcript: Transcript, format: ExportFormat
    ) -> bytes:
        """The file's bytes; an unsigned letter carries a plain DRAFT mark.

        Raises:
            ExportError: the PDF font lacks a sign that the letter needs, the policy forbids the format, or
                the letterhead's logo cannot be used.
        """
        if not self._allowed(format):
            raise ExportError(
                f"Your organisation does not allow letters as {format.value.upper()}.",
                "The letter is kept as it is.",
                "Choose another format.",
            )
        match format:
            case ExportFormat.TXT:
                return plain_text(letter, consultation).encode("utf-8", errors="replace")
            case ExportFormat.JSON:
                return _json(letter_as_json(letter))
            case ExportFormat.FHIR:
                from scribe_app.adapters.export.fhir import document_bundle

                return _json(document_bundle(letter, consultation, self._now()))
            case ExportFormat.DOCX:
                # python-docx and reportlab take a moment to load; only who exports waits for them.
                from scribe_app.adapters.export.docx import docx_bytes

                return docx_bytes(page_of(letter, consultation, self._letterhead()), self._now())
            case ExportFormat.PDF:
                from scribe_app.adapters.export.pdf import pdf_bytes

                return pdf_bytes(page_of(letter, consultation, self._letterhead()))


def _json(document: object) -> bytes:
    # Lone surrogates have no UTF-8; replaced rather than failing the whole letter.
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    return text.encode("utf-8", errors="replace")

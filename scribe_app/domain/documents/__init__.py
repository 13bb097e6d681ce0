"""Letters and transcripts as text: JSON for programs, pages for people, canonical text for signatures."""

from __future__ import annotations

from scribe_app.domain.documents.letters import canonical_text, letter_as_json, letter_sha256
from scribe_app.domain.documents.pages import (
    Letterhead,
    LetterPage,
    PageSection,
    page_of,
    plain_text,
    printable,
)
from scribe_app.domain.documents.transcripts import (
    transcript_as_json,
    transcript_from_json,
    transcript_from_lines,
)

__all__ = [
    "LetterPage",
    "Letterhead",
    "PageSection",
    "canonical_text",
    "letter_as_json",
    "letter_sha256",
    "page_of",
    "plain_text",
    "printable",
    "transcript_as_json",
    "transcript_from_json",
    "transcript_from_lines",
]

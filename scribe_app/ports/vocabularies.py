"""Names to listen for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from scribe_app.domain.vocabulary import Term

OWN_TERMS = "clinician"
"""The clinician's own list; other own lists are named after the letter template they belong to."""


@dataclass(frozen=True, slots=True)
class TermList:
    """A list of names to listen for."""

    name: str
    count: int
    bundled: bool
    problems: tuple[str, ...] = ()
    """Lines that cannot be used, in words."""


@dataclass(frozen=True, slots=True)
class ImportedTerms:
    """What came of an import."""

    added: int
    known: int
    """Terms that were on the list already."""
    left_out: int
    """Rows of a table that hold no name to listen for: inactive, or too long to be said in one breath."""


class VocabularyLibrary(Protocol):
    """Lists of names to listen for: bundled, the clinician's own, and one for each letter template."""

    def lists(self) -> list[TermList]:
        """Own lists first, then bundled ones."""

    def own_terms(self, name: str = OWN_TERMS) -> tuple[Term, ...]:
        """An own list's terms; none where there is no such list. Raises TermListError."""

    def save(self, name: str, terms: tuple[Term, ...]) -> None:
        """Replace an own list in one step; an empty one is removed. Raises TermListError, old list kept."""

    def import_file(self, name: str, file: Path, column: str = "") -> ImportedTerms:
        """Add a text file's or a table's terms to an own list, all or nothing. Raises TermListError."""

    def bundled(self, language: str) -> dict[str, tuple[Term, ...]]:
        """The lists that come with the program in a language, by subject: medicines, conditions."""

    def terms(self, template: str, language: str) -> tuple[Term, ...]:
        """What to listen for in one consultation. Never raises: a broken list is left out."""

"""The VocabularyLibrary port on text files: bundled lists, and the clinician's own in the settings folder."""

from __future__ import annotations

import codecs
import logging
import os
import re
from pathlib import Path

from scribe_app.domain.term_tables import is_table, terms_of_table
from scribe_app.domain.vocabulary import Term, checked_terms, read_terms, write_terms
from scribe_app.errors import TermListError
from scribe_app.ports import OWN_TERMS, ImportedTerms, TermList

log = logging.getLogger(__name__)

ENDING = ".txt"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")
LARGEST_FILE = 64_000_000
"""Bytes of a file to import: a national SNOMED CT extension's descriptions, and then some."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class TextVocabularies:
    """Bundled lists are named language-subject.txt; own ones after the letter template, or `clinician`."""

    def __init__(self, bundled: Path, own: Path) -> None:
        self._bundled, self._own = bundled, own

    def lists(self) -> list[TermList]:
        """Own lists first, then bundled ones; broken lines of each are named, not hidden."""
        own = [self._list(file, bundled=False) for file in sorted(self._own.glob("*" + ENDING))]
        return own + [self._list(file, bundled=True) for file in sorted(self._bundled.glob("*" + ENDING))]

    def own_terms(self, name: str = OWN_TERMS) -> tuple[Term, ...]:
        """An own list's terms; none where there is no such list. Broken lines are left out."""
        file = self._file(name)
        return read_terms(self._text(file))[0] if file.exists() else ()

    def save(self, name: str, terms: tuple[Term, ...]) -> None:
        """Replace an own list in one step; an empty one is removed.

        Raises:
            TermListError: the name or a term cannot be used, or the disk refuses. The earlier list is kept.
        """
        file = self._file(name)
        text = write_terms(terms)
        checked_terms(text, f"The list {name}")
        part = file.with_suffix(".part")
        try:
            self._own.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not terms:
                file.unlink(missing_ok=True)
                return
            with part.open("wb") as opened:
                opened.write(text.encode())
                opened.flush()
                os.fsync(opened.fileno())  # a power cut after the renaming must not find an empty file
            part.replace(file)
        except OSError as error:
            raise TermListError(
                f"The list {name} cannot be saved ({error.strerror}).",
                "The earlier list is kept.",
                f"Check free space and permissions of {self._own}.",
            ) from error

    def import_file(self, name: str, file: Path, column: str = "") -> ImportedTerms:
        """Add the terms of a text file or a table to an own list. All of it, or nothing.

        Raises:
            TermListError: the file cannot be read or used; lines are named.
        """
        text = self._text(file)
        left_out = 0
        if is_table(text, column):
            table = terms_of_table(text, file.name, column)
            new, left_out = table.terms, table.left_out
        else:
            new = checked_terms(text, file.name)
        known = self.own_terms(name)
        have = {term.text.casefold() for term in known}
        added = tuple(term for term in new if term.text.casefold() not in have)
        self.save(name, known + added)
        return ImportedTerms(len(added), len(new) - len(added), left_out)

    def terms(self, template: str, language: str) -> tuple[Term, ...]:
        """What to listen for in one consultation: own, the letter's, then the language's bundled lists.

        Never raises: a list that cannot be read must not keep a consultation from being recorded.
        """
        found: dict[str, Term] = {}
        files = [self._own / (name + ENDING) for name in dict.fromkeys((OWN_TERMS, template))]
        for file in [*files, *sorted(self._bundled.glob(f"{language}-*{ENDING}"))]:
            try:
                terms, problems = read_terms(self._text(file)) if file.exists() else ((), ())
            except TermListError:
                log.warning("a term list cannot be read and is left out")
                continue
            if problems:
                log.warning("a term list has %d lines that cannot be used", len(problems))
            for term in terms:
                found.setdefault(term.text.casefold(), term)
        return tuple(found.values())

    def bundled(self, language: str) -> dict[str, tuple[Term, ...]]:
        """The lists that come with the program in a language, by subject: medicines, conditions.

        Raises:
            TermListError: one cannot be read.
        """
        files = sorted(self._bundled.glob(f"{language}-*{ENDING}"))
        return {file.stem.partition("-")[2]: read_terms(self._text(file))[0] for file in files}

    def _list(self, file: Path, bundled: bool) -> TermList:
        try:
            terms, problems = read_terms(self._text(file))
        except TermListError as error:
            return TermList(file.stem, 0, bundled, (error.title,))
        return TermList(file.stem, len(terms), bundled, tuple(str(problem) for problem in problems))

    def _file(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise TermListError(
                f"{name!r} is no name of a list.",
                "Nothing was changed.",
                f"Use {OWN_TERMS}, or the name of a letter template.",
            )
        return self._own / (name + ENDING)

    def _text(self, file: Path) -> str:
        """Raises TermListError."""
        try:
            if file.stat().st_size > LARGEST_FILE:
                raise TermListError(
                    f"{file.name} is larger than {LARGEST_FILE // 1_000_000} MB.",
                    "Nothing was imported.",
                    "Take the part that your specialty needs.",
                )
            raw = file.read_bytes()
        except OSError as error:
            raise TermListError(
                f"{file.name} cannot be read ({error.strerror}).",
                "Nothing was changed.",
                "Check the file's name.",
            ) from error
        return _decoded(raw, file.name)


def _decoded(raw: bytes, name: str) -> str:
    """UTF-8, UTF-16 with its mark, or else Windows' Western European, as pharmacy systems still export.

    Raises:
        TermListError: it is no text in any of them.
    """
    encoding = next((known for mark, known in _MARKS if raw.startswith(mark)), "utf-8")
    for attempt in dict.fromkeys((encoding, "cp1252")):
        try:
            text = raw.decode(attempt)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise TermListError(
        f"{name} is not plain text.", "Nothing was changed.", "Save it as text (UTF-8) and try again."
    )

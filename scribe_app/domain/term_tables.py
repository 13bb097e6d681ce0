"""Names out of tables that others publish: dm+d, SNOMED CT, a pharmacy system's export."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from scribe_app.domain.vocabulary import LONGEST_TERM, MOST_TERMS, MOST_WORDS, Term, read_terms
from scribe_app.errors import TermListError

COLUMNS = ("nm", "term", "name", "naam", "nmnaam", "gpnaam", "desc", "omschrijving", "label")
"""Headings under which names are looked for when none is given: dm+d, SNOMED CT RF2, G-Standaard exports."""
_TAG = re.compile(r"\s*\([^()]*\)$")
_NUMBER_OF_ACTIVE = "1"


@dataclass(frozen=True, slots=True)
class Imported:
    """Terms of a table, and how many of its rows hold none that can be listened for."""

    terms: tuple[Term, ...]
    left_out: int = 0


def is_table(text: str, column: str = "") -> bool:
    """Whether this is a table with a heading, not a list of terms."""
    return bool(column) or _find_column(_heading(text), "") is not None


def terms_of_table(text: str, name: str, column: str = "") -> Imported:
    """The names in one column. Inactive rows and over-long names are left out and counted.

    Raises:
        TermListError: no such column, or more names than a list holds.
    """
    heading = _heading(text)
    found = _find_column(heading, column)
    if found is None:
        raise TermListError(
            f"{name} has no column {column!r}." if column else f"{name} has no column with names.",
            "Nothing was imported.",
            f"Its columns are: {', '.join(heading[:12])}.",
        )
    lines, left_out = [], 0
    for row in _rows(text, heading, found):
        if row is None:
            left_out += 1
        else:
            lines.append(row)
    terms, problems = read_terms("\n".join(dict.fromkeys(lines)))
    if len(terms) >= MOST_TERMS and problems:
        raise TermListError(
            f"{name} holds more than {MOST_TERMS:,} names.",
            "Nothing was imported.",
            "Take the part that your specialty needs.",
        )
    return Imported(terms, left_out + len(problems))


def _heading(text: str) -> list[str]:
    first = text.lstrip("\ufeff\r\n").split("\n", 1)[0].rstrip("\r")
    return [cell.strip() for cell in next(csv.reader([first], delimiter=_delimiter(first)), [])]


def _delimiter(line: str) -> str:
    return max("\t;,|", key=line.count)


def _find_column(heading: list[str], column: str) -> int | None:
    names = [cell.casefold() for cell in heading]
    if column:
        return names.index(column.casefold()) if column.casefold() in names else None
    if len(names) < 2 and names != ["name"]:
        return None
    return next((names.index(known) for known in COLUMNS if known in names), None)


def _rows(text: str, heading: list[str], column: int) -> Iterator[str | None]:
    """The name of each row that is in use; None for one that cannot be listened for."""
    names = [cell.casefold() for cell in heading]
    active = names.index("active") if "active" in names else None
    invalid = names.index("invalid") if "invalid" in names else None
    tab = _delimiter(text.lstrip("\ufeff\r\n").split("\n", 1)[0])
    # RF2 files are tab-separated and never quoted; a quotation mark in a term is a quotation mark.
    quoting: Literal[0, 3] = csv.QUOTE_NONE if tab == "\t" else csv.QUOTE_MINIMAL
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff\r\n")), delimiter=tab, quoting=quoting)
    next(reader, None)
    for row in reader:
        if not row:
            continue
        if len(row) <= column or (active is not None and row[active : active + 1] != [_NUMBER_OF_ACTIVE]):
            yield None
            continue
        if invalid is not None and row[invalid : invalid + 1] == ["1"]:
            yield None
            continue
        name = _TAG.sub("", " ".join(row[column].split())).replace("=", "-").replace("#", "")
        fits = len(name) <= LONGEST_TERM and len(name.split()) <= MOST_WORDS
        yield name if fits and sum(letter.isalpha() for letter in name) > 1 else None

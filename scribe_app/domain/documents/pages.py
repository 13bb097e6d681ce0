"""A letter as a person reads it: one layout for the clipboard, text files, Word and PDF."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from scribe_app.domain.consultation import Consultation
from scribe_app.domain.letter import Letter, Section, Signature, Statement

SHORT_HASH = 12
"""Hex digits of the signature's SHA-256 that people see; enough to compare by eye."""

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "patient": "Patient",
        "born": "Date of birth",
        "number": "Record number",
        "date": "Consultation",
        "draft": "DRAFT - not signed",
        "check": "[CHECK]",
        "signed": "Signed by",
        "at": "on",
        "hash": "Signature code",
        "letter": "Letter",
        "version": "version",
        "page": "Page",
        "from": "from",
    },
    "nl": {
        "patient": "Patiënt",
        "born": "Geboortedatum",
        "number": "Dossiernummer",
        "date": "Consult",
        "draft": "CONCEPT - niet ondertekend (DRAFT)",
        "check": "[NAKIJKEN]",
        "signed": "Ondertekend door",
        "at": "op",
        "hash": "Handtekeningcode",
        "letter": "Brief",
        "version": "versie",
        "page": "Pagina",
        "from": "uit",
    },
}

_ENGLISH_MONTHS = "January February March April May June July August September October November December"
_DUTCH_MONTHS = "januari februari maart april mei juni juli augustus september oktober november december"
_MONTHS = {"en": _ENGLISH_MONTHS.split(), "nl": _DUTCH_MONTHS.split()}

_IDENTITY_SECTION = "demographics"
"""A template with this section puts the patient's identity into the signed text itself."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands on top of a letter on paper: the organisation, its address, its logo."""

    lines: tuple[str, ...] = ()
    """The first is the organisation's name."""
    logo: bytes = b""
    """A PNG picture; empty for none."""


@dataclass(frozen=True, slots=True)
class PageSection:
    """One heading with the lines below it."""

    heading: str
    """Empty for the opening and the closing."""
    lines: tuple[str, ...]
    absent: bool = False
    """The line says that nothing was recorded."""


@dataclass(frozen=True, slots=True)
class LetterPage:
    """Everything that is printed, in reading order; no evidence and nothing of the transcript."""

    title: str
    language: str
    draft: str
    """The draft mark; empty for a signed letter."""
    identity: tuple[tuple[str, str], ...]
    """Label and value: the patient as typed by the clinician, and the date."""
    sections: tuple[PageSection, ...]
    signature: tuple[str, ...]
    footer: str
    """Letter id and version."""
    page_word: str
    letterhead: Letterhead = Letterhead()
    """For paper only; the clipboard and text files go into systems that have their own."""


def page_of(letter: Letter, consultation: Consultation, letterhead: Letterhead | None = None) -> LetterPage:
    """The letter laid out for reading; statements that still need a decision are marked."""
    words = _WORDS.get(letter.language, _WORDS["en"])
    layout = dict(letter.provenance.settings).get("layout", "") if letter.provenance else ""
    laid = (_section(section, words, layout) for section in letter.sections)
    written = tuple(page for page in laid if page)
    footer = f"{words['letter']} {letter.id[:8]} · {words['version']} {letter.version}"
    return LetterPage(
        title=printable(letter.title),
        language=letter.language,
        draft="" if letter.signature else words["draft"],
        identity=_identity(letter, consultation, words),
        sections=(*_unheaded(letter.opening), *written, *_unheaded(letter.closing)),
        signature=_signature(letter.signature, letter.language, words),
        footer=footer if letter.signature else f"{footer} · {words['draft']}",
        page_word=words["page"],
        letterhead=letterhead or Letterhead(),
    )


def plain_text(letter: Letter, consultation: Consultation) -> str:
    """The letter as it is pasted into a record system; a draft says so on top."""
    page = page_of(letter, consultation)
    blocks = [[page.draft]] if page.draft else []
    blocks.append([page.title, *(f"{label}: {value}" for label, value in page.identity)])
    for section in page.sections:
        blocks.append([section.heading.upper(), *section.lines] if section.heading else [*section.lines])
    if page.signature:
        blocks.append([*page.signature, page.footer])
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def printable(text: str) -> str:
    """One line without control characters, and in composed form, which fonts and XML can carry."""
    composed = unicodedata.normalize("NFC", text)
    kept = (" " if sign in "\n\r\t" else sign for sign in composed if sign in "\n\r\t" or _visible(sign))
    return " ".join("".join(kept).split())


def date_and_time(moment: datetime, language: str) -> str:
    """For people, in the computer's own time zone: 21 November 2026, 18:54."""
    local = moment.astimezone()
    months = _MONTHS.get(language, _MONTHS["en"])
    return f"{local.day} {months[local.month - 1]} {local.year}, {local:%H:%M}"


def _visible(sign: str) -> bool:
    # Cc control, Cs lone surrogate, Cn not a character; and the marks that reorder text on screen.
    return unicodedata.category(sign) not in {"Cc", "Cs", "Cn"} and sign not in "‪‫‬‭‮⁦⁧⁨⁩"


def _identity(
    letter: Letter, consultation: Consultation, words: dict[str, str]
) -> tuple[tuple[str, str], ...]:
    date = (words["date"], date_and_time(consultation.started_at, letter.language))
    if any(section.key == _IDENTITY_SECTION and section.statements for section in letter.sections):
        return (date,)
    patient = consultation.patient
    fields = (
        (words["patient"], patient.name),
        (words["born"], patient.date_of_birth),
        (words["number"], patient.record_number),
    )
    return (*((label, printable(value)) for label, value in fields if value.strip()), date)


def _section(section: Section, words: dict[str, str], layout: str) -> PageSection | None:
    lines = _laid_out(tuple(_line(statement, words) for statement in section.statements), layout)
    if not lines and not section.absent:
        return None
    absent = not lines
    return PageSection(printable(section.heading), lines or (printable(section.absent),), absent)


def _laid_out(lines: tuple[str, ...], layout: str) -> tuple[str, ...]:
    """A section's lines in house style: each with a bullet, or as one paragraph. No word is changed."""
    if layout == "bullets" and len(lines) > 1:
        return tuple(f"• {line}" for line in lines)
    if layout == "prose" and lines:
        return (" ".join(line if line[-1:] in ".!?:…”" else f"{line}." for line in lines),)
    return lines


def _unheaded(text: str) -> tuple[PageSection, ...]:
    lines = tuple(line for line in map(printable, text.splitlines()) if line)
    return (PageSection("", lines),) if lines else ()


def _line(statement: Statement, words: dict[str, str]) -> str:
    """A statement; what comes from a prior letter says from which."""
    text = printable(statement.text)
    if statement.prior:
        titles = dict.fromkeys(printable(place.title) for place in statement.prior)
        text = f"{text.removesuffix('.')} ({words['from']}: {'; '.join(titles)})."
    return f"{words['check']} {text}" if statement.needs_settling else text


def _signature(signature: Signature | None, language: str, words: dict[str, str]) -> tuple[str, ...]:
    if signature is None:
        return ()
    name = ", ".join(part for part in (printable(signature.name), printable(signature.role)) if part)
    when = date_and_time(signature.signed_at, language)
    return (
        f"{words['signed']} {name} {words['at']} {when}",
        f"{words['hash']}: {signature.sha256[:SHORT_HASH]}",
    )

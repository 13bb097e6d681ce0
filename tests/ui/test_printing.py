"""Printing: signed letters only, plain text whatever is in it, noted before the printer gets it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QTextDocument
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication
from ui.driver import Driver
from ui.payloads import payloads

from scribe_app.domain.documents import Letterhead, LetterPage
from scribe_app.domain.documents.pages import PageSection
from scribe_app.errors import SigningError
from scribe_app.policy import Policy
from scribe_app.ports import AuditAction, AuditEntry
from scribe_app.ui.printing import document_of, new_printer, print_page

A4 = QSizeF(595, 842)
"""Points."""


def page(*lines: str, draft: str = "", letterhead: Letterhead | None = None) -> LetterPage:
    sections = (PageSection("Plan", lines),)
    identity = (("Patient", "Zoë Example"),)
    return LetterPage(
        "SOAP", "en", draft, identity, sections, ("Signed by Dr A", "Code abc"), "Letter abc · version 1",
        "Page", letterhead or Letterhead(),
    )  # fmt: skip


def printer_to(file: Path) -> QPrinter:
    printer = new_printer("letter abc")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(file))
    return printer


def words(document: QTextDocument) -> list[str]:
    lines, block = [], document.begin()
    while block.isValid():
        lines.append(block.text())
        block = block.next()
    return lines


def signed(drive: Driver) -> None:
    drive.review(12)
    (letter,) = drive.screen.letters
    for statement in letter.statements:
        if statement.needs_settling:
            drive.stage.application.review.settle(letter.id, statement.id)
    drive.conductor.signing._sign("Dr A", "GP")
    drive.until(lambda: drive.screen.letter is not None and drive.screen.letter.signature is not None)


def printed(drive: Driver) -> list[AuditEntry]:
    return [one for one in drive.stage.application.store.audit() if one.action is AuditAction.PRINTED]


def test_everything_of_the_letter_is_on_it_in_reading_order(qapp: QApplication, tmp_path: Path) -> None:
    head = Letterhead(("St Elsewhere", "1 High Street"))
    laid = document_of(page("Rest.", letterhead=head), printer_to(tmp_path / "p.pdf"), A4)
    assert words(laid) == [
        "St Elsewhere", "1 High Street", "SOAP", "Patient: Zoë Example", "Plan", "Rest.", "Signed by Dr A",
        "Code abc",
    ]  # fmt: skip


def test_a_sheet_is_drawn_and_a_long_letter_goes_over_several(qapp: QApplication, tmp_path: Path) -> None:
    assert print_page(page("Rest."), printer_to(tmp_path / "one.pdf")) == 1
    assert (tmp_path / "one.pdf").read_bytes().startswith(b"%PDF")
    many = page(*(f"Line {number} of a long plan." for number in range(120)))
    sheets = print_page(many, printer_to(tmp_path / "many.pdf"))
    assert sheets >= 3
    assert (tmp_path / "many.pdf").read_bytes().count(b"/Type /Page\n") == sheets


def test_no_heading_stands_alone_at_the_foot_of_a_sheet(qapp: QApplication, tmp_path: Path) -> None:
    printer = printer_to(tmp_path / "p.pdf")
    for lines in range(1, 60):
        sections = (PageSection("First", ("x",) * lines), PageSection("Second", ("y",)))
        laid = document_of(replace(page(), sections=sections), printer, QSizeF(4000, 6000))
        layout, block = laid.documentLayout(), laid.begin()
        while block.text() != "Second":
            block = block.next()
        tops = [layout.blockBoundingRect(one).top() // 6000 for one in (block, block.next())]
        assert tops[0] == tops[1]


def test_hostile_text_stays_text(qapp: QApplication, tmp_path: Path) -> None:
    lines = tuple(payloads(str(tmp_path / "a.png")))
    laid = document_of(page(*lines), printer_to(tmp_path / "p.pdf"), A4)
    assert [line for line in words(laid) if line in lines] == list(lines)


def test_an_unsigned_letter_is_not_printed(drive: Driver) -> None:
    drive.review(12)
    (letter,) = drive.screen.letters
    assert not drive.window.letter.export.isEnabled(), "its menu has Print in it"
    drive.conductor.signing.print()
    assert QApplication.activeModalWidget() is None
    with pytest.raises(SigningError):
        drive.stage.application.review.for_print(letter.id)
    assert printed(drive) == []


def test_a_signed_one_is_and_the_trail_says_so(drive: Driver, tmp_path: Path) -> None:
    signed(drive)
    assert drive.window.letter.export.isEnabled()
    assert drive.screen.letter is not None
    drive.conductor.signing.print_on(printer_to(tmp_path / "p.pdf"), drive.screen.letter.id)
    drive.until(lambda: drive.window.banner.title.text().startswith("Printed on"))
    (entry,) = printed(drive)
    assert (entry.consultation, entry.outcome) == (drive.screen.id, "done")
    assert entry.detail.endswith("file")


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_a_printer_that_does_not_take_it_is_said_and_noted(drive: Driver, tmp_path: Path) -> None:
    signed(drive)
    assert drive.screen.letter is not None
    (tmp_path / "p.pdf").mkdir()  # nothing can be written there
    drive.conductor.signing.print_on(printer_to(tmp_path / "p.pdf"), drive.screen.letter.id)
    drive.until(lambda: "not printed" in drive.window.banner.title.text())
    drive.until(lambda: [one.outcome for one in printed(drive)] == ["done", "failed"])


def test_what_the_organisation_does_not_allow_looks_so(drive: Driver) -> None:
    policy = Policy("St Elsewhere", allowed={"export_formats": frozenset({"pdf"})})
    drive.window.letter.show_policy(policy)
    signed(drive)
    panel = drive.window.letter
    assert not panel.print.isEnabled()
    assert panel.print.toolTip() == "Not allowed by St Elsewhere"
    enabled = {format.value for format, action in panel.formats.items() if action.isEnabled()}
    assert enabled == {"pdf"}

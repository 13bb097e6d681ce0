"""A letter on paper: plain text in a few sizes, with the draft mark and the page on each sheet."""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextImageFormat,
)
from PySide6.QtPrintSupport import QPrinter

from scribe_app.domain.documents import Letterhead, LetterPage

MARGINS_MM = QMarginsF(25, 20, 25, 18)
BODY_PT, HEADING_PT, TITLE_PT, EDGE_PT = 10.5, 11.5, 17.0, 8.0
LOGO_CM = (6.0, 2.0)
LOGO_NAME = "logo"
WITH_NEXT = 1
"""State of a block that must not be the last on its sheet."""


def new_printer(document_name: str) -> QPrinter:
    """A4; the name is what a print queue shows, so it names nobody."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageMargins(MARGINS_MM, QPageLayout.Unit.Millimeter)
    printer.setDocName(document_name)
    printer.setCreator("")
    return printer


def print_page(page: LetterPage, printer: QPrinter) -> int:
    """Print a letter; the number of sheets, or 0 where the printer did not take it."""
    painter = QPainter()
    if not painter.begin(printer):
        return 0
    try:
        area = QRectF(painter.viewport())
        edge = 2.5 * _edge_font(page).pointSizeF() / 72 * printer.resolution()
        document = document_of(page, printer, QSizeF(area.width(), area.height() - 2 * edge))
        count = document.pageCount()
        for number in range(count):
            if number and not printer.newPage():
                return 0
            _draw_sheet(painter, document, number, area, edge)
            _draw_edges(painter, page, area, f"{page.footer} · {page.page_word} {number + 1} / {count}")
        return count
    finally:
        painter.end()


def document_of(page: LetterPage, printer: QPrinter, size: QSizeF) -> QTextDocument:
    """The letter as plain blocks of text: nothing in it is read as mark-up, nothing is loaded."""
    document = QTextDocument()
    document.documentLayout().setPaintDevice(printer)
    document.setDocumentMargin(0)
    document.setPageSize(size)
    writer = _Writer(document, printer.resolution())
    writer.letterhead(page.letterhead)
    writer.line(page.title, TITLE_PT, bold=True, after=6)
    for label, value in page.identity:
        writer.line(f"{label}: {value}")
    for section in page.sections:
        if section.heading:
            writer.line(section.heading, HEADING_PT, bold=True, before=9, with_next=True)
        for line in section.lines:
            writer.line(line, after=3)
    for number, line in enumerate(page.signature):
        writer.line(line, before=0 if number else 16, with_next=number + 1 < len(page.signature))
    writer.keep_together()
    return document


class _Writer:
    """Appends blocks to a document; distances in points."""

    def __init__(self, document: QTextDocument, resolution: int) -> None:
        self._document = document
        self._cursor = QTextCursor(document)
        self._dots = resolution / 72
        self._begun = False

    def line(
        self,
        text: str,
        points: float = BODY_PT,
        *,
        bold: bool = False,
        before: float = 0,
        after: float = 0,
        with_next: bool = False,
        right: bool = False,
    ) -> None:
        """One paragraph."""
        self._block(before, after, with_next=with_next, right=right)
        self._cursor.insertText(text, _characters(points, bold=bold))

    def letterhead(self, letterhead: Letterhead) -> None:
        """Logo and address, at the right as on paper."""
        image = QImage.fromData(letterhead.logo) if letterhead.logo else QImage()
        if not image.isNull():
            self._block(0, 6, with_next=True, right=True)
            self._document.addResource(QTextDocument.ResourceType.ImageResource, LOGO_NAME, image)
            self._cursor.insertImage(self._logo(image))
        for number, text in enumerate(letterhead.lines):
            last = number + 1 == len(letterhead.lines)
            self.line(text, bold=number == 0, after=14 if last else 0, with_next=True, right=True)

    def _logo(self, image: QImage) -> QTextImageFormat:
        dots = self._dots * 72 / 2.54
        scale = min(LOGO_CM[0] * dots / image.width(), LOGO_CM[1] * dots / image.height())
        format = QTextImageFormat()
        format.setName(LOGO_NAME)
        format.setWidth(image.width() * scale)
        format.setHeight(image.height() * scale)
        return format

    def _block(self, before: float, after: float, *, with_next: bool, right: bool) -> None:
        format = QTextBlockFormat()
        format.setTopMargin(before * self._dots)
        format.setBottomMargin(after * self._dots)
        format.setAlignment(Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)
        if self._begun:
            self._cursor.insertBlock(format)
        else:
            self._cursor.setBlockFormat(format)
            self._begun = True
        self._cursor.block().setUserState(WITH_NEXT if with_next else 0)

    def keep_together(self) -> None:
        """What belongs to the next line goes over to the next sheet with it."""
        layout, height = self._document.documentLayout(), self._document.pageSize().height()
        block = self._document.begin()
        while block.isValid() and block.next().isValid():
            here = layout.blockBoundingRect(block).top() // height
            there = layout.blockBoundingRect(block.next()).top() // height
            if block.userState() == WITH_NEXT and here != there:
                format = block.blockFormat()
                format.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
                QTextCursor(block).setBlockFormat(format)
            block = block.next()


def _characters(points: float, *, bold: bool) -> QTextCharFormat:
    font = QFont()
    font.setPointSizeF(points)
    font.setBold(bold)
    format = QTextCharFormat()
    format.setFont(font)
    format.setForeground(Qt.GlobalColor.black)
    return format


def _draw_sheet(painter: QPainter, document: QTextDocument, number: int, area: QRectF, edge: float) -> None:
    height = document.pageSize().height()
    painter.save()
    painter.translate(0, edge - number * height)
    context = QAbstractTextDocumentLayout.PaintContext()
    context.clip = QRectF(0, number * height, area.width(), height)
    context.palette.setColor(QPalette.ColorRole.Text, Qt.GlobalColor.black)  # paper is white, in any theme
    painter.setClipRect(context.clip)
    document.documentLayout().draw(painter, context)
    painter.restore()


def _draw_edges(painter: QPainter, page: LetterPage, area: QRectF, footer: str) -> None:
    painter.setFont(_edge_font(page))
    painter.setPen(Qt.GlobalColor.darkGray)
    painter.drawText(area, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, footer)
    if page.draft:
        painter.setPen(Qt.GlobalColor.red)
        painter.drawText(area, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter, page.draft)


def _edge_font(page: LetterPage) -> QFont:
    font = QFont()
    font.setPointSizeF(EDGE_PT)
    font.setBold(bool(page.draft))
    return font

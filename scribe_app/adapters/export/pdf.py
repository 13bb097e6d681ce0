"""A letter as PDF, its font embedded."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import reportlab
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Image, KeepTogether, Paragraph, SimpleDocTemplate, Spacer

from scribe_app.adapters.export.letterhead import size_in_cm
from scribe_app.domain.documents import Letterhead, LetterPage
from scribe_app.errors import ExportError
from scribe_app.paths import resources_folder

_RED, _GREY = "#B01E1E", "#595959"


def pdf_bytes(page: LetterPage) -> bytes:
    """The page as PDF, A4.

    Raises:
        ExportError: the font has no sign for something in the letter; naming it.
    """
    regular, bold = _fonts()
    _check_signs(page, regular)
    buffer = io.BytesIO()
    template = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=2.5 * cm,
        rightMargin=2.5 * cm,
        topMargin=2.2 * cm,
        bottomMargin=2.2 * cm,
        title=page.title,
        author="",
        creator="",
        producer="",
        lang=page.language,
    )
    template.build(_story(page, regular, bold), canvasmaker=_canvas_for(page, regular, bold))
    return buffer.getvalue()


def _story(page: LetterPage, regular: str, bold: str) -> list[Any]:
    body = ParagraphStyle("body", fontName=regular, fontSize=10.5, leading=14.5, spaceAfter=3)
    identity = ParagraphStyle("identity", parent=body, spaceAfter=0)
    heading = ParagraphStyle(
        "heading", parent=body, fontName=bold, fontSize=11.5, spaceBefore=9, keepWithNext=1
    )
    title = ParagraphStyle("title", parent=body, fontName=bold, fontSize=17, leading=22, spaceAfter=6)
    mark = ParagraphStyle(
        "draft", parent=body, fontName=bold, textColor=_RED, alignment=TA_CENTER, spaceAfter=8
    )
    story: list[Any] = [_paragraph(page.draft, mark)] if page.draft else []
    story += _letterhead(page.letterhead, identity, bold)
    story.append(_paragraph(page.title, title))
    story.extend(_paragraph(f"{label}: {value}", identity) for label, value in page.identity)
    for section in page.sections:
        if section.heading:
            story.append(_paragraph(section.heading, heading))
        story.extend(_paragraph(line, body) for line in section.lines)
    if page.signature:
        first = ParagraphStyle("signature", parent=body, spaceBefore=16, spaceAfter=0)
        lines = [
            _paragraph(line, first if number == 0 else identity) for number, line in enumerate(page.signature)
        ]
        story.append(KeepTogether(lines))
    return story


def _letterhead(letterhead: Letterhead, line: ParagraphStyle, bold: str) -> list[Any]:
    """Logo and address, at the right as on paper."""
    story: list[Any] = []
    if letterhead.logo:
        width, height = size_in_cm(letterhead.logo, 6, 2)
        story.append(Image(io.BytesIO(letterhead.logo), width * cm, height * cm, hAlign="RIGHT"))
        story.append(Spacer(1, 0.2 * cm))
    right = ParagraphStyle("letterhead", parent=line, alignment=TA_RIGHT)
    name = ParagraphStyle("organisation", parent=right, fontName=bold)
    story += [_paragraph(text, right if number else name) for number, text in enumerate(letterhead.lines)]
    return [*story, Spacer(1, 0.5 * cm)] if story else []


def _paragraph(text: str, style: ParagraphStyle) -> Any:
    # Escaped: reportlab's markup could name pictures on disks and networks.
    return Paragraph(escape(text), style)


def _canvas_for(page: LetterPage, regular: str, bold: str) -> type[Canvas]:
    class NumberedCanvas(Canvas):  # type: ignore[misc]  # reportlab has no type information
        """Writes "page n / of" on each page once the last is known."""

        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._finished: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - reportlab's name
            self._finished.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, state in enumerate(self._finished, start=1):
                self.__dict__.update(state)
                self._edges(number, len(self._finished))
                super().showPage()
            super().save()

        def _edges(self, number: int, count: int) -> None:
            self.setFont(regular, 8)
            self.setFillColor(_GREY)
            self.drawString(2.5 * cm, 1.2 * cm, f"{page.footer} · {page.page_word} {number} / {count}")
            if page.draft:
                self.setFont(bold, 9)
                self.setFillColor(_RED)
                self.drawCentredString(A4[0] / 2, A4[1] - 1.3 * cm, page.draft)

    return NumberedCanvas


def _check_signs(page: LetterPage, font: str) -> None:
    known = pdfmetrics.getFont(font).face.charToGlyph
    lines = [
        *page.letterhead.lines,
        page.title,
        page.footer,
        page.draft,
        *page.signature,
        *(value for _, value in page.identity),
    ]
    lines += [line for section in page.sections for line in (section.heading, *section.lines)]
    missing = sorted({sign for line in lines for sign in line if ord(sign) not in known})
    if missing:
        raise ExportError(
            f"The PDF cannot show {' '.join(missing[:8])}: its font has no such sign.",
            "No file was written; the letter is unchanged.",
            "Export it as Word (docx) or text, or write the sign in words.",
        )


@cache
def _fonts() -> tuple[str, str]:
    """Names of a regular and a bold font, registered: Inter where it ships, else reportlab's own Vera."""
    inter = resources_folder() / "fonts"
    vera = Path(reportlab.__file__).parent / "fonts"
    for regular, bold in (
        (inter / "Inter-Regular.ttf", inter / "Inter-SemiBold.ttf"),
        (inter / "Inter-Regular.ttf", inter / "Inter-Bold.ttf"),
        (vera / "Vera.ttf", vera / "VeraBd.ttf"),
    ):
        if regular.exists() and bold.exists():
            try:
                pdfmetrics.registerFont(TTFont("Letter", str(regular)))
                pdfmetrics.registerFont(TTFont("LetterBold", str(bold)))
            except TTFError:
                continue  # not an outline that reportlab embeds; the next pair will do
            return "Letter", "LetterBold"
    raise ExportError("No font for PDF was found.", "No file was written.", "Install the program again.")

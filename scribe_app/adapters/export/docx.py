"""A letter as a Word document."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from scribe_app.adapters.export.letterhead import size_in_cm
from scribe_app.domain.documents import Letterhead, LetterPage

_FONT = "Calibri"
_RED = RGBColor(0xB0, 0x1E, 0x1E)
_GREY = RGBColor(0x59, 0x59, 0x59)
_LOCALES = {"en": "en-GB", "nl": "nl-NL"}


def docx_bytes(page: LetterPage, now: datetime) -> bytes:
    """The page as .docx: A4, real heading styles (for screen readers), page numbers in the footer."""
    document = docx.Document()
    _set_up(document, page, now)
    if page.draft:
        _draft_mark(document, page.draft)
    _letterhead(document, page.letterhead)
    document.add_heading(page.title, level=0)
    for label, value in page.identity:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.add_run(f"{label}: ").bold = True
        paragraph.add_run(value)
    for section in page.sections:
        if section.heading:
            document.add_heading(section.heading, level=1)
        for line in section.lines:
            document.add_paragraph().add_run(line).italic = section.absent or None
    if page.signature:
        _signature(document, page.signature)
    _footer(document, page)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _letterhead(document: Any, letterhead: Letterhead) -> None:
    """Logo and address, at the right as on paper; who cannot see the logo gets the name."""
    if letterhead.logo:
        width, height = size_in_cm(letterhead.logo, 6, 2)
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        picture = paragraph.add_run().add_picture(io.BytesIO(letterhead.logo), Cm(width), Cm(height))
        name = letterhead.lines[0] if letterhead.lines else ""
        picture._inline.docPr.set("descr", name)
    for number, line in enumerate(letterhead.lines):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.add_run(line).bold = number == 0 or None


def _set_up(document: Any, page: LetterPage, now: datetime) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2)
    for name, size in (("Normal", 11), ("Title", 18), ("Heading 1", 12)):
        style = document.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(script), None)  # the template's theme font would win over the name
        if name != "Normal":
            style.font.color.rgb = RGBColor(0, 0, 0)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), _LOCALES.get(page.language, page.language))
    properties = document.styles["Normal"].element.get_or_add_rPr()
    properties.append(language)
    core = document.core_properties
    # The author's name stays in the signature block: file properties are read by more people than letters.
    core.author, core.last_modified_by, core.comments, core.title = "", "", "", page.title
    core.created = core.modified = now
    core.language = _LOCALES.get(page.language, page.language)


def _draft_mark(document: Any, mark: str) -> None:
    for paragraph in (document.sections[0].header.paragraphs[0], document.add_paragraph()):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(mark)
        run.bold = True
        run.font.color.rgb = _RED


def _signature(document: Any, lines: tuple[str, ...]) -> None:
    for number, line in enumerate(lines):
        paragraph = document.add_paragraph(line)
        paragraph.paragraph_format.space_before = Pt(14 if number == 0 else 0)
        paragraph.paragraph_format.keep_together = True


def _footer(document: Any, page: LetterPage) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.add_run(f"{page.footer} · {page.page_word} ")
    _field(paragraph, "PAGE")
    paragraph.add_run(" / ")
    _field(paragraph, "NUMPAGES")
    for run in paragraph.runs:
        run.font.size = Pt(8)
        run.font.color.rgb = _GREY


def _field(paragraph: Any, instruction: str) -> None:
    for kind, text in (("begin", ""), ("", instruction), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run("")
        if kind == "":
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = text
            run._r.append(code)
        elif kind == "text":
            run.text = text
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)

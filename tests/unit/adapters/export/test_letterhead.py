"""Letters on paper have the organisation's letterhead; the clipboard has not."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
from pdf_text import pdf_text

from scribe_app.adapters.export import LOGO_FILE, Exporter, letterhead_from
from scribe_app.adapters.export.letterhead import png_trouble, size_in_cm
from scribe_app.domain.consultation import Consultation
from scribe_app.domain.ids import new_consultation_id, new_letter_id
from scribe_app.domain.letter import Letter, Provenance, Section, Statement, Support
from scribe_app.domain.transcript import Transcript
from scribe_app.errors import ExportError
from scribe_app.ports import ExportFormat

TEXT = "Example Trust\n1 Some Street\n\nExampletown"
VISIT = Consultation(new_consultation_id(), datetime(2026, 11, 21, 9, 0, tzinfo=UTC), "en", "soap")


def part(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int = 40, height: int = 20) -> bytes:
    rows = zlib.compress(b"".join(b"\x00" + b"\x20\x60\xa0" * width for _ in range(height)))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", rows) + part(b"IEND", b"")


def letter(layout: str = "") -> Letter:
    said = tuple(Statement(text, support=Support.CLINICIAN_ADDED) for text in ("One.", "Two"))
    provenance = Provenance("scribe", "soap", 1, "none", "", "1", settings=(("layout", layout),))
    return Letter(
        new_letter_id(),
        VISIT.id,
        "soap",
        "Record",
        "en",
        (Section("plan", "Plan", said),),
        provenance=provenance,
    )


def exported(folder: Path, format: ExportFormat) -> bytes:
    exporter = Exporter(letterhead=lambda: letterhead_from(folder, TEXT))
    return exporter.export(letter(), VISIT, Transcript(), format)


def test_word_and_pdf_have_its_lines_and_logo(tmp_path: Path) -> None:
    (tmp_path / LOGO_FILE).write_bytes(png())
    document = docx.Document(io.BytesIO(exported(tmp_path, ExportFormat.DOCX)))
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert lines.index("Example Trust") < lines.index("Exampletown") < lines.index("Record")
    assert len(document.inline_shapes) == 1
    pdf = exported(tmp_path, ExportFormat.PDF)
    assert "Example Trust" in pdf_text(pdf)
    assert b"/Image" in pdf


def test_without_a_logo_the_lines_alone_stand_there(tmp_path: Path) -> None:
    document = docx.Document(io.BytesIO(exported(tmp_path, ExportFormat.DOCX)))
    assert not document.inline_shapes
    assert "1 Some Street" in [paragraph.text for paragraph in document.paragraphs]


@pytest.mark.parametrize("format", [ExportFormat.TXT, ExportFormat.FHIR, ExportFormat.JSON])
def test_what_goes_into_other_systems_has_none(tmp_path: Path, format: ExportFormat) -> None:
    (tmp_path / LOGO_FILE).write_bytes(b"broken")
    assert b"Example Trust" not in exported(tmp_path, format)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"GIF89a", "not a PNG"), (png()[:-5], "not whole"), (png()[:60] + b"x" + png()[61:], "damaged"),
        (png(5000, 1), "larger than 4000"), (png() + b"\x00" * 1_000_000, "larger than 1000 kB"),
        (b"", "not a PNG"), (png(0, 20), "damaged"), (png()[:8] + part(b"IHDR", b"x"), "damaged"),
        (png()[:33] + part(b"IDAT", b"no picture") + part(b"IEND", b""), "damaged"),
    ],
)  # fmt: skip
def test_a_logo_that_cannot_be_used_says_why(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / LOGO_FILE).write_bytes(content)
    with pytest.raises(ExportError, match=says):
        exported(tmp_path, ExportFormat.PDF)


def test_only_the_picture_of_a_logo_goes_into_letters(tmp_path: Path) -> None:
    whole = png()
    secret = part(b"tEXt", b"Comment\0made on Jane Doe's computer")
    (tmp_path / LOGO_FILE).write_bytes(whole[:33] + secret + whole[33:])
    for format in (ExportFormat.DOCX, ExportFormat.PDF):
        assert b"Jane Doe" not in exported(tmp_path, format)
    assert b"Jane Doe" not in letterhead_from(tmp_path, TEXT).logo


def test_a_logo_keeps_its_shape() -> None:
    assert png_trouble(png()) == ""
    assert size_in_cm(png(60, 20), 6, 2) == (6, 2)
    assert size_in_cm(png(10, 100), 6, 2) == (0.2, 2)


@pytest.mark.parametrize(
    ("layout", "lines"),
    [
        ("", ["One.", "Two"]),
        ("lines", ["One.", "Two"]),
        ("bullets", ["• One.", "• Two"]),
        ("prose", ["One. Two."]),
    ],
)
def test_the_house_style_lays_out_the_lines(layout: str, lines: list[str]) -> None:
    content = Exporter().export(letter(layout), VISIT, Transcript(), ExportFormat.DOCX)
    written = [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]
    assert written[written.index("Plan") + 1 :][: len(lines)] == lines

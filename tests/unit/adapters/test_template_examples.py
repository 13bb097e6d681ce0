"""Example letters are read from text and Word files, and from nothing else."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from scribe_app.adapters.templates.examples import MOST_BYTES, text_of
from scribe_app.errors import TemplateError


def test_text_and_word_files_are_read(tmp_path: Path) -> None:
    plain = tmp_path / "letter.txt"
    plain.write_text("Plan: rest é", encoding="utf-8-sig")
    assert text_of(plain) == "Plan: rest é"
    document = docx.Document()
    document.add_paragraph("Plan")
    document.add_paragraph("Rest", style="List Bullet")
    document.add_table(1, 1).cell(0, 0).text = "In a table"
    document.save(str(tmp_path / "letter.docx"))
    assert text_of(tmp_path / "letter.docx").split("\n") == ["Plan", "- Rest", "In a table"]


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"PK\x03\x04 broken", "not a Word document"), (b"\xff\xfe\x00\x01", "neither text"),
     (b"x" * (MOST_BYTES + 1), "too large")],
)  # fmt: skip
def test_other_files_are_refused(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "letter.docx").write_bytes(content)
    with pytest.raises(TemplateError, match=says):
        text_of(tmp_path / "letter.docx")
    with pytest.raises(TemplateError, match="cannot be read"):
        text_of(tmp_path / "nowhere.docx")

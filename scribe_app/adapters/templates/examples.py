"""Letters as text (examples for a template, those from before): text or Word files, small ones only."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

from scribe_app.errors import TemplateError

MOST_BYTES = 2_000_000
_MOST_UNPACKED = 20_000_000
_KEPT = "Nothing was read from it."
_NO_DOCX = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, OSError,
    SyntaxError, LookupError, ValueError, TypeError, AttributeError, AssertionError,
)  # fmt: skip
"""What zipfile, lxml (whose errors are SyntaxErrors) and python-docx raise for what is no Word document;
found by tests/fuzz."""


def text_of(file: Path) -> str:
    """The text of a .txt or .docx file, a paragraph a line.

    Raises:
        TemplateError: it cannot be read, is too large, or is neither.
    """
    try:
        if file.stat().st_size > MOST_BYTES:
            raise TemplateError(f"{file.name} is too large for a letter.", _KEPT, "Give a shorter one.")
        content = file.read_bytes()
    except OSError as error:
        raise TemplateError(
            f"{file.name} cannot be read ({error.strerror}).", _KEPT, "Check the file."
        ) from error
    if content[:2] == b"PK":
        return _docx_text(file.name, content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TemplateError(
            f"{file.name} is neither text in UTF-8 nor a Word document (.docx).",
            _KEPT,
            "Save the letter as .docx or as UTF-8 text, or paste it.",
        ) from error


def _docx_text(name: str, content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _MOST_UNPACKED:
                raise TemplateError(f"{name} is too large for a letter.", _KEPT, "Give a shorter one.")
        import docx  # python-docx takes a moment to load; only who needs it waits
        from docx.opc.exceptions import PackageNotFoundError

        try:
            document = docx.Document(io.BytesIO(content))
        except PackageNotFoundError as error:
            raise _no_word(name) from error
        return "\n".join(_lines(document))
    except _NO_DOCX as error:
        raise _no_word(name) from error


def _lines(document: object) -> list[str]:
    """Paragraphs and the cells of tables, in order; letterheads in headers and footers are left."""
    lines = []
    for block in document.iter_inner_content():  # type: ignore[attr-defined]  # python-docx has no types here
        if hasattr(block, "rows"):
            lines += [cell.text for row in block.rows for cell in row.cells]
        else:
            bullet = "- " if "List" in (block.style.name if block.style else "") else ""
            lines.append(bullet + block.text)
    return lines


def _no_word(name: str) -> TemplateError:
    return TemplateError(
        f"{name} is not a Word document that can be read.",
        _KEPT,
        "Save it again as .docx, or paste the letter.",
    )

"""The text of a PDF as reportlab writes it: content streams through each font's ToUnicode table."""

from __future__ import annotations

import base64
import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)endobj", re.S)
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.S)
_SHOWN = re.compile(rb"/(F\d+(?:\+\d+)?) [\d.]+ Tf|\(((?:[^()\\]|\\.)*)\) Tj|(T\*|ET)", re.S)
_OCTAL = re.compile(rb"\\([0-7]{3})|\\(.)", re.S)


def pdf_text(pdf: bytes) -> str:
    """Everything shown, page after page, one line per text line."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    fonts: dict[bytes, dict[int, str]] = {}
    for body in objects.values():
        name = re.search(rb"/Name /(F\d+(?:\+\d+)?)", body)
        table = re.search(rb"/ToUnicode (\d+) 0 R", body)
        if name and table:
            fonts[name[1]] = _to_unicode(_stream(objects[int(table[1])]))
    pages = [_stream(body) for body in objects.values() if _STREAM.search(body)]
    return "".join(_shown(page, fonts) for page in pages if b" Tj" in page)


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found is not None
    raw = found[1]
    if b"/ASCII85Decode" in body:
        raw = base64.a85decode(b"<~" + raw.strip(), adobe=True)
    return zlib.decompressobj().decompress(raw) if b"/FlateDecode" in body else raw


def _to_unicode(table: bytes) -> dict[int, str]:
    pairs = re.findall(rb"<(\w\w)> <(\w{4,})>", table)
    return {int(code, 16): bytes.fromhex(sign.decode()).decode("utf-16-be") for code, sign in pairs}


def _shown(page: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    font: dict[int, str] = {}
    text = []
    for name, string, line_end in _SHOWN.findall(page):
        if name:
            font = fonts.get(name, {})
        elif line_end:
            text.append("\n")
        else:
            raw = _OCTAL.sub(lambda m: bytes([int(m[1], 8)]) if m[1] else m[2], string)
            text.append("".join(font.get(code, "?") for code in raw))
    return "".join(text)

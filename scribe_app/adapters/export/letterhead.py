"""The letterhead: its lines from the settings, its logo from a PNG file beside them."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from pathlib import Path

from scribe_app.domain.documents import Letterhead, printable
from scribe_app.errors import ExportError
from scribe_app.language import later

LOGO_FILE = "letterhead.png"
MOST_BYTES = 1_000_000
MOST_PIXELS = 4_000
"""Along one side."""
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST_LINES = 8


def letterhead_from(folder: Path, text: str) -> Letterhead:
    """The letterhead as set; empty where nothing is.

    Raises:
        ExportError: the logo cannot be used, and why.
    """
    lines = tuple(filter(None, (printable(line) for line in text.splitlines())))[:_MOST_LINES]
    file = folder / LOGO_FILE
    if not file.exists():
        return Letterhead(lines)
    try:
        if file.stat().st_size > MOST_BYTES:
            raise _unusable(later(f"it is larger than {MOST_BYTES // 1000} kB"))
        logo = file.read_bytes()
    except OSError as error:
        raise _unusable(error.strerror or "it cannot be read") from error
    if reason := png_trouble(logo):
        raise _unusable(reason)
    return Letterhead(lines, _drawn_anew(logo))


def _drawn_anew(logo: bytes) -> bytes:
    """The same picture as a PNG of our own: what else stood in the file (text, places, profiles) is left.

    Raises:
        ExportError: it cannot be drawn.
    """
    from PIL import Image  # only who has a logo waits for it

    drawn = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow remarks on odd chunks that are left anyway
            with Image.open(io.BytesIO(logo), formats=["PNG"]) as picture:
                size = picture.size
                picture.convert("RGBA").save(drawn, "PNG")
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, struct.error, zlib.error) as error:
        raise _unusable(later("it is damaged")) from error
    if max(size) > MOST_PIXELS:
        raise _unusable(later(f"it is larger than {MOST_PIXELS} pixels"))
    return drawn.getvalue()


def png_trouble(content: bytes) -> str:
    """Why these bytes are no PNG picture that can be used; empty when they are one."""
    if not content.startswith(_SIGNATURE):
        return later("it is not a PNG picture")
    at, kinds = len(_SIGNATURE), []
    while at + 12 <= len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        body = content[at + 8 : at + 8 + length]
        if len(content) < at + 12 + length:
            break
        if zlib.crc32(kind + body) != struct.unpack(">I", content[at + 8 + length : at + 12 + length])[0]:
            return later("it is damaged")
        if kind == b"IHDR":
            if len(body) < 8 or not all(sides := struct.unpack(">II", body[:8])):
                return later("it is damaged")
            if max(sides) > MOST_PIXELS:
                return later(f"it is larger than {MOST_PIXELS} pixels")
        kinds.append(kind)
        at += 12 + length
    whole = kinds[:1] == [b"IHDR"] and b"IDAT" in kinds and kinds[-1] == b"IEND"
    return "" if whole else later("it is not whole")


def size_in_cm(logo: bytes, widest: float, highest: float) -> tuple[float, float]:
    """Width and height of a logo that fits into a box, in centimetres, its shape kept."""
    width, height = struct.unpack(">II", logo[16:24])
    scale = min(widest / max(1, width), highest / max(1, height))
    return width * scale, height * scale


def _unusable(reason: str) -> ExportError:
    return ExportError(
        f"The logo of your letterhead cannot be used: {reason}.",
        "No file was written; the letter is unchanged.",
        "Choose another logo, or none, under Settings, Letters.",
    )

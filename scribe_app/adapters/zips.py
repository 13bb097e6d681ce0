"""Zip archives from elsewhere, looked at before Python's reader takes their list of members into memory."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
import zlib
from typing import BinaryIO

MOST_DIRECTORY = 1 << 20
"""Bytes of the list of members; a million members would fill the memory."""
_END, _LOCATOR, _END64 = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"
_END_BYTES, _LOCATOR_BYTES = 22, 20
_LONGEST_COMMENT = 65_535


class StrangeZipError(Exception):
    """It is no archive, or one made to harm; the text says which, as the end of a sentence."""


BROKEN = (
    zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error, LookupError,
    zlib.error,
)  # fmt: skip
"""What Python's reader raises for what is no whole archive."""


def open_zip(file: BinaryIO) -> zipfile.ZipFile:
    """The archive in an open file, its list of members small, and each one plain.

    Raises:
        StrangeZipError: it is not, and why.
    """
    if _directory_bytes(file) > MOST_DIRECTORY:
        raise StrangeZipError("it lists far too many files")
    try:
        archive = zipfile.ZipFile(file)
    except (*BROKEN, OSError) as error:  # OSError: it points before its own beginning
        raise StrangeZipError("it is not a whole zip archive") from error
    for member in archive.infolist():
        if problem := _problem(member):
            raise StrangeZipError(f"{member.filename[:80]!r} in it {problem}")
    return archive


def _problem(member: zipfile.ZipInfo) -> str:
    mode = member.external_attr >> 16
    if mode and not (stat.S_ISREG(mode) or stat.S_IFMT(mode) == 0):
        return "is no ordinary file"
    if member.is_dir():
        return "is a folder"
    if member.flag_bits & 1:
        return "is encrypted"
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed in a way that is not read"
    return ""


def _directory_bytes(file: BinaryIO) -> int:
    """As the end of the archive says, in its old and in its 64-bit form; whichever is larger."""
    size = file.seek(0, os.SEEK_END)
    begin = max(0, size - _END_BYTES - _LONGEST_COMMENT - _LOCATOR_BYTES)
    file.seek(begin)
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_BYTES:
        raise StrangeZipError("it is not a whole zip archive")
    found: int = struct.unpack_from("<I", tail, at + 12)[0]
    locator = tail[max(0, at - _LOCATOR_BYTES) : at]
    if not locator.startswith(_LOCATOR):
        return found
    (offset,) = struct.unpack_from("<Q", locator, 8)
    if offset > size:
        raise StrangeZipError("it is not a whole zip archive")
    file.seek(offset)
    record = file.read(56)
    if len(record) < 56 or not record.startswith(_END64):
        raise StrangeZipError("it is not a whole zip archive")
    whole: int = struct.unpack_from("<Q", record, 40)[0]
    return max(whole, 0 if found == 0xFFFFFFFF else found)

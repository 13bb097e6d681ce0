"""Bytes of the journal: segment headers and sealed records. Pure; no disk, no clock.

    segment file = header | header again, 4 KiB later | frame | frame | … | end frame
    header       = fixed fields | wrap nonce | segment key wrapped with AES-256-GCM under the recording key,
                   bound to the fixed fields (so a header that opens is authentic)
    frame        = mark | last flag | counter | length | AES-256-GCM(record), bound to SHA-256(header)
    record       = kind | flags | position | elapsed ns | wall ns | PCM, gap (reason, seconds) or clock step

The seal is the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015; as in age and Tink): nonce =
7 random bytes ‖ 32-bit counter ‖ last flag, under a key that is fresh for each segment. A record that was
moved, copied, cut or changed does not open in its new place; a segment without an end frame was cut off.
Counter and mark also stand in clear in front of each frame: they give nothing away, and let a reader find
the next whole record after a damaged one.
"""

from __future__ import annotations

import hashlib
import os
import struct
from dataclasses import dataclass
from enum import IntEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from scribe_app.domain.recording import SAMPLE_RATE, GapReason

RECORD_SAMPLES = SAMPLE_RATE // 4
"""250 ms: with one sync per record at most 0.5 s are lost in a power cut (measured)."""
SEGMENT_SAMPLES = SAMPLE_RATE * 600
"""10 minutes: what one destroyed header could cost at most."""
BYTES_PER_SAMPLE = 2

VERSION = 1
KEY_BYTES = 32
HEADER_COPY_AT = 4096
"""The second header lies on another page, so that one lost page cannot take both."""
RECORDS_AT = 2 * HEADER_COPY_AT
MARK = b"\xa7\x1eR"
LAST_OF_RECORDING = 1
"""Flag of an end record: the recording ended here, not only the segment."""

_MAGIC = b"SCRIBEJ1"
_FIXED = struct.Struct(
    ">8sHIIQ7s64s"
)  # magic, version, rate, index, first sample, nonce prefix, consultation
_NONCE_BYTES, _TAG_BYTES = 12, 16
HEADER_BYTES = _FIXED.size + _NONCE_BYTES + KEY_BYTES + _TAG_BYTES

FRAME = struct.Struct(f">{len(MARK)}sBII")  # mark, last flag, counter, length of what follows
_RECORD = struct.Struct(">BBQQQ")  # kind, flags, position, elapsed ns, wall ns
_GAP = struct.Struct(">Bd")  # reason, seconds
_STEP = struct.Struct(">q")  # nanoseconds
SEALED_LEAST = _RECORD.size + _TAG_BYTES
SEALED_MOST = SEALED_LEAST + RECORD_SAMPLES * BYTES_PER_SAMPLE
_REASONS = tuple(GapReason)
"""The order in domain/recording.py is part of the format: new reasons go at the end."""


class RecordKind(IntEnum):
    """What a record holds."""

    AUDIO = 0
    GAP = 1
    END = 2
    CLOCK_STEP = 3
    """Somebody set the wall clock. Nothing is missing: gaps are measured with the other clock."""


@dataclass(frozen=True, slots=True)
class SegmentHeader:
    """The authentic header of one segment."""

    consultation: str
    index: int
    first_sample: int


@dataclass(frozen=True, slots=True)
class Record:
    """One record in the clear. Counter and position say where it belongs, never a clock."""

    kind: RecordKind
    position: int
    """Samples of this recording before this record."""
    elapsed_ns: int
    """When the last of it was heard, by clocks.elapsed_ns."""
    wall_ns: int
    """The same moment by the clock on the wall; evidence only."""
    flags: int = 0
    """LAST_OF_RECORDING of an end record; the balance of two channels of an audio record (balance.py)."""
    payload: bytes = b""

    @property
    def samples(self) -> int:
        """How many samples of audio it holds."""
        return len(self.payload) // BYTES_PER_SAMPLE if self.kind is RecordKind.AUDIO else 0


class SegmentSeal:
    """Seals and opens the records of one segment."""

    def __init__(self, header: bytes, prefix: bytes, key: bytes) -> None:
        self._bound_to = hashlib.sha256(header).digest()
        self._prefix = prefix
        self._cipher = AESGCM(key)

    def seal(self, counter: int, record: Record) -> bytes:
        """The frame that goes to disk. The end record closes the stream: its last flag is set."""
        last = record.kind is RecordKind.END
        plain = (
            _RECORD.pack(record.kind, record.flags, record.position, record.elapsed_ns, record.wall_ns)
            + record.payload
        )
        sealed = self._cipher.encrypt(self._nonce(counter, last), plain, self._bound_to)
        return FRAME.pack(MARK, last, counter, len(sealed)) + sealed

    def open(self, counter: int, last: int, sealed: bytes) -> Record | None:
        """The record; None when it is not authentic in this place of this segment."""
        try:
            plain = self._cipher.decrypt(self._nonce(counter, bool(last)), sealed, self._bound_to)
        except InvalidTag:
            return None
        kind, flags, position, elapsed_ns, wall_ns = _RECORD.unpack_from(plain)
        if kind > max(RecordKind):
            return None  # of a newer version of the program
        return Record(RecordKind(kind), position, elapsed_ns, wall_ns, flags, plain[_RECORD.size :])

    def _nonce(self, counter: int, last: bool) -> bytes:
        return self._prefix + struct.pack(">IB", counter, last)


def new_segment(header: SegmentHeader, recording_key: bytes) -> tuple[bytes, SegmentSeal]:
    """The opening bytes of a segment file (both header copies, padded) and the seal for its records."""
    prefix, segment_key, nonce = os.urandom(7), os.urandom(KEY_BYTES), os.urandom(_NONCE_BYTES)
    name = header.consultation.encode()
    if len(name) > 64:
        raise ValueError("a consultation id has at most 64 bytes")
    fixed = _FIXED.pack(
        _MAGIC, VERSION, SAMPLE_RATE, header.index, header.first_sample, prefix, name.ljust(64, b"\0")
    )
    raw = fixed + nonce + AESGCM(recording_key).encrypt(nonce, segment_key, fixed)
    return raw.ljust(HEADER_COPY_AT, b"\0") * 2, SegmentSeal(raw, prefix, segment_key)


def open_header(raw: bytes, recording_key: bytes) -> tuple[SegmentHeader, SegmentSeal] | None:
    """Header and seal from one header copy; None when it is damaged, foreign, or the key is another one."""
    if len(raw) < HEADER_BYTES or not raw.startswith(_MAGIC):
        return None
    raw = raw[:HEADER_BYTES]
    fixed, nonce, wrapped = (
        raw[: _FIXED.size],
        raw[_FIXED.size : _FIXED.size + _NONCE_BYTES],
        raw[_FIXED.size + _NONCE_BYTES :],
    )
    try:
        segment_key = AESGCM(recording_key).decrypt(nonce, wrapped, fixed)
    except InvalidTag:
        return None
    _, version, rate, index, first_sample, prefix, name = _FIXED.unpack(fixed)
    if version != VERSION or rate != SAMPLE_RATE:
        return None
    header = SegmentHeader(name.rstrip(b"\0").decode(), index, first_sample)
    return header, SegmentSeal(raw, prefix, segment_key)


def pack_gap(reason: GapReason, seconds: float) -> bytes:
    """Payload of a gap record."""
    return _GAP.pack(_REASONS.index(reason), seconds)


def unpack_gap(payload: bytes) -> tuple[GapReason, float]:
    """Reason and seconds of a gap record; a reason of a newer version counts as interrupted."""
    number, seconds = _GAP.unpack(payload)
    return (_REASONS[number] if number < len(_REASONS) else GapReason.INTERRUPTED), seconds


def pack_clock_step(nanoseconds: int) -> bytes:
    """Payload of a clock step record: how far the wall clock was set forward."""
    return _STEP.pack(nanoseconds)


def unpack_clock_step(payload: bytes) -> float:
    """Seconds that the wall clock was set forward."""
    nanoseconds: int = _STEP.unpack(payload)[0]
    return nanoseconds / 1e9

"""Damaged journals: nothing false is ever accepted, and everything that is whole is recovered."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from scribe_app.adapters.journal import JournalReader, JournalWriter, WriterTerms, disk
from scribe_app.adapters.journal.format import FRAME, HEADER_BYTES, HEADER_COPY_AT, RECORDS_AT
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import GapReason

KEY = bytes(range(32))
ID = ConsultationId("mutated")
RECORD = 300
RECORDS = 24
PER_SEGMENT = 8


@dataclass
class Frame:
    """Where a frame lies in its segment, and which audio it holds (none in an end frame)."""

    start: int
    end: int
    samples: range


@dataclass
class Damage:
    """A changed journal and the frames, by (segment, number), that the change may have cost."""

    files: list[bytearray]
    lost: set[tuple[int, int]]


def write_journal(folder: Path) -> np.ndarray:
    audio = np.random.default_rng(5).integers(1, 32_767, RECORD * RECORDS).astype(np.int16)
    writer = JournalWriter(folder, KEY, ID, WriterTerms(sync_seconds=9, segment_samples=RECORD * PER_SEGMENT))
    for start in range(0, len(audio), RECORD):
        writer.append(audio[start : start + RECORD].tobytes())
        writer.flush()
    writer.close()
    return audio


def frames_of(segment: int, content: bytes) -> list[Frame]:
    frames, at, position = [], RECORDS_AT, segment * PER_SEGMENT * RECORD
    while at < len(content):
        _, last, _, length = FRAME.unpack_from(content, at)
        held = 0 if last else RECORD
        frames.append(Frame(at, at + FRAME.size + length, range(position, position + held)))
        at, position = at + FRAME.size + length, position + held
    return frames


def touched(frames: list[Frame], start: int, end: int) -> set[int]:
    return {n for n, frame in enumerate(frames) if frame.start < end and start < frame.end}


def mutate(files: list[bytes], frames: list[list[Frame]], rng: random.Random) -> Damage:
    """One random fault of the kinds that disks, copies and people make."""
    mutated = [bytearray(content) for content in files]
    s = rng.randrange(len(files))
    content, own = mutated[s], frames[s]
    a, b = sorted(rng.sample(range(len(own)), 2))
    first, second = own[a], own[b]
    kind = rng.choice(["flip", "cut", "zero", "swap", "copy", "drop", "splice", "tail", "header", "headers"])
    lost: set[int] = set()
    if kind == "flip":
        at = rng.randrange(len(content))
        content[at] ^= 1 << rng.randrange(8)
        lost = touched(own, at, at + 1)
    elif kind == "cut":
        at = rng.randrange(len(content))
        del content[at:]
        lost = touched(own, at, len(files[s]))
    elif kind == "zero":
        at = rng.randrange(0, len(content), 4096)
        content[at : at + 4096] = bytes(len(content[at : at + 4096]))
        lost = touched(own, at, at + 4096)
    elif kind == "swap":
        one, other = bytes(content[first.start : first.end]), bytes(content[second.start : second.end])
        content[second.start : second.end] = one
        content[first.start : first.end] = other
    elif kind == "copy":
        content[second.start : second.start] = content[first.start : first.end]
    elif kind == "drop":
        del content[first.start : second.start]
        lost = set(range(a, b))
    elif kind == "splice":
        source = rng.randrange(len(files))
        taken = frames[source][rng.randrange(PER_SEGMENT)]
        content[first.start : first.end] = files[source][taken.start : taken.end]
        lost = {a}
    elif kind == "tail":
        content += rng.randbytes(rng.randrange(1, 5000))
    elif kind == "header":
        at = rng.choice([0, HEADER_COPY_AT])
        content[at : at + HEADER_BYTES] = rng.randbytes(HEADER_BYTES)
    else:
        content[:RECORDS_AT] = rng.randbytes(RECORDS_AT)
        lost = set(range(len(own)))
    return Damage(mutated, {(s, n) for n in lost})


def check(folder: Path, audio: np.ndarray, frames: list[list[Frame]], damage: Damage) -> None:
    reader = JournalReader(folder, KEY)
    end = reader.available()
    heard = reader.read(0, end)
    silent = np.zeros(len(audio) + 1, dtype=bool)
    for gap in reader.gaps:
        assert gap.reason is GapReason.UNREADABLE
        if gap.position <= end and gap.seconds * 16_000 <= gap.position:
            silent[gap.position - round(gap.seconds * 16_000) : gap.position] = True
    assert end <= len(audio)
    wrong = (heard != audio[:end]) & ~silent[:end]
    assert not wrong.any(), "audio that was never recorded was accepted"
    for segment, own in enumerate(frames):
        for number, frame in enumerate(own):
            if (segment, number) not in damage.lost and frame.samples:
                kept = heard[frame.samples.start : frame.samples.stop]
                assert np.array_equal(kept, audio[frame.samples.start : frame.samples.stop]), "lost more"
    if (len(frames) - 1, len(frames[-1]) - 1) not in damage.lost:
        assert reader.closed


@pytest.mark.parametrize(
    "trials",
    [pytest.param(2_000), pytest.param(100_000, marks=[pytest.mark.long, pytest.mark.timeout(3600)])],
)
def test_damage_costs_only_what_it_touched_and_never_passes_for_audio(tmp_path: Path, trials: int) -> None:
    audio = write_journal(tmp_path / "whole")
    files = [path.read_bytes() for path in disk.segment_files(tmp_path / "whole")]
    frames = [frames_of(number, content) for number, content in enumerate(files)]
    assert sum(len(own) for own in frames) == RECORDS + len(files)
    folder = tmp_path / "damaged"
    folder.mkdir()
    written: dict[int, bytearray] = {}
    for seed in range(trials):
        damage = mutate(files, frames, random.Random(seed))
        for number, content in enumerate(damage.files):
            if written.get(number) != content:
                disk.segment_path(folder, number).write_bytes(content)
                written[number] = content
        try:
            check(folder, audio, frames, damage)
        except AssertionError as error:
            raise AssertionError(f"mutation with seed {seed}: {error}") from error


def test_a_missing_segment_is_a_counted_gap(tmp_path: Path) -> None:
    audio = write_journal(tmp_path)
    disk.segment_path(tmp_path, 1).unlink()
    reader = JournalReader(tmp_path, KEY)
    assert reader.available() == len(audio)
    seconds = PER_SEGMENT * RECORD / 16_000
    assert [(g.position, g.seconds) for g in reader.gaps] == [(2 * PER_SEGMENT * RECORD, seconds)]
    assert np.array_equal(
        reader.read(2 * PER_SEGMENT * RECORD, len(audio)), audio[2 * PER_SEGMENT * RECORD :]
    )


def test_a_journal_whose_only_headers_are_gone_says_how_much_is_lost(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path, KEY, ID)
    writer.append(bytes(range(200)) * 1600)  # 10 s
    writer.close()
    path = disk.segment_path(tmp_path, 0)
    path.write_bytes(bytes(RECORDS_AT) + path.read_bytes()[RECORDS_AT:])
    reader = JournalReader(tmp_path, KEY)
    assert reader.available() == 0
    assert [gap.reason for gap in reader.gaps] == [GapReason.UNREADABLE]
    assert reader.gaps[0].seconds == pytest.approx(10, abs=0.3)

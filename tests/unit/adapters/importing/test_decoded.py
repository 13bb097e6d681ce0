"""Audio files: what can be read is read in blocks, everything else says clearly why not."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from audio_files import RATE, TONE, hostile_files, wav_that_announces, write_mp4

from scribe_app.adapters.importing import DecodedFile
from scribe_app.adapters.importing.formats import Container, container_of
from scribe_app.errors import AudioFileError

HOSTILE = sorted([
    "missing", "a folder", "empty", "text", "no samples", "8 channels", "4 kHz", "only a header",
    "a gigantic block in its header", "noise after a WAV's name", "an M4A without sound",
    "an M4A with a gigantic atom", "a m3u playlist", "a ffconcat playlist", "a hls playlist",
    "a m3u playlist named m4a", "a ffconcat playlist named m4a", "a hls playlist named m4a", "5 hours",
])  # fmt: skip


def decoded(path: Path, frames: int = 1200) -> tuple[DecodedFile, list[np.ndarray]]:
    file = DecodedFile(path)
    try:
        file.open()
        return file, list(file.blocks(frames))
    finally:
        file.close()


@pytest.mark.parametrize(
    ("name", "form", "subtype"),
    [
        ("a.wav", "WAV", "PCM_16"),
        ("a.flac", "FLAC", "PCM_16"),
        ("a.ogg", "OGG", "VORBIS"),
        ("a.opus", "OGG", "OPUS"),
        ("a.mp3", "MP3", "MPEG_LAYER_III"),
    ],
)
def test_common_formats_are_read_in_blocks(tmp_path: Path, name: str, form: str, subtype: str) -> None:
    soundfile.write(tmp_path / name, TONE, RATE, format=form, subtype=subtype)
    file, blocks = decoded(tmp_path / name, 5000)
    assert (file.rate, file.channels) == (RATE, 1)
    assert file.seconds == pytest.approx(1.0, abs=0.1)
    assert max(len(block) for block in blocks) <= 5000
    audio = np.concatenate(blocks)[:, 0]
    assert len(audio) == pytest.approx(len(TONE), abs=2500)
    assert np.sqrt(np.square(audio[3000:-3000].astype(float)).mean()) == pytest.approx(8000 / 2**0.5, rel=0.1)


@pytest.mark.parametrize("name", ["a.m4a", "a.mp4", "a.mov", "a.aac", "lossless.m4a"])
@pytest.mark.parametrize(("layout", "channels"), [("mono", 1), ("stereo", 2)])
def test_m4a_and_aac_are_read_where_pyav_is_installed(
    tmp_path: Path, name: str, layout: str, channels: int
) -> None:
    pytest.importorskip("av")
    write_mp4(tmp_path / name, layout, "alac" if "lossless" in name else "aac", seconds=2.0)
    file, blocks = decoded(tmp_path / name)
    assert (file.rate, file.channels) == (16_000, channels)
    audio = np.concatenate(blocks).astype(float)
    assert len(audio) == pytest.approx(32_000, abs=3000)
    assert np.sqrt(np.square(audio[4000:-4000]).mean()) == pytest.approx(8192 / 2**0.5, rel=0.1)


def test_without_pyav_an_m4a_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("av")
    write_mp4(tmp_path / "a.m4a")
    monkeypatch.setitem(sys.modules, "av", None)
    monkeypatch.delitem(sys.modules, "scribe_app.adapters.importing.pyav", raising=False)
    with pytest.raises(AudioFileError, match=r"M4A.*cannot read those.*Convert the file first, or ask IT"):
        DecodedFile(tmp_path / "a.m4a")


def test_a_wrong_name_does_not_matter(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.mp3", TONE, RATE, format="MP3")
    (tmp_path / "a.mp3").rename(tmp_path / "letter.docx")
    assert decoded(tmp_path / "letter.docx")[0].channels == 1


def test_an_mp3_sounds_the_same_read_in_blocks_as_in_one_go(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.mp3", TONE, RATE)
    whole, _ = soundfile.read(tmp_path / "a.mp3", dtype="int16")
    audio = np.concatenate(decoded(tmp_path / "a.mp3")[1])[:, 0]
    assert len(audio) == len(whole)
    assert np.abs(audio.astype(int) - whole).max() <= 1, "decoders round; anything more is damage"


def test_stereo_keeps_its_channels_apart(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.column_stack([TONE, -TONE]), 16_000)
    block = decoded(tmp_path / "a.wav", 100)[1][0]
    assert block.shape == (100, 2)
    assert np.array_equal(block[:, 0], -block[:, 1])


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, str]]:
    return hostile_files(tmp_path_factory.mktemp("hostile"))


def test_every_hostile_file_has_a_test(hostile: dict[str, tuple[Path, str]]) -> None:
    assert sorted(hostile) == HOSTILE


@pytest.mark.parametrize("what", HOSTILE)
def test_what_cannot_be_read_says_why(what: str, hostile: dict[str, tuple[Path, str]]) -> None:
    path, words = hostile[what]
    with pytest.raises(AudioFileError) as caught:
        decoded(path)
    assert re.search(words, str(caught.value))
    assert caught.value.detail
    assert caught.value.remedy


@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3"])
def test_a_file_that_is_cut_off_gives_what_is_there_and_then_says_so(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"cut.{suffix}"
    soundfile.write(path, np.tile(TONE, 4), RATE)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    file = DecodedFile(path)
    file.open()
    blocks: list[np.ndarray] = []
    with pytest.raises(AudioFileError, match=r"is damaged after 1\.\d seconds|after 2\.0 seconds") as caught:
        blocks.extend(file.blocks(1000))
    file.close()
    assert sum(map(len, blocks)) > 1.7 * RATE
    assert "kept" in caught.value.detail


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFFFFF])
def test_a_wav_whose_writer_did_not_know_its_length_is_whole(tmp_path: Path, size: int) -> None:
    wav_that_announces(size, tmp_path / "a.wav")
    assert sum(map(len, decoded(tmp_path / "a.wav")[1])) == pytest.approx(RATE, abs=20)


def test_a_gigantic_announcement_costs_no_memory_and_is_told(tmp_path: Path) -> None:
    wav_that_announces(0xFFFFFFF0, tmp_path / "a.wav")
    with pytest.raises(AudioFileError, match=r"damaged after 1\.0 seconds"):
        decoded(tmp_path / "a.wav")


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"RIFF\0\0\0\0WAVEfmt ", Container.SOUND),
        (b"RIFF\0\0\0\0AVI fmt ", None),
        (b"fLaC", Container.SOUND),
        (b"OggS", Container.SOUND),
        (b"ID3\4", Container.SOUND),
        (b"\xff\xfb\x90\0", Container.SOUND),
        (b"\xff\xf1\x50\x80", Container.ADTS),
        (b"\0\0\0\x20ftypM4A ", Container.MP4),
        (b"FORM\0\0\0\0AIFF", None),
        (b"#EXTM3U\n", None),
        (b"\x1a\x45\xdf\xa3", None),
        (b"\xff", None),
        (b"", None),
    ],
)
def test_only_listed_kinds_are_opened(head: bytes, kind: Container | None) -> None:
    assert container_of(head) is kind

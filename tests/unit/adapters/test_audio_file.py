"""Audio files: what can be read is read in blocks, everything else says clearly why not."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from scribe_app.adapters.audio_file import AudioFile
from scribe_app.errors import AudioFileError

TONE = (8000 * np.sin(np.arange(24_000) * 0.1)).astype(np.int16)


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
    soundfile.write(tmp_path / name, TONE, 24_000, format=form, subtype=subtype)
    file = AudioFile(tmp_path / name)
    blocks = list(file.blocks(5000))
    file.close()
    assert (file.rate, file.channels) == (24_000, 1)
    assert max(len(block) for block in blocks) <= 5000
    audio = np.concatenate(blocks)[:, 0]
    assert len(audio) == pytest.approx(len(TONE), abs=2500)
    assert np.sqrt(np.square(audio[3000:-3000].astype(float)).mean()) == pytest.approx(8000 / 2**0.5, rel=0.1)


def test_an_mp3_sounds_the_same_read_in_blocks_as_in_one_go(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.mp3", TONE, 24_000)
    whole, _ = soundfile.read(tmp_path / "a.mp3", dtype="int16")
    file = AudioFile(tmp_path / "a.mp3")
    audio = np.concatenate(list(file.blocks(1200)))[:, 0]
    file.close()
    assert len(audio) == len(whole)
    assert np.abs(audio.astype(int) - whole).max() <= 1, "decoders round; anything more is damage"


def test_stereo_keeps_its_channels_apart(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.column_stack([TONE, -TONE]), 16_000)
    file = AudioFile(tmp_path / "a.wav")
    block = next(file.blocks(100))
    file.close()
    assert block.shape == (100, 2)
    assert np.array_equal(block[:, 0], -block[:, 1])


def bad_files(folder: Path) -> dict[str, Path]:
    files = {
        name: folder / f"{name}.wav" for name in ("missing", "empty", "text", "zero", "surround", "slow")
    }
    files["m4a"] = folder / "dictation.m4a"
    files["folder"] = folder
    files["empty"].touch()
    files["text"].write_text("Patient comes with chest pain.\n" * 40)
    soundfile.write(files["zero"], TONE[:0], 16_000)
    soundfile.write(files["surround"], np.column_stack([TONE] * 6), 16_000)
    soundfile.write(files["slow"], TONE, 4000)
    files["m4a"].write_bytes(b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom" + bytes(400))
    return files


@pytest.mark.parametrize(
    ("which", "words"),
    [
        ("missing", "does not exist"),
        ("folder", "is not a file"),
        ("empty", "is empty"),
        ("text", "no audio file"),
        ("zero", "length is zero"),
        ("surround", "6 channels"),
        ("slow", "4000 samples a second"),
        ("m4a", "M4A.*WAV, FLAC, Ogg, Opus and MP3"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, which: str, words: str) -> None:
    with pytest.raises(AudioFileError) as caught:
        AudioFile(bad_files(tmp_path)[which])
    assert re.search(words, str(caught.value))


def test_more_than_four_hours_are_refused_before_decoding(tmp_path: Path) -> None:
    with soundfile.SoundFile(tmp_path / "long.flac", "w", 8000, 1) as file:
        silence = np.zeros(8000 * 600, dtype=np.int16)
        for _ in range(25):
            file.write(silence)
    with pytest.raises(AudioFileError, match="longer than 4 hours"):
        AudioFile(tmp_path / "long.flac")

"""Model files are judged before llama.cpp sees them."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from drafting_parts import small_model

from scribe_app.adapters.llama.gguf import read_card
from scribe_app.errors import ModelError


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def _file(path: Path, metadata: dict[str, str | int], data: int = 64) -> Path:
    """A GGUF file with one 4 x 8 tensor and `data` bytes behind its header."""
    raw = b"GGUF" + struct.pack("<IQQ", 3, 1, len(metadata))
    for key, value in metadata.items():
        kind = struct.pack("<I", 8) + _text(value) if isinstance(value, str) else struct.pack("<II", 4, value)
        raw += _text(key) + kind
    raw += _text("blk.0.weight") + struct.pack("<IQQIQ", 2, 4, 8, 0, 0)
    path.write_bytes(raw + b"\0" * data)
    return path


def test_the_small_model_tells_what_it_is() -> None:
    card = read_card(small_model())
    assert card.architecture == "llama"
    assert 130_000_000 < card.parameters < 140_000_000
    assert card.context == 8192
    assert not card.recurrent
    assert "im_start" in card.chat_template


@pytest.mark.parametrize(
    ("metadata", "recurrent"),
    [
        ({"general.architecture": "qwen3", "qwen3.context_length": 4096}, False),
        ({"general.architecture": "lfm2", "lfm2.context_length": 4096}, True),
        ({"general.architecture": "brandnew", "brandnew.ssm.state_size": 16}, True),
    ],
)
def test_whether_a_model_can_be_rolled_back_comes_from_its_metadata(
    tmp_path: Path, metadata: dict[str, str | int], recurrent: bool
) -> None:
    card = read_card(_file(tmp_path / "model.gguf", metadata))
    assert card.recurrent is recurrent
    assert card.parameters == 32


@pytest.mark.parametrize("share", [0.0, 0.0001, 0.01, 0.5, 0.9])
def test_a_model_cut_short_is_refused_with_its_name(tmp_path: Path, share: float) -> None:
    whole = small_model()
    cut = tmp_path / "cut.gguf"
    with whole.open("rb") as file:
        cut.write_bytes(file.read(int(whole.stat().st_size * share)))
    with pytest.raises(ModelError, match=r"cut\.gguf"):
        read_card(cut)


@pytest.mark.parametrize(
    "raw",
    [
        b"PK\3\4 something else",
        b"GGUF" + b"\xff" * 200,
        b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + struct.pack("<Q", 2**62),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 0) + b"\0" * 64,
    ],
    ids=["no gguf", "absurd counts", "absurd string", "no tensors"],
)
def test_other_files_are_refused(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(raw)
    with pytest.raises(ModelError):
        read_card(file)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        read_card(tmp_path / "none.gguf")
    assert "scribe models" in caught.value.remedy

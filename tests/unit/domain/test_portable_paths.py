"""Names that a bundle may give its files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe_app.domain.portable_paths import clash, is_portable


@pytest.mark.parametrize(
    "path", ["model.bin", "Qwen3-1.7B-Q4_K_M.gguf", "a/b/c.json", "whisper-base.en", "_x", "c++.txt"]
)
def test_ordinary_names_are_portable(path: str) -> None:
    assert is_portable(path)


@pytest.mark.parametrize(
    "path",
    [
        "", ".", "..", "/etc/passwd", "../x", "a/../b", "a//b", "a/", "C:model.bin", "C:\\x", "a\\b",
        "\\\\host\\share", "con", "CON.txt", "a/nul", "COM1.bin", "lpt0", "x.", "x ", " x", ".hidden", "-rf",
        "a\0b", "a\nb", "modèl.bin", "ｍodel.bin", "a" * 101, "a/b/c/d/e", "file:stream", "x\u202eexe", "~",
        "a*b", "a?b", 5, None,
    ],
)  # fmt: skip
def test_names_that_lead_elsewhere_on_some_system_are_not(path: object) -> None:
    assert not is_portable(path)


@given(st.text(max_size=30))
def test_what_is_portable_stays_below_its_folder(path: str) -> None:
    from pathlib import PurePosixPath, PureWindowsPath

    if is_portable(path):
        for kind in (PurePosixPath, PureWindowsPath):
            below = kind("root") / path
            assert not kind(path).is_absolute()
            assert ".." not in below.parts
            assert below.parts[0] == "root"


def test_two_names_for_one_file_clash() -> None:
    assert clash(["a", "b/c", "b/d"]) == ""
    assert clash(["model.bin", "Model.BIN"]) == "Model.BIN"
    assert clash(["a", "a"]) == "a"
    assert clash(["a/b", "a"]) == "a"

"""Where the files are made: in memory where the system has such a place, since a million are written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")


@pytest.fixture
def quick_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder that nobody waits for."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    if not os.access(MEMORY, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="scribe-fuzz-") as folder:
        yield Path(folder)

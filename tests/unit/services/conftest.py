"""What the tests of services share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from line_stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """All services on a new vault, with the outermost ports played by the test."""
    opened = Stage(tmp_path)
    yield opened
    opened.close()

"""Homes for the real program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from program import Home, new_home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path / "home")


@pytest.fixture(scope="session")
def used_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, dict[str, Any]]:
    """A home in which the demo has run once, played as fast as the machine allows, and what it printed."""
    home = new_home(tmp_path_factory.mktemp("used") / "home")
    return home, home.json("demo", "--headless", "--fast")

"""Fixtures and options that every test may use."""

from __future__ import annotations

import os

import pytest

os.environ["LC_ALL"] = "C.UTF-8"  # what the tests read is English, whatever the machine speaks
os.environ.pop("LANGUAGE", None)

pytest_plugins = ["fork_server", "virtual_microphone", "virtual_screen"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run the long form of tests")
    parser.addoption("--onscreen", action="store_true", help="show the windows of tests/ui on a real screen")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="long form; run with --long"))

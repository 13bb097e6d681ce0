"""Every file that enters, made wrong in thousands of ways: used, or refused in clear words; never a crash."""

from __future__ import annotations

from pathlib import Path

import pytest
from files_that_enter import CASES, ENTRIES
from fuzzing import run

SHORT = 60
SLOW = ("letterhead logo", "example letter", "Word document")


@pytest.mark.parametrize("name", ENTRIES)
def test_a_whole_file_is_used(name: str, quick_folder: Path) -> None:
    entry = ENTRIES[name](quick_folder)
    for which in range(len(entry.whole) + len(entry.trees)):
        entry.act(entry.made(which, b""))


@pytest.mark.parametrize("name", ENTRIES)
def test_a_wrong_file_is_used_or_refused_in_clear_words(name: str, quick_folder: Path) -> None:
    run(name, ENTRIES[name](quick_folder), 10 if name in SLOW else SHORT)


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("name", ENTRIES)
def test_a_hundred_thousand_wrong_files(name: str, quick_folder: Path) -> None:
    run(name, ENTRIES[name](quick_folder), CASES[name])

"""Every file that enters, made wrong in thousands of ways: used, or refused in clear words; never a crash."""

from __future__ import annotations

from pathlib import Path

import pytest
from files_that_enter import ENTRIES, ROUNDS, SLOW
from fuzzing import run

SHORT, ROUND = 60, 10_000


@pytest.mark.parametrize("name", ENTRIES)
def test_a_whole_file_is_used(name: str, quick_folder: Path) -> None:
    entry = ENTRIES[name](quick_folder)
    for which in range(len(entry.whole) + len(entry.trees)):
        entry.act(entry.made(which, b""))


@pytest.mark.parametrize("name", ENTRIES)
def test_a_wrong_file_is_used_or_refused_in_clear_words(name: str, quick_folder: Path) -> None:
    run(name, ENTRIES[name](quick_folder), 10 if name in SLOW else SHORT)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("name", "round"), [(n, r) for n, rounds in ROUNDS.items() for r in range(rounds)])
def test_a_round_of_wrong_files(name: str, round: int, quick_folder: Path) -> None:
    run(name, ENTRIES[name](quick_folder), ROUND // 10 if name in SLOW else ROUND, round + 1)

"""The vault's benchmark on a small vault: every figure is there, and nothing is left behind."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace

import pytest

from scribe_app.adapters.store import VaultDoor
from scribe_app.adapters.store.slots import Argon2Cost
from scribe_app.cli import bench_vault
from scribe_app.paths import UserFolders


def test_it_times_what_a_clinician_waits_for_and_cleans_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench_vault, "CONSULTATIONS", 2)
    monkeypatch.setattr(bench_vault, "TIMES", 2)
    quick = Argon2Cost(memory_kib=64, passes=1, lanes=1)
    folders = UserFolders(tmp_path / "data", tmp_path / "config", tmp_path / "cache", tmp_path / "logs")
    workshop = SimpleNamespace(
        folders=folders, door=lambda folder: VaultDoor(folder, use_keychain=False, cost=quick)
    )
    assert bench_vault.vault(Namespace(json=True), workshop) == 0  # type: ignore[arg-type]  # needs these two
    figures = json.loads(capsys.readouterr().out)
    assert figures["consultations"] == 2
    assert figures["backup_mb"] > 0
    assert all(figures[name] >= 0 for name in figures if name.endswith("_s"))
    assert not list((tmp_path / "data").iterdir())

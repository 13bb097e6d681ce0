"""What the list of models says was measured is what the README says, and no more."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from types import ModuleType

import pytest

from scribe_app.adapters.models import ManifestModels
from scribe_app.paths import bundled_models_folder, installation_root

SCRIPT = installation_root() / "packaging" / "model_speeds.py"
TABLE = (
    "```\nmodels with random weights, 2 thread(s), x86_64, 4 cores, load 1, 2026-12-01\n"
    "size       file    memory   loads in        reads      writes         stops reading\n"
    "4b      2495 MB   5564 MB      3.1 s   30.1 tok/s   8.2 tok/s    0.03-0.41 (0.01) s\n"
    "```\n"
)
LISTED = 'id = "a"\nshape = "4b"\nmeasured = "old"\nrank = 1\n\nid = "b"\nshape = "8b"\nmeasured = "older"\n'


@pytest.fixture(scope="module")
def speeds() -> ModuleType:
    spec = importlib.util.spec_from_file_location("model_speeds", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_manifest_has_the_figures_of_the_readme() -> None:
    checked = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_new_table_takes_the_place_of_old_figures(speeds: ModuleType) -> None:
    measured = speeds.speeds(TABLE)
    assert list(measured) == ["4b"]
    assert measured["4b"].startswith("reads 30.1 and writes 8.2 tokens a second in 5,564 MB of memory")
    assert measured["4b"].endswith("2 thread(s), x86_64, 4 cores, load 1, 2026-12-01")
    after = speeds.refreshed(LISTED, measured)
    assert "old" not in after, "a size that was not measured has no figure"
    assert after.count("measured = ") == 1
    assert speeds.refreshed(after, measured) == after


@pytest.mark.parametrize("readme", ["", TABLE.replace(" tok/s", " words")])
def test_a_readme_without_the_table_is_told(speeds: ModuleType, readme: str) -> None:
    with pytest.raises(SystemExit, match="no table"):
        speeds.speeds(readme)


def test_no_model_needs_more_memory_than_it_says() -> None:
    entries = ManifestModels(bundled_models_folder() / "manifest.toml", []).entries()
    measured = [entry for entry in entries if entry.measured]
    assert measured
    for entry in measured:
        took = int(entry.measured.split(" in ")[1].split(" MB")[0].replace(",", ""))
        assert took <= entry.min_ram_mb

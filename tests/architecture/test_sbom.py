"""The bill of materials names everything that ships, with hashes, and is the same each time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "packaging" / "sbom.py"


def made(*arguments: Path, **environment: str) -> str:
    kept = {key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"}
    result = subprocess.run(
        [sys.executable, SCRIPT, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env=kept | environment,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def text() -> str:
    return made()


@pytest.fixture(scope="module")
def bill(text: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(text)
    return read


def test_it_has_the_shape_of_cyclonedx(bill: dict[str, Any]) -> None:
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.5", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", bill["serialNumber"])
    assert bill["metadata"]["component"]["name"] == "scribe-app"
    kinds = {"library", "machine-learning-model"}
    for found in bill["components"]:
        assert found["type"] in kinds
        assert found["name"]
        assert found["hashes"]
        for digest in found["hashes"]:
            assert digest["alg"] == "SHA-256"
            assert re.fullmatch("[0-9a-f]{64}", digest["content"])


def test_references_are_unique_and_lead_somewhere(bill: dict[str, Any]) -> None:
    references = [found["bom-ref"] for found in [bill["metadata"]["component"], *bill["components"]]]
    assert len(references) == len(set(references))
    for entry in bill["dependencies"]:
        assert {entry["ref"], *entry.get("dependsOn", ())} <= set(references)


def test_every_locked_package_is_there_once_with_its_hashes(bill: dict[str, Any]) -> None:
    lock = (ROOT / "packaging" / "locks" / "runtime.txt").read_text(encoding="utf-8")
    locked = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", lock, re.MULTILINE)
    assert len(locked) > 40
    purls = Counter(found.get("purl") for found in bill["components"] if "#" not in found["bom-ref"])
    assert {purls[f"pkg:pypi/{name}@{version}"] for name, version in locked} == {1}
    listed = {digest["content"] for found in bill["components"] for digest in found["hashes"]}
    assert set(re.findall("sha256:([0-9a-f]{64})", lock)) <= listed


def test_what_wheels_hide_is_named_with_its_version(bill: dict[str, Any]) -> None:
    hidden = {
        found["name"]: found.get("version", "") for found in bill["components"] if "#" in found["bom-ref"]
    }
    for name in ("SQLite", "SQLCipher", "OpenSSL", "llama.cpp", "libsndfile", "Qt", "ONNX Runtime"):
        assert re.match(r"\d+\.\d+", hidden[name]), name


def test_bundled_models_are_there_with_their_hashes(bill: dict[str, Any]) -> None:
    manifest = tomllib.loads((ROOT / "models" / "manifest.toml").read_text(encoding="utf-8"))
    models = {
        found["name"]: found for found in bill["components"] if found["type"] == "machine-learning-model"
    }
    bundled = [model for model in manifest["model"] if model.get("bundled") or model.get("package")]
    assert set(models) == {model["id"] for model in bundled}
    for model in bundled:
        files = {found["name"]: found["hashes"][0]["content"] for found in models[model["id"]]["components"]}
        assert files == {file["path"]: file["sha256"] for file in model["file"]}


def test_it_is_the_same_each_time_and_as_a_file(text: str, tmp_path: Path) -> None:
    made(tmp_path / "sbom.json")
    assert (tmp_path / "sbom.json").read_bytes() == text.encode()
    assert "timestamp" not in json.loads(text)["metadata"]


def test_a_time_stands_in_it_where_one_is_set() -> None:
    assert json.loads(made(SOURCE_DATE_EPOCH="0"))["metadata"]["timestamp"] == "1970-01-01T00:00:00Z"


def test_no_address_stands_in_it_or_in_the_script(text: str) -> None:
    assert "://" not in text
    assert re.search(r"\w://\w", SCRIPT.read_text(encoding="utf-8")) is None


def test_ci_makes_it() -> None:
    script = ROOT / ".ci" / "run"
    if not script.exists():
        pytest.skip("not a git checkout")
    assert "python packaging/sbom.py build/sbom.cdx.json" in script.read_text(encoding="utf-8")

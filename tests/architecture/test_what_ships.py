"""What ships: no client of any network in the lock, and no native library that nobody has looked at."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
CLIENTS = {
    "huggingface-hub", "hf-xet", "httpx", "httpx2", "httpcore", "httpcore2", "requests", "urllib3", "aiohttp",
    "anyio", "h11", "truststore", "websockets", "fsspec",
}  # fmt: skip


def locked(name: str) -> set[str]:
    text = (PACKAGING / "locks" / name).read_text(encoding="utf-8")
    return set(re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE))


@pytest.mark.parametrize("lock", ["runtime.txt", "dev.txt", "demo-model.txt"])
def test_no_client_of_a_network_is_installed(lock: str) -> None:
    assert locked(lock) & CLIENTS == set()


def test_no_gpl_codecs_ship() -> None:
    assert "av" not in locked("runtime.txt")


def test_qt_is_installed_without_its_network_parts() -> None:
    found = importlib.util.find_spec("PySide6")
    assert found is not None
    assert found.origin is not None
    reaching = re.compile("network|tls|vnc|websocket|httpserver|qml|quick", re.IGNORECASE)
    natives = [
        file for file in Path(found.origin).parent.rglob("*") if re.search(r"\.(so|pyd|dll)", file.name)
    ]
    assert natives
    assert [file.name for file in natives if reaching.search(f"{file.parent.name}/{file.name}")] == []


def test_no_native_library_reaches_further_than_was_looked_at() -> None:
    result = subprocess.run(
        [sys.executable, PACKAGING / "native_network.py", "--check"],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert result.returncode == 0, result.stderr


def test_a_new_host_in_a_native_library_is_named(tmp_path: Path) -> None:
    record = PACKAGING / "native_network.toml"
    text = record.read_text(encoding="utf-8")
    assert '"mobile.events.data.microsoft.com"' in text, (
        "onnxruntime's telemetry; off by ORT_DISABLE_TELEMETRY"
    )
    known = tmp_path / "native_network.toml"
    known.write_text(text.replace('  "mobile.events.data.microsoft.com",\n', ""), encoding="utf-8")
    result = subprocess.run(
        [
            sys.executable,
            PACKAGING / "native_network.py",
            "--check",
            "--only",
            "onnxruntime",
            "--record",
            known,
        ],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert result.returncode == 1
    assert "onnxruntime: host mobile.events.data.microsoft.com" in result.stderr

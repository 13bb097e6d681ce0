"""The whole flow under an empty network namespace, every system call that could leak watched."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from program import ROOT, SAMPLES, Home, new_home

SYSTEM_CALLS = "trace=socket,connect,sendto,open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2"
CREATED = re.compile(r'(?:openat2?|open)\(.*?"([^"]+)",.*O_CREAT|(?:creat|mkdir(?:at)?)\(.*?"([^"]+)"')
OURS = (".local/share/scribe", ".local/state/scribe", ".config/scribe", ".cache/scribe", "tmp")
PLACES_ABOVE = (".local", ".local/share", ".local/state", ".config", ".cache")


def wrapped(trace: Path) -> list[str]:
    """unshare and strace, or a skip that says what is missing."""
    for program in ("strace", "unshare"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    if os.geteuid() != 0:
        pytest.skip("an empty network namespace needs root here")
    if subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine does not allow a network namespace")
    # Without --seccomp-bpf: a call that our own filter refuses would not be seen by strace's.
    return ["unshare", "-n", "strace", "-f", "-qq", "-e", SYSTEM_CALLS, "-o", str(trace)]


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, dict[str, Any], list[str]]:
    """The headless demo, traced from its first instruction."""
    folder = tmp_path_factory.mktemp("traced")
    home = new_home(folder / "home")
    trace = folder / "trace"
    printed = home.json(
        "demo", "--headless", "--fast", "--language", "nl", before=wrapped(trace), timeout=230
    )
    return home, printed, trace.read_text(errors="replace").splitlines()


@pytest.mark.timeout(240)  # strace doubles the time of the demo
def test_no_ip_socket_is_even_asked_for(traced: tuple[Home, dict[str, Any], list[str]]) -> None:
    _, printed, lines = traced
    assert printed["letter"]["sections"]
    asked = [line for line in lines if re.search(r"socket\((AF|PF)_(INET6?|PACKET)", line)]
    # doctor's own probe is not part of the demo: nobody else asks for an IP socket
    assert asked == []


def test_no_file_is_created_outside_our_folders(traced: tuple[Home, dict[str, Any], list[str]]) -> None:
    home, _, lines = traced
    outside = set()
    for line in lines:
        match = CREATED.search(line)
        if match is None or "= -1" in line:
            continue
        path = (home.path / (match.group(1) or match.group(2))).resolve()
        if path.is_relative_to("/dev") or path.is_relative_to("/proc"):
            continue
        if path.parent.name == "__pycache__" and path.is_relative_to(ROOT):
            continue  # Python's own compiled form of the program, in a source checkout
        relative = os.path.relpath(path, home.path)
        if not relative.startswith(OURS) and relative not in PLACES_ABOVE:
            outside.add(str(path))
    assert outside == set()


def test_no_patient_word_reaches_logs_cache_or_temp(
    traced: tuple[Home, dict[str, Any], list[str]],
) -> None:
    home, _, _ = traced
    script = json.loads((SAMPLES / "buikpijn-nl.json").read_text(encoding="utf-8"))
    words = {word.lower() for u in script["utterances"] for word in re.findall(r"[A-Za-zà-ÿ]{9,}", u["text"])}
    words |= {script["patient"]["name"].lower()}
    left = [file for file in home.path.rglob("*") if file.is_file()]
    assert left
    for file in left:
        content = file.read_bytes().decode("utf-8", errors="replace").lower()
        assert not [word for word in words if word in content], file.name


def proof(home: Home, **options: Any) -> dict[str, dict[str, str]]:
    result = home.scribe("doctor", "--offline-proof", "--json", **options)
    findings = {finding["check"]: finding for finding in json.loads(result.stdout)["findings"]}
    assert result.returncode == 0, findings
    assert re.match("[4-9] processes under", findings["filter"]["text"]), "every process of the line was seen"
    assert findings["canary"]["verdict"] == "ok"
    return findings


@pytest.mark.timeout(240)
def test_the_offline_proof_is_one_command(tmp_path: Path) -> None:
    without_strace = {"PATH": str(tmp_path)}
    findings = proof(new_home(tmp_path / "home"), environment=without_strace, timeout=220)
    assert findings["attempts"]["verdict"] == "warning", "what was not counted is not claimed"


@pytest.mark.long
@pytest.mark.timeout(600)  # strace stops at every system call
def test_the_offline_proof_counts_attempts_and_files(tmp_path: Path) -> None:
    findings = proof(new_home(tmp_path / "home"), timeout=580)
    assert findings["attempts"]["text"] == "0 IP sockets asked for"
    assert findings["files"]["verdict"] == "ok"

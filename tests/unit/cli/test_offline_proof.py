"""What the observation sees, on made-up traces and files: a proof that could not fail would be none."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from scribe_app import offline
from scribe_app.cli import offline_proof
from scribe_app.cli.offline_proof import Observed, _filtered, _read_trace, _search
from scribe_app.paths import resources_folder, user_folders
from scribe_app.services.application import Workshop

SAID = "Ik heb sinds drie dagen pijn rechtsonder in de buik."


def workshop_in(folder: Path) -> Workshop:
    """As much of a workshop as the search wants."""
    (folder / "samples").mkdir()
    document = {"patient": {"name": "Piet Voorbeeld"}, "utterances": [{"text": SAID}]}
    (folder / "samples" / f"{offline_proof.SAMPLE}.json").write_text(json.dumps(document), encoding="utf-8")
    own = folder / "own"
    own.mkdir()
    folders = replace(user_folders(), logs=own, cache=own, config=own)
    return cast(Workshop, SimpleNamespace(samples=folder / "samples", folders=folders))


@pytest.fixture(autouse=True)
def only_our_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(offline_proof, "SHARED_PLACES", (str(tmp_path / "shared"),))


def test_attempts_and_files_outside_are_read_from_the_trace(tmp_path: Path) -> None:
    (tmp_path / "trace").write_text(
        "1 socket(AF_UNIX, SOCK_STREAM, 0) = 3\n"
        "2 socket(AF_INET6, SOCK_DGRAM, 0) = -1 EPERM\n"
        f'2 openat(AT_FDCWD, "{tmp_path}/.cache/scribe/x", O_RDWR|O_CREAT, 0600) = 4\n'
        '2 openat(AT_FDCWD, "/var/lib/other/deviceid", O_WRONLY|O_CREAT, 0600) = 5\n'
        '2 openat(AT_FDCWD, "/var/lib/other/refused", O_WRONLY|O_CREAT, 0600) = -1 EACCES\n'
        '3 mkdir("/home/somebody/.telemetry", 0700) = 0\n',
        encoding="utf-8",
    )
    observed = Observed()
    _read_trace(tmp_path, observed)
    assert observed.ip_sockets_asked == 1
    assert observed.unexpected_files == ["/home/somebody/.telemetry", "/var/lib/other/deviceid"]


def test_without_a_trace_nothing_is_claimed(tmp_path: Path) -> None:
    observed = Observed()
    _read_trace(tmp_path, observed)
    assert observed.ip_sockets_asked is None
    assert observed.files_created is None


@pytest.mark.parametrize(
    ("place", "content", "found"),
    [
        ("home/.cache/scribe/a", "… PIET VOORBEELD …", True),
        ("home/tmp/b", "word: rechtsonder", True),
        ("home/tmp/b", "counts: 12", False),
        ("shared/c", "sinds drie dagen pijn rechtsonder", True),
        ("shared/c", "somebody else's file about rechtsonder", False),
        ("own/d.log", "heb sinds drie dagen pijn", True),
    ],
)
def test_the_canary_is_found_where_it_may_not_be(
    tmp_path: Path, place: str, content: str, found: bool
) -> None:
    workshop = workshop_in(tmp_path)
    home = tmp_path / "home"
    file = tmp_path / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    observed = Observed()
    _search(home, workshop, 0.0, observed)
    assert observed.leaks == ([str(file)] if found else [])


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel filter is Linux'")
def test_a_process_without_the_filter_is_noticed(tmp_path: Path) -> None:
    shell = os.getppid()  # not this process: an earlier test may have loaded a drafting model, with a filter
    assert "\nSeccomp:" in Path(f"/proc/{shell}/status").read_text(encoding="utf-8")
    assert not _filtered(shell), "the tests are started without it"
    child = os.fork()
    if child == 0:  # pragma: no cover - the child
        offline.deny_ip_sockets()
        os._exit(0 if _filtered(os.getpid()) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_the_sample_holds_a_canary() -> None:
    file = resources_folder() / "sample_consultations" / f"{offline_proof.SAMPLE}.json"
    spoken = [u["text"] for u in json.loads(file.read_text(encoding="utf-8"))["utterances"]]
    assert len(set(offline_proof._words(spoken))) > 20
    assert len(set(offline_proof._groups(spoken))) > 50

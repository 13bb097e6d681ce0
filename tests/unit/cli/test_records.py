"""scribe audit, retention and consultations on a real vault, as the command line runs them."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from scribe_app.adapters.store.slots import Argon2Cost
from scribe_app.app import make_workshop
from scribe_app.cli import verbs
from scribe_app.domain.consultation import Consultation, ConsultationState, PatientIdentity
from scribe_app.domain.ids import ConsultationId, UtteranceId
from scribe_app.domain.transcript import Utterance
from scribe_app.errors import ExportError, UsageError
from scribe_app.paths import UserFolders
from scribe_app.services.application import Workshop

WORDS = "four ordinary words"
QUICK = Argon2Cost(memory_kib=64, passes=1, lanes=1)
ZOE = PatientIdentity("Zoë Example", "1961-03-14", "999 000 0000")
IDS = [ConsultationId(letter * 32) for letter in "abc"]


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    monkeypatch.setenv("SCRIBE_PASSPHRASE", WORDS)
    folders = UserFolders(*(tmp_path / name for name in ("data", "config", "cache", "logs")))
    made = make_workshop(folders)
    # A slot that is cheaper than its door is made dear at the first opening: so the door is cheap.
    made = replace(made, door=partial(made.door, use_keychain=False, cost=QUICK))
    store = made.door(folders.vault).create(WORDS)
    people = (ZOE, PatientIdentity("Z. E.", "", "9990000000"), PatientIdentity("Jan", "1980-01-01", "1"))
    for id, patient in zip(IDS, people, strict=True):
        at = datetime(2026, 1, 2, tzinfo=UTC)
        state = ConsultationState.IN_REVIEW
        store.save_consultation(Consultation(id, at, "en", "soap", state, patient, notes="typed"))
        store.add_utterances(id, [Utterance(UtteranceId(1), "my knee", 0, 1)], 1)
    store.close()
    return made


def run(workshop: Workshop, *argv: str) -> int:
    return verbs.run(verbs.parse([*argv]), workshop)


def document(workshop: Workshop, capsys: pytest.CaptureFixture[str], *argv: str) -> Any:
    capsys.readouterr()
    run(workshop, *argv, "--json")
    return json.loads(capsys.readouterr().out)


def test_one_patients_records_are_found_handed_over_and_erased(
    workshop: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = ("--record-number", "999-000-0000")
    found = document(workshop, capsys, "consultations", "list", *number)
    assert {one["consultation"] for one in found} == set(IDS[:2])
    by_name = ("--name", "zoe EXAMPLE", "--born", "1961-03-14")
    assert len(document(workshop, capsys, "consultations", "list", *by_name)) == 1
    file = tmp_path / "all.zip"
    assert run(workshop, "consultations", "export", *number, "--output", str(file)) == 0
    with zipfile.ZipFile(file) as held:
        names = held.namelist()
        assert "not encrypted" in held.read("README.txt").decode()
        assert sum(name.endswith("transcript.json") for name in names) == 2
        assert sum(name.endswith("notes.txt") for name in names) == 2
    with pytest.raises(UsageError, match="for good"):
        run(workshop, "consultations", "delete", *number)
    assert run(workshop, "consultations", "delete", *number, "--yes") == 0
    assert [one["consultation"] for one in document(workshop, capsys, "consultations", "list")] == [IDS[2]]


def test_a_name_alone_is_not_enough_to_know_who_is_meant(workshop: Workshop) -> None:
    with pytest.raises(UsageError, match="whose"):
        run(workshop, "consultations", "delete", "--name", "Zoë Example", "--yes")
    with pytest.raises(UsageError, match="which"):
        run(workshop, "consultations", "delete", "--yes")


def test_retention_says_what_would_go_and_then_erases_it(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    before = document(workshop, capsys, "retention", "run", "--dry-run")
    assert {one["consultation"] for one in before["due"]} == set(IDS)
    assert document(workshop, capsys, "retention", "run")["erased"] == 3
    assert document(workshop, capsys, "consultations", "list") == []


def test_who_reads_from_the_command_line_is_noted_too(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    run(workshop, "consultations", "list")
    run(workshop, "ask", IDS[0], "Was the knee mentioned?")
    listed = document(workshop, capsys, "audit", "list")["listed"]
    told = [(one["event"], one["consultation"], one["detail"]) for one in listed]
    assert ("searched", "", "3 listed") in told
    assert ("opened", IDS[0], "question") in told
    assert ("unlocked", "", "passphrase") in told
    assert "knee" not in repr(listed)
    assert [one["event"] for one in listed].count("models") == 1, "noted once, not at each opening"


def test_the_trail_is_listed_verified_and_exported(
    workshop: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(workshop, "consultations", "delete", IDS[0], "--yes")
    listed = document(workshop, capsys, "audit", "list", "--event", "deleted")
    (entry,) = listed["listed"]
    assert (entry["consultation"], entry["object"], entry["detail"]) == (IDS[0], "consultation", "clinician")
    assert len(entry["patient"]) == 12
    assert listed["faults"] == []
    assert run(workshop, "audit", "verify") == 0
    assert "whole" in capsys.readouterr().out
    file = tmp_path / "trail.jsonl"
    assert run(workshop, "audit", "export", str(file)) == 0
    assert run(workshop, "audit", "verify", str(file)) == 0
    file.write_bytes(file.read_bytes().replace(b"deleted", b"created"))
    with pytest.raises(ExportError):
        run(workshop, "audit", "verify", str(file))
    with pytest.raises(UsageError):
        run(workshop, "audit", "export")

"""scribe facts on a real vault and on a file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from line_stage import ScriptedDrafter
from program import SAMPLES

from scribe_app.adapters.store.slots import Argon2Cost
from scribe_app.app import make_workshop
from scribe_app.cli import verbs
from scribe_app.domain.consultation import Consultation, ConsultationState
from scribe_app.domain.ids import ConsultationId, UtteranceId
from scribe_app.domain.transcript import SpeakerRole, Utterance
from scribe_app.errors import UsageError
from scribe_app.paths import UserFolders
from scribe_app.services.application import Workshop

WORDS = "four ordinary words"
QUICK = Argon2Cost(memory_kib=64, passes=1, lanes=1)
ID = ConsultationId("a" * 32)
SAMPLE = str(SAMPLES / "chest-pain-en.json")


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    monkeypatch.setenv("SCRIBE_PASSPHRASE", WORDS)
    folders = UserFolders(*(tmp_path / name for name in ("data", "config", "cache", "logs")))
    made = make_workshop(folders)
    # A slot that is cheaper than its door is made dear at the first opening: so the door is cheap.
    made = replace(made, door=partial(made.door, use_keychain=False, cost=QUICK))
    store = made.door(folders.vault).create(WORDS)
    at = datetime(2026, 1, 2, tzinfo=UTC)
    store.save_consultation(Consultation(ID, at, "en", "soap", ConsultationState.IN_REVIEW))
    said = Utterance(UtteranceId(1), "I take ramipril, five milligrams a day.", 0, 3, SpeakerRole.PATIENT)
    store.add_utterances(ID, [said], 1)
    store.close()
    return made


def document(workshop: Workshop, capsys: pytest.CaptureFixture[str], *argv: str) -> Any:
    capsys.readouterr()
    assert verbs.run(verbs.parse(["facts", *argv, "--json"]), workshop) == 0
    return json.loads(capsys.readouterr().out)["facts"]


def test_a_fact_is_corrected_rejected_and_taken_back(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    (heard,) = document(workshop, capsys, ID)
    assert (heard["id"], heard["state"], heard["kind"]) == ("U1.1", "heard", "medication")
    (now,) = document(workshop, capsys, ID, "--correct", "u1.1", "I take ramipril, 10 mg a day.")
    assert (now["state"], now["text"], now["heard"]) == (
        "corrected",
        "I take ramipril, 10 mg a day.",
        heard["text"],
    )
    assert document(workshop, capsys, ID, "--reject", "U1.1")[0]["state"] == "rejected"
    assert document(workshop, capsys, ID, "--restore", "U1.1") == [heard]


def test_a_fact_that_is_not_there_changes_nothing(workshop: Workshop) -> None:
    with pytest.raises(UsageError, match=r"no fact 'U9\.9'"):
        verbs.run(verbs.parse(["facts", ID, "--reject", "U9.9"]), workshop)


def test_a_files_facts_are_listed_and_cannot_be_changed(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = document(workshop, capsys, SAMPLE)
    assert any("Penicillin" in fact["text"] and fact["kind"] == "allergy" for fact in listed)
    with pytest.raises(UsageError, match="a consultation that is kept"):
        verbs.run(verbs.parse(["facts", SAMPLE, "--reject", "U6.1"]), workshop)


def test_a_letter_is_drafted_from_facts_as_they_were_corrected(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    drafter = ScriptedDrafter()
    asking = replace(workshop, drafter=drafter)

    def draft(*more: str) -> list[str]:
        """What the drafter was given to write from."""
        assert verbs.run(verbs.parse(["draft", ID, "--no-model", "--json", *more]), asking) == 0
        (asked,) = drafter.started[-1].written
        return [said.text for said in asked[1]]

    assert draft() == ["I take ramipril, five milligrams a day."]
    document(workshop, capsys, ID, "--correct", "U1.1", "I take ramipril, 10 mg a day.")
    assert draft("--redo", "subjective") == ["I take ramipril, 10 mg a day."]
    assert draft() == ["I take ramipril, 10 mg a day."]

"""scribe bench drafting on the bundled samples, without a model: real drafting process, real checks."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from drafting_parts import sample
from program import SAMPLES, new_home

from scribe_app.cli import bench_drafting
from scribe_app.domain.ids import ConsultationId, LetterId
from scribe_app.domain.letter import Letter, Section, Statement, Support
from scribe_app.domain.planted_errors import planted
from scribe_app.errors import TranscriptFileError, UsageError


def test_a_quoted_letter_keeps_the_samples_facts_and_invents_no_number(
    tmp_path: Path,
) -> None:
    (tmp_path / "talks").mkdir()
    for file in SAMPLES.glob("buikpijn-nl*.json"):
        shutil.copy(file, tmp_path / "talks")
    home = new_home(tmp_path / "home")
    figures = home.json("bench", "drafting", "--folder", str(tmp_path / "talks"))["all"]
    assert figures["facts"]["letter_and_list"] == figures["facts"]["all"] > 0
    assert figures["facts"]["false_alarms"] == 0
    assert figures["numerals"]["unsupported_unflagged"] == 0
    kinds = figures["planted"]
    for kind in ("number", "drug", "unit"):
        count, found = kinds[kind]
        assert found == count > 0


def test_what_a_letter_lacks_is_counted_as_missing() -> None:
    fact = {"fact": "Takes warfarin", "utterances": [12], "numbers": [3.0]}
    said = Statement("Metoprolol 50 mg.", Support.SUPPORTED, (sample("buikpijn-nl").utterances[11].id,))
    letter = Letter(LetterId("l"), ConsultationId("c"), "soep", "", "nl", (Section("s", "S", (said,)),))
    assert not bench_drafting._is_carried(fact, letter, "nl")
    assert bench_drafting._is_carried({**fact, "numbers": [50.0]}, letter, "nl")
    doubted = replace(said, support=Support.UNSUPPORTED)
    unsure = replace(letter, sections=(Section("s", "S", (doubted,)),))
    assert not bench_drafting._is_carried({**fact, "numbers": [50.0]}, unsure, "nl")


def test_each_kind_of_error_is_planted() -> None:
    kinds = {kind for kind, _ in planted("No pain in the left knee; ramipril 5 mg for 2 weeks.", "en")}
    assert kinds == {"number", "unit", "drug", "side", "negation"}


def test_a_folder_without_transcripts_or_with_broken_facts_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        bench_drafting._transcripts(tmp_path)
    with pytest.raises(UsageError):
        bench_drafting._transcripts(tmp_path / "nowhere")
    broken = tmp_path / "x.facts.json"
    broken.write_text('[{"fact": 1}]', encoding="utf-8")
    with pytest.raises(TranscriptFileError):
        bench_drafting._read_facts(broken)

"""scribe bench drafting without a model: real drafting process, real checks, small material."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from program import SAMPLES, new_home

from scribe_app.app import make_workshop
from scribe_app.cli import bench_drafting
from scribe_app.cli.bench_drafting_figures import Measured, tell
from scribe_app.cli.output import Output
from scribe_app.cli.verbs import parse
from scribe_app.domain.planted_errors import planted
from scribe_app.services.evaluation import Scores


def test_a_quoted_letter_keeps_the_samples_facts_and_invents_no_number(tmp_path: Path) -> None:
    (tmp_path / "talks").mkdir()
    for file in SAMPLES.glob("buikpijn-nl*.json"):
        shutil.copy(file, tmp_path / "talks")
    home = new_home(tmp_path / "home")
    found = home.json("bench", "drafting", "--no-model", "--folder", str(tmp_path / "talks"))
    assert found["complete"] is True
    (talks,) = found["collections"]
    letter, human = talks["systems"]["letter"], talks["systems"]["human"]
    assert letter["facts_with_list"]["rate"] == 1.0
    assert letter["numbers_unsaid"]["part"] == human["alarms"]["part"] == 0
    for kind in ("number", "drug", "unit"):
        counts = talks["planted"]["letter"][kind]
        assert counts["found"] == counts["planted"] > 0
    assert talks["systems"]["copy"]["drugs_kept"]["rate"] == 1.0


def test_a_public_collection_is_read_and_its_table_fits(tmp_path: Path) -> None:
    talk = (
        "[doctor] any fever ?\n[patient] no , just a cough for three weeks .\n[doctor] your pulse is eighty ."
    )
    note = "HISTORY\n\nCough for 3 weeks.\n\nEXAM\n\nPulse is 80."
    rows = "encounter_id,dialogue,note\n" + f'D1,"{talk}","{note}"\n'
    (tmp_path / "clinicalnlp_taskB_test1.csv").write_text(rows, encoding="utf-8")
    for system in ("BART_large_x", "LED_x", "test1ChatGPT_", "test1GPT-4_"):
        (tmp_path / f"prediction_{system}.csv").write_text(rows.replace("80", "90"), encoding="utf-8")
    home = new_home(tmp_path / "home")
    printed = home.scribe("bench", "drafting", "--no-model", "--folder", str(tmp_path))
    assert printed.returncode == 0, printed.stderr
    assert "aci-bench test, 1 of 1 (D1)" in printed.stderr
    assert all(len(line) <= 100 for line in printed.stdout.splitlines())
    heads = printed.stdout.splitlines()[4].split()
    assert heads == ["letter", "+-", "human", "copy", "BART", "ChatGPT", "GPT-4", "LED"]
    unsaid = next(line for line in printed.stdout.splitlines() if line.startswith("numbers nobody said"))
    assert unsaid.split()[-4:] == ["50.0%"] * 4


def test_ctrl_c_leaves_the_figures_so_far(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    drafted: list[str] = []
    draft = bench_drafting.draft_letter

    def interrupted(*arguments: object, **options: object) -> object:
        if drafted:
            raise KeyboardInterrupt
        drafted.append("one")
        return draft(*arguments, **options)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(bench_drafting, "draft_letter", interrupted)
    workshop = make_workshop(new_home(tmp_path / "home").folders)
    with pytest.raises(KeyboardInterrupt):
        bench_drafting.drafting(parse(["bench", "drafting", "--no-model", "--json"]), workshop)
    found = json.loads(capsys.readouterr().out)
    assert found["complete"] is False
    assert found["collections"][0]["consultations"] == 1


def test_notes_of_others_alone_need_no_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench_drafting, "draft_letter", None)
    workshop = make_workshop(new_home(tmp_path / "home").folders)
    assert bench_drafting.drafting(parse(["bench", "drafting", "--notes-only", "--show", "1"]), workshop) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "bundled samples: 2 consultations"
    assert lines[2].split() == ["human", "+-", "copy"]
    assert any(line.startswith("citations by search:") for line in lines)


def test_each_kind_of_error_is_planted() -> None:
    kinds = {kind for kind, _ in planted("No pain in the left knee; ramipril 5 mg for 2 weeks.", "en")}
    assert kinds == {"number", "unit", "drug", "side", "negation"}


def test_columns_stand_in_reading_order() -> None:
    systems = {name: list[Scores]() for name in ("copy", "GPT-4", "human", "BART", "one prompt", "letter")}
    one = Measured("any", systems=systems)
    assert one.columns == ["letter", "one prompt", "human", "copy", "BART", "GPT-4"]


def test_nothing_measured_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    tell(Output(as_json=False), [Measured("empty")], show=5)
    assert capsys.readouterr().out == ""

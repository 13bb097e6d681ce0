"""What the drafting benchmark finds in a folder, and what it says of one that it cannot use."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from program import SAMPLES

from scribe_app.cli.bench_material import collections, listed_facts, not_spoken
from scribe_app.domain.measures.notes import Division
from scribe_app.errors import TranscriptFileError, UsageError
from scribe_app.paths import resources_folder


def names(folder: Path | None, split: str = "test", limit: int = 0) -> dict[str, int]:
    return {found.name: len(found.cases) for found in collections(folder, SAMPLES, split, limit)}


def test_without_a_folder_the_bundled_samples_with_their_facts() -> None:
    (found,) = collections(None, SAMPLES, "test")
    assert [case.name for case in found.cases] == ["buikpijn-nl", "chest-pain-en"]
    assert all(case.facts for case in found.cases)
    parts = {fact.division for case in found.cases for fact in case.facts}
    assert parts == set(Division)
    assert names(None, limit=1) == {"bundled samples": 1}


def table(file: Path, *columns: str, rows: int = 2) -> None:
    lines = [",".join(columns)]
    lines += [",".join("Doctor: hi" if c == "dialogue" else f"{c}{n}" for c in columns) for n in range(rows)]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines), encoding="utf-8")


def test_public_collections_are_known_by_their_files_wherever_they_lie(tmp_path: Path) -> None:
    table(tmp_path / "data/challenge_data/clinicalnlp_taskB_test1.csv", "encounter_id", "dialogue", "note")
    table(tmp_path / "baselines/prediction_test1GPT-4_.csv", "encounter_id", "note")
    table(tmp_path / "data/train.csv", "encounter_id", "dialogue", "note", rows=5)
    columns = ("ID", "section_header", "section_text", "dialogue")
    table(tmp_path / "MTS-Dialog-TestSet-1-MEDIQA-Chat-2023.csv", *columns, rows=3)
    assert names(tmp_path) == {"aci-bench test": 2, "MTS-Dialog test": 3}
    assert names(tmp_path, "train") == {"aci-bench train": 5}
    found = collections(tmp_path, SAMPLES, "test")[0]
    assert found.published == ("GPT-4",)


def primock(folder: Path, day: int) -> None:
    name = f"day{day}_consultation01"
    for kind in ("transcripts", "notes", "checklists"):
        (folder / kind).mkdir(exist_ok=True)
    interval = 'xmin = 0\n xmax = 2\n text = "I have had a cough for three weeks."'
    for who in ("doctor", "patient"):
        (folder / "transcripts" / f"{name}_{who}.TextGrid").write_text(interval, encoding="utf-8")
    (folder / "notes" / f"{name}.json").write_text(json.dumps({"note": "3/52 cough"}), encoding="utf-8")
    file = folder / "checklists" / f"Clinician_1_Day_{day}_Consultation_1_-_Checklist.xlsx"
    with zipfile.ZipFile(file, "w") as book:
        book.writestr("xl/sharedStrings.xml", "<si><t>cough 3 weeks</t></si><si><t>c</t></si>")
        cells = '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
        book.writestr("xl/worksheets/sheet1.xml", f'<row r="1">{cells}</row>')


def test_primock_by_day_with_note_and_checklist(tmp_path: Path) -> None:
    primock(tmp_path, 1)
    primock(tmp_path, 3)
    assert names(tmp_path) == {"PriMock57 test": 1}
    (found,) = collections(tmp_path, SAMPLES, "train")
    (case,) = found.cases
    assert (case.name, case.note, case.checklist) == ("day1_consultation01", "3/52 cough", ("cough 3 weeks",))
    assert len(case.transcript) == 2


def test_own_transcripts_with_a_note(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"utterances": [{"text": "Hello doctor"}]}', encoding="utf-8")
    (tmp_path / "a.note.txt").write_text("Says hello.", encoding="utf-8")
    (found,) = collections(tmp_path, SAMPLES, "test")
    assert (found.name, found.cases[0].note) == ("own transcripts", "Says hello.")


def test_a_folder_that_cannot_be_measured_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no consultation"):
        collections(tmp_path, SAMPLES, "test")
    with pytest.raises(UsageError, match="no folder"):
        collections(tmp_path / "nowhere", SAMPLES, "test")


def test_damaged_files_are_named(tmp_path: Path) -> None:
    facts = tmp_path / "x.facts.json"
    facts.write_text('[{"fact": 1}]', encoding="utf-8")
    with pytest.raises(TranscriptFileError, match=r"x\.facts\.json"):
        listed_facts(facts)
    primock(tmp_path, 3)
    next((tmp_path / "checklists").iterdir()).write_bytes(b"no workbook")
    with pytest.raises(TranscriptFileError, match="Checklist"):
        collections(tmp_path, SAMPLES, "test")


def test_sentences_that_nobody_spoke_name_their_consultation() -> None:
    found = not_spoken(resources_folder() / "evaluation" / "not_spoken.tsv")
    assert sum(map(len, found.values())) >= 30
    assert all(name and all(sentences) for name, sentences in found.items())

"""Consultations to measure letters on: the bundled samples, own folders, and public collections."""

from __future__ import annotations

import csv
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from scribe_app.cli.letters import read_transcript
from scribe_app.domain.documents.published import checklist, dialogue, two_grids
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.measures.cases import Case
from scribe_app.domain.measures.critical_facts import ListedFact
from scribe_app.domain.measures.notes import Division, division_of_heading, division_of_topics
from scribe_app.domain.topics import guess_roles
from scribe_app.errors import TranscriptFileError, UsageError

FACTS, NOTE = ".facts.json", ".note.txt"
SPLITS = ("test", "valid", "train")
"""test: figures to quote, nobody tunes on it."""
_ACI = {"test": "clinicalnlp_taskB_test1.csv", "valid": "valid.csv", "train": "train.csv"}
_MTS = {"test": "TestSet-1", "valid": "Validation", "train": "Training"}
_PRIMOCK_DAYS = {"test": "345", "valid": "", "train": "12"}
"""Days 4 and 5 where they are there: the published collection has five."""
_PREDICTION = re.compile(r"prediction_(?:test1)?([^_]+)")
_CHECKLIST = re.compile(r"(?i)day_(\d+)_consultation_(\d+)")


@dataclass(frozen=True)
class Collection:
    """Consultations that are reported together."""

    name: str
    cases: tuple[Case, ...]

    @property
    def published(self) -> tuple[str, ...]:
        """Systems that wrote notes about them, in alphabetical order."""
        return tuple(sorted({system for case in self.cases for system in case.published}))


def collections(folder: Path | None, samples: Path, split: str, limit: int = 0) -> list[Collection]:
    """What a folder holds, or the bundled samples without one; at most `limit` consultations of each.

    Raises:
        UsageError: it holds nothing that can be measured.
        TranscriptFileError: a file in it is damaged.
    """
    if folder is None:
        return [_limited(Collection("bundled samples", tuple(_own(samples))), limit)]
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder.", "Nothing was measured.", "Name one with consultations.")
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # a dialogue is one field
    found = [Collection(name.format(split), tuple(read(folder, split))) for name, read in _READERS.items()]
    kept = [_limited(collection, limit) for collection in found if collection.cases]
    if not kept:
        raise UsageError(
            f"{folder} holds no consultation that can be measured (split: {split}).",
            "Nothing was measured.",
            "It takes NAME.json transcripts, or aci-bench, MTS-Dialog or PriMock57 as they are published.",
        )
    return kept


def _limited(collection: Collection, limit: int) -> Collection:
    return replace(collection, cases=collection.cases[:limit]) if limit else collection


def _own(folder: Path, split: str = "") -> Iterator[Case]:
    """NAME.json, a transcript as `scribe draft` takes it; beside it NAME.facts.json, NAME.note.txt."""
    for file in sorted(folder.glob("*.json")):
        if file.name.endswith(FACTS):
            continue
        transcript = guess_roles(read_transcript(file, "en"))
        stem = file.name.removesuffix(".json")
        facts, note = file.with_name(stem + FACTS), file.with_name(stem + NOTE)
        yield Case(
            stem,
            transcript,
            note=_text(note) if note.exists() else "",
            facts=listed_facts(facts) if facts.exists() else (),
        )


def listed_facts(file: Path) -> tuple[ListedFact, ...]:
    """Facts that a letter must carry, as a person listed them.

    Raises:
        TranscriptFileError: it is no such list.
    """
    try:
        return tuple(
            ListedFact(
                str(fact["fact"]),
                frozenset(UtteranceId(int(id)) for id in fact["utterances"]),
                frozenset(float(number) for number in fact.get("numbers", [])),
                _part(str(fact.get("section", ""))),
            )
            for fact in json.loads(_text(file))
        )
    except (ValueError, KeyError, TypeError) as error:
        raise TranscriptFileError(
            f"{file.name} is not a list of facts with their utterances.", "Nothing was measured."
        ) from error


def not_spoken(file: Path) -> dict[str, frozenset[str]]:
    """Consultation → sentences of its note with something that nobody said, from lines of three fields."""
    found: dict[str, set[str]] = {}
    for line in _text(file).splitlines():
        name, _, sentence = [*line.split("\t"), "", ""][:3]
        found.setdefault(name, set()).add(sentence)
    return {name: frozenset(sentences) for name, sentences in found.items()}


def _part(section: str) -> Division | None:
    """The part of a letter for the section named in a list of facts: "family_history", "safety_netting"."""
    if not section:
        return None
    known = division_of_heading(section.replace("_", " "))
    return known or division_of_topics((section.replace("netting", "net"),))


def _aci(folder: Path, split: str) -> Iterator[Case]:
    for file in sorted(folder.rglob(_ACI[split])):
        rows = _rows(file, "encounter_id", "dialogue", "note")
        if "MTS" in file.name or not rows:
            continue
        published: dict[str, dict[str, str]] = {}
        for prediction in sorted(folder.rglob("prediction_*.csv")) if split == "test" else ():
            if match := _PREDICTION.match(prediction.name):
                for row in _rows(prediction, "encounter_id", "note"):
                    published.setdefault(row["encounter_id"], {})[match[1]] = row["note"]
        for row in rows:
            name = row["encounter_id"]
            yield Case(name, dialogue(row["dialogue"]), row["note"], published=published.get(name, {}))


def _aci_as_heard(folder: Path, split: str) -> Iterator[Case]:
    """The same dialogues as a recogniser heard them, where they were published so."""
    for file in sorted(folder.rglob("test1_*_asr.csv")) if split == "test" else ():
        for row in _rows(file, "id", "dialogue", "note"):
            yield Case(row["id"], dialogue(row["dialogue"]), row["note"])


def _mts(folder: Path, split: str) -> Iterator[Case]:
    for file in sorted(folder.rglob(f"MTS-Dialog-{_MTS[split]}*.csv")):
        for row in _rows(file, "ID", "section_header", "section_text", "dialogue"):
            part = division_of_heading(row["section_header"])
            yield Case(f"{file.stem} {row['ID']}", dialogue(row["dialogue"]), row["section_text"], part)


def _primock(folder: Path, split: str) -> Iterator[Case]:
    facts: dict[str, list[str]] = {}
    for file in sorted(folder.rglob("*[Cc]hecklist*.xlsx")):
        if match := _CHECKLIST.search(file.name):
            facts.setdefault(f"day{match[1]}_consultation{int(match[2]):02d}", []).extend(_checklist(file))
    for grid in sorted(folder.rglob("day*_doctor.TextGrid")):
        name = grid.name.removesuffix("_doctor.TextGrid")
        if name[3] not in _PRIMOCK_DAYS[split]:
            continue
        transcript = two_grids(_text(grid), _text(grid.with_name(f"{name}_patient.TextGrid")))
        note = next(iter(sorted(folder.rglob(f"{name}.json"))), None)
        yield Case(
            name,
            transcript,
            note=str(json.loads(_text(note))["note"]) if note else "",
            checklist=tuple(dict.fromkeys(facts.get(name, ()))),
        )


_READERS: dict[str, Callable[[Path, str], Iterator[Case]]] = {
    "aci-bench {}": _aci,
    "aci-bench {} as a recogniser heard it": _aci_as_heard,
    "MTS-Dialog {}": _mts,
    "PriMock57 {}": _primock,
    "own transcripts": _own,
}


def _checklist(file: Path) -> tuple[str, ...]:
    try:
        with zipfile.ZipFile(file) as book:
            strings = book.read("xl/sharedStrings.xml").decode()
            return checklist(strings, book.read("xl/worksheets/sheet1.xml").decode())
    except (zipfile.BadZipFile, KeyError, OSError, UnicodeDecodeError) as error:
        raise _damaged(file) from error


def _rows(file: Path, *columns: str) -> list[dict[str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            if not set(columns) <= set(reader.fieldnames or ()):
                return []
            return list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _damaged(file) from error


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(file) from error


def _damaged(file: Path) -> TranscriptFileError:
    return TranscriptFileError(
        f"{file.name} cannot be read.", "Nothing was measured.", "Get the file again, or take it away."
    )

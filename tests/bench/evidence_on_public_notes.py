"""How the checks judge notes written by people, and the same notes with one error planted in each sentence.

    python -m tests.bench.evidence_on_public_notes FOLDER [--quote] [--show N]

FOLDER (or the environment variable SCRIBE_PUBLIC_DATA) holds aci-bench/*.csv (Yim et al., Scientific Data
2023, CC BY 4.0) and primock57/{transcripts,notes} (Papadopoulos Korfiatis et al., ACL 2022, CC BY 4.0).
Without it the script says so and ends well. The checks were tuned on aci-bench train and valid and on days 1
and 2 of primock57; figures to quote come from aci-bench test1 and day 3 (--quote), which nobody tunes on.

The notes cite nothing and hold facts that nobody spoke of: such a sentence finds no passage, and is no false
alarm. An alarm counts against the sentences for which a passage was found. Many of those doubted are rightly
so: ages, dates, doses and sides that the writer knew from elsewhere, or notes that say another side than the
talk. not_spoken.tsv lists them for the test splits: one reader went through every doubted sentence with its
transcript in hand, after the checks were finished. A doubted sentence that is not on it is a false alarm.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import UNSETTLED, Statement, Support
from scribe_app.domain.planted_errors import (
    turned_round,
    with_other_drugs,
    with_other_numbers,
    with_other_sides,
    with_other_units,
)
from scribe_app.domain.template import SectionSpec
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.services.evidence import check_statement

Case = tuple[str, str, Transcript, bool]
"""Name, one sentence of the human note, the transcript, whether it stands under the family history."""
NOT_SPOKEN = Path(__file__).with_name("not_spoken.tsv")
_INTERVAL = re.compile(r'xmin = ([\d.]+)\s+xmax = ([\d.]+)\s+text = "((?:[^"]|"")*)"')
_HEADING = re.compile(r"^[A-Z][A-Z /&-]{3,}:?$")
_LABEL = re.compile(r"^[•*-]?\s*(?:[A-Z][\w/ &-]{1,40}:\s+)?")


def not_spoken() -> dict[tuple[str, str], str]:
    """Name and sentence → what in it nobody said."""
    if not NOT_SPOKEN.exists():
        return {}
    rows = (line.split("\t") for line in NOT_SPOKEN.read_text(encoding="utf-8").splitlines())
    return {(row[0], row[2]): row[1] for row in rows if len(row) > 2}


def sentences_of(note: str) -> Iterator[tuple[str, bool]]:
    """Sentences of a note without headings, bullets and labels; whether it is of the family."""
    heading = ""
    for line in note.splitlines():
        line = line.strip()
        if not line:
            continue
        if _HEADING.match(line):
            heading = line
            continue
        for sentence in re.split(r"(?<=[.;])\s+", _LABEL.sub("", line)):
            if len(sentence.split()) >= 2:
                yield sentence.strip(), "FAMILY" in heading


def aci(file: Path) -> Iterator[Case]:
    """Sentences of one aci-bench split."""
    with file.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            turns = re.findall(r"^\[(\w+)\]\s*(.*)$", row["dialogue"], re.MULTILINE)
            roles = {"doctor": SpeakerRole.CLINICIAN, "patient": SpeakerRole.PATIENT}
            transcript = Transcript(
                tuple(
                    Utterance(UtteranceId(n), text, n * 4.0, n * 4.0 + 3, roles.get(who, SpeakerRole.OTHER))
                    for n, (who, text) in enumerate(turns, start=1)
                )
            )
            for sentence, family in sentences_of(row["note"]):
                yield row["encounter_id"], sentence, transcript, family


def primock(folder: Path, days: str) -> Iterator[Case]:
    """Sentences of the clinicians' own notes of some days."""
    for note in sorted((folder / "notes").glob(f"day[{days}]_*.json")):
        turns: list[tuple[float, float, str, SpeakerRole]] = []
        for role, who in ((SpeakerRole.CLINICIAN, "doctor"), (SpeakerRole.PATIENT, "patient")):
            grid = (folder / "transcripts" / f"{note.stem}_{who}.TextGrid").read_text(encoding="utf-8")
            for start, end, text in _INTERVAL.findall(grid):
                words = re.sub(r"<[^>]+>", "", text).strip()
                if words:
                    turns.append((float(start), float(end), words, role))
        transcript = Transcript(
            tuple(
                Utterance(UtteranceId(n), text, start, end, role)
                for n, (start, end, text, role) in enumerate(sorted(turns), start=1)
            )
        )
        for sentence, family in sentences_of(json.loads(note.read_text(encoding="utf-8"))["note"]):
            yield note.stem, sentence, transcript, family


def report(name: str, cases: list[Case], show: int) -> None:
    """Print how the sentences were judged, and how many planted errors were found."""
    specs = {False: SectionSpec("any", "Any", ""), True: SectionSpec("family", "Family", "", ("family",))}
    start = time.perf_counter()
    judged = [check_statement(Statement(text), specs[family], said) for _, text, said, family in cases]
    seconds = time.perf_counter() - start
    counts = Counter(statement.support for statement in judged)
    shares = ", ".join(f"{s.value} {counts[s] / len(judged):.1%}" for s in list(Support)[:4])
    print(f"{name}: {len(judged)} sentences in {seconds:.1f} s: {shares}")
    spoken = [s for s in judged if "no_evidence" not in {flag.code for flag in s.flags}]
    alarms = sum(s.support in UNSETTLED for s in spoken)
    print(f"  a passage was found for {len(spoken)}; of these doubted {alarms} ({alarms / len(spoken):.1%})")
    unspoken = not_spoken()
    names = {id(statement): case[0] for statement, case in zip(judged, cases, strict=True)}
    false = [
        s
        for s in spoken
        if s.support in UNSETTLED and (names[id(s)], s.text.replace("\t", " ")) not in unspoken
    ]
    print(f"  of these doubted although it was said: {len(false)} ({len(false) / len(spoken):.1%})")
    flags = Counter(
        f.code for s in judged if s.support in UNSETTLED for f in s.flags if "inferred" not in f.code
    )
    print("  doubts:", ", ".join(f"{code} {count}" for code, count in flags.most_common()))
    for statement in false[:show]:
        print("   ", names[id(statement)], "|", statement.text, "|", [f.reason for f in statement.flags])
    kinds = {
        "number": lambda text: with_other_numbers(text, "en"),
        "unit": lambda text: with_other_units(text, "en"),
        "drug": with_other_drugs,
        "side": with_other_sides,
        "negation": lambda text: turned_round(text, "en"),
    }
    good = [(s, *case[2:]) for s, case in zip(judged, cases, strict=True) if s.support not in UNSETTLED]
    for kind, plant in kinds.items():
        missed, found, alone = [], 0, 0
        for statement, transcript, family in good:
            for text in plant(statement.text):
                wrong = Statement(text, evidence=statement.evidence)
                alone += check_statement(Statement(text), specs[family], transcript).support in UNSETTLED
                if check_statement(wrong, specs[family], transcript).support in UNSETTLED:
                    found += 1
                else:
                    missed.append((text, statement.text))
        total = found + len(missed)
        shares = f" ({found / total:.1%}); {alone / total:.1%} where it cites nothing" if total else ""
        print(f"  planted {kind}: {found} of {total} found{shares}")
        for text, original in missed[:show]:
            print("     missed:", text, "<-", original)


def main() -> int:
    """Run on the folder given; 0 also when there is none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default=os.environ.get("SCRIBE_PUBLIC_DATA", ""))
    parser.add_argument("--quote", action="store_true", help="the test splits, for figures to quote")
    parser.add_argument("--show", type=int, default=0, help="print this many doubted sentences and misses")
    arguments = parser.parse_args()
    folder = Path(arguments.folder or ".")
    if not arguments.folder or not (folder / "aci-bench").is_dir():
        print("Skipped: no folder with public consultations was given.")
        return 0
    if arguments.quote:
        report(
            "aci-bench test1", list(aci(folder / "aci-bench" / "clinicalnlp_taskB_test1.csv")), arguments.show
        )
        report("primock57 day 3", list(primock(folder / "primock57", "3")), arguments.show)
        return 0
    for split in ("train", "valid"):
        report(f"aci-bench {split}", list(aci(folder / "aci-bench" / f"{split}.csv")), arguments.show)
    report("primock57 days 1-2", list(primock(folder / "primock57", "12")), arguments.show)
    return 0


if __name__ == "__main__":
    sys.exit(main())

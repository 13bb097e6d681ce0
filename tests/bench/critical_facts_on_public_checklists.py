"""How many critical facts of public checklists are in the letter, and in the letter with its list.

    python -m tests.bench.critical_facts_on_public_checklists FOLDER [--days 12] [--show N]

FOLDER (or the environment variable SCRIBE_PUBLIC_DATA) holds primock57/{transcripts,checklists} (Papadopoulos
Korfiatis et al., ACL 2022, CC BY 4.0). The letter is quoted, without a model, from the published transcript.

A fact ("*6-7 times/day") counts as carried where one statement, or one entry of the list, has its numbers and
enough of its content words, synonyms included. That is a rule, not a reader: it is first applied to the whole
transcript; facts that it does not find there are left out: it could not find them in a letter either.
Days 1 and 2 are for tuning, day 3 for figures to quote.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from scribe_app.adapters.llama.messages import Write
from scribe_app.adapters.llama.strategies import QuotingDrafting
from scribe_app.adapters.llama.writer import LetterWriter
from scribe_app.app import make_workshop
from scribe_app.domain.checks.meaning import said_somehow
from scribe_app.domain.checks.reading import Reading, read
from scribe_app.domain.consultation import Consultation
from scribe_app.domain.events import DrafterReady, SectionDrafted, StatementDrafted
from scribe_app.domain.ids import ConsultationId, UtteranceId
from scribe_app.domain.letter import UNSETTLED, Letter
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.services.drafting import Clinician, LetterDraft
from tests.bench.evidence_on_public_notes import _INTERVAL

ENOUGH = 0.6
"""Share of a fact's content words that one passage must have."""
ID = ConsultationId("bench")


def checklist(file: Path, kinds: str = "c") -> list[str]:
    """The critical facts of one checklist (beside each the sheet has a "c"), or of other `kinds`, too."""
    with zipfile.ZipFile(file) as book:
        shared = re.findall(r"<si>(.*?)</si>", book.read("xl/sharedStrings.xml").decode(), re.DOTALL)
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    texts = ["".join(re.findall(r"<t[^>]*>(.*?)</t>", item, re.DOTALL)) for item in shared]
    facts = []
    for row in re.findall(r"<row .*?</row>", sheet, re.DOTALL):
        cells = {
            column: texts[int(number)].strip()
            for column, number in re.findall(r'<c r="([A-Z]+)\d+"[^>]*t="s"[^>]*><v>(\d+)</v>', row)
        }
        for fact, kind in (("A", "B"), ("C", "D")):
            if cells.get(kind, "-").lower() in kinds and cells.get(fact):
                facts.append(cells[fact].lstrip("* ").replace("-", " "))
    return list(dict.fromkeys(facts))


def transcript(folder: Path, name: str) -> Transcript:
    """One consultation of primock57, utterances of both speakers by time."""
    turns: list[tuple[float, float, str, SpeakerRole]] = []
    for role, who in ((SpeakerRole.CLINICIAN, "doctor"), (SpeakerRole.PATIENT, "patient")):
        grid = (folder / "transcripts" / f"{name}_{who}.TextGrid").read_text(encoding="utf-8")
        for start, end, text in _INTERVAL.findall(grid):
            words = re.sub(r"<[^>]+>", "", text).strip()
            if words:
                turns.append((float(start), float(end), words, role))
    return Transcript(
        tuple(
            Utterance(UtteranceId(n), text, start, end, role)
            for n, (start, end, text, role) in enumerate(sorted(turns), start=1)
        )
    )


def letter(said: Transcript) -> Letter:
    """The quoted SOAP letter, checked and with its list."""
    template = make_workshop().templates.template("soap")
    consultation = Consultation(ID, datetime.now(UTC), "en", "soap")
    draft = LetterDraft(consultation, template, said, Clinician(), speech_model="")
    for event in LetterWriter(ID, QuotingDrafting("en"), "en").write(Write(1, template, said)):
        if isinstance(event, StatementDrafted):
            draft.add(event.section, event.statement)
        elif isinstance(event, SectionDrafted):
            draft.close_section(event.section)
    return draft.finish(DrafterReady(ID, "none", "", ""), said.seconds)


def carried(fact: str, passages: list[Reading]) -> bool:
    """Whether one passage has the fact's numbers and most of its content words."""
    wanted = read(fact, "en", False)
    if not wanted.stems and not wanted.amounts:
        return False
    for passage in passages:
        if not {q.value for q in wanted.amounts} <= {q.value for q in passage.amounts}:
            continue
        have = sum(said_somehow(stem, wanted.shown[stem], [passage]) for stem in wanted.stems)
        if have >= ENOUGH * len(wanted.stems):
            return True
    return False


def _touches(item: Reading, fact: Reading) -> bool:
    """Whether an entry has half of the content words of a fact."""
    have = sum(said_somehow(stem, fact.shown[stem], [item]) for stem in fact.stems)
    return bool(fact.stems) and have >= 0.5 * len(fact.stems)


def consultations(folder: Path, days: str, kinds: str = "c") -> Iterator[tuple[str, list[str]]]:
    """Names of the consultations with a checklist, and their facts of these kinds."""
    found: dict[str, list[str]] = {}
    for file in sorted((folder / "checklists").glob("*.xlsx")):
        day, number = re.findall(r"(?i)day_(\d+)_consultation_(\d+)", file.name)[0]
        if day in days:
            found.setdefault(f"day{day}_consultation{int(number):02d}", []).extend(checklist(file, kinds))
    yield from ((name, list(dict.fromkeys(facts))) for name, facts in sorted(found.items()))


def main() -> int:
    """Run on the folder given; 0 also when there is none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default=os.environ.get("SCRIBE_PUBLIC_DATA", ""))
    parser.add_argument("--days", default="12")
    parser.add_argument("--show", type=int, default=0, help="print this many facts that are nowhere")
    arguments = parser.parse_args()
    folder = Path(arguments.folder or ".") / "primock57"
    if not arguments.folder or not (folder / "checklists").is_dir():
        print("Skipped: no folder with public checklists was given.")
        return 0
    total, known, written, either, statements, listed, telling = 0, 0, 0, 0, 0, 0, 0
    longest = 0
    every = dict(consultations(folder, arguments.days, "cn"))
    for name, facts in consultations(folder, arguments.days):
        said = transcript(folder, name)
        drafted = letter(said)
        spoken = [read(u.text, "en", True) for u in said]
        pairs = [
            read(f"{a.text} {b.text}", "en", True)
            for a, b in zip(said.utterances, said.utterances[1:], strict=False)
        ]
        lines = [read(s.text, "en", True) for s in drafted.statements if s.support not in UNSETTLED]
        items = [read(item.text, "en", True) for item in drafted.coverage.items]
        total += len(facts)
        facts = [fact for fact in facts if carried(fact, spoken + pairs)]
        kept = [carried(fact, lines) for fact in facts]
        both = [k or carried(fact, items) for k, fact in zip(kept, facts, strict=True)]
        known, written, either = known + len(facts), written + sum(kept), either + sum(both)
        all_facts = [read(fact, "en", False) for fact in every[name]]
        telling += sum(any(_touches(item, fact) for fact in all_facts) for item in items)
        longest = max(longest, len(items))
        statements, listed = statements + len(drafted.statements), listed + len(items)
        for fact in [fact for fact, kept_one in zip(facts, both, strict=True) if not kept_one][
            : arguments.show
        ]:
            print(f"   {name} nowhere: {fact}")
    print(f"days {arguments.days}: {known} of {total} critical facts found in the transcripts by the rule")
    if known:
        print(f"  in the letter {written / known:.1%}, in letter and list {either / known:.1%}")
        print(f"  {statements} statements, {listed} entries in the lists, at most {longest} in one")
        print(f"  entries that tell of a fact of the checklists: {telling / max(1, listed):.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""scribe bench drafting: what a letter keeps of the facts, what it says unsaid, and how soon it is there."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scribe_app.cli.letters import draft_letter
from scribe_app.cli.output import Output
from scribe_app.domain.consultation import Consultation
from scribe_app.domain.documents import transcript_from_json
from scribe_app.domain.events import Event, StatementDrafted
from scribe_app.domain.ids import UtteranceId, new_consultation_id
from scribe_app.domain.letter import UNSETTLED, Letter, Statement
from scribe_app.domain.numbers import numbers_in
from scribe_app.domain.planted_errors import planted
from scribe_app.domain.template import LetterTemplate, SectionSpec
from scribe_app.domain.topics import guess_roles
from scribe_app.domain.transcript import Transcript
from scribe_app.errors import TranscriptFileError, UsageError
from scribe_app.paths import resources_folder
from scribe_app.services.application import Workshop
from scribe_app.services.evidence import check_statement

TEMPLATES = {"en": "soap", "nl": "soep"}
FACTS = ".facts.json"
ANY_HEADING = SectionSpec("any", "", "")

Row = dict[str, Any]


FIGURES = """\
facts in letter  facts of a hand-written list that a statement carries, with their numbers
+ list           the same, or in the list of what was said and is not written"""


def add_options(parser: ArgumentParser) -> None:
    """What may follow `scribe bench drafting`."""
    parser.add_argument(
        "--folder",
        type=Path,
        metavar="FOLDER",
        help="transcripts as .json, beside .facts.json with what a letter must keep",
    )


def drafting(arguments: Namespace, workshop: Workshop) -> int:
    """Draft a letter from each transcript of a folder (or the bundled samples) and print its figures.

    A folder holds NAME.json, a transcript as `scribe draft` takes it, and beside it NAME.facts.json with what
    a good letter must keep: a list of {"fact", "utterances", "numbers"}. Without them the rest is measured.
    """
    output = Output(arguments.json)
    folder = arguments.folder or resources_folder() / "sample_consultations"
    rows = [_measured(file, workshop, output) for file in _transcripts(folder)]
    every = _together(rows)
    _tell(output, rows, every)
    output.document({"folder": str(folder), "transcripts": rows, "all": every})
    return 0


def _transcripts(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder.", "Nothing was measured.", "Name one with transcripts.")
    files = sorted(file for file in folder.glob("*.json") if not file.name.endswith(FACTS))
    if not files:
        raise UsageError(f"{folder} holds no transcript (.json).", "Nothing was measured.")
    return files


def _measured(file: Path, workshop: Workshop, output: Output) -> Row:
    """Draft from one transcript and count."""
    transcript = guess_roles(transcript_from_json(file.read_text(encoding="utf-8")))
    template = workshop.templates.template(TEMPLATES.get(transcript.language[:2], "soap"))
    consultation = Consultation(new_consultation_id(), datetime.now(UTC), transcript.language, template.name)
    output.note(f"scribe: a letter from {file.name} …")
    begun, first = time.monotonic(), list[float]()

    def heard(event: Event) -> None:
        if isinstance(event, StatementDrafted) and not first:
            first.append(time.monotonic())

    letter = draft_letter(workshop, consultation, template, transcript, with_model=True, on_event=heard)
    done = time.monotonic()
    assert letter.provenance is not None
    return {
        "transcript": file.name,
        "model": letter.provenance.drafting_model,
        "utterances": len(transcript),
        "statements": len(letter.statements),
        "facts": _facts(file, letter, transcript),
        "numerals": _numerals(letter, transcript),
        "planted": _planted(letter, template, transcript),
        "doubted": sum(statement.support in UNSETTLED for statement in letter.statements),
        "first_statement_s": round((first[0] if first else done) - begun, 2),
        "letter_s": round(done - begun, 2),
    }


def _facts(file: Path, letter: Letter, transcript: Transcript) -> Row:
    """How many facts the letter carries, alone and with its list of what was said and is not in it.

    A statement carries a fact when it rests on one of the fact's utterances and has all of its numbers. The
    facts themselves, as a person wrote them, are checked, too: what is doubted of them is a false alarm.
    """
    beside = file.with_name(file.name.removesuffix(".json") + FACTS)
    facts = _read_facts(beside) if beside.exists() else []
    listed = {item.utterance for item in letter.coverage.items}
    held = [_is_carried(fact, letter, transcript.language) for fact in facts]
    either = [kept or bool(listed & set(fact["utterances"])) for kept, fact in zip(held, facts, strict=True)]
    alarms = [
        fact["fact"]
        for fact in facts
        if check_statement(_as_statement(fact), ANY_HEADING, transcript).support in UNSETTLED
    ]
    missed = [fact["fact"] for fact, kept in zip(facts, either, strict=True) if not kept]
    return {
        "all": len(facts), "letter": sum(held), "letter_and_list": sum(either), "false_alarms": len(alarms),
        "missed": missed, "doubted": alarms,
    }  # fmt: skip


def _read_facts(file: Path) -> list[Row]:
    try:
        facts = json.loads(file.read_text(encoding="utf-8"))
        return [{"fact": str(f["fact"]), "utterances": [int(id) for id in f["utterances"]],
                 "numbers": [float(n) for n in f.get("numbers", [])]} for f in facts]  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise TranscriptFileError(
            f"{file.name} is not a list of facts with their utterances.", "Nothing was measured."
        ) from error


def _as_statement(fact: Row) -> Statement:
    return Statement(fact["fact"], evidence=tuple(UtteranceId(id) for id in fact["utterances"]))


def _is_carried(fact: Row, letter: Letter, language: str) -> bool:
    citing = [
        statement
        for statement in letter.statements
        if set(statement.evidence) & set(fact["utterances"]) and statement.support not in UNSETTLED
    ]
    said = {value for statement in citing for value in _values(statement.text, language)}
    return bool(citing) and set(fact["numbers"]) <= said


def _values(text: str, language: str) -> set[float]:
    found = numbers_in(text, language, lenient=True)
    return {q.value for q in found} | {q.second for q in found if q.second is not None}


def _numerals(letter: Letter, transcript: Transcript) -> Row:
    """Numbers that the letter has and nobody said, where no flag tells."""
    said = set[float]().union(*(_values(u.text, transcript.language) for u in transcript))
    shown = [s for s in letter.statements if s.support not in UNSETTLED]
    numerals = [q.value for s in shown for q in numbers_in(s.text, letter.language)]
    return {"all": len(numerals), "unsupported_unflagged": sum(value not in said for value in numerals)}


def _planted(letter: Letter, template: LetterTemplate, transcript: Transcript) -> Row:
    """For each kind of error: how many were planted into good statements, and how many the checks found."""
    specs = {spec.key: spec for spec in template.sections}
    counts: dict[str, list[int]] = {}
    missed: list[str] = []
    for section in letter.sections:
        for statement in section.statements:
            if statement.support in UNSETTLED or not statement.evidence:
                continue
            for kind, text in planted(statement.text, letter.language):
                wrong = Statement(text, evidence=statement.evidence, quoted=statement.quoted)
                found = check_statement(wrong, specs[section.key], transcript).support in UNSETTLED
                count = counts.setdefault(kind, [0, 0])
                count[0] += 1
                count[1] += found
                missed += [] if found else [f"{kind}: {text}"]
    return {"kinds": counts, "missed": missed}


def _together(rows: Iterable[Row]) -> Row:
    """All transcripts as one."""
    rows = list(rows)
    facts = {name: sum(row["facts"][name] for row in rows) for name in
             ("all", "letter", "letter_and_list", "false_alarms")}  # fmt: skip
    errors: dict[str, list[int]] = {}
    for row in rows:
        for kind, (all_of, found) in row["planted"]["kinds"].items():
            held = errors.setdefault(kind, [0, 0])
            errors[kind] = [held[0] + all_of, held[1] + found]
    numerals = Counter[str]()
    for row in rows:
        numerals.update(row["numerals"])
    return {"facts": facts, "numerals": dict(numerals), "planted": errors,
            "statements": sum(row["statements"] for row in rows),
            "doubted": sum(row["doubted"] for row in rows)}  # fmt: skip


def _tell(output: Output, rows: list[Row], every: Row) -> None:
    output.line(
        f"{'transcript':26}{'model':>24}{'facts in letter':>16}{'+ list':>9}{'first':>8}{'letter':>9}"
    )
    for row in rows:
        facts = row["facts"]
        output.line(
            f"{row['transcript']:26}{row['model'][:22]:>24}{_share(facts['letter'], facts['all']):>16}"
            f"{_share(facts['letter_and_list'], facts['all']):>9}"
            f"{row['first_statement_s']:>6.1f} s{row['letter_s']:>7.1f} s"
        )
    facts, numerals = every["facts"], every["numerals"]
    output.line()
    output.line(f"Facts in the letters: {_share(facts['letter'], facts['all'])} of {facts['all']}")
    output.line(f"Facts in letters and lists: {_share(facts['letter_and_list'], facts['all'])}")
    output.line(f"Facts as a person wrote them that are doubted: {facts['false_alarms']} of {facts['all']}")
    output.line(f"Statements that are doubted: {every['doubted']} of {every['statements']}")
    unsaid = numerals["unsupported_unflagged"]
    output.line(f"Numbers that nobody said, not flagged: {unsaid} of {numerals['all']}")
    for kind, (count, found) in sorted(every["planted"].items()):
        output.line(f"Planted errors found, {kind}: {found} of {count} ({_share(found, count)})")


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"

"""scribe bench drafting: what letters keep, invent and misplace, beside people's notes and other systems."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from scribe_app.cli.bench_drafting_figures import COPY, HUMAN, LETTER, Measured, as_json, tell
from scribe_app.cli.bench_material import SPLITS, Collection, collections
from scribe_app.cli.bench_parts import Progress, machine, whole_number
from scribe_app.cli.letters import draft_letter
from scribe_app.cli.output import Output
from scribe_app.domain.consultation import Consultation
from scribe_app.domain.events import Event, StatementDrafted
from scribe_app.domain.ids import new_consultation_id
from scribe_app.domain.letter import Letter
from scribe_app.domain.measures.cases import Case
from scribe_app.domain.measures.citations import LabelledStatement, labels_from_json
from scribe_app.domain.measures.notes import note_lines
from scribe_app.domain.template import LetterTemplate
from scribe_app.domain.transcript import Transcript
from scribe_app.paths import resources_folder
from scribe_app.services.application import Workshop
from scribe_app.services.evaluation import (
    Written,
    Yardstick,
    cited_by_search,
    cited_in_letters,
    from_letter,
    from_lines,
    from_transcript,
    planted_found,
    score,
)

FIGURES = """\
Columns are systems: letter (this program), human (a person's note), copy (the transcript itself,
the floor that invents nothing and sorts nothing), and published notes by other systems.
numbers nobody said   numbers in it that are not in the transcript, spoken forms understood
  and unmarked        the same, in statements that the checks do not doubt: these would pass
numbers kept          of the numbers in the human note that were said, those that are in it
medicines, doses      likewise by name (brand and generic are one), and dose by medicine
terms turned round    symptoms and findings denied here and asserted in the human note, or vice versa
unsupported           statements that the checks doubt; with a passage: those for which the
                      transcript has one. For human notes these are false alarms
critical facts        facts of a checklist or list that a statement carries; or the list of what was
                      said and is not written (checklists: of those a rule finds in the transcript)
in the right part     statements a person wrote, too, under history, findings, or assessment and plan
ROUGE                 words in common with the human note, F1; for comparison with others only
planted errors found  one error at a time put into good statements: how many the checks doubt
citations             utterances cited for statements that a reader labelled: how many say it
Figures after +- are half a 95 % interval over consultations (jackknife)."""

TEMPLATES = {"en": "soap", "nl": "soep"}
STOPPED_BY_CTRL_C = 130


def add_options(parser: ArgumentParser) -> None:
    """What may follow `scribe bench drafting`."""
    parser.add_argument(
        "--folder",
        type=Path,
        metavar="FOLDER",
        help="aci-bench, MTS-Dialog or PriMock57 as published, or NAME.json transcripts beside "
        "NAME.facts.json and NAME.note.txt (default: the bundled samples)",
    )
    parser.add_argument(
        "--split", choices=SPLITS, default="test", help="of public collections (default: test, to be quoted)"
    )
    parser.add_argument("--limit", type=whole_number, default=0, metavar="N", help="first N of each only")
    parser.add_argument("--no-model", action="store_true", help="quote utterances, without a language model")
    parser.add_argument(
        "--show", type=whole_number, default=0, metavar="N", help="print N examples of what was missed"
    )


def drafting(arguments: Namespace, workshop: Workshop) -> int:
    """Draft a letter from each consultation, put notes by others beside it, and print the figures.

    After Ctrl-C the figures so far are printed, and the exit status says so.
    """
    output = Output(arguments.json)
    labels = labels_from_json((resources_folder() / "evaluation" / "citations.json").read_text("utf-8"))
    found = collections(arguments.folder, workshop.samples, arguments.split, arguments.limit)
    measured: list[Measured] = []
    stopped = False
    try:
        for collection in found:
            one = Measured(collection.name)
            measured.append(one)
            _measure(collection, one, arguments, workshop, labels)
    except KeyboardInterrupt:
        stopped = True
        output.note("scribe: stopped; the figures are those of the consultations so far.")
    tell(output, measured, arguments.show)
    output.document(
        {
            "machine": machine(),
            "folder": str(arguments.folder or workshop.samples),
            "complete": not stopped,
            "collections": [as_json(one) for one in measured],
        }
    )
    return STOPPED_BY_CTRL_C if stopped else 0


def _measure(
    collection: Collection,
    one: Measured,
    arguments: Namespace,
    workshop: Workshop,
    labels: Sequence[LabelledStatement],
) -> None:
    transcripts: dict[str, Transcript] = {}
    letters: dict[str, Written] = {}
    with Progress(collection.name, len(collection.cases)) as progress:
        for case in collection.cases:
            progress.step(case.name)
            letter, template, seconds = _letter(case, workshop, not arguments.no_model)
            yardstick = Yardstick(case)
            letters[case.name] = from_letter(letter, template)
            for system, written in _written(case, letters[case.name]):
                _count(system, written, yardstick, one)
            one.seconds.append(seconds)
            one.models.add(letter.provenance.drafting_model if letter.provenance else "none")
            one.consultations += 1
            transcripts[case.name] = case.transcript
    one.citations["in the letters"] = cited_in_letters(labels, letters)
    one.citations["by search"] = cited_by_search(labels, transcripts)
    for way, found in one.citations.items():
        one.note(f"citation {way} that does not say it", found.wrong)


def _count(system: str, written: Written, yardstick: Yardstick, one: Measured) -> None:
    one.systems.setdefault(system, []).append(score(written, yardstick))
    one.sentences[system] = one.sentences.get(system, 0) + len(written.statements)
    if system not in (LETTER, HUMAN):
        return
    planted = planted_found(written, yardstick.case)
    one.planted.setdefault(system, []).append({kind: share for kind, (share, _) in planted.items()})
    for kind, (_, missed) in planted.items():
        one.note(f"planted in {system}, not found: {kind}", missed)
    reasons = [f"{s.text}  ({'; '.join(flag.reason for flag in s.flags)})" for s in written.false_alarms]
    one.note(f"doubted in {system} though a passage was found", reasons)
    if system == LETTER:
        name = yardstick.case.name
        one.note("fact in neither letter nor list", [f"{name}: {f}" for f in yardstick.missing(written)])


def _written(case: Case, letter: Written) -> Iterator[tuple[str, Written]]:
    """What each system wrote about a consultation."""
    yield LETTER, letter
    if case.reference:
        yield HUMAN, from_lines(case.reference, case.transcript)
    yield COPY, from_transcript(case.transcript)
    for system, note in sorted(case.published.items()):
        yield system, from_lines(tuple(note_lines(note)), case.transcript)


def _letter(
    case: Case, workshop: Workshop, with_model: bool
) -> tuple[Letter, LetterTemplate, tuple[float, float]]:
    """A letter, its template, and the seconds to its first statement and to its end, model load included."""
    language = case.transcript.language
    template = workshop.templates.template(TEMPLATES.get(language[:2], TEMPLATES["en"]))
    consultation = Consultation(new_consultation_id(), datetime.now(UTC), language, template.name)
    begun, first = time.monotonic(), list[float]()

    def heard(event: Event) -> None:
        if isinstance(event, StatementDrafted) and not first:
            first.append(time.monotonic())

    letter = draft_letter(workshop, consultation, template, case.transcript, with_model, heard)
    done = time.monotonic()
    return letter, template, ((first[0] if first else done) - begun, done - begun)

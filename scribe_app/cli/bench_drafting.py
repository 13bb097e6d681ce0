"""scribe bench drafting: what letters keep, invent and misplace, beside people's notes and other systems."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from scribe_app.cli.bench_drafting_figures import (
    COPY,
    HUMAN,
    LETTER,
    ONE_PROMPT,
    UNCITED,
    Measured,
    as_json,
    tell,
)
from scribe_app.cli.bench_material import SPLITS, Collection, collections, not_spoken
from scribe_app.cli.bench_parts import Progress, machine, whole_number
from scribe_app.cli.letters import draft_letter
from scribe_app.cli.output import Output
from scribe_app.domain.consultation import Consultation
from scribe_app.domain.events import Event, StatementDrafted
from scribe_app.domain.ids import new_consultation_id
from scribe_app.domain.measures.cases import Case
from scribe_app.domain.measures.citations import LabelledStatement, labels_from_json
from scribe_app.domain.measures.notes import note_lines
from scribe_app.domain.transcript import Transcript
from scribe_app.paths import resources_folder
from scribe_app.services.application import Workshop
from scribe_app.services.engines import NO_DRAFTING_MODEL
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
Columns are systems: letter (this program), 1 prompt (the same model given the whole transcript in
one prompt, as is usually done), human (a person's note), copy (the transcript itself: it invents
nothing and sorts nothing), and published notes by other systems.
numbers nobody said   numbers in it that are not in the transcript, spoken forms understood
  and unmarked        the same, in statements that the checks do not doubt: these would pass
numbers kept          of the numbers in the human note that were said, those that are in it
medicines, doses      likewise by name (brand and generic are one), and each dose by its medicine
terms turned round    symptoms and findings denied here and told in the human note, or vice versa
unsupported           statements that the checks doubt
  with a passage      the same, of those for which the transcript has a passage
  though it was said  the same, without sentences in which a reader found what nobody said (listed
                      for the test splits): the rest are false alarms
critical facts in it  facts of a checklist or list that a statement carries (of a checklist: of
                      those that a rule finds in the transcript)
  or in its list      the same, with the list of what was said and is not written
in the right part     statements that a person wrote, too, which stand in the same part: history,
                      findings, assessment and plan
ROUGE                 words in common with the human note (F1); only to compare with others
planted errors found  one error at a time put into good statements: how many the checks doubt, with
                      the utterances of the good statement cited, or none
citations             utterances cited for labelled statements: how many say them
+-                    half a 95 % interval over consultations (jackknife) of the first column
Ctrl+C prints what is measured."""

TEMPLATES = {"en": "soap", "nl": "soep"}


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
        "--no-one-prompt", action="store_true", help="leave out the usual way, which takes most of the time"
    )
    parser.add_argument(
        "--notes-only", action="store_true", help="draft no letters: how the checks judge notes by others"
    )
    parser.add_argument(
        "--show", type=whole_number, default=0, metavar="N", help="print N examples of what was missed"
    )


def drafting(arguments: Namespace, workshop: Workshop) -> int:
    """Draft a letter from each consultation, put notes by others beside it, and print the figures.

    Whatever ends it early, Ctrl-C too: the figures so far are printed.
    """
    output = Output(arguments.json)
    labels = labels_from_json((resources_folder() / "evaluation" / "citations.json").read_text("utf-8"))
    found = collections(arguments.folder, workshop.samples, arguments.split, arguments.limit)
    measured: list[Measured] = []
    complete = False
    try:
        for collection in found:
            one = Measured(collection.name)
            measured.append(one)
            _measure(collection, one, arguments, workshop, labels)
        complete = True
    finally:
        tell(output, measured, arguments.show)
        output.document(
            {
                "machine": machine(),
                "folder": str(arguments.folder or workshop.samples),
                "complete": complete,
                "collections": [as_json(one) for one in measured],
            }
        )
    return 0


def _measure(
    collection: Collection,
    one: Measured,
    arguments: Namespace,
    workshop: Workshop,
    labels: Sequence[LabelledStatement],
) -> None:
    unspoken = not_spoken(resources_folder() / "evaluation" / "not_spoken.tsv")
    transcripts: dict[str, Transcript] = {}
    letters: dict[str, Written] = {}
    with Progress(collection.name, len(collection.cases)) as progress:
        for case in collection.cases:
            progress.step(case.name)
            case = replace(case, not_spoken=unspoken.get(case.name, frozenset()))
            yardstick = Yardstick(case)
            if not arguments.notes_only:
                letters[case.name] = _count_letters(case, yardstick, one, arguments, workshop)
            for system, written in _others(case):
                _count(system, written, yardstick, one)
            one.consultations += 1
            transcripts[case.name] = case.transcript
    one.citations["in the letters"] = cited_in_letters(labels, letters)
    one.citations["by search"] = cited_by_search(labels, transcripts)
    for way, found in one.citations.items():
        one.note(f"citation {way} that does not say it", found.wrong)


def _count_letters(
    case: Case, yardstick: Yardstick, one: Measured, arguments: Namespace, workshop: Workshop
) -> Written:
    """Draft as the program does, then in the usual way; returns the program's letter."""
    drafted = _drafted(case, workshop, not arguments.no_model)
    _count(LETTER, drafted.written, yardstick, one)
    one.seconds.append(drafted.seconds)
    one.models.add(drafted.model)
    if drafted.model != NO_DRAFTING_MODEL and not arguments.no_one_prompt:
        plain = _drafted(case, workshop, with_model=True, one_prompt=True)
        _count(ONE_PROMPT, replace(plain.written, listed=()), yardstick, one)
        one.plain_seconds.append(plain.seconds)
    return drafted.written


def _count(system: str, written: Written, yardstick: Yardstick, one: Measured) -> None:
    one.systems.setdefault(system, []).append(score(written, yardstick))
    one.sentences[system] = one.sentences.get(system, 0) + len(written.statements)
    if system not in (LETTER, HUMAN):
        return
    planted = planted_found(written, yardstick.case)
    one.planted.setdefault(system, []).append({kind: share for kind, (share, _) in planted.items()})
    for kind, (_, missed) in planted.items():
        one.note(f"planted in {system}, not found: {kind}", missed)
    if system == HUMAN:
        uncited = planted_found(written, yardstick.case, cited=False)
        one.planted.setdefault(UNCITED, []).append({kind: share for kind, (share, _) in uncited.items()})
    reasons = [f"{s.text}  ({'; '.join(flag.reason for flag in s.flags)})" for s in written.false_alarms]
    one.note(f"doubted in {system} though a passage was found", reasons)
    if system == LETTER:
        one.listed += len(written.listed)
        name = yardstick.case.name
        one.note("fact in neither letter nor list", [f"{name}: {f}" for f in yardstick.missing(written)])


def _others(case: Case) -> Iterator[tuple[str, Written]]:
    """What people and other systems wrote about a consultation, and the transcript itself."""
    if case.reference:
        yield HUMAN, from_lines(case.reference, case.transcript)
    yield COPY, from_transcript(case.transcript)
    for system, note in sorted(case.published.items()):
        yield system, from_lines(tuple(note_lines(note)), case.transcript)


@dataclass(frozen=True, slots=True)
class _Drafted:
    written: Written
    model: str
    seconds: tuple[float, float]
    """To the first statement and to the whole letter, loading the model included."""


def _drafted(case: Case, workshop: Workshop, with_model: bool, one_prompt: bool = False) -> _Drafted:
    language = case.transcript.language
    template = workshop.templates.template(TEMPLATES.get(language[:2], TEMPLATES["en"]))
    consultation = Consultation(new_consultation_id(), datetime.now(UTC), language, template.name)
    begun, first = time.monotonic(), list[float]()

    def heard(event: Event) -> None:
        if isinstance(event, StatementDrafted) and not first:
            first.append(time.monotonic())

    letter = draft_letter(
        workshop, consultation, template, case.transcript, with_model, heard, one_prompt=one_prompt
    )
    done = time.monotonic()
    model = letter.provenance.drafting_model if letter.provenance else NO_DRAFTING_MODEL
    seconds = ((first[0] if first else done) - begun, done - begun)
    return _Drafted(from_letter(letter, template), model, seconds)

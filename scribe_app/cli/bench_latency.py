"""scribe bench latency: the waiting after Stop, against the usual way, in one run on this machine."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scribe_app.cli.bench_parts import MemoryWatch, add_sample_options, machine
from scribe_app.cli.letters import draft_letter
from scribe_app.cli.output import Output
from scribe_app.cli.record import demo_application, demo_consultation, run_line
from scribe_app.cli.transcribe import speech_model, transcribe_file
from scribe_app.domain.consultation import Consultation
from scribe_app.domain.documents import transcript_from_json
from scribe_app.domain.events import StatementDrafted
from scribe_app.domain.ids import new_consultation_id
from scribe_app.domain.wer import word_errors
from scribe_app.ports import FileSource
from scribe_app.services.application import Workshop

FIGURES = """\
transcript complete  seconds after Stop until the last word is written
first statement      seconds after Stop until the first line of the letter is there
whole letter         seconds after Stop until the letter is complete and checked
usual way            recording transcribed and letter written after Stop, with the same models
sooner               how many times sooner ours is there"""


def add_options(parser: ArgumentParser) -> None:
    """What may follow `scribe bench latency`."""
    add_sample_options(parser)


def latency(arguments: Namespace, workshop: Workshop) -> int:
    """Stop to transcript, first statement and letter: this program against transcribe-then-prompt.

    Both ways use the same recording and the same models, one after the other. The usual way starts when the
    recording ends: load the speech model, transcribe the whole file, load the drafting model, write.
    """
    output = Output(arguments.json)
    quiet = Output(as_json=True)  # only its document() prints, and that is not called
    arguments.fast, arguments.template = False, None
    new = demo_consultation(workshop, arguments)
    assert isinstance(new.source, FileSource)
    sample = replace(new.source, speed=arguments.speed)
    new = replace(new, source=sample)
    output.note(f"scribe: playing the sample consultation at {arguments.speed:g} times its speed …")
    with MemoryWatch() as memory, demo_application(workshop, arguments) as application:
        ours = run_line(application, new, quiet, None)
    output.note("scribe: the same recording the usual way …")
    theirs = _usual_way(arguments, workshop, new.template, quiet)
    reference = transcript_from_json(sample.path.with_suffix(".json").read_text(encoding="utf-8"))
    heard = " ".join(utterance["text"] for utterance in ours["transcript"]["utterances"])
    result = {
        "machine": machine(),
        "speed": arguments.speed,
        "ours": ours["timings"],
        "usual_way": theirs,
        "times_sooner": {
            name: round(theirs[name] / max(ours["timings"][name], 0.01), 1)
            for name in ("stop_to_transcript_s", "stop_to_first_statement_s", "stop_to_letter_s")
        },
        "word_error_rate": round(
            word_errors(" ".join(u.text for u in reference), heard, arguments.language).rate, 4
        ),
        "peak_memory_mb": memory.peaks,
    }
    _tell(output, result)
    output.document(result)
    return 0


def _usual_way(arguments: Namespace, workshop: Workshop, template: str, quiet: Output) -> dict[str, float]:
    chosen = workshop.templates.template(template)
    consultation = demo_consultation(workshop, arguments)
    assert isinstance(consultation.source, FileSource)
    started = time.monotonic()
    model = speech_model(workshop, arguments.language)
    file = consultation.source.path
    transcript = transcribe_file(workshop, file, arguments.language, model, quiet).transcript
    transcribed = time.monotonic()
    first: list[float] = []
    stored = Consultation(new_consultation_id(), datetime.now(UTC), arguments.language, template)

    def heard(event: object) -> None:
        if isinstance(event, StatementDrafted) and not first:
            first.append(time.monotonic())

    draft_letter(workshop, stored, chosen, transcript, with_model=True, on_event=heard)
    done = time.monotonic()
    return {
        "stop_to_transcript_s": round(transcribed - started, 2),
        "stop_to_first_statement_s": round((first[0] if first else done) - started, 2),
        "stop_to_letter_s": round(done - started, 2),
    }


def _tell(output: Output, result: dict[str, Any]) -> None:
    ours, theirs, sooner = result["ours"], result["usual_way"], result["times_sooner"]
    output.line(f"Recording of {ours['audio_s']} s on {result['machine']}, played at {result['speed']:g}x\n")
    output.line(f"{'after Stop, until':24}{'ours':>10}{'usual way':>12}{'sooner':>10}")
    for name, words in (
        ("stop_to_transcript_s", "transcript complete"),
        ("stop_to_first_statement_s", "first statement"),
        ("stop_to_letter_s", "whole letter"),
    ):
        output.line(f"{words:24}{ours[name]:>8.2f} s{theirs[name]:>10.2f} s{sooner[name]:>9.1f}x")
    output.line(f"\nWord error rate of the live transcript: {100 * result['word_error_rate']:.1f} %")
    for name, peak in sorted(result["peak_memory_mb"].items()):
        output.line(f"Peak memory, {name}: {peak} MB")

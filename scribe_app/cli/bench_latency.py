"""scribe bench latency: the waiting after Stop, against the usual way, in one run on this machine."""

from __future__ import annotations

import os
import queue
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from scribe_app.cli.bench_latency_figures import engine_figures, length_figures, tell
from scribe_app.cli.bench_long import Joined, joined
from scribe_app.cli.bench_parts import MemoryWatch, Ticker, add_sample_options, machine, positive
from scribe_app.cli.bench_sizes import drafting_sizes, tell_sizes
from scribe_app.cli.bench_speech.runs import Bench
from scribe_app.cli.listening import Listener
from scribe_app.cli.output import EXIT_FAILURE, Output
from scribe_app.cli.record import demo_application, demo_consultation
from scribe_app.cli.transcribe import speech_model
from scribe_app.domain.consultation import Consultation
from scribe_app.domain.events import DraftFinished, Event, StatementDrafted, WorkerFailed
from scribe_app.domain.ids import UtteranceId, new_consultation_id
from scribe_app.domain.roles import guess_roles
from scribe_app.domain.transcript import Transcript, Utterance
from scribe_app.ports import DraftingSize, FileSource, ModelTask, UsualWay
from scribe_app.services.application import Application, Workshop
from scribe_app.services.consultations import NewConsultation
from scribe_app.services.engines import NO_DRAFTING_MODEL, drafting_request

FIGURES = """\
transcript complete  seconds after Stop until the last word is written
first statement      seconds after Stop until the first line of the letter is there
whole letter         seconds after Stop until the letter is complete and checked
usual                nothing is done before Stop: plain faster-whisper on the whole file, then one
                     prompt with the whole transcript; the same models, loaded then; 300 tokens
sooner               how many times sooner ours is there
word errors          of our live transcript, against what is said
reading, writing     tokens a second of the drafting model through our loop and through llama.cpp's
                     own, in turn; ratio: median of all turns, 1 where our loop costs nothing
Longer consultations are the bundled sample, joined to itself. With --speed above 1 the machine has
less time to keep up. A drafting model below 1 billion parameters only rewords single lines;
--read-along uses it as larger ones are used: it reads the transcript while that grows, and writes
from it. Its letters are poor then, but its waiting is of the same kind.
--sizes measures, in place of consultations, drafting models of these sizes, made on the spot with
random weights: shape decides speed, memory and how soon a model stops. Stops: seconds from a
cancellation, at 8 moments, until it has stopped; median, most, and in brackets the most that it
took of processor time.
Ctrl+C prints what is measured."""

DEFAULT_MINUTES = (2.0, 10.0, 30.0)


def add_options(parser: ArgumentParser) -> None:
    """What may follow `scribe bench latency`."""
    parser.add_argument(
        "--minutes", type=positive, nargs="+", default=list(DEFAULT_MINUTES), metavar="N",
        help="lengths of consultation (default: 2 10 30)",
    )  # fmt: skip
    add_sample_options(parser)
    parser.add_argument(
        "--read-along",
        action="store_true",
        help="use the drafting model as large ones are used, whatever its size",
    )
    parser.add_argument(
        "--sizes", nargs="+", choices=[size.value for size in DraftingSize], default=[], metavar="SIZE",
        help=f"measure models of these sizes only: {', '.join(DraftingSize)}",
    )  # fmt: skip
    parser.add_argument("--no-engine", action="store_true", help="leave out the loop against llama.cpp's own")


def latency(arguments: Namespace, workshop: Workshop) -> int:
    """Stop to transcript, first statement and letter, for each length; then the engine's own speed.

    Whatever ends it early, Ctrl-C too: the figures so far are printed.
    """
    output = Output(arguments.json)
    if arguments.sizes:
        return _sizes(arguments, workshop, output)
    arguments.fast, arguments.template = False, None
    drafting = workshop.models.pick(ModelTask.DRAFTING, arguments.language, workshop.settings.drafting_model)
    result: dict[str, Any] = {
        "machine": machine(),
        "load": [round(load, 1) for load in os.getloadavg()] if hasattr(os, "getloadavg") else None,
        "language": arguments.language,
        "speed": arguments.speed,
        "speech_model": speech_model(workshop, arguments.language).id,
        "drafting_model": drafting.id if drafting else NO_DRAFTING_MODEL,
        "read_along": arguments.read_along,
        "lengths": [],
        "engine": None,
        "peak_memory_mb": {},
        "complete": False,
    }
    output.note(f"scribe: {_plan(arguments)}")
    try:
        with MemoryWatch() as memory:
            result["peak_memory_mb"] = memory.peaks
            for figures in _lengths(arguments, workshop, memory):
                result["lengths"].append(figures)
            yardstick = workshop.drafting_yardstick
            if drafting and drafting.path and yardstick and not arguments.no_engine:
                output.note("scribe: our loop and llama.cpp's own in turn …")
                speeds = yardstick.speeds(drafting.path, workshop.settings.drafting_threads)
                result["engine"] = engine_figures(speeds)
        result["complete"] = True
    finally:
        tell(output, result)
        output.document(result)
    return 0


def _sizes(arguments: Namespace, workshop: Workshop, output: Output) -> int:
    assert workshop.drafting_yardstick is not None
    found = drafting_sizes(arguments.sizes, workshop, workshop.drafting_yardstick, output)
    load = [round(load, 1) for load in os.getloadavg()] if hasattr(os, "getloadavg") else None
    busy = f", load {load[-1]:.0f}" if load else ""
    tell_sizes(output, found, f"{machine()}{busy}, {date.today()}")
    output.document({"machine": machine(), "load": load, "sizes": found})
    return 0 if any("left_out" not in one for one in found) else EXIT_FAILURE


def _plan(arguments: Namespace) -> str:
    minutes = sum(arguments.minutes)
    shown = ", ".join(f"{one:g}" for one in arguments.minutes)
    return (
        f"{shown} minutes of consultation at {arguments.speed:g} times their speed, then the usual way: "
        f"this takes about {minutes / arguments.speed + minutes / 8 + 2:.0f} minutes"
    )


def _lengths(arguments: Namespace, workshop: Workshop, memory: MemoryWatch) -> Iterator[dict[str, Any]]:
    new = demo_consultation(workshop, arguments)
    assert isinstance(new.source, FileSource)
    for minutes in arguments.minutes:
        with tempfile.TemporaryDirectory(dir=workshop.folders.cache, prefix="bench-") as folder:
            talk = joined(new.source.path, minutes * 60, Path(folder))
            playing = talk.seconds / arguments.speed
            with (
                Ticker(f"{minutes:g} minutes of consultation", playing),
                demo_application(workshop, arguments) as application,
            ):
                source = FileSource(talk.audio, arguments.speed)
                ours, heard = _our_way(application, replace(new, source=source))
            with Ticker(f"{minutes:g} minutes the usual way", None), memory.during("usual way"):
                theirs = _usual_way(arguments, workshop, talk, new.template)
        yield length_figures(minutes, ours, theirs, (talk.said, heard), arguments.language)


def _our_way(application: Application, new: NewConsultation) -> tuple[dict[str, float | None], str]:
    """Play a consultation down the whole line. Returns its timings and what was heard."""
    quiet = Output(as_json=True)  # only its document() prints, and that is not called
    listener = Listener(application.bus, quiet, new.language)
    try:
        consultation = application.consultations.start(new)
        listener.until_letter(consultation.id)
    finally:
        listener.close()
    heard = application.store.transcript(consultation.id)
    return listener.timings.as_json(), " ".join(utterance.text for utterance in heard)


def _usual_way(
    arguments: Namespace, workshop: Workshop, talk: Joined, template: str
) -> dict[str, float | None]:
    """Transcribe the whole file, then one prompt; nothing is done before Stop."""
    assert workshop.yardstick is not None
    model = speech_model(workshop, arguments.language)
    bench = Bench(workshop, model, arguments.language, lambda text: None)
    run = bench.run(talk.audio, partial(workshop.yardstick.start, UsualWay.WHOLE_FILE))
    each = talk.seconds / max(1, len(run.texts))
    utterances = tuple(
        Utterance(UtteranceId(number), text, each * number, each * (number + 1))
        for number, text in enumerate(run.texts, 1)
        if text
    )
    transcript = guess_roles(Transcript(utterances, arguments.language))
    first, whole, left_out = _one_prompt(arguments, workshop, transcript, template)
    return {
        "stop_to_transcript_s": round(run.stop_to_complete, 2),
        "stop_to_first_statement_s": round(run.stop_to_complete + first, 2),
        "stop_to_letter_s": round(run.stop_to_complete + whole, 2),
        "left_out_s": round(left_out, 1),
    }


def _one_prompt(
    arguments: Namespace, workshop: Workshop, transcript: Transcript, template: str
) -> tuple[float, float, float]:
    """Seconds to the first statement and to the end, model load included; seconds that did not fit."""
    model = workshop.models.pick(ModelTask.DRAFTING, arguments.language, workshop.settings.drafting_model)
    now = datetime.now(UTC)
    consultation = Consultation(new_consultation_id(), now, arguments.language, template)
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    begun, first = time.monotonic(), 0.0
    request = drafting_request(consultation.id, model, arguments.language, workshop.settings)
    assert workshop.drafting_yardstick is not None
    drafting = workshop.drafting_yardstick.start(request, events.put)
    try:
        drafting.write(workshop.templates.template(template), transcript)
        while True:
            event = events.get()
            spent = time.monotonic() - begun
            match event:
                case StatementDrafted():
                    first = first or spent
                case DraftFinished(facts_until=left_out):
                    return first or spent, spent, left_out
                case WorkerFailed(error=error):
                    raise error
                case _:
                    pass
    finally:
        drafting.close()

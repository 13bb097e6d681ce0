"""scribe bench speech: the live transcript against the usual ways, on recordings with known words."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from scribe_app.cli.bench_parts import add_sample_options, machine, positive
from scribe_app.cli.bench_speech.figures import AFTER, LIVE, Row, sample_figures, together
from scribe_app.cli.bench_speech.material import Sample, beginning, samples
from scribe_app.cli.bench_speech.nobody import invented, silence_seconds
from scribe_app.cli.bench_speech.runs import Bench, Run, Start
from scribe_app.cli.bench_speech.sizes import size_figures
from scribe_app.cli.bench_speech.telling import WAYS, tell
from scribe_app.cli.output import Output
from scribe_app.cli.transcribe import speech_model
from scribe_app.domain.wer import MedicalTerms
from scribe_app.ports import SpeechYardstick, UsualWay
from scribe_app.services.application import Workshop
from scribe_app.services.supervised import SupervisedTranscription

FIGURES = """\
  columns
live            this program while the recording plays, as in a consultation
after Stop      this program on the finished recording
whole file      faster-whisper over the whole file, after Stop
batched         faster-whisper's batched pipeline (8 windows at once), after Stop
sliding         the way of streaming tools: the last seconds decoded anew every second
  lines
word errors     wrong, missing and added words for 100 that are said; "5 mg" is "five milligrams"
  basic rules   the same by Whisper's basic normaliser, where those two differ
medical terms   wrong/said +added: names of the bundled lists left out or misheard, of all that are
                said, and names written that nobody said; medicines: those alone
numbers         likewise, each with its unit: doses, blood pressures, durations, frequencies
encoder passes  runs of the model's encoder, which are most of the work
final text      seconds from the end of an utterance to its final text: half of them, and 19 of 20
Stop to complete, CPU per s of audio, peak memory: of the speech process, loading included
words per hour  words shown as final while nobody speaks (ten minutes of made noises)
model of size   what a bigger model would cost here: made on the spot with random weights, which
                change what it writes and not what it costs; takes 1.2 GB of disk, 2 GB of memory

It takes 2.5 times as long as the recordings, and some minutes. Ctrl+C prints what is measured.
Own recordings: scribe bench speech --folder visits --language nl --json > figures.json"""


def add_options(parser: ArgumentParser) -> None:
    """What may follow `scribe bench speech`."""
    add_sample_options(parser)
    parser.add_argument(
        "--folder",
        type=Path,
        metavar="FOLDER",
        help="recordings of your own, each with what is said beside it: visit1.wav and visit1.txt (or .json)",
    )
    parser.add_argument(
        "--seconds", type=positive, metavar="N", help="measure only the first N seconds of each recording"
    )
    parser.add_argument("--no-sizes", action="store_true", help="leave out what bigger models would cost")
    parser.add_argument(
        "--ours", action="store_true", help="only live and after Stop: quick enough for many recordings"
    )


def speech(arguments: Namespace, workshop: Workshop) -> int:
    """Each recording live, after the fact and the usual ways; silence; the sizes of models."""
    output = Output(arguments.json)
    assert workshop.yardstick is not None
    model = speech_model(workshop, arguments.language)
    result: dict[str, Any] = {
        "machine": machine(),
        "model": model.id,
        "language": arguments.language,
        "speed": arguments.speed,
        "samples": [],
        "together": None,
        "words_per_hour_of_non_speech": {},
        "sizes": [],
        "complete": False,
    }
    bench = Bench(workshop, model, arguments.language, lambda text: output.note(f"scribe:   {text}"))
    try:
        for row in _rows(bench, workshop.yardstick, arguments, output):
            result["samples"].append(row)
        if not arguments.ours:
            silence = silence_seconds(arguments.seconds)
            output.note(f"scribe: {silence // 60} minutes in which nobody speaks …")
            result["words_per_hour_of_non_speech"] = _in_silence(bench, workshop.yardstick, silence)
            if not arguments.no_sizes:
                result["sizes"] = size_figures(workshop, workshop.yardstick, output)
        result["complete"] = True
    finally:
        if result["samples"]:
            result["together"] = together(result["samples"])
            tell(output, result)
            output.document(result)
    return 0


def _in_silence(bench: Bench, yardstick: SpeechYardstick, seconds: int) -> dict[str, float]:
    """Words per hour of each way while nobody speaks; after Stop is the same line as live."""
    speeds = {UsualWay.SLIDING_WINDOW.value: SILENCE_SPEED}
    ways = _ours(bench.workshop) | _usual(yardstick)
    return {
        way: invented(bench, start, seconds, speeds.get(way, 0.0))
        for way, start in ways.items()
        if way != AFTER
    }


def _rows(bench: Bench, yardstick: SpeechYardstick, arguments: Namespace, output: Output) -> Iterator[Row]:
    """The figures of one recording after the other."""
    workshop, language = bench.workshop, arguments.language
    found = samples(arguments.folder, workshop.samples, language, output)
    terms = _terms(workshop, language)
    with tempfile.TemporaryDirectory(dir=workshop.folders.cache, prefix="bench-") as folder:
        if arguments.seconds:
            found = [beginning(sample, arguments.seconds, Path(folder)) for sample in found]
        ways = _ours(workshop) | ({} if arguments.ours else _usual(yardstick))
        output.note(f"scribe: {_plan(found, arguments)}")
        for number, sample in enumerate(found, 1):
            place = f"{number} of {len(found)}, " if len(found) > 1 else ""
            runs: dict[str, Run] = {}
            for way, start in ways.items():
                output.note(f"scribe: {place}{sample.name}: {WAYS[way]} …")
                runs[way] = bench.run(sample.audio, start, arguments.speed if way in LIVE_WAYS else 0.0)
            yield sample_figures(sample, runs, terms, language, bench.model.longest_window)


SILENCE_SPEED = 4.0
"""The sliding window reads once for every second that has passed, so that it must be played to it."""
LIVE_WAYS = (LIVE, UsualWay.SLIDING_WINDOW.value)
"""Those that transcribe while the recording plays."""


def _ours(workshop: Workshop) -> dict[str, Start]:
    return dict.fromkeys((LIVE, AFTER), partial(SupervisedTranscription, workshop.transcriber))


def _usual(yardstick: SpeechYardstick) -> dict[str, Start]:
    return {way.value: partial(yardstick.start, way) for way in UsualWay}


def _terms(workshop: Workshop, language: str) -> dict[str, MedicalTerms]:
    """The bundled lists: all their names, and medicines alone."""
    lists = workshop.vocabularies.bundled(language) if workshop.vocabularies else {}
    if not lists:
        return {}
    every = [term for terms in lists.values() for term in terms]
    return {
        "medical_terms": MedicalTerms(every, language),
        "medicines": MedicalTerms(lists.get("medicines", ()), language),
    }


def _plan(found: list[Sample], arguments: Namespace) -> str:
    """How much there is and about how long it takes."""
    audio, played = sum(sample.seconds for sample in found), 1 / arguments.speed
    minutes = audio * (played + 0.1) / 60 + 1 if arguments.ours else audio * (2 * played + 0.5) / 60 + 4
    many = f"{len(found)} recordings" if len(found) > 1 else "1 recording"
    return f"{many}, {audio / 60:.1f} minutes of sound; this takes {minutes:.0f} minutes or more …"

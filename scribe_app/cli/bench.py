"""scribe bench: figures as ratios against the usual way, in one run on this machine."""

from __future__ import annotations

import multiprocessing
import platform
import threading
import time
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol

import psutil

from scribe_app.cli.bench_drafting import drafting
from scribe_app.cli.bench_speech import speech
from scribe_app.cli.bench_vault import vault
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
from scribe_app.services.application import Application, Workshop
from scribe_app.services.consultations import NewConsultation

MEMORY_EVERY_SECONDS = 0.5
WINDOW_LIMIT_SECONDS = 900.0
"""Longer than the sample, its transcription and its letter take on a slow computer."""


class Lateness(Protocol):
    """How many milliseconds late the window's 10 ms heartbeat came."""

    @property
    def beats(self) -> int: ...
    @property
    def median_ms(self) -> float: ...
    @property
    def p95_ms(self) -> float: ...
    @property
    def p99_ms(self) -> float: ...
    @property
    def max_ms(self) -> float: ...


MeasureWindow = Callable[[Application, NewConsultation, float], Lateness]
"""Plays a consultation in the window until its letter is there, for so many seconds at the most."""


def bench(arguments: Namespace, workshop: Workshop) -> int:
    """Run one benchmark and print its figures."""
    return BENCHES[arguments.what](arguments, workshop)


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
        "machine": f"{platform.machine()}, {psutil.cpu_count(logical=False)} cores",
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


def window(arguments: Namespace, workshop: Workshop, measure: MeasureWindow) -> int:
    """How late the window's heartbeat comes while a consultation is recorded, transcribed and drafted.

    The window comes as a function, because only the composition root knows both it and the command line.
    """
    output = Output(arguments.json)
    arguments.fast, arguments.template = False, None
    new = demo_consultation(workshop, arguments)
    assert isinstance(new.source, FileSource)
    new = replace(new, source=replace(new.source, speed=arguments.speed))
    output.note(
        f"scribe: playing the sample consultation in the window at {arguments.speed:g} times its speed …"
    )
    with MemoryWatch() as memory, demo_application(workshop, arguments) as application:
        late = measure(application, new, WINDOW_LIMIT_SECONDS)
        letters = sum(len(application.store.letters(found.id)) for found in application.store.consultations())
    result = {
        "machine": f"{platform.machine()}, {psutil.cpu_count(logical=False)} cores",
        "speed": arguments.speed,
        "beats": late.beats,
        "median_ms": round(late.median_ms, 2),
        "p95_ms": round(late.p95_ms, 2),
        "p99_ms": round(late.p99_ms, 2),
        "max_ms": round(late.max_ms, 1),
        "letters": letters,
        "peak_memory_mb": memory.peaks,
    }
    output.line(f"Window's heartbeat, every 10 ms, {late.beats} beats on {result['machine']}")
    for name in ("median", "p95", "p99", "max"):
        output.line(f"{name:>8} {result[f'{name}_ms']:>8} ms late")
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


class MemoryWatch:
    """Samples the resident memory of this process and of each worker twice a second."""

    def __init__(self) -> None:
        self.peaks: dict[str, int] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="memory-watch", daemon=True)

    def __enter__(self) -> MemoryWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        own = psutil.Process()
        while not self._over.wait(MEMORY_EVERY_SECONDS):
            named = {"main process": own.pid}
            named.update({child.name: child.pid for child in multiprocessing.active_children() if child.pid})
            for name, pid in named.items():
                try:
                    resident = psutil.Process(pid).memory_info().rss // 1_000_000
                except psutil.NoSuchProcess:
                    continue
                self.peaks[name] = max(self.peaks.get(name, 0), resident)


BENCHES: dict[str, Callable[[Namespace, Workshop], int]] = {
    "latency": latency,
    "speech": speech,
    "drafting": drafting,
    "vault": vault,
}
WINDOW = "ui"
"""Measured with the window that the composition root hands in."""

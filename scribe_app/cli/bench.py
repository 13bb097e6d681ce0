"""scribe bench: figures as ratios against the usual way, in one run on this machine."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from scribe_app.cli import bench_drafting, bench_latency, bench_speech, bench_vault
from scribe_app.cli.bench_parts import MemoryWatch, add_sample_options, machine
from scribe_app.cli.output import Output
from scribe_app.cli.record import demo_application, demo_consultation
from scribe_app.ports import FileSource
from scribe_app.services.application import Application, Workshop
from scribe_app.services.consultations import NewConsultation

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
    return RUNS[arguments.what](arguments, workshop)


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
        "machine": machine(),
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


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One benchmark as the command line offers it."""

    help: str
    figures: str
    """What each figure means, for --help."""
    add_options: Callable[[ArgumentParser], None]


WINDOW = "ui"
"""Measured with the window that the composition root hands in."""
RUNS: dict[str, Callable[[Namespace, Workshop], int]] = {
    "latency": bench_latency.latency,
    "speech": bench_speech.speech,
    "drafting": bench_drafting.drafting,
    "vault": bench_vault.vault,
}
BENCHMARKS: dict[str, Benchmark] = {
    "latency": Benchmark(
        "the waiting after Stop, against the usual way with the same models",
        bench_latency.FIGURES,
        bench_latency.add_options,
    ),
    "speech": Benchmark(
        "the live transcript beside three usual ways: errors, waiting, work, memory",
        bench_speech.FIGURES,
        bench_speech.add_options,
    ),
    "drafting": Benchmark(
        "what letters keep and invent, beside people's notes and other systems",
        bench_drafting.FIGURES,
        bench_drafting.add_options,
    ),
    "vault": Benchmark(
        "locking, unlocking, backup, restoring and rotation of the records",
        bench_vault.FIGURES,
        lambda parser: None,
    ),
    WINDOW: Benchmark(
        "how late the window ever is while both engines work",
        "late: by how many milliseconds the window's own 10 ms heartbeat came too late",
        add_sample_options,
    ),
}

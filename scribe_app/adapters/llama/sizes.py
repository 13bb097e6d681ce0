"""What a model of a usual size costs here: speed, memory, and how soon it stops when it is told to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from scribe_app.adapters.llama.engine import AbortFlag, Engine
from scribe_app.adapters.llama.gguf import read_card
from scribe_app.adapters.llama.prefix import PIECE
from scribe_app.adapters.llama.strategies import WHOLE_CONTEXT
from scribe_app.errors import Cancelled
from scribe_app.ports import DraftingCost, DraftingSize, Stop

TRIALS = 8
_STEP_S = 0.053
"""Each trial stops the engine this much later than the one before, at another place of its work."""
_READ, _WRITTEN, _REQUEST = 256, 16, 420
"""Tokens: read and written for the speed, and read at once as a section's request is."""
_LONGEST_S = 20.0
"""For each of the two speeds; a slow computer shows itself in less."""
_LETTER = 97
"""A token of the random model that is text."""


def measure_size(connection: Connection, size: DraftingSize, model: Path, threads: int) -> None:
    """Process main: load, read, write, and be stopped in both. Sends a DraftingCost."""
    began = time.monotonic()
    flag, card = AbortFlag(), read_card(model)
    engine = Engine(model, card, threads, WHOLE_CONTEXT, flag)
    try:
        loaded = time.monotonic() - began
        engine.append([_LETTER] * 16)
        reading = PIECE * _rate(lambda: engine.append([_LETTER] * PIECE), _READ // PIECE)
        writing = _rate(lambda: engine.append([engine.best()]), _WRITTEN)
        depth = engine.length
        in_reading = stopping(engine, flag, lambda: engine.append([_LETTER] * _REQUEST), depth)
        in_writing = stopping(engine, flag, lambda: engine.append([engine.best()]), depth)
        memory = psutil.Process().memory_info().rss // 1_000_000
    finally:
        engine.close()
    connection.send(
        DraftingCost(
            size=size,
            threads=threads,
            parameters=card.parameters,
            file_mb=model.stat().st_size // 1_000_000,
            load_s=round(loaded, 1),
            reading=round(reading, 1),
            writing=round(writing, 1),
            stops_reading=in_reading,
            stops_writing=in_writing,
            peak_memory_mb=memory,
        )
    )


def stopping(
    engine: Engine, flag: AbortFlag, work: Callable[[], object], depth: int, trials: int = TRIALS
) -> tuple[Stop, ...]:
    """From setting the flag until the work has stopped, once at each of many moments.

    `work` goes on for longer than that by itself, from the sequence's first `depth` tokens on.
    """
    stops = []
    for number in range(1, trials + 1):
        told: list[tuple[float, float]] = []
        timer = threading.Timer(number * _STEP_S, _stop, (flag, told))
        timer.start()
        try:
            while True:
                work()
        except Cancelled:
            at, cpu = told[0]
            stops.append(Stop(round(time.monotonic() - at, 3), round(time.process_time() - cpu, 3)))
        timer.join()
        flag.clear()
        engine.rollback(depth)
    return tuple(stops)


def _stop(flag: AbortFlag, told: list[tuple[float, float]]) -> None:
    told.append((time.monotonic(), time.process_time()))
    flag.set()


def _rate(work: Callable[[], object], most: int) -> float:
    began = time.monotonic()
    done, spent = 0, 0.0
    while done < most and spent < _LONGEST_S:
        work()
        done, spent = done + 1, time.monotonic() - began
    return done / spent

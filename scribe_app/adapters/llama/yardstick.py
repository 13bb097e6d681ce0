"""DraftingYardstick on llama.cpp: what drafting is measured against."""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scribe_app.adapters.llama import random_models
from scribe_app.adapters.llama.drafter import DraftingProcess
from scribe_app.adapters.llama.sizes import measure_size
from scribe_app.adapters.llama.speeds import ROUNDS, measure
from scribe_app.adapters.llama.strategies import WHOLE_CONTEXT, Way
from scribe_app.adapters.worker import WorkerMain, WorkerProcess
from scribe_app.config import default_threads
from scribe_app.errors import EngineError, ScribeError
from scribe_app.ports import DraftingCost, DraftingRequest, DraftingSize, EngineSpeeds, EventSink

_WORK = 120_000_000
"""Bytes of the process besides the model: at most 103 million measured with three sizes."""


class LlamaYardstick:
    """One prompt, llama.cpp's own loop, and models of usual sizes; each in a process of its own."""

    def __init__(self, shapes: Mapping[DraftingSize, random_models.Shape] = random_models.SHAPES) -> None:
        self._shapes = shapes

    def start(self, request: DraftingRequest, sink: EventSink) -> DraftingProcess:
        """One prompt with the whole transcript after Stop, as is usually done."""
        return DraftingProcess(request, sink, Way.ONE_PROMPT)

    def speeds(self, model: Path, threads: int = 0, rounds: int = ROUNDS) -> EngineSpeeds:
        """Measure in a process: native code crashes, and Ctrl-C must end it."""
        found: EngineSpeeds = _in_process("speeds", measure, (model, threads or default_threads(), rounds))
        return found

    def needs(self, size: DraftingSize) -> tuple[int, int]:
        """Bytes of disk and of memory that cost() takes for this size."""
        shape = self._shapes[size]
        memory = random_models.memory_bytes(shape, WHOLE_CONTEXT) + _WORK
        return random_models.file_bytes(shape), memory

    def cost(self, size: DraftingSize, folder: Path, threads: int = 0) -> DraftingCost:
        """Make a model of that size in `folder`, measure it in a process of its own, and erase it again.

        Raises:
            ModelError, EngineError: it cannot be made or run here.
        """
        model = folder / f"random-{size.value}.gguf"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            random_models.make(self._shapes[size], model)
            arguments = (size, model, threads or default_threads())
            found: DraftingCost = _in_process("drafting size", measure_size, arguments)
            return found
        except OSError as error:
            raise EngineError(
                f"A model of {size.value} cannot be made ({error.strerror}).",
                "Nothing was changed.",
                "Make room on the disk, or choose a smaller size.",
            ) from error
        finally:
            with contextlib.suppress(OSError):
                model.unlink()


def _in_process(name: str, main: WorkerMain, arguments: tuple[Any, ...]) -> Any:
    """The one answer of a process: native code crashes, and Ctrl-C must end it."""
    told: queue.SimpleQueue[Any] = queue.SimpleQueue()
    worker = WorkerProcess(name, main, arguments, told.put, told.put)
    try:
        answer = told.get()
    finally:
        worker.kill()
    if answer is None or isinstance(answer, ScribeError):
        raise answer or EngineError("The measurement ended without figures.", "Nothing was measured.")
    return answer

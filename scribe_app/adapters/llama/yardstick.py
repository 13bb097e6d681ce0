"""DraftingYardstick on llama.cpp: what drafting is measured against."""

from __future__ import annotations

import queue
from pathlib import Path

from scribe_app.adapters.llama.drafter import DraftingProcess
from scribe_app.adapters.llama.speeds import ROUNDS, measure
from scribe_app.adapters.llama.strategies import Way
from scribe_app.adapters.worker import WorkerProcess
from scribe_app.config import default_threads
from scribe_app.errors import EngineError, ScribeError
from scribe_app.ports import DraftingRequest, EngineSpeeds, EventSink


class LlamaYardstick:
    """One prompt, and llama.cpp's own loop; each in a process of its own."""

    def start(self, request: DraftingRequest, sink: EventSink) -> DraftingProcess:
        """One prompt with the whole transcript after Stop, as is usually done."""
        return DraftingProcess(request, sink, Way.ONE_PROMPT)

    def speeds(self, model: Path, threads: int = 0, rounds: int = ROUNDS) -> EngineSpeeds:
        """Measure in a process: native code crashes, and Ctrl-C must end it."""
        told: queue.SimpleQueue[EngineSpeeds | ScribeError | None] = queue.SimpleQueue()
        arguments = (model, threads or default_threads(), rounds)
        worker = WorkerProcess("speeds", measure, arguments, told.put, told.put)
        try:
            answer = told.get()
        finally:
            worker.kill()
        if isinstance(answer, EngineSpeeds):
            return answer
        raise answer or EngineError("The measurement ended without figures.", "Nothing was measured.")

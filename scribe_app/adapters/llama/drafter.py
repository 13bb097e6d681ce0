"""The parent's side of drafting: one process per consultation."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from scribe_app.adapters.llama.child import draft
from scribe_app.adapters.llama.graphics import ask_for_graphics
from scribe_app.adapters.llama.messages import Cancel, Correct, Read, Told, Write
from scribe_app.adapters.llama.speed import time_model
from scribe_app.adapters.llama.strategies import Way
from scribe_app.adapters.worker import WorkerProcess
from scribe_app.config import default_threads
from scribe_app.domain.events import (
    DrafterReady,
    DraftFinished,
    SectionDrafted,
    StatementDrafted,
    WorkerFailed,
    WorkerKind,
)
from scribe_app.domain.prior_letters import PriorLetter
from scribe_app.domain.template import LetterTemplate
from scribe_app.domain.transcript import Transcript, Utterance
from scribe_app.errors import ScribeError
from scribe_app.ports import DraftingRequest, DraftingSpeed, EventSink, Graphics

_NICENESS = 5
"""Recording and the window come first, speech recognition too."""


class LlamaDrafter:
    """LetterDrafter on llama.cpp, or on fixed rules where the request names no model."""

    def __init__(self, whole: bool | None = None) -> None:
        """`whole` says whether models read the whole transcript; None decides by their size."""
        self._way = {None: Way.BY_SIZE, True: Way.WHOLE, False: Way.REWORDING}[whole]

    def start(self, request: DraftingRequest, sink: EventSink) -> DraftingProcess:
        """Start the process and load the model. Failures arrive as WorkerFailed."""
        return DraftingProcess(request, sink, self._way)

    def time_model(
        self, model: Path, template: LetterTemplate, threads: int = 0, gpu_layers: int = 0
    ) -> DraftingSpeed:
        """Time a model on this computer. Blocks for seconds. Raises ModelError, EngineError."""
        return time_model(model, template, threads or default_threads(), gpu_layers)

    def graphics(self) -> Graphics:
        """Ask llama.cpp, in a process of its own. Raises EngineError."""
        return ask_for_graphics()


class DraftingProcess:
    """A drafting process for one consultation. Calls return at once; any thread may make them."""

    def __init__(self, request: DraftingRequest, sink: EventSink, way: Way) -> None:
        self._consultation, self._sink = request.consultation, sink
        self._numbers = threading.Lock()
        self._last = 0
        self._cancelled = 0
        self._ready = False
        self._waiting: SimpleQueue[object] = SimpleQueue()
        threads = request.threads or default_threads()
        self._worker = WorkerProcess(
            "drafting", draft, (request, threads, way), self._on_message, self._on_end, niceness=_NICENESS
        )
        Thread(target=self._send_on, name="drafting-sender", daemon=True).start()

    @property
    def pid(self) -> int | None:
        """The process id, for those who measure memory."""
        return self._worker.pid

    def read(self, utterances: Sequence[Utterance]) -> None:
        """Append settled utterances to what the model has read."""
        self._waiting.put(Read(tuple(utterances)))

    def write(
        self,
        template: LetterTemplate,
        transcript: Transcript,
        notes: str = "",
        sections: tuple[str, ...] = (),
        prior: Sequence[PriorLetter] = (),
    ) -> None:
        """Write the letter, or only these sections; a request made meanwhile waits its turn."""
        with self._numbers:
            self._last += 1
            number = self._last
        self._waiting.put(Write(number, template, transcript, notes, sections, tuple(prior)))

    def correct(self, utterances: Sequence[Utterance]) -> None:
        """What is not begun of the last letter asked for rests on these utterances as they are now."""
        self._waiting.put(Correct(self._last, tuple(utterances)))

    def cancel(self) -> None:
        """Stop what was asked for so far. No statement comes any more; DraftFinished does, within 0.2 s.

        While a model is being loaded nothing can be told to its process, so that is ended.
        """
        with self._numbers:
            asked = self._last > self._cancelled
            self._cancelled = self._last
        if asked and not self._ready:
            self._worker.kill()
            self._sink(DraftFinished(self._consultation, 0.0))
        else:
            self._waiting.put(Cancel(self._cancelled))

    def close(self) -> None:
        """End the process and give its memory back."""
        self._worker.kill()  # it holds nothing that is not in the parent already

    def _send_on(self) -> None:
        """In order; a pipe that is full holds this thread only, until the process reads or is gone."""
        while (message := self._waiting.get()) is not None:
            self._worker.send(message)

    def _on_message(self, message: Told) -> None:
        self._ready = self._ready or isinstance(message.event, DrafterReady)
        drafted = isinstance(message.event, StatementDrafted | SectionDrafted)
        if not (drafted and message.number <= self._cancelled):
            self._sink(message.event)

    def _on_end(self, error: ScribeError | None) -> None:
        self._waiting.put(None)
        if error is not None:
            self._sink(WorkerFailed(self._consultation, WorkerKind.DRAFTING, error))

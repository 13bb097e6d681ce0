"""How fast a model reads and writes on this computer, measured in a process of its own."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from scribe_app.adapters.llama.chat import chat_format
from scribe_app.adapters.llama.engine import AbortFlag, Engine
from scribe_app.adapters.llama.gguf import read_card
from scribe_app.adapters.llama.prompts import prompts_for
from scribe_app.adapters.llama.strategies import SMALL
from scribe_app.adapters.worker import WorkerProcess
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.template import LetterTemplate, SectionSource
from scribe_app.errors import EngineError, ScribeError
from scribe_app.ports import DraftingSpeed

_CONTEXT = 1024
_WARM_UP, _READ, _WRITTEN = 16, 256, 24
"""Tokens: enough for a steady rate."""
_PIECE = 64
_BUDGET = 5.0
"""Seconds for reading, and for writing: a slow or busy computer shows itself in less."""
_LONGEST = 180.0
"""Seconds after which the computer is too slow to be measured."""
_LINES = 8
"""Transcript lines that a request names as belonging to its section."""
_WORDS = "The patient walks up the hill and feels a tightness in the chest, for four weeks now. "


def time_model(model: Path, template: LetterTemplate, threads: int, gpu_layers: int = 0) -> DraftingSpeed:
    """Load the model beside everything else and time it. Blocks for seconds.

    Raises:
        ModelError, EngineError: it cannot be loaded, or took too long.
    """
    told: queue.SimpleQueue[DraftingSpeed | ScribeError | None] = queue.SimpleQueue()
    arguments = (model, template, threads, gpu_layers)
    worker = WorkerProcess("drafting speed", _measured, arguments, told.put, told.put)
    try:
        found = told.get(timeout=_LONGEST)
    except queue.Empty as error:
        raise EngineError(
            f"The drafting model {model.name} took longer than {_LONGEST:.0f} s to read {_READ} words.",
            "Nothing was changed.",
            "Choose a smaller model.",
        ) from error
    finally:
        worker.kill()
    if isinstance(found, DraftingSpeed):
        return found
    raise found or EngineError("The drafting model could not be measured.", "Nothing was changed.")


def _measured(
    connection: Connection, model: Path, template: LetterTemplate, threads: int, gpu_layers: int
) -> None:
    """Process main."""
    began = time.monotonic()
    card = read_card(model)
    whole = card.parameters >= SMALL
    threads = threads if whole else 1  # as drafting_for has it
    engine = Engine(model, card, threads, _CONTEXT, AbortFlag(), gpu_layers)
    try:
        loaded = time.monotonic() - began
        engine.append(engine.with_first_token(engine.tokens(_WORDS)[:_WARM_UP]))
        text = engine.tokens(_WORDS * 40)[:_READ]
        pieces = [text[at : at + _PIECE] for at in range(0, _READ, _PIECE)]
        read = _rate(lambda number: engine.append(pieces[number]), len(pieces)) * _PIECE
        written = _rate(lambda _number: engine.append([engine.best()]), _WRITTEN)
        requests = _requests(engine, template, card.chat_template)
        held = (engine.on_card, card.layers + 1)
        speed = DraftingSpeed(read, written, loaded, whole, requests, _sections(template), *held)
    finally:
        engine.close()
    connection.send(speed)


def _rate(work: Callable[[int], object], most: int) -> float:
    """Times a second that something is done: `most` times, or as often as the budget allows."""
    began = time.monotonic()
    for done in range(1, most + 1):
        work(done - 1)
        took = time.monotonic() - began
        if took > _BUDGET:
            break
    return done / took


def _requests(engine: Engine, template: LetterTemplate, chat_template: str) -> int:
    """Tokens of all requests of a letter: what is left to read after Stop."""
    prompts, chat = prompts_for(template.language), chat_format(chat_template, *engine.special_texts)
    around = len(engine.tokens(chat.before_next, special=True)) + len(
        engine.tokens(chat.before_reply, special=True)
    )
    ids = [UtteranceId(number) for number in range(1, _LINES + 1)]
    asked = (
        len(engine.tokens(prompts.request(spec, template, ids))) + around
        for spec in template.sections
        if spec.source is SectionSource.CONVERSATION
    )
    return sum(asked)


def _sections(template: LetterTemplate) -> int:
    return sum(spec.source is SectionSource.CONVERSATION for spec in template.sections)

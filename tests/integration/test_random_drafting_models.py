"""Drafting models made on the spot: their cost is measured, and work stops in the middle of a piece."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from queue import Queue

import pytest
from drafting_parts import PATIENCE_S, SOAP, said

from scribe_app.adapters.llama import LlamaDrafter, LlamaYardstick
from scribe_app.adapters.llama.engine import BATCH, AbortFlag, Engine
from scribe_app.adapters.llama.gguf import read_card
from scribe_app.adapters.llama.random_models import SHAPES, Shape, file_bytes, make, parameters
from scribe_app.domain.events import DraftFinished, Event, WorkerFailed
from scribe_app.domain.ids import ConsultationId
from scribe_app.errors import Cancelled, EngineError, ModelError
from scribe_app.ports import DraftingRequest, DraftingSize

TINY = Shape(layers=2, width=256, inner=512, heads=4, kv_heads=2, head=64, vocabulary=2048)
DEEP = Shape(layers=24, width=1024, inner=3072, heads=16, kv_heads=8, head=64, vocabulary=2048)
"""Deep and narrow: one piece of text takes long enough to be stopped in, one operation of it does not."""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.gguf"
    make(TINY, path)
    return path


def test_the_shapes_are_those_of_the_published_models() -> None:
    billions = {size.value: round(parameters(shape) / 1e9, 2) for size, shape in SHAPES.items()}
    assert billions == {"1.7b": 1.72, "4b": 4.02, "8b": 8.19, "14b": 14.77}
    gigabytes = {size.value: round(file_bytes(shape) / 1e9, 1) for size, shape in SHAPES.items()}
    assert gigabytes == {"1.7b": 1.1, "4b": 2.5, "8b": 5.2, "14b": 9.2}


@pytest.mark.parametrize(
    ("size", "measured"), [(DraftingSize.B1_7, 2819), (DraftingSize.B4, 5564), (DraftingSize.B8, 9848)]
)
def test_the_memory_that_is_asked_for_is_what_was_measured(size: DraftingSize, measured: int) -> None:
    """As the README has it, 2026-11-27: not less, or a measurement runs out of memory; not much more."""
    assert measured <= LlamaYardstick().needs(size)[1] / 1e6 < 1.02 * measured


def test_its_file_says_what_it_is_and_holds_all_of_it(tiny: Path) -> None:
    card = read_card(tiny)
    assert (card.architecture, card.parameters, card.recurrent) == ("qwen3", parameters(TINY), False)
    assert tiny.stat().st_size > file_bytes(TINY)


def test_its_cost_is_measured_and_the_file_is_erased(tmp_path: Path) -> None:
    yardstick = LlamaYardstick({DraftingSize.B4: TINY})
    assert yardstick.needs(DraftingSize.B4)[0] == file_bytes(TINY)
    cost = yardstick.cost(DraftingSize.B4, tmp_path / "cache", threads=1)
    assert cost.reading > cost.writing > 0
    assert len(cost.stops_reading) == len(cost.stops_writing) == 8
    assert list((tmp_path / "cache").iterdir()) == []


def test_no_room_for_it_is_told_and_nothing_stays(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    with pytest.raises(EngineError, match="cannot be made"):
        LlamaYardstick({DraftingSize.B4: TINY}).cost(DraftingSize.B4, tmp_path / "cache", threads=1)


@pytest.fixture(scope="module")
def deep(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, AbortFlag]]:
    path = tmp_path_factory.mktemp("deep") / "deep.gguf"
    make(DEEP, path)
    flag = AbortFlag()
    engine = Engine(path, read_card(path), 1, 1024, flag)
    yield engine, flag
    engine.close()


def test_a_piece_is_stopped_between_two_operations_not_at_its_end(deep: tuple[Engine, AbortFlag]) -> None:
    """Held against the time that the piece takes: a flag seen only between pieces would take all of it."""
    engine, flag = deep
    piece = [97] * BATCH
    engine.append([97] * 8)
    began = time.monotonic()
    engine.append(piece)
    whole = time.monotonic() - began
    lags = []
    for _ in range(3):
        engine.rollback(8)
        told: list[float] = []
        timer = threading.Timer(0.2 * whole, lambda told=told: (told.append(time.monotonic()), flag.set()))  # type: ignore[misc]
        timer.start()
        with pytest.raises(Cancelled):
            engine.append(piece)
        lags.append(time.monotonic() - told[0])
        timer.join()
        flag.clear()
        assert engine.length == 8
    assert min(lags) < 0.4 * whole


def test_a_context_of_a_few_tokens_is_told_and_not_overrun(tmp_path: Path) -> None:
    path = tmp_path / "small.gguf"
    make(TINY, path, context=32)
    engine = Engine(path, read_card(path), 1, 8192, AbortFlag())
    try:
        assert engine.context == 32
        with pytest.raises(EngineError, match="too long for this model"):
            engine.append([97] * 33)
        assert engine.length == 0
    finally:
        engine.close()


@pytest.mark.parametrize("missing", [1, 4096, 0.05])
def test_a_file_whose_last_tensor_is_cut_is_an_error_and_no_crash(tiny: Path, missing: float) -> None:
    size = tiny.stat().st_size
    with tiny.open("rb+") as file:
        file.truncate(size - int(missing if missing >= 1 else missing * size))
    with pytest.raises(ModelError, match=r"tiny\.gguf"):
        Engine(tiny, read_card(tiny), 1, 256, AbortFlag()).close()


# --- models that are unusual, through the whole drafting process ----------------------------------------

SMALL_VISIT = said(("c", "What brings you in?"), ("p", "I have had a cough for two weeks."), language="en")
ODD_TEMPLATES = {
    "none": "",
    "refuses everything": "{{ raise_exception('no') }}",
    "leaves the user out": "{% for m in messages if m.role == 'system' %}[{{ m.content }}]{% endfor %}",
    "loops for ever long": "{% for n in range(100000) %}x{% endfor %}",
    "wants other roles": "{% for m in messages %}{% if m.role not in ('human', 'bot') %}"
    "{{ raise_exception('roles must be human and bot') }}{% endif %}{% endfor %}",
    "knows no assistant": "{% for m in messages %}[{{ m.role }}]{{ m.content }}[/{{ m.role }}]{% endfor %}",
    "reaches for the system": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
}


def drafted(model: Path) -> list[Event]:
    """Everything that a drafting process tells of one letter, to its end or its failure."""
    events: Queue[Event] = Queue()
    request = DraftingRequest(ConsultationId("odd"), model, "en", threads=1)
    process = LlamaDrafter(whole=True).start(request, events.put)
    told: list[Event] = []
    process.write(SOAP, SMALL_VISIT)
    while not told or not isinstance(told[-1], DraftFinished | WorkerFailed):
        told.append(events.get(timeout=PATIENCE_S))
    process.close()
    return told


@pytest.mark.parametrize("template", ODD_TEMPLATES.values(), ids=ODD_TEMPLATES)
def test_an_unusual_chat_format_is_gone_round(tmp_path: Path, template: str) -> None:
    model = tmp_path / "odd.gguf"
    make(TINY, model, chat_template=template)
    told = drafted(model)
    assert isinstance(told[-1], DraftFinished), told[-1]


def test_a_chat_format_that_cannot_be_read_is_a_clear_error(tmp_path: Path) -> None:
    model = tmp_path / "odd.gguf"
    make(TINY, model, chat_template="{% for message in messages %}{{ message.content")
    last = drafted(model)[-1]
    assert isinstance(last, WorkerFailed)
    assert isinstance(last.error, ModelError)
    assert last.error.title == "The chat format in the drafting model odd.gguf cannot be read."


@pytest.mark.parametrize("context", [1, 700])
def test_a_tiny_context_is_a_clear_error_and_no_crash(tmp_path: Path, context: int) -> None:
    model = tmp_path / "tiny.gguf"
    make(replace(TINY, context=context), model)
    last = drafted(model)[-1]
    assert isinstance(last, WorkerFailed)
    assert isinstance(last.error, EngineError | ModelError)
    assert "stopped unexpectedly" not in last.error.title
    assert last.error.remedy


def test_it_says_of_itself_that_it_has_no_layers(tmp_path: Path) -> None:
    model = tmp_path / "hollow.gguf"
    make(replace(TINY, layers=0), model)
    last = drafted(model)[-1]
    assert isinstance(last, DraftFinished | WorkerFailed)

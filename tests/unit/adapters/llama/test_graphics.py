"""Graphics cards, as ggml tells of them, and what of a model goes on them."""

from __future__ import annotations

import ctypes
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from drafting_parts import small_model

from scribe_app.adapters.llama import child, engine, graphics, strategies
from scribe_app.adapters.llama.engine import AbortFlag, Engine
from scribe_app.adapters.llama.gguf import ModelCard, read_card
from scribe_app.adapters.llama.graphics import layers_on_cards, look_for_graphics, seen_by
from scribe_app.config import Settings
from scribe_app.domain.ids import ConsultationId
from scribe_app.ports import Graphics, GraphicsCard
from scribe_app.services.engines import drafting_request

GB = 1_000_000_000
MODEL = ModelCard("qwen3", "4B", 4_000_000_000, 40_960, False, layers=36, cache_bytes=147_456)
SIZE, CONTEXT = 2_500_000_000, 8192


class Backends:
    """ggml's functions, with made-up devices: (kind, description, free GB, GB)."""

    def __init__(self, names: tuple[str, ...], *devices: tuple[int, str, int, int]) -> None:
        self._names, self._devices = names, devices

    def ggml_backend_reg_count(self) -> int:
        return len(self._names)

    def ggml_backend_reg_get(self, number: int) -> int:
        return number

    def ggml_backend_reg_name(self, number: int) -> bytes:
        return self._names[number].encode()

    def ggml_backend_dev_count(self) -> int:
        return len(self._devices)

    def ggml_backend_dev_get(self, number: int) -> int:
        return number

    def ggml_backend_dev_type(self, number: int) -> int:
        return self._devices[number][0]

    def ggml_backend_dev_description(self, number: int) -> bytes:
        return self._devices[number][1].encode()

    def ggml_backend_dev_memory(self, number: int, free: Any, memory: Any) -> None:
        for reference, figure in zip((free, memory), self._devices[number][2:], strict=True):
            ctypes.cast(reference, ctypes.POINTER(ctypes.c_size_t))[0] = figure * GB


def with_card(free: int) -> Graphics:
    return Graphics(("CUDA", "CPU"), (GraphicsCard("card", 24 * GB, free, shared=False),))


def test_a_build_for_the_processor_alone_says_so() -> None:
    found = seen_by(Backends(("CPU",), (0, "a processor", 20, 32)))
    assert found == Graphics(("CPU",), ())
    assert found.only_processor
    assert found.memory_gb == 0


def test_a_build_for_cards_without_one_is_no_build_for_the_processor_alone() -> None:
    assert not seen_by(Backends(("CUDA", "CPU"), (0, "a processor", 20, 32))).only_processor


def test_cards_are_counted_and_the_processors_own_graphics_only_where_there_is_none() -> None:
    both = ((1, "a card", 15, 16), (2, "in the processor", 20, 32), (0, "a processor", 20, 32))
    found = seen_by(Backends(("CUDA", "Vulkan", "CPU"), *both))
    assert found.cards == (GraphicsCard("a card", 16 * GB, 15 * GB, shared=False),)
    assert found.memory_gb == 16
    alone = seen_by(Backends(("Vulkan", "CPU"), *both[1:]))
    assert [card.shared for card in alone.cards] == [True]
    assert alone.memory_gb == 0, "it is the computer's memory, which is counted already"


def test_the_installed_build_can_be_asked() -> None:
    found = look_for_graphics()
    assert "CPU" in found.built_for
    assert found.only_processor == (not set(found.built_for) - {"CPU", "BLAS", "RPC"})


@pytest.mark.parametrize(
    ("wanted", "free", "on_card"),
    [
        (-1, 8 * GB, 37),  # the output is one more
        (-1, 3 * GB, 19),  # 2 GB of 3.7
        (-1, GB // 2, 0),
        (0, 8 * GB, 0),
        (12, 8 * GB, 12),
        (99, 8 * GB, 37),
    ],
)
def test_as_many_layers_as_fit_or_as_are_wanted(wanted: int, free: int, on_card: int) -> None:
    assert layers_on_cards(wanted, MODEL, SIZE, CONTEXT, lambda: with_card(free)) == on_card


def test_without_a_card_no_layer_goes_anywhere_whatever_is_wanted() -> None:
    assert layers_on_cards(99, MODEL, SIZE, CONTEXT, lambda: Graphics(("CPU",), ())) == 0


def test_the_file_says_how_many_layers_it_has_and_what_a_token_takes() -> None:
    card = read_card(small_model())
    assert card.layers == 30
    assert card.cache_bytes == 2 * 30 * 3 * (64 + 64)


def test_a_card_that_cannot_hold_it_after_all_leaves_it_to_the_processor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import llama_cpp

    asked, real = [], llama_cpp.Llama

    def full(path: str, n_gpu_layers: int, **rest: Any) -> Any:
        asked.append(n_gpu_layers)
        if n_gpu_layers:
            raise ValueError("no memory on the card")
        return real(path, n_gpu_layers=n_gpu_layers, **rest)

    monkeypatch.setattr(llama_cpp, "Llama", full)
    monkeypatch.setattr(engine, "layers_on_cards", lambda wanted, *_: wanted)
    path = small_model()
    opened = Engine(path, read_card(path), 1, 256, AbortFlag(), gpu_layers=7)
    opened.close()
    assert asked == [7, 0]
    assert opened.on_card == 0


def test_the_setting_reaches_the_engine_on_every_way(monkeypatch: pytest.MonkeyPatch) -> None:
    class ReachedError(Exception):
        pass

    def reached(*arguments: Any) -> None:
        raise ReachedError(arguments[5])

    monkeypatch.setattr(strategies, "Engine", reached)
    for way in (strategies.Way.REWORDING, strategies.Way.WHOLE, strategies.Way.ONE_PROMPT):
        with pytest.raises(ReachedError, match="21"):
            strategies.drafting_for(Path("m.gguf"), MODEL, "en", 1, AbortFlag(), way, 21)


def test_the_setting_is_asked_for_and_the_process_passes_it_on(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = drafting_request(ConsultationId("c"), None, "en", Settings(n_gpu_layers=5))
    assert asked.gpu_layers == 5
    given: list[Any] = []
    monkeypatch.setattr(child, "drafting_for", lambda *arguments: given.extend(arguments))
    child._opened(replace(asked, model=small_model()), 1, strategies.Way.BY_SIZE, AbortFlag())
    assert given[-1] == 5


def test_a_process_of_its_own_is_asked() -> None:
    assert graphics.ask_for_graphics() == look_for_graphics()

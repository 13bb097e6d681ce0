"""Our loop beside llama.cpp's own, on the small model: both do the same work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from drafting_parts import small_model

from scribe_app.adapters.llama import LlamaYardstick, speeds
from scribe_app.adapters.llama.engine import AbortFlag, Engine
from scribe_app.adapters.llama.gguf import read_card
from scribe_app.adapters.llama.speeds import TURN, BareLoop, OurLoop, compare
from scribe_app.errors import ModelError


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    path = small_model()
    opened = Engine(path, read_card(path), 1, 256, AbortFlag())
    yield opened
    opened.close()


@pytest.fixture
def bare() -> Iterator[BareLoop]:
    opened = BareLoop(small_model(), 1)
    yield opened
    opened.close()


def test_both_read_and_write_the_same_tokens(
    engine: Engine, bare: BareLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = engine.tokens("patient: my chest feels tight when I walk")
    ours = OurLoop(engine)
    ours.read(tokens)
    ours.write(6)
    sampled: list[int] = []
    decode = bare._decode
    monkeypatch.setattr(bare, "_decode", lambda part: (sampled.extend(part), decode(part)))
    bare.read(tokens)
    bare.write(6)
    assert sampled == engine._tokens
    assert len(sampled) == len(tokens) + 6


def test_every_round_but_the_first_counts(
    engine: Engine, bare: BareLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speeds, "DECODE", 2 * TURN)
    found = compare(OurLoop(engine), bare, engine.tokens("it settles with rest"), rounds=1)
    assert len(found.prefill) == 1
    assert len(found.decode) == 2
    assert all(pair.ratio > 0 for pair in (*found.prefill, *found.decode))


def test_a_model_that_cannot_be_loaded_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF")
    with pytest.raises(ModelError):
        LlamaYardstick().speeds(broken, threads=1, rounds=1)

"""Tokens per second of our loop against llama.cpp's own, with the same model, settings and tokens.

The bare loop is what a C program would do: llama_decode on whole batches, llama_sampler_sample with a greedy
sampler. Ours is the code that drafts: pieces as reading along takes them, the abort flag, a look at every
token. Both take turns, so that other programs slow down both alike; the ratio counts, not the speed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from scribe_app.adapters.llama.engine import AbortFlag, Engine
from scribe_app.adapters.llama.gguf import read_card
from scribe_app.adapters.llama.lines import next_text
from scribe_app.adapters.llama.prefix import PIECE
from scribe_app.errors import ModelError
from scribe_app.ports import EngineSpeeds, SpeedPair

PREFILL, DECODE, ROUNDS = 512, 64, 5
"""Tokens read and written in a round, and rounds."""
TURN = 8
"""Tokens that one loop writes before the other has its turn: load changes faster than a round lasts."""
BARE_BATCH = 512
"""Tokens per decode of the bare loop: llama.cpp's own default."""
_CONTEXT = 1024
_TEXT = "patient: it comes on when I walk up the hill, two or three times a week, and it settles with rest. "


class BareLoop:
    """llama.cpp by its C interface, and nothing of ours."""

    def __init__(self, path: Path, threads: int) -> None:
        """Load the model once more; the operating system shares its pages. Raises ModelError."""
        import llama_cpp

        self._library = llama_cpp
        parameters = llama_cpp.llama_model_default_params()
        parameters.n_gpu_layers = (
            0  # as ours; the default is every layer on a graphics card, where there is one
        )
        self._model = llama_cpp.llama_model_load_from_file(str(path).encode(), parameters)
        if not self._model:
            raise ModelError(f"The drafting model {path.name} cannot be loaded.", "Nothing was measured.")
        settings = llama_cpp.llama_context_default_params()
        settings.n_ctx, settings.n_batch, settings.n_ubatch = _CONTEXT, BARE_BATCH, BARE_BATCH
        settings.n_threads = settings.n_threads_batch = threads
        settings.flash_attn_type = llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED
        self._context = llama_cpp.llama_init_from_model(self._model, settings)
        if not self._context:
            llama_cpp.llama_model_free(self._model)
            raise ModelError("There is not enough memory for a second copy.", "Nothing was measured.")
        self._sampler: Any = llama_cpp.llama_sampler_chain_init(
            llama_cpp.llama_sampler_chain_default_params()
        )
        llama_cpp.llama_sampler_chain_add(self._sampler, llama_cpp.llama_sampler_init_greedy())

    def read(self, tokens: Sequence[int]) -> None:
        """Evaluate a prompt in whole batches."""
        self._library.llama_memory_clear(self._library.llama_get_memory(self._context), True)
        for start in range(0, len(tokens), BARE_BATCH):
            self._decode(tokens[start : start + BARE_BATCH])

    def write(self, count: int) -> None:
        """Sample and evaluate so many tokens."""
        for _ in range(count):
            self._decode([self._library.llama_sampler_sample(self._sampler, self._context, -1)])

    def close(self) -> None:
        """Give the memory back."""
        self._library.llama_sampler_free(self._sampler)
        self._library.llama_free(self._context)
        self._library.llama_model_free(self._model)

    def _decode(self, tokens: Sequence[int]) -> None:
        array = (self._library.llama_token * len(tokens))(*tokens)
        self._library.llama_decode(self._context, self._library.llama_batch_get_one(array, len(tokens)))


class OurLoop:
    """The engine as drafting uses it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self, tokens: Sequence[int]) -> None:
        """Evaluate a transcript in the pieces of reading along."""
        self._engine.rollback(0)
        for start in range(0, len(tokens), PIECE):
            self._engine.append(tokens[start : start + PIECE])

    def write(self, count: int) -> None:
        """What writing a statement does for each token, whatever the token is."""
        for _ in range(count):
            token = next_text(self._engine)
            self._engine.ends(token)
            self._engine.piece(token)
            self._engine.append([token])


def measure(connection: Connection, path: Path, threads: int, rounds: int) -> None:
    """Main function of the measuring process: send EngineSpeeds. Raises ModelError."""
    engine = Engine(path, read_card(path), threads, _CONTEXT, AbortFlag())
    bare = BareLoop(path, threads)
    try:
        tokens = (engine.tokens(_TEXT) * PREFILL)[:PREFILL]
        connection.send(compare(OurLoop(engine), bare, tokens, rounds))
    finally:
        bare.close()
        engine.close()


def compare(ours: OurLoop, bare: BareLoop, tokens: Sequence[int], rounds: int) -> EngineSpeeds:
    """Let both read and write in turn; who begins changes, and the first round only warms up."""
    loops: tuple[OurLoop | BareLoop, ...] = (ours, bare)
    read, written = [], []
    for number in range(rounds + 1):
        read.append(_in_turn([partial(loop.read, tokens) for loop in loops], len(tokens), number))
        for turn in range(DECODE // TURN):
            written.append(_in_turn([partial(loop.write, TURN) for loop in loops], TURN, turn))
    return EngineSpeeds(tuple(read[1:]), tuple(written[DECODE // TURN :]))


def _in_turn(works: Sequence[Callable[[], None]], tokens: int, number: int) -> SpeedPair:
    """Tokens per second of ours and of the bare loop; the second begins in every other turn."""
    speeds = [0.0, 0.0]
    for which in (0, 1) if number % 2 else (1, 0):
        begun = time.perf_counter()
        works[which]()
        speeds[which] = tokens / (time.perf_counter() - begun)
    return SpeedPair(*speeds)

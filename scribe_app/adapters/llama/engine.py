"""The low-level loop over llama.cpp: append tokens, look at the logits, roll back. One thread owns it."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scribe_app.adapters.llama.gguf import ModelCard
from scribe_app.adapters.llama.graphics import layers_on_cards
from scribe_app.errors import Cancelled, EngineError, ModelError
from scribe_app.offline import deny_matrix_tiles

BATCH = 128
"""Tokens per decode. Smaller ones cost time (measured: 128 take 6 % more than 512, 64 10 %, 32 20 %).

But llama.cpp looks at the abort flag between two operations, and one of a large model on 512 tokens takes
longer than the 0.2 s in which a cancellation is promised to work.
"""
LARGE, SMALL_BATCH = 3_000_000_000, 64
"""Parameters from which a model gets the smaller batch."""
_ABORTED = 2
_NO_ROOM = 1


class AbortFlag:
    """A byte that llama.cpp itself looks at between two operations of its graph.

    The callback is the C library's strlen on this byte: 0 goes on, 1 aborts. A Python callback would take
    the interpreter lock about a thousand times per token, and could not fire while another thread holds it.
    A graphics card does not look at it; there work stops after a batch (see Engine.append).
    """

    def __init__(self) -> None:
        self._byte = ctypes.create_string_buffer(2)

    def set(self) -> None:
        """Abort what runs now."""
        self._byte[0] = b"\x01"

    def clear(self) -> None:
        """Let work go on."""
        self._byte[0] = b"\x00"

    @property
    def is_set(self) -> bool:
        """Whether work should stop."""
        return self._byte[0] != b"\x00"

    def install(self, context: Any, library: Any) -> object:
        """Have this context look at the flag; keep what is returned for as long as the context lives."""
        libc = ctypes.CDLL("msvcrt") if sys.platform == "win32" else ctypes.CDLL(None)
        callback = ctypes.cast(libc.strlen, library.ggml_abort_callback)
        library.llama_set_abort_callback(context, callback, ctypes.cast(self._byte, ctypes.c_void_p))
        return libc, callback


@cache
def _silence() -> Any:
    """What llama.cpp logs with. It holds the address longer than an engine lives, so this stays."""
    import llama_cpp

    return llama_cpp.llama_log_callback(lambda _level, _text, _user: None)


@cache
def _without_matrix_tiles() -> bool:
    """Once for each process, before it loads its first model."""
    return deny_matrix_tiles()


class Engine:
    """One model with one sequence of tokens. Everything decoded is greedy: temperature 0, no penalties.

    Flash attention is off (slower on CPU) and logits are kept for the last token only.
    """

    def __init__(
        self, path: Path, card: ModelCard, threads: int, context: int, flag: AbortFlag, gpu_layers: int = 0
    ) -> None:
        import llama_cpp
        from jinja2 import TemplateError

        _without_matrix_tiles()
        self._library = llama_cpp
        self.threads = threads
        llama_cpp.llama_log_set(_silence(), ctypes.c_void_p(0))
        self.context = min(context, card.context)
        self.on_card = layers_on_cards(gpu_layers, card, path.stat().st_size, self.context)
        """Layers that a graphics card holds."""
        try:
            self._llama = self._loaded(path)
        except TemplateError as error:
            raise ModelError(
                f"The chat format in the drafting model {path.name} cannot be read.",
                "Recording and transcript are not affected.",
                "Choose another drafting model, or another file of this one.",
            ) from error
        except (ValueError, RuntimeError, AssertionError) as error:
            raise ModelError(
                f"The drafting model {path.name} cannot be loaded.",
                "Recording and transcript are not affected.",
                "There may be too little memory, or the file is damaged: run scribe models verify.",
            ) from error
        llama_cpp.llama_log_set(_silence(), ctypes.c_void_p(0))  # llama_cpp sets its own while it loads
        self._vocab = llama_cpp.llama_model_get_vocab(self._llama.model)
        self._vocabulary = int(llama_cpp.llama_vocab_n_tokens(self._vocab))
        self._memory = llama_cpp.llama_get_memory(self._llama.ctx)
        self._batch = SMALL_BATCH if card.parameters >= LARGE else BATCH
        self._flag = flag
        self._kept_alive = flag.install(self._llama.ctx, llama_cpp)
        self._tokens: list[int] = []
        self._evaluated = 0

    def _loaded(self, path: Path) -> Any:
        """The model; without the graphics card where that cannot hold what it seemed to have room for."""
        try:
            return self._library.Llama(
                str(path), n_ctx=self.context, n_batch=BATCH, n_threads=self.threads,
                n_threads_batch=self.threads, n_gpu_layers=self.on_card,
                flash_attn=False, logits_all=False, verbose=False,
            )  # fmt: skip
        except (ValueError, RuntimeError, AssertionError):
            if not self.on_card:
                raise
        self.on_card = 0
        return self._loaded(path)

    def use_threads(self, threads: int) -> None:
        """Work with this many threads from now on: they spin, so too many slow everything down."""
        self._library.llama_set_n_threads(self._llama.ctx, threads, threads)

    @property
    def length(self) -> int:
        """Tokens in the sequence."""
        return len(self._tokens)

    @property
    def special_texts(self) -> tuple[str, str]:
        """Texts of the first and last token of a sequence, for chat templates."""
        model = self._llama
        texts = [self._piece(token, special=True) for token in (model.token_bos(), model.token_eos())]
        return texts[0].decode("utf-8", "replace"), texts[1].decode("utf-8", "replace")

    def tokens(self, text: str, special: bool = False) -> list[int]:
        """Tokens of a text. Spoken and typed text is never `special`: "<|im_end|>" stays text in it."""
        return list(self._llama.tokenize(text.encode("utf-8"), add_bos=False, special=special))

    def with_first_token(self, tokens: list[int]) -> list[int]:
        """Tokens that begin a sequence, behind the model's own first token where it wants one (BOS), once."""
        first = int(self._library.llama_vocab_bos(self._vocab))
        wanted = bool(self._library.llama_vocab_get_add_bos(self._vocab)) and first >= 0
        return [first, *tokens] if wanted and tokens[:1] != [first] else tokens

    def append(self, tokens: Sequence[int]) -> None:
        """Put tokens at the end and evaluate them.

        Raises:
            Cancelled: the flag was set; the sequence is as it was before.
            EngineError: there is no room left, or llama.cpp failed.
        """
        before = len(self._tokens)
        self._tokens.extend(tokens)
        if len(self._tokens) > self.context:
            self.rollback(before)
            raise EngineError(
                "The text is too long for this model.",
                "What was drafted is kept.",
                "Choose a drafting model with a larger context.",
            )
        while self._evaluated < len(self._tokens):
            if self._flag.is_set:
                self.rollback(before)
                raise Cancelled
            part = self._tokens[self._evaluated : self._evaluated + self._batch]
            array = (self._library.llama_token * len(part))(*part)
            code = self._library.llama_decode(
                self._llama.ctx, self._library.llama_batch_get_one(array, len(part))
            )
            if code != 0:
                self._forget(min(self._evaluated, before))  # some of this part may be in the cache
                del self._tokens[before:]
                if code == _ABORTED:
                    raise Cancelled
                raise EngineError(
                    "The drafting model has no room left."
                    if code == _NO_ROOM
                    else "The drafting model failed.",
                    "What was drafted is kept.",
                    "Draft again, or choose another model.",
                )
            self._evaluated += len(part)

    def rollback(self, length: int) -> None:
        """Forget all tokens after the first `length`. Recurrent models evaluate the rest anew when needed."""
        del self._tokens[length:]
        if self._evaluated > length:
            self._forget(length)

    def _forget(self, length: int) -> None:
        if self._library.llama_memory_seq_rm(self._memory, 0, length, -1):
            self._evaluated = length
        else:
            self._library.llama_memory_clear(self._memory, True)
            self._evaluated = 0

    def logits(self) -> NDArray[np.float32]:
        """Logits for the next token, shape (vocabulary,), valid until the next append."""
        pointer = self._library.llama_get_logits_ith(self._llama.ctx, -1)
        array: NDArray[np.float32] = np.ctypeslib.as_array(pointer, shape=(self._vocabulary,))
        return array

    def best(self) -> int:
        """The likeliest next token."""
        return int(self.logits().argmax())

    def likeliest(self, count: int) -> list[int]:
        """The likeliest next tokens, best first."""
        logits = self.logits()
        top = np.argpartition(logits, -count)[-count:]
        return [int(token) for token in top[np.argsort(-logits[top])]]

    def written(self, most: int, choose: Callable[[Engine], int] | None = None) -> Iterator[bytes]:
        """The bytes of each token that the model writes, until it ends its turn or there are `most`.

        A token is in the sequence once the next one is asked for: whoever stops leaves it out. `choose` takes
        another than the likeliest. Whether the model has ended shows `has_ended`.
        """
        for _ in range(most):
            token = choose(self) if choose else self.best()
            if self.ends(token):
                return
            yield self.piece(token)
            self.append([token])

    @property
    def has_ended(self) -> bool:
        """Whether the model would end its turn here."""
        return self.ends(self.best())

    def text(self) -> str:
        """The text of the sequence, control tokens included: what the model has read."""
        return b"".join(self._piece(token, special=True) for token in self._tokens).decode("utf-8", "replace")

    def ends(self, token: int) -> bool:
        """Whether this token ends the model's turn."""
        return bool(self._library.llama_vocab_is_eog(self._vocab, token))

    def is_control(self, token: int) -> bool:
        """Whether a token only steers (turns, thinking, tools) and is no text."""
        return bool(self._library.llama_vocab_is_control(self._vocab, token))

    def piece(self, token: int) -> bytes:
        """The bytes that a token adds to the text; control tokens add none."""
        return self._piece(token, special=False)

    def close(self) -> None:
        """Give the memory back."""
        self._llama.close()

    def _piece(self, token: int, special: bool) -> bytes:
        if token < 0:
            return b""
        buffer = ctypes.create_string_buffer(128)
        size = self._library.llama_token_to_piece(self._vocab, token, buffer, len(buffer), 0, special)
        return buffer.raw[: max(0, size)]

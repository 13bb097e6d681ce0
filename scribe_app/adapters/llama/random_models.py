"""Language models of the usual sizes with random weights: what they cost here, before any is fetched.

Speed, memory and how soon work can be stopped depend on a model's shape, not on what it has learnt. Shapes
are those of Qwen3 (their config.json); formats of the weights those of Q4_K_M: blocks of 256 weights in Q4_K,
and in Q6_K for embeddings, output, values and every other projection down. What it writes means nothing.
Layout of the file: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import BinaryIO

import numpy as np

from scribe_app.ports import DraftingSize

_ALIGNMENT = 32
_F32, _Q4_K, _Q6_K = 0, 12, 14
_BLOCK = 256
_BYTES = {_Q4_K: 144, _Q6_K: 210}
"""Of one block of 256 weights; two of them are its scale, in half precision."""
_SCALES = {_Q4_K: slice(0, 4), _Q6_K: slice(208, 210)}
_SCALE = np.float16(0.0002)
_POOL = 4096
"""Random blocks, written over and over: drawing billions of numbers would take longer than measuring."""
_TEXT, _UINT, _FLOAT, _BOOL = 8, 4, 6, 7
_NORMAL, _CONTROL, _UNUSED = 1, 3, 5
_SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a model's speed depends on."""

    layers: int
    width: int
    inner: int
    heads: int
    kv_heads: int = 8
    head: int = 128
    vocabulary: int = 151_936
    shared: bool = True
    """Whether embeddings and output are the same weights."""
    context: int = 40_960


SHAPES = {
    DraftingSize.B1_7: Shape(28, 2048, 6144, 16),
    DraftingSize.B4: Shape(36, 2560, 9728, 32, context=262_144),
    DraftingSize.B8: Shape(36, 4096, 12_288, 32, shared=False),
    DraftingSize.B14: Shape(40, 5120, 17_408, 40, shared=False),
}


def file_bytes(shape: Shape) -> int:
    """Size of the weights in the file."""
    return sum(_size(kind, sizes) for _, kind, sizes in tensors(shape))


def memory_bytes(shape: Shape, context: int) -> int:
    """What it takes on a CPU: the file's pages, its Q4_K weights laid out anew, and the cache in F16."""
    anew = sum(_size(kind, sizes) for _, kind, sizes in tensors(shape) if kind == _Q4_K)
    cache = shape.layers * 2 * shape.kv_heads * shape.head * 2 * context
    return file_bytes(shape) + anew + cache


def parameters(shape: Shape) -> int:
    """How many weights there are."""
    return sum(prod(sizes) for _, _, sizes in tensors(shape))


def make(
    shape: Shape, path: Path, seed: int = 1, chat_template: str = CHAT_TEMPLATE, context: int = 0
) -> None:
    """Write a GGUF file that llama.cpp loads. Needs its size on disk and little memory.

    `chat_template` and `context` (0: the shape's own) are what it says of itself.
    """
    listed = list(tensors(shape))
    metadata = list(_metadata(shape, chat_template, context or shape.context))
    with path.open("wb") as file:
        file.write(b"GGUF" + struct.pack("<IQQ", 3, len(listed), len(metadata)))
        for key, value in metadata:
            file.write(_text(key) + value)
        at = 0
        for name, kind, sizes in listed:
            dimensions = struct.pack(f"<I{len(sizes)}Q", len(sizes), *sizes)
            file.write(_text(name) + dimensions + struct.pack("<IQ", kind, at))
            at += _padded(_size(kind, sizes))
        file.write(b"\0" * (_padded(file.tell()) - file.tell()))
        pools = {kind: _blocks(kind, seed) for kind in _BYTES}
        for _, kind, sizes in listed:
            size = _size(kind, sizes)
            if kind == _F32:
                file.write(np.ones(prod(sizes), np.float32).tobytes())
            else:
                _write_over_and_over(file, pools[kind], size)
            file.write(b"\0" * (_padded(size) - size))


def tensors(shape: Shape) -> Iterator[tuple[str, int, tuple[int, ...]]]:
    """Name, kind and sizes of each, in the order in which llama.cpp names them."""
    width, queries, values = shape.width, shape.heads * shape.head, shape.kv_heads * shape.head
    yield "token_embd.weight", _Q6_K, (width, shape.vocabulary)
    yield "output_norm.weight", _F32, (width,)
    if not shape.shared:
        yield "output.weight", _Q6_K, (width, shape.vocabulary)
    for number in range(shape.layers):
        finer = _Q6_K if number % 2 else _Q4_K
        for name, kind, sizes in (
            ("attn_norm", _F32, (width,)),
            ("attn_q", _Q4_K, (width, queries)),
            ("attn_k", _Q4_K, (width, values)),
            ("attn_v", finer, (width, values)),
            ("attn_output", _Q4_K, (queries, width)),
            ("attn_q_norm", _F32, (shape.head,)),
            ("attn_k_norm", _F32, (shape.head,)),
            ("ffn_norm", _F32, (width,)),
            ("ffn_gate", _Q4_K, (width, shape.inner)),
            ("ffn_up", _Q4_K, (width, shape.inner)),
            ("ffn_down", finer, (shape.inner, width)),
        ):
            yield f"blk.{number}.{name}.weight", kind, sizes


def _metadata(shape: Shape, chat_template: str, context: int) -> Iterator[tuple[str, bytes]]:
    yield "general.architecture", _typed(_TEXT, "qwen3")
    yield "general.name", _typed(_TEXT, "random weights")
    numbers = {
        "context_length": context,
        "embedding_length": shape.width,
        "block_count": shape.layers,
        "feed_forward_length": shape.inner,
        "attention.head_count": shape.heads,
        "attention.head_count_kv": shape.kv_heads,
        "attention.key_length": shape.head,
        "attention.value_length": shape.head,
    }
    for key, number in numbers.items():
        yield f"qwen3.{key}", _typed(_UINT, number)
    yield "qwen3.rope.freq_base", _typed(_FLOAT, 1_000_000.0)
    yield "qwen3.attention.layer_norm_rms_epsilon", _typed(_FLOAT, 1e-6)
    letters = _byte_letters()
    rest = shape.vocabulary - len(letters) - len(_SPECIAL)
    words = [*letters, *_SPECIAL, *(f"<unused{number}>" for number in range(rest))]
    kinds = [_NORMAL] * len(letters) + [_CONTROL] * len(_SPECIAL) + [_UNUSED] * rest
    yield "tokenizer.ggml.model", _typed(_TEXT, "gpt2")
    yield "tokenizer.ggml.pre", _typed(_TEXT, "qwen2")
    yield "tokenizer.ggml.tokens", _texts(words)
    yield "tokenizer.ggml.token_type", struct.pack(f"<IIQ{len(kinds)}i", 9, 5, len(kinds), *kinds)
    yield "tokenizer.ggml.merges", _texts([f"{letters[0]} {letters[1]}"])
    yield "tokenizer.ggml.eos_token_id", _typed(_UINT, len(letters) + _SPECIAL.index("<|im_end|>"))
    yield "tokenizer.ggml.padding_token_id", _typed(_UINT, len(letters))
    yield "tokenizer.ggml.add_bos_token", _typed(_BOOL, False)
    if chat_template:
        yield "tokenizer.chat_template", _typed(_TEXT, chat_template)


def _byte_letters() -> list[str]:
    """How byte-level vocabularies write the 256 bytes: signs that can be seen as themselves."""
    seen = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in seen]
    letters = {byte: chr(byte) for byte in seen}
    letters |= {byte: chr(256 + number) for number, byte in enumerate(hidden)}
    return [letters[byte] for byte in range(256)]


def _blocks(kind: int, seed: int) -> bytes:
    """Random blocks with a small scale, so that no number grows out of range on its way through."""
    drawn = np.random.default_rng(seed).integers(0, 256, (_POOL, _BYTES[kind]), np.uint8)
    place = _SCALES[kind]
    count = (place.stop - place.start) // 2
    drawn[:, place] = np.frombuffer(np.full(count, _SCALE).tobytes(), np.uint8)
    return drawn.tobytes()


def _write_over_and_over(file: BinaryIO, pool: bytes, size: int) -> None:
    whole, rest = divmod(size, len(pool))
    for _ in range(whole):
        file.write(pool)
    file.write(pool[:rest])


def _size(kind: int, sizes: Sequence[int]) -> int:
    return 4 * prod(sizes) if kind == _F32 else prod(sizes) // _BLOCK * _BYTES[kind]


def _padded(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def _texts(texts: Sequence[str]) -> bytes:
    return struct.pack("<IIQ", 9, _TEXT, len(texts)) + b"".join(map(_text, texts))


def _typed(kind: int, value: str | float) -> bytes:
    if isinstance(value, str):
        return struct.pack("<I", kind) + _text(value)
    layout = {_UINT: "<II", _FLOAT: "<If", _BOOL: "<I?"}[kind]
    return struct.pack(layout, kind, value)

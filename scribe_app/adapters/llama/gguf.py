"""What a GGUF file says about itself, read without loading it: a bad file crashes llama.cpp, not us.

Layout: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (versions 2 and 3, little endian).
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from scribe_app.errors import ModelError
from scribe_app.language import later

_MAGIC = b"GGUF"
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_MOST_ENTRIES = 1_000_000
_KEPT_ARRAY = 256
"""Vocabularies are skipped; lists per layer are kept."""

_RECURRENT = frozenset({
    "mamba", "mamba2", "rwkv6", "rwkv6qwen2", "rwkv7", "arwkv7", "jamba", "falcon-h1", "plamo2", "plamo3",
    "granitehybrid", "lfm2", "lfm2moe", "lfm3", "nemotron_h", "nemotron_h_moe", "qwen3next", "qwen35",
    "qwen35moe", "kimi-linear",
})  # fmt: skip
"""Architectures with a recurrent state (llama.cpp: llm_arch_is_recurrent, llm_arch_is_hybrid)."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What decides how a model is used."""

    architecture: str
    name: str
    parameters: int
    context: int
    """Tokens it was trained for."""
    recurrent: bool
    """Whether its state cannot be rolled back (recurrent and hybrid models): append only."""
    chat_template: str = field(default="", repr=False)
    layers: int = 0
    """Blocks; 0 where the file does not say."""
    cache_bytes: int = 0
    """What one token takes in the cache of all layers, in F16; 0 where the file does not say."""


def read_card(path: Path) -> ModelCard:
    """Read the header and check that the file holds every tensor that it lists.

    Raises:
        ModelError: there is no such file, it is no GGUF file, or it is cut short.
    """
    try:
        with path.open("rb") as file:
            metadata, shapes, furthest = _read_header(file)
            data_start = file.tell()
            size = path.stat().st_size
    except FileNotFoundError as error:
        raise _bad(path, later("is not there")) from error
    except OSError as error:
        raise _bad(path, later("cannot be read")) from error
    except (struct.error, ValueError, UnicodeDecodeError, OverflowError) as error:
        raise _bad(path, later("is not a whole GGUF file")) from error
    if size <= data_start + furthest:
        raise _bad(path, later("is cut short"))
    return _card(path, metadata, shapes)


def _bad(path: Path, why: str) -> ModelError:
    return ModelError(
        f"The drafting model {path.name} {why}.",
        "Recording and transcript are not affected.",
        "Run scribe models verify, or choose another drafting model.",
    )


def _card(path: Path, metadata: dict[str, Any], shapes: list[tuple[int, ...]]) -> ModelCard:
    architecture = str(metadata.get("general.architecture", ""))
    if not architecture or not shapes:
        raise _bad(path, later("is not a language model"))
    return ModelCard(
        architecture=architecture,
        name=str(metadata.get("general.name", path.stem)),
        parameters=sum(math.prod(shape) for shape in shapes),
        context=int(metadata.get(f"{architecture}.context_length", 2048)),
        recurrent=architecture in _RECURRENT
        or any(key.startswith((f"{architecture}.ssm.", f"{architecture}.wkv.")) for key in metadata)
        or f"{architecture}.shortconv.l_cache" in metadata,
        chat_template=str(metadata.get("tokenizer.chat_template", "")),
        layers=_count(metadata.get(f"{architecture}.block_count")),
        cache_bytes=_cache_bytes(architecture, metadata),
    )


def _cache_bytes(architecture: str, metadata: dict[str, Any]) -> int:
    """Keys and values of one token in every layer, two bytes each; lists have one number for each layer."""

    def number(key: str) -> int:
        value = metadata.get(f"{architecture}.{key}")
        return max(map(_count, value), default=0) if isinstance(value, list) else _count(value)

    heads = number("attention.head_count")
    wide = number("embedding_length") // heads if heads else 0
    keys = number("attention.key_length") or wide
    values = number("attention.value_length") or wide
    return 2 * number("block_count") * (number("attention.head_count_kv") or heads) * (keys + values)


def _count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _read_header(file: BinaryIO) -> tuple[dict[str, Any], list[tuple[int, ...]], int]:
    """Metadata, tensor shapes, and the offset (bytes into the tensor data) where the last tensor starts."""
    if file.read(4) != _MAGIC:
        raise ValueError("magic")
    version, tensors, entries = _unpack(file, "IQQ")
    if version not in (2, 3) or tensors > _MOST_ENTRIES or entries > _MOST_ENTRIES:
        raise ValueError("version or counts")
    metadata: dict[str, Any] = {}
    for _ in range(entries):
        key = _string(file)
        metadata[key] = _value(file, _unpack(file, "I")[0])
    shapes, furthest = [], 0
    for _ in range(tensors):
        _string(file)
        dimensions = _unpack(file, "I")[0]
        if dimensions > 8:
            raise ValueError("dimensions")
        shapes.append(tuple(_unpack(file, "Q" * dimensions)))
        _kind, offset = _unpack(file, "IQ")
        furthest = max(furthest, offset)
    return metadata, shapes, furthest


def _value(file: BinaryIO, kind: int) -> Any:
    if kind == _STRING:
        return _string(file)
    if kind != _ARRAY:
        return _unpack(file, _SCALARS[kind] if kind in _SCALARS else _refuse(kind))[0]
    inner, count = _unpack(file, "IQ")
    if inner in _SCALARS and count > _KEPT_ARRAY:
        file.seek(struct.calcsize("<" + _SCALARS[inner]) * count, 1)
        return None
    if count > 10 * _MOST_ENTRIES:
        raise ValueError("array")
    values = [_value(file, inner) for _ in range(count)]
    return values if count <= _KEPT_ARRAY else None


def _refuse(kind: int) -> str:
    raise ValueError(f"value kind {kind}")


def _string(file: BinaryIO) -> str:
    (length,) = _unpack(file, "Q")
    if length > 16 * _MOST_ENTRIES:
        raise ValueError("string length")
    raw = file.read(length)
    if len(raw) != length:
        raise ValueError("end of file")
    return raw.decode("utf-8", errors="replace")


def _unpack(file: BinaryIO, layout: str) -> tuple[Any, ...]:
    return struct.unpack("<" + layout, file.read(struct.calcsize("<" + layout)))

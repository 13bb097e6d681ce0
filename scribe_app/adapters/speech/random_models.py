"""Whisper models of the usual sizes with random weights: what they cost here, before anyone copies gigabytes.

Speed and memory depend on a model's shape, not on what it has learnt, with one exception: how much it
writes. So the weights are random but for one thing: each position points to the token that comes next, and
after 84 of them to the end, as 28 s of brisk talk have. Every layer is computed all the same. CTranslate2's
own specification writes the files; shapes and vocabularies are those of OpenAI's models.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from ctranslate2.specs import WhisperSpec
from ctranslate2.specs.model_spec import Variable

from scribe_app.adapters.speech import library
from scribe_app.adapters.speech.model_shapes import ORDINARY_TOKENS, TIMES, Shape

TEXT_TOKENS = 84
"""In 28 s: 150 words a minute, 1.2 tokens a word."""
FIRST_PLACE = 3
"""Of the token that follows start, language, task and "no timestamps"."""
CONTEXT, AUDIO_PLACES = 448, 1_500
ENCODED_LETTER_SPACE = "Ġ"
"""How byte-level vocabularies write a space."""
WEIGHT_SPREAD, EMBEDDING_SPREAD, NEXT_WORTH = 0.002, 0.5, 4.0
"""Standard deviations of weights and embeddings, and how much louder "next token" is than "this token"."""
INT8_SPREAD = 73.3
"""Standard deviation of even random numbers from -127 to 127."""


def make(shape: Shape, folder: Path, seed: int = 1) -> None:
    """Write a model folder that faster-whisper loads, int8. Needs its size on disk and little memory."""
    tokens = vocabulary(shape)
    _Weights(shape, seed).spec(tokens).save(str(folder))
    _write_tokenizer(tokens, folder / "tokenizer.json")
    features = {"feature_size": shape.mels, "sampling_rate": 16_000, "hop_length": 160, "n_fft": 400,
                "chunk_length": 30}  # fmt: skip
    (folder / "preprocessor_config.json").write_text(json.dumps(features), encoding="utf-8")


def vocabulary(shape: Shape) -> list[str]:
    """Bytes, then made-up words, then Whisper's special tokens in their places."""
    library.faster_whisper()
    from faster_whisper.tokenizer import _LANGUAGE_CODES as CODES

    words = (ENCODED_LETTER_SPACE + word for word in _syllables())
    ordinary = [*_byte_letters(), *words][: ORDINARY_TOKENS - 1]
    ordinary.append("")  # by this one CTranslate2 knows a model of many languages
    tasks = ("translate", "transcribe", "startoflm", "startofprev", "nospeech", "notimestamps")
    times = (f"{number * 0.02:.2f}" for number in range(TIMES))
    special = ("endoftext", "startoftranscript", *CODES[: shape.languages], *tasks, *times)
    return ordinary + [f"<|{name}|>" for name in special]


def _byte_letters() -> list[str]:
    from tokenizers.pre_tokenizers import ByteLevel

    return sorted(ByteLevel.alphabet())


def _syllables() -> Iterator[str]:
    """Made-up words of four letters, as long as Whisper's English tokens are on average."""
    for number in range(ORDINARY_TOKENS):
        rest, letters = number, ""
        for signs in ("bdfghjklmnprstvwz", "aeiou", "bdfghjklmnprstvwz", "aeiouy"):
            rest, place = divmod(rest, len(signs))
            letters += signs[place]
        yield letters + ("" if not rest else "bdfghjklmn"[rest % 10])


def _write_tokenizer(tokens: list[str], file: Path) -> None:
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    ordinary = {token: number for number, token in enumerate(tokens[:ORDINARY_TOKENS])}
    tokenizer = Tokenizer(models.BPE(ordinary, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token) for token in tokens[ORDINARY_TOKENS:]])
    tokenizer.save(str(file))


class _Random(Variable):  # type: ignore[misc]  # the library carries no types
    """Random int8 weights, made only while they are written: a big model needs little memory."""

    def __init__(self, shape: tuple[int, ...], seed: int) -> None:
        self._shape, self._seed = shape, seed

    @property
    def shape(self) -> tuple[int, ...]:
        return self._shape

    @property
    def dtype(self) -> str:
        return "int8"

    def numpy(self) -> npt.NDArray[np.int8]:
        return np.random.default_rng(self._seed).integers(-127, 128, self._shape, np.int8)

    def num_bytes(self) -> int:
        return int(np.prod(self._shape))

    def to_bytes(self) -> bytes:
        return self.numpy().tobytes()

    def _to(self, dtype: str) -> Variable:
        raise NotImplementedError("weights are written as int8")

    def _equal(self, other: Variable) -> bool:
        return self is other


class _Weights:
    """Fills CTranslate2's specification of Whisper."""

    def __init__(self, shape: Shape, seed: int) -> None:
        self._shape, self._seed = shape, seed
        self._chance = np.random.default_rng(seed)

    def spec(self, tokens: list[str]) -> Any:
        """The specification, whole and checked."""
        shape = self._shape
        spec = WhisperSpec(shape.encoder_layers, shape.heads, shape.decoder_layers, shape.heads)
        self._encoder(spec.encoder)
        self._decoder(spec.decoder, tokens)
        spec.config.suppress_ids = []
        spec.config.suppress_ids_begin = [220, tokens.index("<|endoftext|>")]
        first = tokens.index("<|startoftranscript|>") + 1
        spec.config.lang_ids = list(range(first, first + shape.languages))
        spec.config.alignment_heads = [list(head) for head in shape.alignment_heads]
        spec.register_vocabulary(tokens)
        spec.validate()
        spec.decoder.projection.weight = "decoder/embeddings/weight"  # shared, scale and all
        return spec

    def _encoder(self, encoder: Any) -> None:
        width = self._shape.width
        for conv, inputs in ((encoder.conv1, self._shape.mels), (encoder.conv2, width)):
            conv.weight = self._floats((width, inputs, 3), 0.02)
            conv.bias = np.zeros(width, np.float32)
        encoder.position_encodings.encodings = self._floats((AUDIO_PLACES, width), 0.1)
        self._norm(encoder.layer_norm)
        for layer in encoder.layer:
            self._attention(layer.self_attention, (3, 1))
            self._feed_forward(layer.ffn)

    def _decoder(self, decoder: Any, tokens: list[str]) -> None:
        width, count = self._shape.width, self._shape.tokens
        embeddings = self._weight((count, width))
        scale = np.full(count, INT8_SPREAD / EMBEDDING_SPREAD, np.float32)
        decoder.embeddings.weight = decoder.projection.weight = embeddings
        decoder.embeddings.weight_scale = scale
        decoder.position_encodings.encodings = self._places(embeddings.numpy(), tokens)
        self._norm(decoder.layer_norm)
        for layer in decoder.layer:
            self._attention(layer.self_attention, (3, 1))
            self._attention(layer.attention, (1, 2, 1))
            self._feed_forward(layer.ffn)

    def _places(self, embeddings: npt.NDArray[np.int8], tokens: list[str]) -> npt.NDArray[np.float32]:
        """For each place the embedding of the token that comes next there."""
        said = self._chance.integers(1_000, 50_000, TEXT_TOKENS)
        following = np.full(CONTEXT, tokens.index("<|endoftext|>"))
        following[FIRST_PLACE : FIRST_PLACE + TEXT_TOKENS] = said
        loudness = NEXT_WORTH * EMBEDDING_SPREAD / INT8_SPREAD
        return np.asarray(embeddings[following] * loudness, np.float32)

    def _attention(self, attention: Any, parts: tuple[int, ...]) -> None:
        """`parts`: of how many widths each of its layers makes."""
        width = self._shape.width
        self._norm(attention.layer_norm)
        for linear, count in zip(attention.linear, parts, strict=True):
            self._linear(linear, count * width, width)

    def _feed_forward(self, ffn: Any) -> None:
        width = self._shape.width
        self._norm(ffn.layer_norm)
        self._linear(ffn.linear_0, 4 * width, width)
        self._linear(ffn.linear_1, width, 4 * width)

    def _linear(self, linear: Any, outputs: int, inputs: int) -> None:
        linear.weight = self._weight((outputs, inputs))
        linear.weight_scale = np.full(outputs, INT8_SPREAD / WEIGHT_SPREAD, np.float32)
        linear.bias = np.zeros(outputs, np.float32)

    def _norm(self, norm: Any) -> None:
        norm.gamma = np.ones(self._shape.width, np.float32)
        norm.beta = np.zeros(self._shape.width, np.float32)

    def _weight(self, shape: tuple[int, int]) -> _Random:
        self._seed += 1
        return _Random(shape, self._seed)

    def _floats(self, shape: tuple[int, ...], spread: float) -> npt.NDArray[np.float32]:
        return self._chance.normal(0, spread, shape).astype(np.float32)

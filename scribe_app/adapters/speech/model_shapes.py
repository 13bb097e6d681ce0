"""The shapes of Whisper models that practices use."""

from __future__ import annotations

from dataclasses import dataclass

from scribe_app.ports import ModelSize

ORDINARY_TOKENS, TIMES = 50_257, 1_501
"""In the vocabulary of every model of many languages: text, and times from 0 to 30 s in steps of 20 ms."""


@dataclass(frozen=True, slots=True)
class Shape:
    """As OpenAI published it."""

    width: int
    heads: int
    encoder_layers: int
    decoder_layers: int
    mels: int
    languages: int
    alignment_heads: tuple[tuple[int, int], ...]

    @property
    def tokens(self) -> int:
        """Of the whole vocabulary."""
        return ORDINARY_TOKENS + 2 + self.languages + 6 + TIMES


SHAPES = {
    ModelSize.SMALL: Shape(
        768, 12, 12, 12, 80, 99,
        ((5, 3), (5, 9), (8, 0), (8, 4), (8, 7), (8, 8), (9, 0), (9, 7), (9, 9), (10, 5)),
    ),
    ModelSize.TURBO: Shape(
        1280, 20, 32, 4, 128, 100, ((2, 4), (2, 11), (3, 3), (3, 6), (3, 11), (3, 14))
    ),
}  # fmt: skip

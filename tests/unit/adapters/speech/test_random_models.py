"""Models with random weights: real shapes, loaded by faster-whisper, and a text of a known length."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scribe_app.adapters.speech.decoder import Decoder
from scribe_app.adapters.speech.doubts import doubts
from scribe_app.adapters.speech.model_shapes import SHAPES, Shape
from scribe_app.adapters.speech.random_models import TEXT_TOKENS, make, vocabulary
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.ports import ModelSize

TINY = Shape(64, 2, 1, 1, 80, 99, ((0, 0),))
LANGUAGES = {ModelSize.SMALL: 99, ModelSize.TURBO: 100}


def parameters(shape: Shape) -> int:
    """Weights of a Whisper of this shape (Radford et al., arXiv 2212.04356), biases and norms left out."""
    encoder = shape.encoder_layers * 12 * shape.width**2 + 3 * shape.width * (shape.mels + shape.width)
    decoder = shape.decoder_layers * 16 * shape.width**2 + (shape.tokens + 448) * shape.width
    return encoder + decoder


@pytest.mark.parametrize(
    ("size", "millions", "tokens"), [(ModelSize.SMALL, 244, 51_865), (ModelSize.TURBO, 809, 51_866)]
)
def test_the_shapes_are_those_that_openai_published(size: ModelSize, millions: int, tokens: int) -> None:
    shape = SHAPES[size]
    assert parameters(shape) / 1e6 == pytest.approx(millions, rel=0.02)
    assert shape.tokens == tokens
    assert shape.width // shape.heads == 64
    words = vocabulary(shape)
    assert len(set(words)) == tokens
    assert words[50_257:50_259] == ["<|endoftext|>", "<|startoftranscript|>"]
    assert words[-1] == "<|30.00|>"


def test_the_real_decoder_loads_it_and_hears_as_many_words_as_brisk_talk_has(tmp_path: Path) -> None:
    make(TINY, tmp_path)
    decoder = Decoder(tmp_path, "nl", 1)
    sound = np.random.default_rng(1).normal(0, 0.05, 28 * SAMPLE_RATE).astype(np.float32)
    for beam in (5, 1):
        heard = decoder.hear(sound, beam)
        assert len(heard.words) == TEXT_TOKENS
        assert doubts(heard.decoded, 24.0) == (), "nothing is retried, which would count twice"
    assert decoder.counted.encodings == 2
    size = (tmp_path / "model.bin").stat().st_size
    assert parameters(TINY) < size < 1.15 * parameters(TINY) + 4 * 1_500 * 64, "one byte a weight"

"""The loaded model asked once more, yes or no, whether the cited lines say a claim."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scribe_app.adapters.llama.engine import Engine


def agreement(engine: Engine, yes: Sequence[str], no: Sequence[str]) -> float:
    """The share of yes among yes and no at the next token, from 0 to 1; 0.5 where the model has no opinion.

    Args:
        engine: has read the question, up to where its reply begins.
        yes: words for yes; each is looked at as it stands and behind a space.
        no: words for no, likewise.
    """
    logits = engine.logits()
    both = [_first_tokens(engine, words) for words in (yes, no)]
    weights = [max(float(logits[token]) for token in tokens) for tokens in both]
    return 1 / (1 + math.exp(max(-60.0, min(60.0, weights[1] - weights[0]))))


def _first_tokens(engine: Engine, words: Sequence[str]) -> set[int]:
    """First tokens of each word, as a line may begin with it."""
    forms = [form for word in words for form in (word, word.capitalize(), word.upper())]
    return {engine.tokens(space + form)[0] for form in forms for space in ("", " ")}

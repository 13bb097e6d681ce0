"""From a window's text to utterances: which words were said between which pauses.

The voice detector knows when the pauses were, to 32 ms; the recogniser knows the words, and where they lie
only roughly (attention heads of small models err by seconds; measured). So the words are laid over the
stretches between pauses by three kinds of evidence together, as sentence alignment in translation does
(Gale and Church 1993): characters are spoken at an even rate, pauses come at ends of sentences, and the
attention's times where there are any. Each word goes to exactly one stretch: none is lost or said twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

PAUSE_AT_SENTENCE_END = 0.28
"""Seconds of silence that part two utterances where a sentence ends; the shortest turn change in the sample
consultation is 0.29 s as the detector hears it, the usual one in dialogue 0.2 s (Stivers et al. 2009)."""
PAUSE_ANYWHERE = 1.2
"""Seconds of silence that part two utterances even within a sentence."""
PAUSE_HEARD = 0.19
"""Seconds; shorter silences are no evidence about words."""

_RATE_SPREAD = 0.22
"""Standard deviation of characters per second between stretches, as a share of the mean."""
_LEAST_SPREAD = 5.0
"""Characters; short stretches vary by a word."""
_INSIDE_SENTENCE, _AFTER_COMMA, _BEFORE_CAPITAL = 4.0, 1.5, 0.7
"""Cost of a pause that is not at the end of a sentence; a capital may begin one whose end was misheard."""
_PER_SECOND_OFF, _MOST_OFF = 1.0, 2.5
"""Cost of a word boundary away from where the attention has it, and the most that may cost."""


@dataclass(frozen=True, slots=True)
class HeardWord:
    """One word as decoded; `end` in seconds of the window's audio, None where the model gave no time."""

    text: str
    probability: float
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Speech between two pauses. Seconds of the recording, and where it ends in the window's audio."""

    start: float
    end: float
    window_end: float

    @property
    def seconds(self) -> float:
        """Length."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of one utterance with the times (seconds of the recording) of the speech that holds them."""

    words: tuple[HeardWord, ...]
    start: float
    end: float


def split(words: Sequence[HeardWord], stretches: Sequence[Stretch]) -> list[Passage]:
    """Passages in order; their words together are exactly `words`."""
    if not words or not stretches:
        return []
    stretches = _joined(stretches)
    bounds = [0, *_boundaries(words, stretches), len(words)]
    passages: list[Passage] = []
    for number, stretch in enumerate(stretches):
        said = tuple(words[bounds[number] : bounds[number + 1]])
        if not said:
            continue
        last = passages[-1] if passages else None
        if last is None or _parts(last, stretch, said):
            passages.append(Passage(said, stretch.start, stretch.end))
        else:
            passages[-1] = Passage(last.words + said, last.start, stretch.end)
    return passages


def ends_sentence(word: str) -> bool:
    """Whether a written word closes a sentence."""
    return word.rstrip("\"'”’)»").endswith((".", "?", "!", "…"))


def begins_sentence(word: str) -> bool:
    """Whether a written word looks like the first of a sentence: a capital, but not the pronoun I."""
    bare = word.lstrip("\"'“‘(«")
    return bare[:1].isupper() and bare.split("'")[0].rstrip(".,?!") != "I"


def _parts(before: Passage, stretch: Stretch, said: Sequence[HeardWord]) -> bool:
    between_sentences = ends_sentence(before.words[-1].text) or begins_sentence(said[0].text)
    needed = PAUSE_AT_SENTENCE_END if between_sentences else PAUSE_ANYWHERE
    return stretch.start - before.end >= needed


def _joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Stretches parted by hardly any silence, as one."""
    joined = [stretches[0]]
    for stretch in stretches[1:]:
        if stretch.start - joined[-1].end < PAUSE_HEARD:
            joined[-1] = Stretch(joined[-1].start, stretch.end, stretch.window_end)
        else:
            joined.append(stretch)
    return joined


def _boundaries(words: Sequence[HeardWord], stretches: Sequence[Stretch]) -> list[int]:
    """How many words were said by the end of each stretch but the last: the cheapest way.

    Dynamic programming, O(stretches x words^2), both small: a window has at most some 20 and 150.
    """
    characters = [0, *accumulate(len(word.text) + 1 for word in words)]
    rate = characters[-1] / max(sum(stretch.seconds for stretch in stretches), 0.1)
    count = len(words)
    costs = [0.0] + [float("inf")] * count
    ways: list[list[int]] = []
    for number, stretch in enumerate(stretches):
        is_last = number + 1 == len(stretches)
        pause = [0.0 if is_last else _pause_cost(words, bound, stretch) for bound in range(count + 1)]
        best, way = [float("inf")] * (count + 1), [0] * (count + 1)
        for bound in range(count + 1):
            for before in range(bound + 1):
                cost = costs[before] + _rate_cost(characters[bound] - characters[before], stretch, rate)
                if cost < best[bound]:
                    best[bound], way[bound] = cost, before
            best[bound] += pause[bound]
        costs = best
        ways.append(way)
    bounds = [count]
    for way in reversed(ways):
        bounds.append(way[bounds[-1]])
    return bounds[-2:0:-1]


def _rate_cost(characters: int, stretch: Stretch, rate: float) -> float:
    expected = rate * stretch.seconds
    spread = _RATE_SPREAD * expected + _LEAST_SPREAD
    return ((characters - expected) / spread) ** 2


def _pause_cost(words: Sequence[HeardWord], bound: int, stretch: Stretch) -> float:
    """Cost of this pause after the first `bound` words."""
    if bound == 0:
        return _INSIDE_SENTENCE
    word = words[bound - 1]
    cost = _INSIDE_SENTENCE
    if ends_sentence(word.text):
        cost = 0.0
    elif bound < len(words) and begins_sentence(words[bound].text):
        cost = _BEFORE_CAPITAL
    elif word.text.endswith((",", ";", ":")):
        cost = _AFTER_COMMA
    if word.end is not None:
        cost += min(abs(word.end - stretch.window_end) * _PER_SECOND_OFF, _MOST_OFF)
    return cost

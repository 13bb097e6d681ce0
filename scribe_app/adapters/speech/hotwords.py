"""Names given to the recogniser for one window, and only there where its first pass nearly heard one.

Hotwords on every window win names and lose words: OpenBench, recall 0.53 to 0.77, word error rate 15.4 to
21.2 %; they are spoken into silence (faster-whisper #1356). Prompting only with terms spotted in this window
avoids it (KG-Whisper, CB-Whisper, arXiv 2406.02649). What comes of it is used only where accept() finds that
it explains the audio at least as well and changes nothing but the names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from scribe_app.adapters.speech.decoder import Hearing
from scribe_app.adapters.speech.splitting import HeardWord
from scribe_app.domain.vocabulary import NearMatch, Vocabulary

MOST_TOKENS = 40
"""Of hotwords in a window: names spotted in half a minute are few, and each takes room from the answer."""
BETTER_WITH_TERM = "better_with_term"
"""Reason under which the first pass is kept when the second one replaced it."""

CountTokens = Callable[[str], int]
ListenAgain = Callable[[str, int], Hearing]
"""(hotwords, beam) → the same audio once more; its encoding is still there, so only decoding is paid."""


def hotwords(matches: Sequence[NearMatch], count_tokens: CountTokens) -> str:
    """The nearest terms as one prompt within the budget; empty when none fits."""
    chosen: list[str] = []
    for term in dict.fromkeys(match.term for match in matches):
        if count_tokens(" " + ", ".join([*chosen, term])) <= MOST_TOKENS:
            chosen.append(term)
    return ", ".join(chosen)


def listen_again(
    first: Hearing, vocabulary: Vocabulary, count_tokens: CountTokens, again: ListenAgain, beam: int
) -> Hearing | None:
    """A second pass with the names that the first nearly heard; None where there is none or no better one."""
    matches = vocabulary.near([word.text for word in first.words])
    prompt = hotwords(matches, count_tokens)
    if not prompt:
        return None
    second = again(prompt, beam)
    return second if accept(first, second, matches) else None


def accept(first: Hearing, second: Hearing, matches: Sequence[NearMatch]) -> bool:
    """Whether the second pass may stand in place of the first.

    Its mean log-probability must not be lower, and its words must be those of the first with at least one
    match replaced by its term: whatever else changed was talked into the model by the prompt.
    """
    if second.decoded.log_probability < first.decoded.log_probability:
        return False
    before, after = _bare(first.words), _bare(second.words)
    by_start: dict[int, list[tuple[int, list[str]]]] = {}
    for match in matches:
        by_start.setdefault(match.start, []).append((match.end, _plain(match.term.split())))

    @cache
    def fits(at: int, place: int, replaced: bool) -> bool:
        if at == len(before):
            return replaced and place == len(after)
        if place < len(after) and before[at] == after[place] and fits(at + 1, place + 1, replaced):
            return True
        return any(
            after[place : place + len(term)] == term and fits(end, place + len(term), True)
            for end, term in by_start.get(at, ())
        )

    return len(before) < 300 and fits(0, 0, False)


def _bare(words: Sequence[HeardWord]) -> list[str]:
    return _plain([word.text for word in words])


def _plain(words: Sequence[str]) -> list[str]:
    """In small letters, without the punctuation around them; a word of punctuation alone stays as it is."""
    return [word.casefold().strip(".,;:!?\"“”'’()[]") or word for word in words]

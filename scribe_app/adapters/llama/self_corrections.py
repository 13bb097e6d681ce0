"""Amounts that a speaker corrects in the same breath: "About 3 weeks. No, sorry, closer to 4 weeks."

Only words as they were said are left: a sentence that holds nothing but the amount goes, and nothing is put
together from two. Whatever says more than an amount stays, correction and all.
"""

from __future__ import annotations

import re

from scribe_app.domain.numbers import Quantity, numbers_in
from scribe_app.domain.words import sentences, words_in

_TAKES_BACK = {
    "en": re.compile(r"(?i)^(?:(?:no|sorry|wait|I mean|I meant|correction)\b[,.]?\s+)+"),
    "nl": re.compile(r"(?i)^(?:(?:nee|sorry|wacht|ik bedoel|ik bedoelde|pardon|correctie)\b[,.]?\s+)+"),
}
_MARKED = re.compile(r"(?i)\b(?:sorry|wait|mean|meant|correction|wacht|bedoel|bedoelde|pardon|correctie)\b")
"""A bare "no" may deny something else."""
_AROUND = frozenset(
    words_in(
        "closer to about nearly almost around more like maybe perhaps it its was is make that roughly or "
        "eerder het al ongeveer bijna zo'n meer dat maak daar van misschien een stuk of"
    )
)
"""Words that may stand before an amount that is nothing but an amount."""


def as_corrected(text: str, language: str) -> str:
    """The words without each amount that is taken back by the sentence after it."""
    kept: list[str] = []
    for sentence in sentences(text):
        taken_back = _TAKES_BACK[language].match(sentence)
        if kept and taken_back and _MARKED.search(taken_back[0]):
            rest = sentence[taken_back.end() :]
            if _is_of_one_thing(kept[-1], rest, language):
                kept[-1] = rest[:1].upper() + rest[1:]
                continue
        kept.append(sentence)
    return " ".join(kept)


def _is_of_one_thing(before: str, after: str, language: str) -> bool:
    """Whether a sentence is an amount and no more, and the next begins with another of the same unit."""
    old, new = _only(before, language), _only(after, language)
    if old is None or new is None or (old.unit, old.kind) != (new.unit, new.kind):
        return False
    bare = words_in(before[: old.start]) + words_in(before[old.end :])
    return not (set(bare) | set(words_in(after[: new.start]))) - _AROUND


def _only(text: str, language: str) -> Quantity | None:
    found = numbers_in(text, language)
    return found[0] if len(found) == 1 and found[0].unit else None

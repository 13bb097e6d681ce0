"""Whether a small model's rewording says what was said: no new word, no lost number, negation or doubt."""

from __future__ import annotations

import re
from collections import Counter

from scribe_app.adapters.llama.wording import Wording
from scribe_app.domain.numbers import with_digits
from scribe_app.domain.words import words_in

_GRAMMAR = frozenset({
    "a", "an", "the", "of", "in", "on", "at", "to", "for", "with", "by", "from", "and", "or", "but",
    "as", "is", "are", "was", "were", "be", "been", "has", "have", "had", "it", "its", "that", "this",
    "there", "when", "while", "after", "before", "since", "during",
    "de", "het", "een", "van", "heeft", "patient", "patiënt", "zich",
})  # fmt: skip
"""Words that a rewording may add or leave out."""
_LIGHT = frozenset({
    "get", "getting", "got", "go", "goes", "going", "feel", "feels", "felt", "do", "does", "did",
    "just", "really", "bit", "i'm", "i've", "i'd", "i", "me", "my", "we", "our", "she", "he", "they",
    "him", "her", "his", "their", "it's", "that's", "yes",
    "ik", "mijn", "m'n", "mij", "heb", "ben", "bent", "u", "uw",
})  # fmt: skip
"""Words of speech that a record may leave out, but not add."""
_NEGATIONS = frozenset({
    "no", "not", "never", "none", "neither", "nothing", "nobody", "without", "nor", "cannot", "geen",
    "niet", "nooit", "niets", "niks", "zonder",
})  # fmt: skip
_DOUBT = frozenset({
    "maybe", "perhaps", "might", "may", "could", "about", "around", "roughly", "nearly", "almost",
    "sometimes", "usually", "mostly", "probably", "possibly", "think", "sort", "only", "misschien",
    "soms", "ongeveer", "meestal", "waarschijnlijk", "denk", "alleen",
})  # fmt: skip
_OTHER_PERSON = {
    "doesn't": "don't", "hasn't": "haven't", "bent": "ben", "kunt": "kan", "wilt": "wil", "zult": "zal",
    "gaat": "ga", "staat": "sta", "slaat": "sla", "doet": "doe", "ziet": "zie", "houdt": "hou",
    "goes": "go", "gets": "get", "feels": "feel", "thinks": "think", "i'd": "would", "i'll": "will",
}  # fmt: skip
"""Forms of one verb that a change of person brings."""
_KEPT = 0.8
"""Share of the content words that a rewording must keep."""
_ENDINGS = re.compile(r"(?:ing|ed|es|s|'s|e)$")
_NUMBER = re.compile(r"\d+(?:[.,/:]\d+)*")


def says_the_same(rewording: str, words: str, question: str, wording: Wording) -> bool:
    """Compare a rewording with the words (and the question) that it was made from.

    Order counts as well: content words may be left out, not moved, so that "no" stays with what it denies.
    """
    if not rewording.strip() or "?" in rewording or wording.first_person.search(rewording):
        return False
    made, said = _spoken(rewording, wording), _spoken(words, wording)
    asked = _spoken(question, wording)
    if any(not _may_be_said(word, said, asked) for word in made):
        return False
    if Counter(_NUMBER.findall(" ".join(made))) != Counter(_NUMBER.findall(" ".join(said))):
        return False
    if _negations(made) != _negations(said) or {w for w in said if w in _DOUBT} - set(made):
        return False
    return _in_order(_content(made), _content(said), _content(asked))


def may_begin(words: list[str], said: str, question: str, wording: Wording) -> bool:
    """Whether whole words written so far can still become a faithful rewording; stops a bad one early."""
    source, asked = _spoken(said, wording), _spoken(question, wording)
    return all(_may_be_said(word, source, asked) for word in words)


def _spoken(text: str, wording: Wording) -> list[str]:
    words = words_in(with_digits(text, wording.language))
    return [_OTHER_PERSON.get(word, word) for word in words]


def _may_be_said(word: str, said: list[str], asked: list[str]) -> bool:
    if word in _GRAMMAR:
        return True
    stems = {_stem(other) for other in said} | {_stem(other) for other in asked}
    return _stem(word) in stems


def _negations(words: list[str]) -> int:
    return sum(word in _NEGATIONS or word.endswith("n't") for word in words)


def _content(words: list[str]) -> list[str]:
    return [_stem(word) for word in words if word not in _GRAMMAR | _LIGHT]


def _in_order(made: list[str], said: list[str], asked: list[str]) -> bool:
    """Whether enough content words are kept, in the order of question and answer."""
    if not made:
        return False
    kept = 0
    rest = iter(asked + said)
    for word in made:
        if all(word != other for other in rest):
            return False
    made_counts = Counter(made)
    for word in said:
        if made_counts[word] > 0:
            made_counts[word] -= 1
            kept += 1
    return kept >= _KEPT * len(said)


def _stem(word: str) -> str:
    """Endings cut, so that "walking" meets "walk"; crude, and the same for both sides."""
    short = _ENDINGS.sub("", word)
    short = short[:-1] if len(short) > 3 and short.endswith("t") else short  # "loopt" meets "loop"
    if len(short) < 3:
        return word
    if len(short) > 3 and short[-1] == short[-2]:
        short = short[:-1]
    return short

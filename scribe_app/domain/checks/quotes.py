"""Whether a quoted statement has exactly the words that were said."""

from __future__ import annotations

import re

from scribe_app.domain.checks.evidence import Spoken
from scribe_app.domain.lexicon import topics_en, topics_nl
from scribe_app.domain.lexicon.drugs import drugs_in
from scribe_app.domain.lexicon.polarity import NEGATIONS
from scribe_app.domain.numbers import numbers_in, with_digits
from scribe_app.domain.words import FILLERS, phrase_pattern, said_once, sentences

_QUOTED = re.compile(r"“([^”]*)”")
_LABEL = re.compile(r"(?:^|(?<=[.!?–] ))[^\W\d_][^:“”.!?–]{0,40}(?::|(?= –))")
_MARKED = re.compile(r"[0-9]+(?:[.,/][0-9]+)*|[^\W\d_]+(?:[-'][^\W\d_]+)*")


def is_true_quote(text: str, context: list[Spoken], language: str) -> bool:
    """Whether a text is made of whole sentences of the evidence, in “ ” or not, and of labels ("Patient:").

    Fillers and opening words may be gone and numbers may be figures. Labels name no number or medicine.
    """
    outside = " ".join(_QUOTED.sub(" – ", text).split())
    labels = _LABEL.findall(outside)
    if any(numbers_in(label, language) or drugs_in(label) for label in labels):
        return False
    pieces = [*_QUOTED.findall(text), *_LABEL.sub(" – ", outside).split(" – ")]
    said = [_bare(sentence, language) for spoken in context for sentence in sentences(spoken.utterance.text)]
    parts = [part for piece in pieces for part in sentences(piece) if _MARKED.search(part)]
    return bool(parts) and all(_is_said(_bare(part, language), said, language) for part in parts)


def quotes_are_true(text: str, context: list[Spoken], language: str) -> bool:
    """Whether everything that a text has in “ ” was said so; what is not in them may be reworded."""
    return all(is_true_quote(f"“{quote}”", context, language) for quote in _QUOTED.findall(text))


def _is_said(words: list[str], said: list[list[str]], language: str) -> bool:
    """Whether the words end a sentence that was said, with nothing but an opening before them."""
    if not words:
        return True
    for sentence in said:
        opening = sentence[: -len(words)]
        whole = sentence[-len(words) :] == words and not set(opening) & _TELLING[language]
        if whole and len(opening) <= _OPENING:
            return True
    return False


_OPENING = 6
"""Words that may be left out before a quote."""
_TELLING = {language: words | {"if", "als", "may", "might"} for language, words in NEGATIONS.items()}


def _bare(text: str, language: str) -> list[str]:
    """Words in lower case with numbers as figures, without fillers and acknowledgements."""
    lexicon = topics_nl if language == "nl" else topics_en
    plain_text = " ".join(
        _MARKED.findall(with_digits(" ".join(text.split()), language).lower().replace("’", "'"))
    )
    plain_text = phrase_pattern(_INTERRUPTING[language]).sub(" ", plain_text)  # "in mind, you know," first
    bare = phrase_pattern(FILLERS[language] + lexicon.ACKNOWLEDGEMENTS + _AGREEING[language]).sub(
        " ", plain_text
    )
    words = said_once(_BEGUN_ANEW.sub("", bare).split())
    while words and words[-1] in _BROKEN_OFF:
        words.pop()
    return words


_INTERRUPTING = {"en": ("you know", "y'know", "i mean", "like"), "nl": ("weet je", "zeg maar", "hè")}
_BEGUN_ANEW = re.compile(r"\b(it|that|he|she|they|we|you|i|there|what) (?=\1'(?:s|m|re|ve|d|ll)\b)")
_BROKEN_OFF = frozenset({
    "and", "or", "but", "because", "so", "it", "i", "the", "just", "en", "of", "maar", "want", "omdat", "dus",
    "het", "ik", "de",
})  # fmt: skip
"""With what a sentence ends that was broken off, and a quote of it need not."""
_AGREEING = {"en": ("yes", "yeah", "yep", "now", "but", "also", "anyway"), "nl": ("ja", "maar", "en", "ook")}

"""The words of a text with their senses: asserted, denied, or open ("if the pain comes back")."""

from __future__ import annotations

import re

from scribe_app.domain.lexicon.clinical_words import PHRASES
from scribe_app.domain.lexicon.polarity import NEGATIONS, NOT_NEGATIONS, SCOPE_ENDS
from scribe_app.domain.words import phrase_pattern, plain

_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*|,")
_INTERJECTION = re.compile(
    r"(?:(?<=^)|(?<=[.!?]))\s*(?:(?:um|uh|oh|well|yeah|okay|ok|nou|ja),? )*(?:no|nope|nee|neen)(?=[,.!?]|$)"
)
_ANSWER_NO = re.compile(
    r"^\s*(?:no|nee) (?=(?:i|it|it's|i'm|i've|just|only|that's|my|he|she|we|no|ik|het|mijn|alleen|dat)\b)"
)
_NON = re.compile(r"\bnon[- ](?=smok|drink)")


def prepared(text: str, language: str) -> str:
    """Lower case, phrases joined to one word, and a mere "No," at the start taken off."""
    text = plain(text).replace("(", " ").replace(")", " ").replace("...", " ")
    text = _NON.sub("not ", text)
    text = _INTERJECTION.sub(" ", text)
    text = _ANSWER_NO.sub(" ", text)
    for phrase, word in PHRASES:
        if phrase in text:
            text = text.replace(phrase, word)
    return phrase_pattern(NOT_NEGATIONS[language]).sub(lambda m: m[0].replace(" ", "_"), text)


_ASSERTED, _DENIED, OPEN = frozenset({False}), frozenset({True}), frozenset({True, False})
_IF = {
    "en": frozenset({"if", "should", "unless", "whether"}),
    "nl": frozenset({"als", "indien", "mocht", "tenzij", "wanneer"}),
}
_TURNS = {
    "en": frozenset({"okay", "ok", "alright", "anyway", "now"}),
    "nl": frozenset({"oké", "goed", "prima", "nou"}),
}
"""Words with which a speaker goes on to something else."""
_IF_REACHES = 14
"""Words after an "if" that hang on it."""
_NEW_SUBJECTS = frozenset(
    {
        "i",
        "you",
        "he",
        "she",
        "it",
        "we",
        "they",
        "my",
        "your",
        "the",
        "there",
        "this",
        "that",
        "but",
        "ik",
        "u",
    }
    | {"uw", "mijn", "de", "het", "er"}
)
_RUN_ON = 25
"""Words without any mark from which on a clause is several."""
_SPEAKERS = frozenset({"i", "you", "your", "there's", "there", "he's", "she's", "ik", "u", "uw", "er"})
"""With these a new clause begins in speech without marks."""
_FINDS = frozenset({"normal", "clear", "regular", "intact", "positive", "slightly", "mild", "good", "soft"})
"""After a comma these begin a finding of their own: "no swelling, normal creases"."""
_HAVE = frozenset({"have", "has"})
_DENIES_NOUNS = frozenset({"no", "without", "denies", "denied", "deny", "nil", "negative"})
"""Denials that end at a verb ("no fever, has a cough"); in "don't seem to have any pain" it goes on."""


def clause_words(clause: str, language: str) -> list[tuple[str, frozenset[bool]]]:
    """Words of one clause with their senses: asserted, denied, or open after an "if"."""
    tokens = _WORD.findall(clause.replace("_", " "))
    harmless = {word for phrase in re.findall(r"\w+_\w+", clause) for word in phrase.split("_")}
    result: list[tuple[str, frozenset[bool]]] = []
    sense, since_comma, opened, denied_by = _ASSERTED, 0, 0, ""
    run_on = len(tokens) > _RUN_ON and "," not in tokens
    for position, word in enumerate(tokens):
        if word in _TURNS[language] or (sense is OPEN and position - opened > _IF_REACHES):
            sense = _ASSERTED  # speech without marks: a new sentence
        if sense is _DENIED and run_on and word in _SPEAKERS and position - opened > 2:
            sense = _ASSERTED
        if word == ",":
            since_comma = len(result)
            following = set(tokens[position + 1 : position + 2])
            new_subject = language == "nl" or bool((_NEW_SUBJECTS | _FINDS) & following)
            sense = _ASSERTED if sense is _DENIED and new_subject else sense
        elif word in ("and", "en") and _NEW_SUBJECTS & set(tokens[position + 1 : position + 2]):
            sense = _ASSERTED if sense is _DENIED else sense
        elif word in _IF[language]:
            sense, opened = OPEN, position
        elif word in NEGATIONS[language] and word not in harmless:
            sense, denied_by = (_DENIED if sense is _ASSERTED else sense), word
            opened = position if sense is _DENIED else opened
            if language == "nl" and word in (
                "niet",
                "niets",
                "nooit",
            ):  # "overgeven niet": it follows what it denies
                result[since_comma:] = [(earlier, _DENIED) for earlier, _ in result[since_comma:]]
        else:
            ends = word in SCOPE_ENDS[language] and not (word in _HAVE and denied_by not in _DENIES_NOUNS)
            sense = _ASSERTED if sense is _DENIED and ends else sense
            result.append((word, sense))
    return result

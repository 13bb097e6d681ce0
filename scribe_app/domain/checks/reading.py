"""One text read for checking: its words, their stems and polarity, amounts, medicines, sides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from scribe_app.domain.lexicon.clinical_words import EMPTY_EN, EMPTY_NL, PHRASES, SYNONYMS
from scribe_app.domain.lexicon.drugs import drug_key, drugs_in
from scribe_app.domain.lexicon.polarity import NEGATIONS, NO_SIDE, NOT_NEGATIONS, SCOPE_ENDS, SIDES
from scribe_app.domain.numbers import Quantity, numbers_in
from scribe_app.domain.words import phrase_pattern, plain

_CLAUSE = re.compile(r"[.;:!?\n]+|[^.;:!?\n]+")
_WORD = re.compile(r"[^\W\d_]+(?:[-'/][^\W\d_]+)*|,")
_LIST_MARK = re.compile(r"^\s*(?:[-•*]|\d{1,2}[.)])\s+")
_INTERJECTION = re.compile(
    r"(?:(?<=^)|(?<=[.!?]))\s*(?:(?:um|uh|oh|well|yeah|okay|ok|nou|ja),? )*(?:no|nope|nee|neen)(?=[,.!?]|$)"
)
_ANSWER_NO = re.compile(
    r"^\s*(?:no|nee) (?=(?:i|it|it's|i'm|i've|just|only|that's|my|he|she|we|no|ik|het|mijn|alleen|dat)\b)"
)
_SUFFIXES = {
    "en": (
        "ations",
        "ation",
        "ings",
        "edly",
        "ness",
        "ing",
        "ies",
        "ied",
        "ely",
        "ly",
        "ed",
        "es",
        "s",
        "y",
        "e",
    ),
    "nl": (
        "heden",
        "heid",
        "ingen",
        "ing",
        "lijke",
        "lijk",
        "ende",
        "end",
        "eren",
        "en",
        "te",
        "de",
        "t",
        "s",
        "e",
    ),
}
_STEM_LETTERS = 7


@dataclass(frozen=True)
class Reading:
    """A text as the checks see it."""

    text: str
    polarity: dict[str, frozenset[bool]]
    """Content stem → whether it is denied (True), asserted (False), or both."""
    shown: dict[str, str]
    """Content stem → the word as it stands in the text."""
    amounts: tuple[Quantity, ...]
    drugs: dict[str, str]
    """Name under which a medicine is compared → the word as it stands."""
    sides: frozenset[str]
    words: frozenset[str]
    """Every word, lower case."""

    @property
    def stems(self) -> frozenset[str]:
        """All content stems."""
        return frozenset(self.polarity)


@lru_cache(maxsize=4096)
def read(text: str, language: str, lenient: bool) -> Reading:
    """Read a text; `lenient` for what was said, strict for what is claimed (see numbers_in)."""
    language = "nl" if language.startswith("nl") else "en"
    text = _LIST_MARK.sub("", text)
    polarity: dict[str, set[bool]] = {}
    shown: dict[str, str] = {}
    words: set[str] = set()
    amounts = [q for q in numbers_in(text, language, lenient) if not _part_of_a_name(text, q)]
    for clause in _CLAUSE.findall(_prepared(_without(text, amounts), language)):
        for word, denied in _clause_words(clause, language):
            words.add(word)
            stem = stem_of(word, language)
            if stem:
                polarity.setdefault(stem, set()).add(denied)
                shown.setdefault(stem, word)
    return Reading(
        text,
        {stem: frozenset(both) for stem, both in polarity.items()},
        shown,
        tuple(amounts),
        {drug_key(drug): drug for drug in drugs_in(text)},
        sides_in(text),
        frozenset(words),
    )


def _without(text: str, amounts: list[Quantity]) -> str:
    """The text with its numbers and their units blanked: they are compared as amounts, not as words."""
    for quantity in amounts:
        text = text[: quantity.start] + " " * (quantity.end - quantity.start) + text[quantity.end :]
    return text


def _prepared(text: str, language: str) -> str:
    """Lower case, phrases joined to one word, and a mere "No," at the start taken off."""
    text = plain(text).replace("(", " ").replace(")", " ").replace("...", " ")
    text = _INTERJECTION.sub(" ", text)
    text = _ANSWER_NO.sub(" ", text)
    for phrase, word in PHRASES:
        if phrase in text:
            text = text.replace(phrase, word)
    return phrase_pattern(NOT_NEGATIONS[language]).sub(lambda m: m[0].replace(" ", "_"), text)


def _clause_words(clause: str, language: str) -> list[tuple[str, bool]]:
    """Words of one clause, each with whether it is denied."""
    tokens = _WORD.findall(clause.replace("_", " "))
    joined = set(re.findall(r"\w+_\w+", clause))
    harmless = {word for phrase in joined for word in phrase.split("_")}
    negations, ends = NEGATIONS[language], SCOPE_ENDS[language]
    result: list[tuple[str, bool]] = []
    denied = False
    since_comma: list[int] = []
    for index, token in enumerate(tokens):
        if token == ",":  # noqa: S105 - a comma, no password
            since_comma = []
            following = tokens[index + 1 : index + 3]
            if language == "nl" or (
                following and following[0] in ("i", "he", "she", "it", "we", "they", "my", "the", "but")
            ):
                denied = False
            continue
        if token in negations and token not in harmless:
            denied = True
            if language == "nl" and token in (
                "niet",
                "niets",
                "nooit",
            ):  # "overgeven niet": it follows what it denies
                for position in since_comma:
                    result[position] = (result[position][0], True)
            continue
        if denied and token in ends:
            denied = False
        since_comma.append(len(result))
        result.append((token, denied))
    return result


_CANONICAL = {word: group[0] for group in SYNONYMS for word in reversed(group)}
_EMPTY = {"en": EMPTY_EN, "nl": EMPTY_NL}


@lru_cache(maxsize=8192)
def stem_of(word: str, language: str) -> str:
    """The stem under which a word is compared; empty for words that no claim hangs on."""
    bare = word.removesuffix("'s")
    if bare in SIDES and SIDES[bare] in ("left", "right"):
        return ""
    canonical = _CANONICAL.get(bare)
    if canonical is None:
        if bare in _EMPTY[language] or len(bare) < 3:
            return ""
        canonical = _CANONICAL.get(bare.removesuffix("s"), bare)
    elif bare in _EMPTY[language] and canonical in _EMPTY[language]:
        return ""
    return _suffix_off(canonical, language)


def _suffix_off(word: str, language: str) -> str:
    for suffix in _SUFFIXES[language]:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            word = word.removesuffix(suffix)
            break
    return word[:_STEM_LETTERS]


def _part_of_a_name(text: str, quantity: Quantity) -> bool:
    """Whether a figure belongs to a name (B12, L4, COVID-19) and counts nothing."""
    before = text[: quantity.start]
    return bool(re.search(r"[A-Za-z]-?$", before)) and not re.search(r"\b[xX]$", before)


_SIDE_NAMES = phrase_pattern(tuple(f"{word}*" if word in ("linker", "rechter") else word for word in SIDES))
_HARMLESS_SIDES = re.compile("|".join(re.escape(phrase) for phrase in NO_SIDE) + r"|^right\b|\bright$")


def sides_in(text: str) -> frozenset[str]:
    """left, right, both: the sides of the body that a text names."""
    cleaned = _HARMLESS_SIDES.sub(" ", plain(text).strip())
    found = set()
    for word in _SIDE_NAMES.findall(cleaned):
        side = SIDES.get(word) or (
            "left" if word.startswith("linker") else "right" if word.startswith("rechter") else ""
        )
        if side:
            found.add(side)
    return frozenset(found)

"""One text read for checking: its words, their stems and polarity, amounts, medicines, sides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from scribe_app.domain.lexicon.clinical_words import EMPTY_EN, EMPTY_NL, PHRASES, SYNONYMS
from scribe_app.domain.lexicon.drugs import drug_key, drugs_in
from scribe_app.domain.lexicon.polarity import BODY, NEGATIONS, NO_SIDE, NOT_NEGATIONS, SCOPE_ENDS, SIDES
from scribe_app.domain.numbers import Quantity, numbers_in
from scribe_app.domain.words import phrase_pattern, plain

_CLAUSE = re.compile(r"[.;:!?\n]+|[^.;:!?\n]+")
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*|,")
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
_NON = re.compile(r"\bnon[- ](?=smok|drink)")
_QUOTED_QUESTION = re.compile(r"“[^”]*\?”")
"""A question cited inside a claim says nothing by itself."""


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
    sided: frozenset[tuple[str, str]]
    """Side and part of the body where they stand together: ("left", "knee")."""
    words: frozenset[str]
    """Every word, lower case."""
    stems: frozenset[str]
    """All content stems but those of medicines, which are compared by name."""


@lru_cache(maxsize=4096)
def read(text: str, language: str, lenient: bool) -> Reading:
    """Read a text; `lenient` for what was said, strict for what is claimed (see numbers_in)."""
    language = "nl" if language.startswith("nl") else "en"
    text = _LIST_MARK.sub("", text)
    polarity: dict[str, set[bool]] = {}
    shown: dict[str, str] = {}
    words: set[str] = set()
    amounts = [q for q in numbers_in(text, language, lenient) if not _part_of_a_name(text, q)]
    bare = _without(text, amounts)
    asked = " ".join(_QUOTED_QUESTION.findall(bare))
    clauses = _CLAUSE.findall(_prepared(_QUOTED_QUESTION.sub(". ", bare), language))
    pairs = [pair for clause in clauses for pair in _clause_words(clause, language)]
    pairs += [(word, _OPEN) for word, _ in _clause_words(_prepared(asked, language), language)]
    for word, senses in pairs:
        words.add(word)
        stem = stem_of(word, language)
        if stem:
            polarity.setdefault(stem, set()).update(senses)
            shown.setdefault(stem, word)
    drugs = {drug_key(drug): drug for drug in drugs_in(text)}
    named = set(drugs.values())
    return Reading(
        text,
        {stem: frozenset(both) for stem, both in polarity.items()},
        shown,
        tuple(amounts),
        drugs,
        sides_in(text, lenient),
        _sided(text),
        frozenset(words),
        frozenset(stem for stem in polarity if shown[stem] not in named),
    )


def _without(text: str, amounts: list[Quantity]) -> str:
    """The text with its numbers and their units blanked: they are compared as amounts, not as words."""
    for quantity in amounts:
        text = text[: quantity.start] + " " * (quantity.end - quantity.start) + text[quantity.end :]
    return text


def _prepared(text: str, language: str) -> str:
    """Lower case, phrases joined to one word, and a mere "No," at the start taken off."""
    text = plain(text).replace("(", " ").replace(")", " ").replace("...", " ")
    text = _NON.sub("not ", text)
    text = _INTERJECTION.sub(" ", text)
    text = _ANSWER_NO.sub(" ", text)
    for phrase, word in PHRASES:
        if phrase in text:
            text = text.replace(phrase, word)
    return phrase_pattern(NOT_NEGATIONS[language]).sub(lambda m: m[0].replace(" ", "_"), text)


_ASSERTED, _DENIED, _OPEN = frozenset({False}), frozenset({True}), frozenset({True, False})
_IF = {
    "en": frozenset({"if", "should", "unless", "whether"}),
    "nl": frozenset({"als", "indien", "mocht", "tenzij", "wanneer"}),
}
_NEW_SUBJECTS = frozenset(
    {"i", "he", "she", "it", "we", "they", "my", "your", "the", "but", "ik", "u", "uw", "mijn", "de", "het"}
)


def _clause_words(clause: str, language: str) -> list[tuple[str, frozenset[bool]]]:
    """Words of one clause with their senses: asserted, denied, or open after an "if"."""
    tokens = _WORD.findall(clause.replace("_", " "))
    harmless = {word for phrase in re.findall(r"\w+_\w+", clause) for word in phrase.split("_")}
    result: list[tuple[str, frozenset[bool]]] = []
    sense, since_comma = _ASSERTED, 0
    for position, word in enumerate(tokens):
        if word == ",":
            since_comma = len(result)
            new_subject = language == "nl" or bool(_NEW_SUBJECTS & set(tokens[position + 1 : position + 2]))
            sense = _ASSERTED if sense is _DENIED and new_subject else sense
        elif word in ("and", "en") and _NEW_SUBJECTS & set(tokens[position + 1 : position + 2]):
            sense = _ASSERTED if sense is _DENIED else sense
        elif word in _IF[language]:
            sense = _OPEN
        elif word in NEGATIONS[language] and word not in harmless:
            sense = _DENIED if sense is _ASSERTED else sense
            if language == "nl" and word in (
                "niet",
                "niets",
                "nooit",
            ):  # "overgeven niet": it follows what it denies
                result[since_comma:] = [(earlier, _DENIED) for earlier, _ in result[since_comma:]]
        else:
            sense = _ASSERTED if sense is _DENIED and word in SCOPE_ENDS[language] else sense
            result.append((word, sense))
    return result


_CANONICAL = {word: group[0] for group in reversed(SYNONYMS) for word in group}  # the first group wins
_EMPTY = {"en": EMPTY_EN, "nl": EMPTY_NL}


@lru_cache(maxsize=8192)
def stem_of(word: str, language: str) -> str:
    """The stem under which a word is compared; empty for words that no claim hangs on."""
    bare = word.removesuffix("'s")
    if bare in SIDES and SIDES[bare] in ("left", "right"):
        return ""
    if bare in _EMPTY[language] or len(bare) < 3:
        return ""
    canonical = _CANONICAL.get(bare) or _CANONICAL.get(bare.removesuffix("s"), bare)
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


_SIDED = re.compile(rf"\b(left|right|linker|rechter)[ -]?(?:\w+ )?({'|'.join(BODY)})s?\b")


def _sided(text: str) -> frozenset[tuple[str, str]]:
    return frozenset((side, body) for side, body, _ in sided_passages(text))


_AROUND = 70
"""Characters before and after a side in which the words stand that belong to it."""


def sided_passages(text: str) -> list[tuple[str, str, str]]:
    """Every side with its part of the body and the words around: ("left", "knee", "… left knee clicks …")."""
    text = plain(text)
    return [
        (SIDES[match[1]], match[2], text[max(0, match.start() - _AROUND) : match.end() + _AROUND])
        for match in _SIDED.finditer(text)
    ]


_RIGHT_OF_NOTHING = re.compile(
    rf"(?<!on the )(?<!on your )(?<!on my )(?<!to the )(?<!or )(?<!and )(?<!your )(?<!my )\bright\b"
    rf"(?! (?:\w+ )?(?:{'|'.join(BODY)})s?\b)(?! (?:or|and) (?:the )?left)"
)


def sides_in(text: str, lenient: bool = False) -> frozenset[str]:
    """left, right, both: the sides of the body that a text names.

    In speech (`lenient`) "right" is mostly no side: there it counts only beside a part of the body.
    """
    cleaned = _HARMLESS_SIDES.sub(" ", plain(text).strip())
    if lenient:
        cleaned = _RIGHT_OF_NOTHING.sub(" ", cleaned)
    found = set()
    for word in _SIDE_NAMES.findall(cleaned):
        side = SIDES.get(word) or (
            "left" if word.startswith("linker") else "right" if word.startswith("rechter") else ""
        )
        if side:
            found.add(side)
    return frozenset(found)

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


@dataclass(frozen=True, slots=True)
class Mention:
    """One content word of a text."""

    stem: str
    senses: frozenset[bool]
    """Denied (True), asserted (False), or both where that is open."""
    clause: int
    place: int
    """Its place among all words of its clause."""
    asked: bool = False
    """Its clause ends with a question mark."""


_NEAR = 9
"""Words before and after a mention that belong to it."""


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
    mentions: tuple[Mention, ...]
    """Every content word in order; a stem may be denied in one place and asserted in another."""
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
    lines = [_clause_words(clause, language) for clause in clauses]
    lines.append([(word, _OPEN) for word, _ in _clause_words(_prepared(asked, language), language)])
    mentions = []
    for clause, line in enumerate(lines):
        asks = _is_asked(clauses[clause : clause + 2])
        for place, (word, senses) in enumerate(line):
            words.add(word)
            stem = stem_of(word, language)
            if stem:
                polarity.setdefault(stem, set()).update(senses)
                shown.setdefault(stem, word)
                mentions.append(Mention(stem, senses, clause, place, asks))
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
        tuple(mentions),
        frozenset(stem for stem in polarity if shown[stem] not in named),
    )


def _is_asked(clause_and_mark: list[str]) -> bool:
    """Whether a clause ends with a question mark, and not only with "okay?"."""
    clause, mark = (*clause_and_mark, "", "")[:2]
    return "?" in mark and not clause.rstrip().endswith(("okay", "ok", "all right", "alright", "you know"))


def nearest_senses(reading: Reading, stem: str, around: frozenset[str]) -> tuple[int, frozenset[bool], bool]:
    """How a text has a stem where it stands nearest to the words around it in a claim.

    Returns how many of those words stand beside it there, its senses there, and whether it is only asked
    there. "Tender over the ankle, no tenderness over the foot" says one thing of each.
    """
    best, senses, asked = -1, frozenset[bool](), True
    for mention in reading.mentions:
        if mention.stem != stem:
            continue
        beside = {
            other.stem
            for other in reading.mentions
            if other.clause == mention.clause and abs(other.place - mention.place) <= _NEAR
        }
        shared = len((beside & around) - {stem})
        if shared > best:
            best, senses, asked = shared, mention.senses, mention.asked
        elif shared == best and asked == mention.asked:
            senses |= mention.senses
        elif shared == best and asked:
            senses, asked = mention.senses, False  # what was told weighs more than what was asked
    return best, senses, asked


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


def _clause_words(clause: str, language: str) -> list[tuple[str, frozenset[bool]]]:
    """Words of one clause with their senses: asserted, denied, or open after an "if"."""
    tokens = _WORD.findall(clause.replace("_", " "))
    harmless = {word for phrase in re.findall(r"\w+_\w+", clause) for word in phrase.split("_")}
    result: list[tuple[str, frozenset[bool]]] = []
    sense, since_comma, opened, denied_by = _ASSERTED, 0, 0, ""
    run_on = len(tokens) > _RUN_ON and "," not in tokens
    for position, word in enumerate(tokens):
        if word in _TURNS[language] or (sense is _OPEN and position - opened > _IF_REACHES):
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
            sense, opened = _OPEN, position
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
_HARMLESS_SIDES = re.compile(
    "|".join(re.escape(phrase) for phrase in NO_SIDE)
    + rf"|^right\b(?!-?\s*(?:\w+ )?(?:{'|'.join(BODY)}))|\bright$"
)


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

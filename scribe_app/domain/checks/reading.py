"""One text read for checking: its words, their stems and polarity, amounts, medicines, sides."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from scribe_app.domain.checks.senses import OPEN, clause_words, prepared
from scribe_app.domain.checks.sides import SideMention, side_mentions, sides_in
from scribe_app.domain.clock import ClockTime, clock_times
from scribe_app.domain.dates import CalendarDate, dates_in
from scribe_app.domain.lexicon.abbreviations import in_words
from scribe_app.domain.lexicon.clinical_words import EMPTY_EN, EMPTY_NL, SYNONYMS
from scribe_app.domain.lexicon.drugs import drug_key, drugs_in
from scribe_app.domain.lexicon.polarity import SIDES
from scribe_app.domain.numbers import NumberKind, Quantity, numbers_in
from scribe_app.domain.steps import next_step
from scribe_app.domain.words import plain, words_in

_CLAUSE = re.compile(r"[.;:!?\n]+|[^.;:!?\n]+")
_SPELLED = re.compile(r"(?<![\w'])(?:[A-Z] ){1,6}[A-Z](?![\w'])|(?<!\w)(?:[A-Z]\.){2,6}(?=[\s,])")
"""Letters said one by one, as a recogniser may write them: "C O P D", "fifty M G"."""
_LIST_MARK = re.compile(r"^\s*(?:[-•*]|\d{1,2}[.)])\s+")
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
_QUOTED_QUESTION = re.compile(r"“[^”]*\?”|“[^”]*”(?= –)")
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
    side_mentions: tuple[SideMention, ...]
    """The same where they stand, with the part of the body beside them."""
    words: frozenset[str]
    """Every word, lower case."""
    mentions: tuple[Mention, ...]
    """Every content word in order; a stem may be denied in one place and asserted in another."""
    stems: frozenset[str]
    """All content stems but those of medicines, which are compared by name."""
    dates: tuple[CalendarDate, ...] = ()
    clocks: tuple[ClockTime, ...] = ()


@lru_cache(maxsize=4096)
def read(text: str, language: str, lenient: bool) -> Reading:
    """Read a text; `lenient` for what was said, strict for what is claimed (see numbers_in)."""
    next_step()
    language = "nl" if language.startswith("nl") else "en"
    text = _LIST_MARK.sub("", text)
    text = _SPELLED.sub(lambda m: re.sub(r"[. ]", "", m[0]), text) if lenient else text
    polarity: dict[str, set[bool]] = {}
    shown: dict[str, str] = {}
    words: set[str] = set()
    amounts = [q for q in numbers_in(text, language, lenient) if not _part_of_a_name(text, q)]
    bare = in_words(_without(text, amounts), language)
    dates, clocks = dates_in(text, language), clock_times(text, language)
    if not lenient:  # what was said may count twice, what is claimed once
        taken = [(date.start, date.end) for date in dates] + [(time.start, time.end) for time in clocks]
        amounts = [q for q in amounts if not any(q.start < end and start < q.end for start, end in taken)]
        amounts = [_in_days_or_weeks(q, text) for q in amounts] if language == "en" else amounts
    asked = " ".join(_QUOTED_QUESTION.findall(bare))
    clauses = _CLAUSE.findall(prepared(_QUOTED_QUESTION.sub(". ", bare), language))
    lines = [clause_words(clause, language) for clause in clauses]
    lines.append([(word, OPEN) for word, _ in clause_words(prepared(asked, language), language)])
    mentions = []
    for clause, line in enumerate(lines):
        asks = _is_asked(clauses[clause : clause + 2])
        left_open = not lenient and (asks or _is_label_of_a_no(clauses[clause : clause + 3]))
        for place, (word, senses) in enumerate(line):
            senses = OPEN if left_open else senses
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
        tuple(side_mentions(text, lenient)),
        frozenset(words),
        tuple(mentions),
        frozenset(stem for stem in polarity if shown[stem] not in named),
        tuple(dates),
        tuple(clocks),
    )


def _is_asked(clause_and_mark: list[str]) -> bool:
    """Whether a clause ends with a question mark, and not only with "okay?"."""
    clause, mark = (*clause_and_mark, "", "")[:2]
    return "?" in mark and not clause.rstrip().endswith(("okay", "ok", "all right", "alright", "you know"))


_NO = re.compile(
    r"\W*(?:(?:um|uh|mmm?|eh|yeah|well|nou)\W+)*(?:(?:no|nope|nee|nil)\s*(?:,|$)|none\b|nope\b"
    r"|not (?:really|that)\b|never\b|denies\b|(?:does|has|have|is) ?n't\b|(?:niet|nooit|ontkent)\b)"
)
"""Answers that stand for their heading; "no pain" denies something else than it."""


def _is_label_of_a_no(clause_and_rest: list[str]) -> bool:
    """Whether a clause is only the heading of a denial: "Smoking: no, does not smoke."."""
    _, mark, following = (*clause_and_rest, "", "", "")[:3]
    return mark.startswith(":") and bool(_NO.match(following))


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
    bare = _OF_IT.sub("", bare) if language == "nl" else bare
    canonical = _CANONICAL.get(bare) or _CANONICAL.get(bare.removesuffix("s"), bare)
    return _suffix_off(canonical, language)


def stems_in(text: str, language: str) -> frozenset[str]:
    """The stems of the words of a text that a claim can hang on."""
    return frozenset(stem for word in words_in(text) if (stem := stem_of(word, language)))


def stems_by_language(words: Mapping[str, str]) -> frozenset[str]:
    """The stems of lists of words, each in the language that it stands under."""
    return frozenset().union(*(stems_in(listed, language) for language, listed in words.items()))


_OF_IT = re.compile(r"(?<=\w{4})(?:klachten|problemen|stoorniss?(?:en)?|afwijking(?:en)?)$")
"""Dutch compounds that say no more than that something is wrong: "darmklachten" are of the "darmen"."""


def _suffix_off(word: str, language: str) -> str:
    for suffix in _SUFFIXES[language]:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            word = word.removesuffix(suffix)
            break
    return word[:_STEM_LETTERS]


_OF_A_YEAR = {7: "days", 52: "weeks", 12: "months"}


def _in_days_or_weeks(quantity: Quantity, text: str) -> Quantity:
    """As British notes have it: "3/7" is three days, "2/52" two weeks, "6/12" six months."""
    unit = _OF_A_YEAR.get(int(quantity.second or 0)) if quantity.kind is NumberKind.RATIO else None
    shown = text[quantity.start : quantity.end].strip()
    if unit is None or not re.fullmatch(r"\d{1,2}/\d{1,2}", shown):
        return quantity
    return replace(quantity, unit=unit, kind=NumberKind.DURATION, second=None)


def _part_of_a_name(text: str, quantity: Quantity) -> bool:
    """Whether a figure belongs to a name (B12, L4, COVID-19) and counts nothing."""
    before = text[: quantity.start]
    if re.search(r"\b[xX]$", before) or (before.endswith("-") and _NUMBER_WORD.search(plain(before))):
        return False  # "two-three times"
    return bool(re.search(r"[A-Za-z]-?$", before))


_NUMBER_WORD = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|een|één|twee|drie|vier|vijf|zes)-$"
)

"""A clinician's house style, applied by fixed rules after checking: how a line reads, never what it says.

Words in quotation marks are somebody's own and stay. A line whose numbers, medicines, sides or denials
would differ stays as it was (`says_the_same`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from scribe_app.domain.checks.reading import Reading, read
from scribe_app.domain.lexicon.house_words import ABBREVIATIONS, DOSE_WORDS, SPELLINGS
from scribe_app.domain.lexicon.polarity import NEGATIONS
from scribe_app.domain.words import words_in

_QUOTED = re.compile(r"(“[^”]*”|\"[^\"]*\")")


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """What the clinician chose; empty leaves it as it was drafted."""

    spelling: str = ""
    """british or american; for English letters."""
    abbreviations: str = ""
    """short or long."""
    layout: str = ""
    """lines, bullets or prose: how the statements of a section are laid out."""
    person: str = ""
    """first ("I advised") or third ("Advised")."""
    dates: str = ""
    """figures (21/11/2026) or words (21 November 2026)."""
    own: tuple[tuple[str, str], ...] = ()
    """The clinician's own abbreviations: short, long. They go before the built-in ones."""


def styled(text: str, style: HouseStyle, language: str, *, clinician: bool = False) -> str:
    """The text in house style; the same text where that would change what it says.

    `clinician` tells that the line is the clinician's own doing, so that "I" in it is the writer.
    """
    new = text
    for change in _changes(style, language, clinician):
        tried = "".join(part if _QUOTED.fullmatch(part) else change(part) for part in _QUOTED.split(new))
        if tried != new and says_the_same(new, tried, language):
            new = tried
    return new


def wording_for_model(style: HouseStyle, language: str) -> str:
    """The style as an instruction to the drafting model; empty where nothing was chosen."""
    told = _TOLD["nl" if language == "nl" else "en"]
    chosen = (style.spelling if language != "nl" else "", style.abbreviations, style.person)
    return " ".join(told[choice] for choice in chosen if choice)


def abbreviations_from(text: str) -> tuple[tuple[str, str], ...]:
    """The clinician's own list: one "short = long" a line; lines that are none are left out."""
    pairs = (line.partition("=") for line in text.splitlines())
    found = [(short.strip(), long.strip()) for short, equals, long in pairs if equals]
    return tuple((short, long) for short, long in found if short and long)


_TOLD = {
    "en": {
        "british": "Use British spelling.",
        "american": "Use American spelling.",
        "short": "Use the usual medical abbreviations.",
        "long": "Write abbreviations out.",
        "first": "The clinician writes in the first person (I).",
        "third": "Do not use the first person.",
    },
    "nl": {
        "short": "Gebruik de gangbare medische afkortingen.",
        "long": "Schrijf afkortingen voluit.",
        "first": "De arts schrijft in de eerste persoon (ik).",
        "third": "Gebruik geen eerste persoon.",
    },
}


Change = Callable[[str], str]


def _changes(style: HouseStyle, language: str, clinician: bool) -> Iterator[Change]:
    """One small change after the other, so that one that must not be made does not undo the others."""
    dutch = language == "nl"
    if style.spelling and not dutch:
        for pattern, other in _spellings(style.spelling):
            yield lambda text, p=pattern, o=other: p.sub(lambda found: _like(found[0], o) + found[1], text)  # type: ignore[misc]  # defaults bind the loop's values
    if style.abbreviations:
        for pattern, other in _abbreviations(style.abbreviations, style.own, "nl" if dutch else "en"):
            yield lambda text, p=pattern, o=other: p.sub(lambda found: _begun(found, o), text)  # type: ignore[misc]  # as above
    if style.person and clinician:
        for pattern, form in _PERSON["nl" if dutch else "en"][style.person]:
            yield lambda text, p=pattern, f=form: _capital(p.sub(f, text))  # type: ignore[misc]  # as above
    if style.dates == "words":
        yield lambda text: _WORD_DATE_FROM.sub(lambda found: _date_in_words(found, dutch), text)
    elif style.dates == "figures":
        yield lambda text: _numeric_dates(text, language)


def says_the_same(before: str, after: str, language: str) -> bool:
    """Whether two texts have the same numbers with units, medicines, sides and denials."""
    dated = [_numeric_dates(text, language) for text in (before, after)]
    first, second = (read(text, language, False) for text in dated)
    turned = any(
        first.polarity[stem] != second.polarity[stem] for stem in first.polarity if stem in second.polarity
    )
    return (
        not turned
        and _amounts(first) == _amounts(second)
        and set(first.drugs) == set(second.drugs)
        and _sides(first) == _sides(second)
        and _denials(before, language) == _denials(after, language)
        and _figures(dated[0]) == _figures(dated[1])
    )


def _sides(reading: Reading) -> set[tuple[str, str]]:
    return {(mention.side, mention.body) for mention in reading.side_mentions}


def _amounts(reading: Reading) -> list[tuple[float, str, float]]:
    return sorted((q.value, q.unit, q.second or 0.0) for q in reading.amounts)


def _denials(text: str, language: str) -> int:
    words = words_in(text)
    return sum(word in NEGATIONS["nl" if language == "nl" else "en"] for word in words)


def _figures(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", text))


# --- spelling and abbreviations ---------------------------------------------------------------------


@lru_cache(maxsize=2)
def _spellings(wanted: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    pairs = SPELLINGS if wanted == "american" else tuple((b, a) for a, b in SPELLINGS)
    return tuple((re.compile(rf"\b{re.escape(other)}(\w*)", re.IGNORECASE), ours) for other, ours in pairs)


def _like(found: str, stem: str) -> str:
    """The stem with the capitals of what it replaces."""
    if found.isupper():
        return stem.upper()
    return stem[:1].upper() + stem[1:] if found[:1].isupper() else stem


def _begun(found: re.Match[str], words: str) -> str:
    """The words, with a capital where they begin a sentence."""
    before = found.string[: found.start()].rstrip()
    return words[:1].upper() + words[1:] if not before or before[-1] in ".!?" else words


@lru_cache(maxsize=16)
def _abbreviations(
    wanted: str, own: tuple[tuple[str, str], ...], language: str
) -> tuple[tuple[re.Pattern[str], str], ...]:
    known = ABBREVIATIONS[language] | dict(own)
    found: list[tuple[re.Pattern[str], str]] = []
    if wanted == "short":
        for short, long in sorted(known.items(), key=lambda pair: -len(pair[1])):
            found.append((re.compile(rf"\b{re.escape(long)}\b", re.IGNORECASE), short))
        return tuple(found)
    for short, long in sorted(known.items(), key=lambda pair: -len(pair[0])):
        found.append((re.compile(rf"(?<![\w-]){re.escape(short)}(?![\w-])"), long))
    for short, long in DOSE_WORDS[language].items():
        after = r"(?<=[\d] )|(?<=mg )|(?<=mcg )|(?<=ml )|(?<=g )|(?<=tablet )|(?<=tablets )"
        found.append((re.compile(rf"(?:{after}){re.escape(short)}\b", re.IGNORECASE), long))
    return tuple(found)


# --- person -----------------------------------------------------------------------------------------


def _rules(*rows: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), form) for pattern, form in rows)


_DID = (
    "advised|explained|discussed|prescribed|referred|arranged|requested|reviewed|noted|reassured|started|"
    "stopped|increased|reduced|ordered|performed|examined"
)
_PERSON: dict[str, dict[str, tuple[tuple[re.Pattern[str], str], ...]]] = {
    "en": {
        "third": _rules(
            (r"^I think (?=(?:this|it|that|the|there)\b)", "Impression: "),
            (r"^(?:On examination,? )?I (?:found|noted)(?: that)? ", "Examination showed "),
            (rf"^I (?:have |also )?({_DID})\b", r"\1"),
            (r"^I(?:'ll| will|'m going to| am going to) ", "Will "),
            (r"^I(?:'d| would) like to ", "Plan to "),
        ),
        "first": _rules(
            (r"^Impression: (?=\w)", "I think "),
            (r"^Examination showed ", "I found "),
            (r"^On examination,? (?=there )", "On examination I found that "),
            (
                r"^(Advised|Explained|Discussed|Prescribed|Arranged|Requested|Reviewed|Reassured|Examined)"
                r" (?=\w)",
                r"I \1 ",
            ),
            (r"^Will (?=refer|arrange|review|see|write|request|prescribe|discuss)", "I will "),
        ),
    },
    "nl": {
        "third": _rules(
            (r"^Ik denk aan ", "Overweging: "),
            (r"^Ik (?:vond|zag)(?: bij onderzoek)? ", "Bij onderzoek "),
            (r"^Ik (?:adviseerde|heb geadviseerd(?: om)?) ", "Geadviseerd: "),
            (r"^Ik (?:besprak|heb besproken) ", "Besproken: "),
        ),
        "first": _rules(
            (r"^Overweging: (?=\w)", "Ik denk aan "),
            (r"^Geadviseerd: (?=\w)", "Ik adviseerde "),
            (r"^Besproken: (?=\w)", "Ik besprak "),
        ),
    },
}
"""The beginnings of a clinician's own lines, in either person. What follows is not touched."""


def _capital(text: str) -> str:
    """A capital at the start, and a small letter after "I" ("I Advised")."""
    text = re.sub(r"^(I) ([A-Z])(?=[a-z])", lambda found: f"{found[1]} {found[2].lower()}", text)
    text = re.sub(r"^(I think|Impression:|Overweging:) (It|This|That|The|There)\b",
                  lambda found: f"{found[1]} {found[2].lower()}", text)  # fmt: skip
    return text[:1].upper() + text[1:]


# --- dates ------------------------------------------------------------------------------------------

_MONTHS = {
    "en": ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december"),
    "nl": ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
           "november", "december"),
}  # fmt: skip
_WORD_DATE_FROM = re.compile(r"\b(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b")
_IN_WORDS = {
    language: re.compile(rf"\b(\d{{1,2}}) ({'|'.join(months)}) (\d{{4}})\b", re.IGNORECASE)
    for language, months in _MONTHS.items()
}


def _date_in_words(found: re.Match[str], dutch: bool) -> str:
    day, month, year = (int(part) for part in found.groups())
    if not (1 <= month <= _YEAR and 1 <= day <= _LONGEST_MONTH):
        return found[0]
    name = _MONTHS["nl" if dutch else "en"][month - 1]
    return f"{day} {name if dutch else name.capitalize()} {year}"


_YEAR, _LONGEST_MONTH = 12, 31


def _numeric_dates(text: str, language: str) -> str:
    """The text with its full dates in figures: 21/11/2026, in Dutch 21-11-2026."""
    dutch = language == "nl"
    mark = "-" if dutch else "/"
    months = _MONTHS["nl" if dutch else "en"]

    def figures(found: re.Match[str]) -> str:
        return f"{int(found[1]):02d}{mark}{months.index(found[2].lower()) + 1:02d}{mark}{found[3]}"

    return _IN_WORDS["nl" if dutch else "en"].sub(figures, text)

"""Remarks on a letter to a patient, by the rules of "Please, write to me" (AoMRC, 2018).

Second person, terms explained, nothing that blames, short sentences. Remarks only: the clinician decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from scribe_app.domain.lexicon.plain_words import HURTFUL, KNOWN_CAPITALS, TERMS
from scribe_app.domain.readability import word_count
from scribe_app.domain.words import words_in

LONGEST_SENTENCE = 20
"""Words. Plain English guides advise an average of 15 to 20."""


class RemarkKind(StrEnum):
    """What is remarked on."""

    PERSON = "person"
    TERM = "term"
    HURTFUL = "hurtful"
    ABBREVIATION = "abbreviation"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark on one text; [start, end) in characters."""

    kind: RemarkKind
    start: int
    end: int
    words: str
    reason: str
    """In the letter's language."""
    replacement: str = ""
    """What a click puts in the place of the words; empty where the clinician must find other words."""


def remarks_on(text: str, language: str, explained: Iterable[str] = ()) -> tuple[Remark, ...]:
    """Remarks on one statement in reading order; terms in `explained` stand earlier in the letter."""
    language = "nl" if language.startswith("nl") else "en"
    open_text = _without_quotes(text)
    found = [
        *_persons(open_text, language),
        *_hurtful(open_text, language),
        *_terms(open_text, language, frozenset(word.lower() for word in explained)),
        *_long(text, language),
    ]
    return _without_overlaps(sorted(found, key=lambda remark: (remark.start, -remark.end)))


def remarks_in(texts: Iterable[str], language: str) -> list[tuple[Remark, ...]]:
    """Remarks on each statement of a letter; a term is remarked on where it stands first."""
    explained: set[str] = set()
    result = []
    for text in texts:
        result.append(remarks_on(text, language, explained))
        explained |= set(terms_in(text, language))
    return result


def mended(text: str, remark: Remark) -> str:
    """The text with the remark's replacement in place.

    Raises:
        ValueError: the text is not the one that was remarked on, or there is no replacement.
    """
    if not remark.replacement or text[remark.start : remark.end] != remark.words:
        raise ValueError("the remark does not belong to this text")
    new = text[: remark.start] + remark.replacement + text[remark.end :]
    return new[:1].upper() + new[1:] if remark.start == 0 and text[:1].isupper() else new


def terms_in(text: str, language: str) -> tuple[str, ...]:
    """The terms of the list that occur in a text, in lower case."""
    pattern, _ = _term_pattern("nl" if language.startswith("nl") else "en")
    return tuple(found[0].lower() for found in pattern.finditer(text))


def without_explanations(text: str, language: str) -> str:
    """The text without the list's own explanations behind its terms: "ECG (a heart tracing)" → "ECG"."""
    if "(" not in text:
        return text
    pattern, meaning = _term_pattern("nl" if language.startswith("nl") else "en")
    for found in reversed(list(pattern.finditer(text))):
        told = f" ({meaning[found[0].lower()]})"
        if text.startswith(told, found.end()):
            text = text[: found.end()] + text[found.end() + len(told) :]
    return text


# --- kinds of remark --------------------------------------------------------------------------------

_REASONS = {
    "en": {
        "person": "Write to the reader: “you”.",
        "term": "May not be known: explain it.",
        "hurtful": "May read as blame: better “{better}”.",
        "hurtful_anew": "May read as blame: write it in other words.",
        "abbreviation": "Abbreviation: write it out.",
        "long": "Long sentence ({words} words).",
    },
    "nl": {
        "person": "Schrijf aan de lezer: “u”.",
        "term": "Misschien onbekend: leg het uit.",
        "hurtful": "Kan verwijtend klinken: liever “{better}”.",
        "hurtful_anew": "Kan verwijtend klinken: schrijf het anders.",
        "abbreviation": "Afkorting: schrijf voluit.",
        "long": "Lange zin ({words} woorden).",
    },
}

_PERSONS: dict[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    "en": tuple(
        (re.compile(pattern, re.IGNORECASE), to)
        for pattern, to in (
            (r"\b(?:the|this) patient's\b", "your"), (r"\b(?:the|this) patient has\b", "you have"),
            (r"\b(?:the|this) patient is\b", "you are"), (r"\b(?:the|this) patient was\b", "you were"),
            (r"\b(?:the|this) patient does\b", "you do"), (r"\b(?:the|this) patient\b", ""),
            (r"^(?:he|she) has\b", "you have"), (r"^(?:he|she) is\b", "you are"),
            (r"^(?:he|she) was\b", "you were"),
        )
    ),
    "nl": tuple(
        (re.compile(pattern, re.IGNORECASE), to)
        for pattern, to in (
            (r"\b(?:de |deze )?patiënte? is\b", "u bent"),
            (r"\b(?:de |deze )?patiënte? (?=heeft|had|was|gaat|kreeg|krijgt|"
             r"neemt|gebruikt|rookt|voelt|zag|zei)", "u "),
            (r"\b(?:de |deze )?patiënte?\b(?!enbrief)", ""),
        )
    ),
}  # fmt: skip
_EXPLAINED_HERE = re.compile(
    r"^[\s,:–-]*(?:\(|that's\b|that is\b|which is\b|which means\b|meaning\b|or\b|"
    r"dat is\b|oftewel\b|ofwel\b|of\b)",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"\b[A-Z][A-Z&/]+[A-Z]s?\b|\b[A-Z]{2,}s?\b")
_BREAK = {
    "en": re.compile(r"; |, (?:and|but|so) "),
    "nl": re.compile(r"; |, (?:en|maar|dus) "),
}


def _persons(text: str, language: str) -> Iterator[Remark]:
    for pattern, to in _PERSONS[language]:
        for found in pattern.finditer(text):
            capital = found[0][:1].isupper()
            better = to[:1].upper() + to[1:] if capital else to
            yield Remark(RemarkKind.PERSON, *found.span(), found[0], _REASONS[language]["person"], better)


def _hurtful(text: str, language: str) -> Iterator[Remark]:
    for pattern, better in _hurtful_patterns(language):
        for found in pattern.finditer(text):
            reason = _REASONS[language]["hurtful" if better else "hurtful_anew"].format(better=better)
            yield Remark(RemarkKind.HURTFUL, *found.span(), found[0], reason, better)


def _terms(text: str, language: str, explained: frozenset[str]) -> Iterator[Remark]:
    pattern, meaning = _term_pattern(language)
    seen = set(explained)
    for found in pattern.finditer(text):
        term = found[0].lower()
        if term not in seen and not _is_explained(text, found.end(), meaning[term]):
            reason = _REASONS[language]["abbreviation" if found[0].isupper() else "term"]
            kind = RemarkKind.ABBREVIATION if found[0].isupper() else RemarkKind.TERM
            yield Remark(kind, *found.span(), found[0], reason, f"{found[0]} ({meaning[term]})")
        seen.add(term)
    for found in _CAPITALS.finditer(text):
        if found[0] not in KNOWN_CAPITALS and found[0].lower() not in seen:
            yield Remark(RemarkKind.ABBREVIATION, *found.span(), found[0], _REASONS[language]["abbreviation"])
            seen.add(found[0].lower())


def _is_explained(text: str, end: int, meaning: str) -> bool:
    """Whether an explanation follows at once, or the text says the same in the plain words themselves."""
    if _EXPLAINED_HERE.match(text[end:]):
        return True
    telling = {word for word in words_in(meaning) if len(word) > _SHORT}
    return len(telling & set(words_in(text))) > len(telling) / 2


_SHORT = 3
"""Letters: shorter words carry nothing."""


def _long(text: str, language: str) -> Iterator[Remark]:
    start = 0
    for part in re.findall(r"[^.!?]+[.!?]*\s*", text):
        sentence = part.rstrip()
        if word_count(sentence) > LONGEST_SENTENCE:
            reason = _REASONS[language]["long"].format(words=word_count(sentence))
            lead = len(sentence) - len(sentence.lstrip())
            yield Remark(
                RemarkKind.LONG, start + lead, start + len(sentence), sentence.lstrip(), reason,
                _split(sentence.lstrip(), language),
            )  # fmt: skip
        start += len(part)


def _split(sentence: str, language: str) -> str:
    """The sentence as two, at the break nearest its middle; empty where it has none."""
    if "“" in sentence:
        return ""
    breaks = sorted(_BREAK[language].finditer(sentence), key=lambda b: abs(b.start() - len(sentence) / 2))
    for found in breaks:
        joint = found[0].strip(" ,;")
        rest = f"{joint} {sentence[found.end() :]}" if joint else sentence[found.end() :]
        return f"{sentence[: found.start()]}. {rest[:1].upper()}{rest[1:]}"
    return ""


@lru_cache(maxsize=2)
def _term_pattern(language: str) -> tuple[re.Pattern[str], dict[str, str]]:
    meaning = {term.lower(): text for term, text in TERMS[language].items()}
    capital = [term for term in TERMS[language] if term[:1].isupper()]
    small = [term for term in TERMS[language] if not term[:1].isupper()]
    alternatives = "|".join(
        [re.escape(term) for term in sorted(capital, key=len, reverse=True)]
        + [f"(?i:{re.escape(term)})" for term in sorted(small, key=len, reverse=True)]
    )
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-])"), meaning


@lru_cache(maxsize=2)
def _hurtful_patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), better) for pattern, better in HURTFUL[language])


def _without_quotes(text: str) -> str:
    """The text with what somebody said blanked, at the same places."""
    return re.sub(r"“[^”]*”", lambda found: " " * len(found[0]), text)


def _without_overlaps(remarks: list[Remark]) -> tuple[Remark, ...]:
    """Of remarks on the same words the first; a long sentence may hold others."""
    kept: list[Remark] = []
    end = -1
    for remark in remarks:
        if remark.kind is RemarkKind.LONG:
            kept.append(remark)
        elif remark.start >= end:
            kept.append(remark)
            end = remark.end
    return tuple(kept)

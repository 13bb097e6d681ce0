"""Which of several amounts in a passage a statement speaks of: by its medicine, or by the words around it.

"Furosemide 40 mg" has both a medicine and a dose that were said, and is wrong all the same where furosemide
was said with 20 and lisinopril with 40.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from scribe_app.domain.checks.reading import Reading, read, stem_of
from scribe_app.domain.lexicon.drugs import drug_key, drugs_in
from scribe_app.domain.numbers import NumberKind, Quantity
from scribe_app.domain.words import plain, words_in

_AROUND = 70
"""Characters before and after an amount in which the words stand that belong to it."""
_BEFORE, _AFTER = 70, 25
"""Characters from a medicine to its dose, and from a dose to its medicine ("20 mg of lisinopril")."""
_SENTENCE = re.compile(r"[.;!?](?=\s|$)|, (?:en|and|then|dan|maar|but)\b")
_ITEM = re.compile(r"[.;!?](?=\s|$)|, | and | en | but | maar ")
_CLEARLY = 2
"""Words in common that another amount must have more than the one that was written."""

_SHORT = 8
"""Spaces below which an utterance is a bare answer."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An amount where it was said."""

    amount: Quantity
    text: str

    @property
    def shown(self) -> str:
        return self.text[self.amount.start : self.amount.end].strip()


def placed(said: list[Reading]) -> list[Placed]:
    """Every amount of these passages with its text."""
    return [Placed(amount, reading.text) for reading in said for amount in reading.amounts]


def owner(text: str, amount: Quantity) -> str:
    """The medicine, by the name it is compared under, to which a dose belongs; empty for none."""
    after = _first_drug(text[amount.end : amount.end + _AFTER])
    if after and re.match(r"\W*(?:of|van|tablets? of)\b", text[amount.end :].lower()):
        return after
    before = text[max(0, amount.start - _BEFORE) : amount.start]
    cut = [m.end() for m in _SENTENCE.finditer(before)]
    return _last_drug(before[cut[-1] if cut else 0 :]) or after


def rival(
    claimed: Quantity, claim: Reading, same: list[Placed], others: list[Placed], language: str
) -> Placed | None:
    """Another amount that was said where the claim's words are, while its own was said of something else.

    `same` are the places where the claimed amount was said, `others` amounts of the same kind.
    """
    if not same or not others:
        return None
    drug = owner(claim.text, claimed) if claimed.kind in _DOSED else ""
    if drug:
        beside = [place for place in same if owner(place.text, place.amount) in (drug, "")]
        its = [place for place in others if owner(place.text, place.amount) == drug]
        return its[0] if its and not beside else None
    counted = _counted(claim.text, claimed, language)
    if counted and not any(
        counted in _following(p.text, p.amount, language) or _stands_for(p, counted, language) for p in same
    ):
        return next((p for p in others if counted in _following(p.text, p.amount, language)), None)
    if claimed.kind is NumberKind.PLAIN or any(place.text.count(" ") < _SHORT for place in same):
        return None  # a bare number, or a short answer: its words are those of the question
    around = words_around(claim.text, claimed, language, claimed=True)

    if not all(words_around(p.text, p.amount, language, claimed=False) for p in same):
        return None  # "Maybe five minutes."

    def common(place: Placed) -> int:
        return len(around & words_around(place.text, place.amount, language, claimed=False))

    nearest, own = max(others, key=common), max(common(place) for place in same)
    return nearest if common(nearest) >= own + (_CLEARLY if own else 1) else None


def _counted(text: str, amount: Quantity, language: str) -> str:
    """The stem of what a bare number counts: "3 views", "5 lymph nodes"; empty for none."""
    found = _following(text, amount, language) if amount.kind is NumberKind.PLAIN else []
    return found[0] if found else ""


def _following(text: str, amount: Quantity, language: str) -> list[str]:
    """Stems of the next words after a number, up to the next mark."""
    rest = re.split(r"[,.;:!?()]|\d", text[amount.end : amount.end + _AFTER + 10])[0]
    return [stem for word in words_in(rest)[:_COUNTED] if (stem := stem_of(word, language))]


def _stands_for(place: Placed, counted: str, language: str) -> bool:
    """Whether a number stands for what was counted before it: "six children, two of them"."""
    if counted not in read(place.text[: place.amount.start], language, True).polarity:
        return False
    after = plain(place.text[place.amount.end : place.amount.end + _AFTER])
    if after[:1] in ".,;?!" or not after.strip():
        return True
    first = words_in(after)[:1]
    return bool(first) and not stem_of(first[0], language)


_COUNTED = 3
"""Words after a number among which the thing counted stands."""


_DOSED = frozenset({NumberKind.DOSE, NumberKind.PLAIN})


def words_around(text: str, amount: Quantity, language: str, *, claimed: bool) -> frozenset[str]:
    """Stems and medicines beside an amount, within its sentence; where it is claimed, its list entry."""
    ends = _ITEM if claimed else _SENTENCE
    before, after = (
        text[max(0, amount.start - _AROUND) : amount.start],
        text[amount.end : amount.end + _AROUND],
    )
    cut = [m.end() for m in ends.finditer(before)]
    stop = ends.search(after)
    return _content(before[cut[-1] if cut else 0 :] + " " + after[: stop.start() if stop else None], language)


@lru_cache(maxsize=4096)
def _content(text: str, language: str) -> frozenset[str]:
    reading = read(text, language, True)
    return reading.stems | frozenset(reading.drugs)


def _last_drug(text: str) -> str:
    found = drugs_in(text)
    return drug_key(max(found, key=plain(text).rfind)) if found else ""


def _first_drug(text: str) -> str:
    found = drugs_in(text)
    return drug_key(min(found, key=plain(text).find)) if found else ""

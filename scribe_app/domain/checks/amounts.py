"""Numbers, units and frequencies of a statement against what was said."""

from __future__ import annotations

import re
from itertools import pairwise

from scribe_app.domain.checks.alignment import Placed, placed, rival
from scribe_app.domain.checks.findings import Finding, finding
from scribe_app.domain.checks.reading import Reading, read
from scribe_app.domain.letter import Support
from scribe_app.domain.lexicon.polarity import NEGATIONS
from scribe_app.domain.numbers import NumberKind, Quantity, same_amount
from scribe_app.domain.words import plain, words_in

_IMPLIED = frozenset({"", "%", "bpm", "°C", "mmHg", "years", "kg", "cm", "mm", "mmol", "°F", "lb"})
"""Units that speech leaves out where the context tells them: "her pulse is 76"."""
_DAILY = frozenset({"daily", "morning", "night", "evening", "bed", "bedtime", "everyday", "nightly",
"mornings", "nights", "dagelijks",
                    "ochtend", "avond", "nacht", "slapen", "ochtends", "avonds", "breakfast", "each",
                    "every", "elke", "iedere"})  # fmt: skip


_OUT_OF_TEN = 10.0


def amount_findings(
    claim: Reading, said: list[Reading], language: str, withdrawn: frozenset[float] = frozenset()
) -> list[Finding]:
    """One finding for each amount of the claim that was not said so; `withdrawn` amounts rival none."""
    spoken = [quantity for reading in said for quantity in reading.amounts]
    texts = {id(quantity): reading.text for reading in said for quantity in reading.amounts}
    words = frozenset().union(*(reading.words for reading in said))
    findings = []
    places = [place for place in placed(said) if place.amount.value not in withdrawn]
    scales = [match.span() for match in _SCALE.finditer(plain(claim.text))]
    for claimed in claim.amounts:
        if any(start <= claimed.start < end for start, end in scales):
            continue
        doubt = None
        if not _said_without_number(claimed, claim.text, said, language):
            doubt = _doubt(claimed, claim.text, spoken, texts, words, language)
        doubt = doubt or _of_another(claimed, claim, places, language)
        if doubt:
            findings.append(doubt)
    return findings + _odd_ranges(claim, language)


_LOOSE = re.compile(r"(?:an?|per|each|every|last|next|another|een|per|elke|volgende|afgelopen) ")
"""Amounts that tell a rhythm or a time around: "a day", "next week"; no rival of a number."""
_AGE = re.compile(
    r"[\s-]*(?:years?|months?|weeks?|days?|jaar|maand(?:en)?|weken|dagen)?[\s-]*(?:old|oud)\b"
    r"|[\s-]*(?:y\.?/?o\b|jarige?\b)"
)
"""What follows the number of an age: no other length of time rivals it."""
_SCALE = re.compile(
    r"\b(?:[01]|zero|one)\s*(?:-|to|tot)\s*(?:10|ten)\b(?=[\w\s-]{0,20}\b(?:scale|schaal))"
    r"|\b(?:scale|schaal)\s+(?:of |from |van )?[01]\s*(?:-|to|tot)\s*10\b|\b(?:0|10) being\b"
)
"""The ends of a scale, which nobody need have said."""
_RANGE = re.compile(r"\s*(?:-|–|to|or|tot|à|of)[\s-]*")


def _odd_ranges(claim: Reading, language: str) -> list[Finding]:
    """A doubt for each range whose end is not above its beginning ("2-2 weeks", "from 20 mg to 20 mg")."""
    found = []
    for first, last in pairwise(claim.amounts):
        between = claim.text[first.number_end or first.end : last.start]
        falls = re.search(r"\b(?:from|van)\s*$", claim.text[: first.start].lower())
        odd = last.value == first.value or (last.value < first.value and not falls)
        plain_range = _RANGE.fullmatch(between) or (
            falls and _RANGE.fullmatch(claim.text[first.end : last.start])
        )
        if plain_range and odd and first.unit in ("", last.unit) and first.second is None:
            shown = claim.text[first.start : last.end].strip()
            found.append(finding(Support.UNSUPPORTED, "range_odd", language, claimed=shown))
    return found


def _of_another(claimed: Quantity, claim: Reading, places: list[Placed], language: str) -> Finding | None:
    """A doubt where the amount was said, but of something else than the claim has it for."""
    same = [place for place in places if _same(claimed, place.amount)]
    others = [
        place for place in places if place.amount.kind is claimed.kind and not _same(claimed, place.amount)
    ]
    if _AGE.match(claim.text[claimed.number_end :].lower()):
        others = [place for place in others if _AGE.match(place.text[place.amount.number_end :].lower())]
    others = [place for place in others if not _LOOSE.match(place.shown.lower())]
    ends = _range_of(claimed, claim.amounts, claim.text)
    if ends and any(ends == _range_of(p.amount, read(p.text, language, True).amounts, p.text) for p in same):
        return None
    nearer = rival(claimed, claim, same, others, language)
    if nearer is None:
        return None
    shown = claim.text[claimed.start : claimed.end].strip()
    return finding(Support.UNSUPPORTED, "amount_of_another", language, claimed=shown, said=nearer.shown)


def _range_of(amount: Quantity, amounts: tuple[Quantity, ...], text: str) -> tuple[float, float] | None:
    """Both ends of the range that an amount begins or ends: "one to two days"."""
    for first, last in pairwise(amounts):
        between = plain(text[first.number_end or first.end : last.start])
        if amount in (first, last) and _RANGE.fullmatch(between):
            return first.value, last.value
    return None


def is_age(quantity: Quantity, text: str) -> bool:
    """Whether an amount is how old someone is: "54-year-old", "44 y/o"."""
    return bool(_AGE.match(text[quantity.number_end or quantity.end :].lower()))


def carries(claimed: Quantity, said: Reading) -> bool:
    """Whether one text says this amount."""
    return any(_same(claimed, quantity) for quantity in said.amounts)


def _doubt(
    claimed: Quantity,
    text: str,
    spoken: list[Quantity],
    texts: dict[int, str],
    words: frozenset[str],
    language: str,
) -> Finding | None:
    shown = text[claimed.start : claimed.end].strip()
    if _FORM.match(plain(text[claimed.end :])):  # four puffs, said four times a day
        spoken = [quantity for quantity in spoken if quantity.kind is not NumberKind.FREQUENCY]
    if _year_in_short(claimed, spoken, texts):
        return None
    if any(_same(claimed, quantity) for quantity in spoken) or _pair_said_apart(claimed, spoken):
        return _measured_otherwise(claimed, shown, spoken, texts, language)
    if claimed.kind is NumberKind.FREQUENCY:
        return _frequency_doubt(claimed, shown, spoken, texts, words, language)
    equal = [
        quantity
        for quantity in spoken
        if quantity.value == claimed.value and quantity.kind is not NumberKind.ORDINAL
    ]
    if any(not q.unit and not q.second for q in equal):
        return finding(Support.INFERRED, "unit_not_said", language, claimed=shown)
    if equal:
        said = _shown(equal[0], texts)
        if claimed.second is not None and equal[0].second is not None:  # 150/80, said 150/90
            return finding(Support.UNSUPPORTED, "number_differs", language, claimed=shown, said=said)
        if not claimed.unit:
            return None
        return finding(Support.UNSUPPORTED, "unit_differs", language, claimed=shown, said=said)
    alike = [
        quantity for quantity in spoken if quantity.kind is claimed.kind and quantity.unit == claimed.unit
    ]
    if alike:
        said = _shown(alike[0], texts)
        return finding(Support.UNSUPPORTED, "number_differs", language, claimed=shown, said=said)
    return finding(Support.UNSUPPORTED, "number_not_said", language, claimed=shown)


_IN_THE_YEAR = re.compile(
    r"\b(?:in|since|of|from|until|till|o|oh|sinds|tot|uit)\W+(?:(?:the|de|jaren|early|late)\W+)*$"
    r"|\bthe (?:\w+ties and )?$"
)
_ARTICLE = {
    "en": r"\b(?:an?|my|his|her|our|another|the) (?:\w+ )?{noun}\b(?!s)",
    "nl": r"\b(?:een|mijn|zijn|haar|nog een) (?:\w+ )?{noun}\b",
}


def _said_without_number(claimed: Quantity, text: str, said: list[Reading], language: str) -> bool:
    """Whether one of something was said as "a brother", or nothing of it as a "no" ("nocturia 0")."""
    if claimed.unit or claimed.second is not None or claimed.kind is not NumberKind.PLAIN:
        return False
    if claimed.value == 0:
        return any(NEGATIONS[language] & set(words_in(reading.text)) for reading in said)
    noun = re.match(r"\s+([^\W\d]{3,})", plain(text[claimed.number_end :]))
    if claimed.value != 1 or noun is None:
        return False
    pattern = re.compile(_ARTICLE[language].replace("{noun}", _CHILD.get(noun[1], noun[1])))
    return any(pattern.search(plain(reading.text)) for reading in said)


_CHILD = {
    "child": "(?:child|kid|son|daughter|boy|girl|baby)",
    "kind": "(?:kind|zoon|zoontje|dochter|dochtertje|baby)",
}
_CENTURY, _YEARS = 100, range(1900, 2100)


def _year_in_short(claimed: Quantity, spoken: list[Quantity], texts: dict[int, str]) -> bool:
    """Whether a year was said by its last figures: "in ninety six", "back in O five"."""
    if claimed.value not in _YEARS or claimed.unit or claimed.second is not None:
        return False
    return any(
        quantity.value == claimed.value % _CENTURY
        and not quantity.unit
        and bool(_IN_THE_YEAR.search(texts[id(quantity)][: quantity.start].lower()))
        for quantity in spoken
    )


def _measured_otherwise(
    claimed: Quantity, shown: str, spoken: list[Quantity], texts: dict[int, str], language: str
) -> Finding | None:
    """A doubt where only a bare number agrees, and another one was said with this very unit ("93%")."""
    if claimed.unit not in _TOLD_BY_UNIT or any(
        q.value == claimed.value and q.unit == claimed.unit for q in spoken
    ):
        return None
    with_unit = [q for q in spoken if q.unit == claimed.unit]
    if not with_unit:
        return None
    said = _shown(with_unit[0], texts)
    return finding(Support.UNSUPPORTED, "number_differs", language, claimed=shown, said=said)


_FORM = re.compile(r"\s*(?:puff|pufje|tablet|capsule|spray|drop|druppel|sachet|patch|pleister|ampoule|ampul)")
"""What a medicine is counted in."""
_TOLD_BY_UNIT = frozenset({"%", "°C", "kg", "cm"})
"""Units that tell what was measured."""


def _same(claimed: Quantity, said: Quantity) -> bool:
    if same_amount(claimed, said):
        return True
    if (
        claimed.kind is NumberKind.FREQUENCY
        and said.kind is NumberKind.DURATION
        and claimed.unit == "per day"
    ):
        return said.unit == "hours" and said.value * claimed.value == 24
    if claimed.second == _OUT_OF_TEN and claimed.kind is NumberKind.RATIO and said.second is None:
        return said.value == claimed.value and said.unit == ""  # "how bad is it, out of ten?" – "A six."
    if claimed.second is not None or claimed.value != said.value:
        return False
    return claimed.unit in _IMPLIED and (not said.unit or not claimed.unit)


def _pair_said_apart(claimed: Quantity, spoken: list[Quantity]) -> bool:
    """Whether both numbers of a pressure or score were said, if not as a pair."""
    if any(q.second == claimed.second and q.kind is claimed.kind for q in spoken):
        return False  # "two out of six" was said as such
    values = {quantity.value for quantity in spoken if quantity.second is None}
    return claimed.second is not None and claimed.value in values and claimed.second in values


def _frequency_doubt(
    claimed: Quantity,
    shown: str,
    spoken: list[Quantity],
    texts: dict[int, str],
    words: frozenset[str],
    language: str,
) -> Finding | None:
    others = [quantity for quantity in spoken if quantity.kind is NumberKind.FREQUENCY]
    if others:
        said = _shown(others[0], texts)
        return finding(Support.UNSUPPORTED, "number_differs", language, claimed=shown, said=said)
    if claimed.value == 1 and claimed.unit == "per day":
        return (
            None
            if words & _DAILY
            else finding(Support.INFERRED, "frequency_not_said", language, claimed=shown)
        )
    return finding(Support.UNSUPPORTED, "frequency_not_said", language, claimed=shown)


def _shown(quantity: Quantity, texts: dict[int, str]) -> str:
    return texts[id(quantity)][quantity.start : quantity.end].strip()

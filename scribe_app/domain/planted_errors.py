"""Plants one error at a time into a true statement: to measure the checks, never for a letter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scribe_app.domain.checks.sides import side_mentions
from scribe_app.domain.lexicon.drugs import LOOK_ALIKES, drug_key, drugs_in
from scribe_app.domain.numbers import NumberKind, figure, numbers_in

_UNITS = {
    "mg": "micrograms", "milligrams": "micrograms", "milligram": "microgram", "weeks": "months",
    "weken": "maanden",
    "days": "weeks", "dagen": "weken", "minutes": "hours", "minuten": "uren", "years": "months", "mcg": "mg",
    "months": "weeks", "hours": "minutes", "week": "month",
}  # fmt: skip
_SIDES = {
    "left": "right",
    "right": "left",
    "links": "rechts",
    "rechts": "links",
    "linker": "rechter",
    "rechter": "linker",
}
_DENIED = {
    "en": re.compile(
        r"^(?:No|Denies|Denied|Never|Without|Not) (?:any )?(?!(?:i|it|it's|they|he|she|we|my|that|actually"
        r"|really|particularly|so much|quite|too)\b)",
        re.IGNORECASE,
    ),
    "nl": re.compile(r"^(?:Geen|Niet|Nooit|Ontkent) (?!(?:echt|zo|heel|erg|te|altijd)\b)", re.IGNORECASE),
}
"""A denial that begins a statement; a "no" before an answer ("No they said …") or "not really" is none."""


def with_other_numbers(text: str, language: str) -> Iterator[str]:
    """Each number changed once: doubled, and one digit more or less; of a pressure the lower, too."""
    for quantity in numbers_in(text, language):
        if quantity.kind is NumberKind.ORDINAL or quantity.number_end <= quantity.start:
            continue
        if re.search(r"[A-Za-z]-?$", text[: quantity.start]):
            continue  # part of a name: A1c, B12
        end = quantity.end if quantity.second is not None else quantity.number_end
        for value in (quantity.value * 2, quantity.value + 3, quantity.value * 10):
            changed = figure(value, language == "nl")
            if quantity.second is not None:
                changed += f"/{figure(quantity.second, language == 'nl')}"
            if value != quantity.value:  # twice nothing is nothing
                yield text[: quantity.start] + changed + text[end:]
        if quantity.second is not None and quantity.kind is NumberKind.BLOOD_PRESSURE:
            first, second = (figure(each, language == "nl") for each in (quantity.value, quantity.second + 3))
            yield f"{text[: quantity.start]}{first}/{second}{text[end:]}"


def with_other_units(text: str, language: str) -> Iterator[str]:
    """Each unit after a number changed once."""
    for quantity in numbers_in(text, language):
        unit = text[quantity.number_end : quantity.end].strip(" -")
        if unit.lower() in _UNITS:
            yield text[: quantity.number_end] + " " + _UNITS[unit.lower()] + text[quantity.end :]


def with_other_drugs(text: str) -> Iterator[str]:
    """Each medicine changed for those that it is mistaken for, or for another where the list has none."""
    for drug in drugs_in(text):
        alike = [b if a == drug_key(drug) else a for a, b in LOOK_ALIKES if drug_key(drug) in (a, b)]
        for other in alike[:3] or ["warfarin"]:
            yield re.sub(re.escape(drug), other, text, flags=re.IGNORECASE)


def with_other_sides(text: str, quoted: bool = False) -> Iterator[str]:
    """Each side changed for the other; in spoken words (`quoted`) "right" alone is mostly none."""
    sides = [(mention.start, mention.end) for mention in side_mentions(text, lenient=quoted)]
    for match in re.finditer(r"\b(left|right|links|rechts|linker|rechter)", text, re.IGNORECASE):
        if not any(start <= match.start() < end for start, end in sides):
            continue  # "right now", "left school"
        yield text[: match.start()] + _SIDES[match[1].lower()] + text[match.end() :]


def turned_round(text: str, language: str) -> Iterator[str]:
    """A denial at the beginning taken off."""
    rest = _DENIED[language].sub("", text)
    if rest != text:
        yield rest[:1].upper() + rest[1:]


def planted(text: str, language: str, quoted: bool = False) -> Iterator[tuple[str, str]]:
    """Every error of every kind, one at a time: (kind, the statement with it)."""
    for kind, texts in (
        ("number", with_other_numbers(text, language)),
        ("unit", with_other_units(text, language)),
        ("drug", with_other_drugs(text)),
        ("side", with_other_sides(text, quoted)),
        ("negation", turned_round(text, language)),
    ):
        for wrong in texts:
            yield kind, wrong

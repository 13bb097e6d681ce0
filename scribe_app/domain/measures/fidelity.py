"""Numbers, medicines, doses and denials of a note against what was said and against a person's note.

Plain counts that know nothing of the checks: so the checks can be measured with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scribe_app.domain.checks.clinical import clinical_stems
from scribe_app.domain.checks.reading import read
from scribe_app.domain.lexicon.drugs import drug_key, drugs_in
from scribe_app.domain.measures.shares import Share, share_of
from scribe_app.domain.numbers import NumberKind, Quantity, numbers_in, same_amount
from scribe_app.domain.transcript import Transcript
from scribe_app.domain.words import plain

_NEARBY = 2
"""Utterances before and after one that names a medicine in which its dose may be said."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a transcript holds of numbers and medicines, found once for all notes about it."""

    numbers: frozenset[float]
    drugs: frozenset[str]
    doses: tuple[tuple[frozenset[str], tuple[Quantity, ...]], ...]
    """For each utterance: the medicines named in it, and the amounts said in it or nearby."""
    language: str


def said_in(transcript: Transcript) -> Said:
    """Find numbers and medicines in a transcript, spoken forms included."""
    language = transcript.language
    amounts = [_either_way(u.text, language) for u in transcript]
    drugs = [frozenset(map(drug_key, drugs_in(u.text))) for u in transcript]
    near = [
        (named, tuple(q for part in amounts[max(0, at - _NEARBY) : at + _NEARBY + 1] for q in part))
        for at, named in enumerate(drugs)
        if named
    ]
    values = frozenset(value for part in amounts for q in part for value in _values(q))
    return Said(values, frozenset().union(*drugs), tuple(near), language)


def _either_way(text: str, language: str) -> tuple[Quantity, ...]:
    """As spoken and as written: "six . eight" is one number in speech and two on paper."""
    return tuple(numbers_in(text, language, lenient=True) + numbers_in(text, language))


def numbers_unsaid(texts: Iterable[str], said: Said) -> Share:
    """Of the numbers in a note, those that nobody said."""
    return share_of(value not in said.numbers for value in numbers_of(texts, said.language))


def numbers_kept(texts: Iterable[str], reference: Iterable[str], said: Said) -> Share:
    """Of the numbers that a person wrote and somebody said, those that are in the note."""
    written = set(numbers_of(texts, said.language))
    wanted = set(numbers_of(reference, said.language)) & said.numbers
    return share_of(value in written for value in wanted)


def drugs_unsaid(texts: Iterable[str], said: Said) -> Share:
    """Of the medicines in a note, those that nobody named; brand and generic name are one."""
    return share_of(drug not in said.drugs for drug in _drugs(texts))


def drugs_kept(texts: Iterable[str], reference: Iterable[str], said: Said) -> Share:
    """Of the medicines that a person wrote and somebody named, those that are in the note."""
    written = _drugs(texts)
    return share_of(drug in written for drug in _drugs(reference) & said.drugs)


def doses_unsaid(texts: Iterable[str], said: Said) -> Share:
    """Of the doses in a note, those not said of that medicine within a few utterances of its name."""
    return share_of(
        not any(drug in named and any(_same(dose, q) for q in amounts) for named, amounts in said.doses)
        for text in texts
        for drug, dose in doses_in(text, said.language)
    )


def terms_turned(texts: Iterable[str], reference: Iterable[str], language: str) -> Share:
    """Of symptoms, conditions and findings in both notes, those denied in one and asserted in the other.

    Terms that a note both denies and asserts (of two places, or on two days) are left out.
    """
    ours, theirs = _polarities(texts, language), _polarities(reference, language)
    return share_of(ours[stem] != theirs[stem] for stem in sorted(ours.keys() & theirs.keys()))


def numbers_of(texts: Iterable[str], language: str) -> Iterator[float]:
    """Every number of these texts; both of a pair, and no "first" or "second"."""
    for text in texts:
        for quantity in numbers_in(text, language):
            if quantity.kind is not NumberKind.ORDINAL:
                yield from _values(quantity)


def doses_in(text: str, language: str) -> list[tuple[str, Quantity]]:
    """Doses in one sentence, each with the medicine that it stands behind, or else before."""
    low = plain(text)
    places = sorted((low.find(drug), drug_key(drug)) for drug in set(drugs_in(text)) if drug in low)
    if not places:
        return []
    found = []
    for quantity in numbers_in(text, language):
        if quantity.kind is NumberKind.DOSE:
            before = [drug for place, drug in places if place < quantity.start]
            found.append((before[-1] if before else places[0][1], quantity))
    return found


def _values(quantity: Quantity) -> tuple[float, ...]:
    return (quantity.value,) if quantity.second is None else (quantity.value, quantity.second)


def _drugs(texts: Iterable[str]) -> set[str]:
    return {drug_key(drug) for text in texts for drug in drugs_in(text)}


def _same(dose: Quantity, said: Quantity) -> bool:
    return same_amount(dose, said) or (not said.unit and said.value == dose.value)


def _polarities(texts: Iterable[str], language: str) -> dict[str, bool]:
    senses: dict[str, set[bool]] = {}
    clinical = clinical_stems(language)
    for text in texts:
        reading = read(text, language, False)
        for stem in reading.polarity.keys() & clinical:
            senses.setdefault(stem, set()).update(reading.polarity[stem])
    return {stem: next(iter(both)) for stem, both in senses.items() if len(both) == 1}

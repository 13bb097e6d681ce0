"""Finds the utterances that carry a statement, by rare words, numbers and medicines in common."""

from __future__ import annotations

import math
from collections.abc import Iterable

from scribe_app.domain.checks.amounts import carries
from scribe_app.domain.checks.evidence import Spoke, Spoken
from scribe_app.domain.checks.meaning import said_somehow
from scribe_app.domain.checks.reading import Reading, read
from scribe_app.domain.checks.well import TROUBLE
from scribe_app.domain.checks.when import tells_when
from scribe_app.domain.numbers import NumberKind
from scribe_app.domain.quantities import AmountKey, amount_keys
from scribe_app.domain.template import SectionSpec
from scribe_app.domain.transcript import SpeakerRole
from scribe_app.domain.words import plain, sentences

MOST = 5
"""Utterances that one statement may be given."""
_NUMBER_WEIGHT, _DRUG_WEIGHT = 3.0, 4.0
_ENOUGH = 0.3
"""Share of a statement's weight that the best utterances must carry together to count as its evidence."""
_WORTH_ADDING = 0.08
"""Share of a statement's weight that a further utterance must add."""


def weights(claim: Reading, said: Spoke) -> dict[str, float]:
    """What each piece of a statement weighs: content stems by rarity, numbers and medicines more."""
    unheard = math.log(1 + max(1, len(said.spoken)))
    result = {stem: said.rarity.get(stem, unheard) for stem in claim.stems}
    result |= {f"#{position}": _NUMBER_WEIGHT for position in range(len(claim.amounts))}
    if claim.dates or claim.clocks:
        result["@"] = _NUMBER_WEIGHT
    return result | {f"!{key}": _DRUG_WEIGHT for key in claim.drugs}


def relevance(claim: Reading, context: list[Spoken], said: Spoke) -> float:
    """The share of a statement's weight that these utterances carry; 1 for one without content."""
    weighed = weights(claim, said)
    total = sum(weighed.values())
    if not total:
        return 1.0
    readings = [spoken.reading for spoken in context]
    held = set().union(*(_held(claim, reading) for reading in readings)) if readings else set()
    held |= {stem for stem in claim.stems if said_somehow(stem, claim.shown[stem], readings)}
    return sum(weight for piece, weight in weighed.items() if piece in held) / total


def has_bare_number(claim: Reading, context: list[Spoken]) -> bool:
    """Whether a number of a statement was said without its unit ("four days – no, wait, six")."""
    said = [q.value for spoken in context for q in spoken.reading.amounts if q.kind is NumberKind.PLAIN]
    return any(quantity.value in said and quantity.second is None for quantity in claim.amounts)


def best_evidence(claim: Reading, spec: SectionSpec, said: Spoke) -> list[Spoken]:
    """Up to five utterances that together carry most of a statement; none when that is too little."""
    weighed = weights(claim, said)
    total = sum(weighed.values())
    if not total:
        return []
    pieces = {position: _pieces(claim, position, said) for position in _having_some(claim, said)}
    troubled = _of_trouble(claim, pieces, said)
    held: set[str] = set()
    chosen: list[int] = []
    while len(chosen) < MOST and pieces:
        gains = {p: _gain(pieces[p] - held, weighed, p, spec, said) for p in pieces}
        best = max(gains, key=lambda p: gains[p] * (_TROUBLED if p in troubled else 1))
        new = pieces[best] - held
        if sum(weighed[piece] for piece in new) < _WORTH_ADDING * total and not _tells_apart(new):
            break
        chosen.append(best)
        held |= pieces.pop(best)
    if sum(weighed[piece] for piece in held) < _ENOUGH * total:
        return []
    return [said.spoken[position] for position in sorted(chosen)]


_TROUBLED, _BARE = 1.5, 2
"""What a passage counts more that speaks of trouble, too; and content words of a claim that is so bare."""


def _of_trouble(claim: Reading, positions: Iterable[int], said: Spoke) -> frozenset[int]:
    """Passages that name trouble, or answer such a question, for a claim of little more: "no visual sx"."""
    trouble, language = TROUBLE[said.language], said.language
    if len(claim.stems) > _BARE or not trouble.search(plain(claim.text)):
        return frozenset()
    named = set()
    for position in positions:
        asked = said.spoken[position].answers
        texts = [said.spoken[place].utterance.text for place in (position, asked) if place >= 0]
        parts = (part for text in texts for part in sentences(text) if trouble.search(plain(part)))
        if any(claim.stems & read(part, language, True).stems for part in parts):
            named.add(position)
    return frozenset(named)


def _tells_apart(pieces: set[str]) -> bool:
    """Whether these are an amount, date or medicine with a word beside it: worth it however long the rest."""
    particular = {piece for piece in pieces if piece[0] in "#!@"}
    return bool(particular and pieces - particular)


def _having_some(claim: Reading, said: Spoke) -> list[int]:
    """Indexes of the utterances that can carry any piece of a statement."""
    found = {position for stem in claim.stems for position in said.having.get(stem, ())}
    found |= {answer for position in found for answer in said.answering.get(position, ())}
    keys: list[str | AmountKey] = [f"!{key}" for key in claim.drugs]
    keys += ["@"] if claim.dates or claim.clocks else []
    for quantity in claim.amounts:
        keys += amount_keys(quantity)
        if quantity.kind is NumberKind.FREQUENCY and quantity.value:
            keys.append(("value", round(_HOURS / quantity.value, 4)))  # 3 times a day, said as every 8 hours
    return sorted(found.union(*(said.having.get(key, ()) for key in keys)))


_HOURS = 24


def _pieces(claim: Reading, position: int, said: Spoke) -> set[str]:
    """Pieces that an utterance carries, with the question that it answers."""
    spoken = said.spoken[position]
    held = _held(claim, spoken.reading)
    if spoken.answers >= 0:
        held |= claim.stems & said.spoken[spoken.answers].reading.stems
    return held


def _held(claim: Reading, reading: Reading) -> set[str]:
    held = {f"#{position}" for position, quantity in enumerate(claim.amounts) if carries(quantity, reading)}
    held |= {f"!{key}" for key in claim.drugs if key in reading.drugs}
    if (claim.dates or claim.clocks) and tells_when(claim, reading):
        held.add("@")
    return held | (claim.stems & reading.stems)


def _gain(
    pieces: set[str], weighed: dict[str, float], position: int, spec: SectionSpec, said: Spoke
) -> float:
    """What an utterance adds: statements before questions, the clinician first where that is asked for."""
    spoken = said.spoken[position]
    gain = sum(weighed[piece] for piece in pieces)
    if spoken.asks_only:
        gain *= 0.6
    if spec.clinician_only and spoken.utterance.speaker is not SpeakerRole.CLINICIAN:
        gain *= 0.3
    return gain

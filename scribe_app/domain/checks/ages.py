"""Finds where the age of the patient was told, which no other word of a statement stands beside."""

from __future__ import annotations

import re

from scribe_app.domain.checks.amounts import is_age
from scribe_app.domain.checks.evidence import Spoke, Spoken
from scribe_app.domain.checks.kin import relatives_in
from scribe_app.domain.checks.reading import Reading
from scribe_app.domain.numbers import Quantity, same_amount
from scribe_app.domain.quantities import amount_keys
from scribe_app.domain.words import plain

_OF_THE_PATIENT = re.compile(r"(?:^|\b(?:is|was|an?|this|the|pleasant|een|deze|betreft)[ ,])\s*$")
"""What goes before an age that is who the statement is about: not "until one year old"."""
_ASKED = re.compile(r"\b(?:how old|your age|what age|hoe oud|uw leeftijd|welke leeftijd)\b")
_TOLD = re.compile(
    r"(?:\b(?:i am|he is|she is|you are|age of|aged?|turned|ik ben|hij is|zij is|ze is|bent|leeftijd)"
    r"|\b(?:i|he|she|you)'(?:m|s|re))(?: (?:only|just|now|about|nu|pas|net))* $"
)
_ALONE = re.compile(r"\s*(?:[.,!?]|$|now\b|today\b|doctor\b|nu\b)")
"""What may follow an age without its "years old"."""


def tells_age(claim: Reading, cited: list[Spoken], said: Spoke) -> list[Spoken]:
    """Utterances that tell the age in a statement, where the cited ones do not."""
    found: list[Spoken] = []
    context = said.context(cited)
    for age in (quantity for quantity in claim.amounts if is_age(quantity, claim.text)):
        if not _OF_THE_PATIENT.search(plain(claim.text)[: age.start]):
            continue
        if any(_is_told(age, spoken, said) for spoken in context):
            continue
        places = sorted({place for key in amount_keys(age) for place in said.having.get(key, ())})
        found += [said.spoken[place] for place in places if _is_told(age, said.spoken[place], said)][:1]
    return [spoken for spoken in found if spoken not in cited]


def _is_told(age: Quantity, spoken: Spoken, said: Spoke) -> bool:
    """Whether an utterance gives this very age, of the patient as far as one can tell."""
    text = plain(spoken.reading.text)
    question = said.spoken[spoken.answers].utterance.text if spoken.answers >= 0 else ""
    if relatives_in(text) or relatives_in(question):
        return False
    for quantity in spoken.reading.amounts:
        in_years = age.unit in ("", "years") and not quantity.unit
        if not same_amount(age, quantity) and not (quantity.value == age.value and in_years):
            continue
        alone = bool(_ALONE.match(text[quantity.end :]))
        told = bool(_TOLD.search(text[: quantity.start])) or bool(_ASKED.search(plain(question)))
        if is_age(quantity, text) or (told and alone):
            return True
    return False

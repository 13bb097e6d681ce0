"""Checks what a letter takes from prior letters: against the place that it names, and today's words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from scribe_app.domain.checks.evidence import Spoke, Spoken, spoke
from scribe_app.domain.checks.findings import finding
from scribe_app.domain.checks.meaning import polarity_findings
from scribe_app.domain.checks.orders import is_order
from scribe_app.domain.checks.reading import Reading, read
from scribe_app.domain.checks.retrieval import best_evidence
from scribe_app.domain.facts import Fact, facts_in
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import Statement, Support
from scribe_app.domain.passages import last_question
from scribe_app.domain.prior_letters import PriorLetter, as_transcript, passages_of
from scribe_app.domain.template import SectionSpec
from scribe_app.domain.transcript import Transcript
from scribe_app.domain.words import plain
from scribe_app.services.evidence import check_statement

_STOPPED = re.compile(
    r"\b(?:stopped|stopping|stop taking|come off|came off|gave up|no longer|not (?:any ?more|taking)"
    r"|don't take|gestopt|gestaakt|niet meer|slik (?:ik )?niet|gebruik (?:ik )?niet)\b"
)
_ALLERGY = re.compile(r"\b(?:allerg|intoleran|adverse reaction|overgevoelig|nkda)")
_NONE = re.compile(r"\b(?:no|none|nil|nkda|not|never|geen|nooit|niet)\b")
_BARE = 4
"""Words below which an answer is told with its question."""
_SHOWN = 90
"""Characters of what was said today that a reason quotes."""


def check_prior(
    statement: Statement, spec: SectionSpec, letters: Sequence[PriorLetter], transcript: Transcript
) -> Statement:
    """The statement with its support by the prior letter that it names.

    Doubted where it does not stand there, where it speaks to the software, and where today's words say
    something else (another dose, stopped, denied). The clinician's own are returned as they are.
    """
    if statement.support is Support.CLINICIAN_ADDED or statement.settled:
        return statement
    then, places = as_transcript(letters, transcript.language)
    named = {(place.letter, place.sentence) for place in statement.prior}
    ids = tuple(id for id, place in places.items() if (place.letter, place.sentence) in named)
    language = "nl" if transcript.language.startswith("nl") else "en"
    if not ids:
        doubt = finding(Support.UNSUPPORTED, "prior_not_there", language)
        return replace(statement, support=Support.UNSUPPORTED, evidence=(), flags=(doubt.flag,))
    checked = check_statement(replace(statement, prior=(), evidence=ids), spec, then)
    held = tuple(places[UtteranceId(id)] for id in checked.evidence)
    result = replace(checked, evidence=(), prior=held or statement.prior)
    if not result.needs_settling and _behind_an_order(result, letters, language):
        doubt = finding(Support.UNSUPPORTED, "addressed_to_software", language)
        return replace(result, support=Support.UNSUPPORTED, flags=(doubt.flag, *result.flags))
    other = _otherwise_today(result.text, spec, transcript)
    if other is None or result.needs_settling:
        return result
    doubt = finding(Support.CONFLICTING, _DIFFERS, language, said=_shown(other, spoke(transcript)))
    return replace(result, support=Support.CONFLICTING, flags=(doubt.flag, *result.flags))


def _behind_an_order(statement: Statement, letters: Sequence[PriorLetter], language: str) -> bool:
    """Whether the sentence before it there speaks to software: what follows may be what it dictates."""
    before = {(place.letter, place.sentence - 1) for place in statement.prior}
    return any(
        (passage.place.letter, passage.place.sentence) in before and is_order(passage.raw, language)
        for letter in letters
        for passage in passages_of(letter, language)
    )


def prior_checked_again(
    statement: Statement, spec: SectionSpec, letters: Sequence[PriorLetter], transcript: Transcript
) -> Statement:
    """The statement held against today's words as they stand now: a correction may raise or settle a doubt.

    Only that is looked at again. What comes from a letter that was taken away stays as it is.
    """
    held = {letter.number for letter in letters}
    if not statement.prior or any(place.letter not in held for place in statement.prior):
        return statement
    new = check_prior(statement, spec, letters, transcript)
    then, now = (tuple(f for f in one.flags if f.code == _DIFFERS) for one in (statement, new))
    return statement if then == now else new


_DIFFERS = "prior_differs"


def _shown(spoken: Spoken, said: Spoke) -> str:
    """What was said, in few words; a bare answer with its question."""
    words = " ".join(spoken.utterance.text.split())
    if spoken.answers >= 0 and words.count(" ") < _BARE:
        words = f"{last_question(said.spoken[spoken.answers].utterance.text, said.language)} – {words}"
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN].rstrip()}…"


def _otherwise_today(text: str, spec: SectionSpec, transcript: Transcript) -> Spoken | None:
    """The utterance of today that says something else about the same; None where nothing does."""
    said = spoke(transcript)
    claim = read(text, said.language, False)
    if _ALLERGY.search(plain(text)):
        fact = _other_allergy(claim, transcript)
        return said.spoken[said.index[fact.utterances[-1]]] if fact is not None else None
    for spoken in said.spoken:
        if _other_dose(claim, spoken.reading) or _stopped(claim, spoken):
            return spoken
    context = said.context(best_evidence(claim, spec, said))
    findings = polarity_findings(claim, context, said, searched=True, own_finding=True) if context else []
    if all(one.support is not Support.CONFLICTING for one in findings):
        return None
    return _nearest(claim, context, said)


def _other_allergy(claim: Reading, transcript: Transcript) -> Fact | None:
    """What was said today of allergies, where one of both denies what the other names."""
    denied = bool(_NONE.search(plain(claim.text))) and not claim.drugs
    told = [fact for fact in facts_in(transcript) if fact.kind == "allergy" and not fact.retracted]
    if denied:
        return next((fact for fact in told if not fact.negated), None)
    named = any(set(claim.drugs) & set(read(fact.text, transcript.language, True).drugs) for fact in told)
    return None if named else next((fact for fact in told if fact.negated), None)


def _other_dose(claim: Reading, today: Reading) -> bool:
    """Whether the same medicine has amounts of the same unit in both, and none of them in common."""
    if not set(claim.drugs) & set(today.drugs) or len(today.drugs) > 1 or len(claim.drugs) > 1:
        return False
    then = {(q.unit, q.value) for q in claim.amounts if q.unit}
    now = {(q.unit, q.value) for q in today.amounts if q.unit}
    units = {unit for unit, _ in then} & {unit for unit, _ in now}
    return any(
        not {value for unit, value in then if unit == one} & {value for unit, value in now if unit == one}
        for one in units
    )


def _stopped(claim: Reading, spoken: Spoken) -> bool:
    named = set(claim.drugs) & set(spoken.reading.drugs)
    return bool(named) and not spoken.asks_only and bool(_STOPPED.search(plain(spoken.utterance.text)))


def _nearest(claim: Reading, context: list[Spoken], said: Spoke) -> Spoken:
    """The utterance to quote: an answer rather than its question."""
    shared = [spoken for spoken in context if claim.stems & spoken.reading.stems] or context
    best = max(shared, key=lambda spoken: len(claim.stems & spoken.reading.stems))
    return said.reply(best) or best if best.ends_asking else best

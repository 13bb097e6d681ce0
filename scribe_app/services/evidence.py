"""Checks each statement against what was said, and lists what was said and is not in the letter."""

from __future__ import annotations

from dataclasses import replace

from scribe_app.domain.checks.ages import tells_age
from scribe_app.domain.checks.amounts import amount_findings, carries
from scribe_app.domain.checks.coverage import find_coverage
from scribe_app.domain.checks.evidence import Spoke, Spoken, spoke
from scribe_app.domain.checks.findings import Finding, finding, worst
from scribe_app.domain.checks.helplines import helpline_findings
from scribe_app.domain.checks.laterality import side_findings
from scribe_app.domain.checks.meaning import (
    certainty_findings,
    family_findings,
    new_word_findings,
    polarity_findings,
)
from scribe_app.domain.checks.names import drug_findings
from scribe_app.domain.checks.opposites import opposite_findings
from scribe_app.domain.checks.orders import order_findings
from scribe_app.domain.checks.particulars import particular_findings
from scribe_app.domain.checks.quotes import is_true_quote, quotes_are_true
from scribe_app.domain.checks.reading import Reading, read
from scribe_app.domain.checks.retrieval import best_evidence, has_bare_number, relevance
from scribe_app.domain.checks.speakers import speaker_findings, withdrawals, withdrawn_findings
from scribe_app.domain.checks.well import well_findings
from scribe_app.domain.checks.when import tells_when, when_findings
from scribe_app.domain.dictation import is_dictated
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import UNSETTLED, Flag, Statement, Support
from scribe_app.domain.patient_language import without_explanations
from scribe_app.domain.steps import next_step
from scribe_app.domain.template import SectionSpec
from scribe_app.domain.transcript import UNCLEAR, Transcript

__all__ = ["check_statement", "checked_again", "find_coverage", "with_second_look"]

_WEAK = 0.25
"""Share of a statement's weight in its cited evidence below which better evidence is looked for."""
_CORRECTED = "evidence_corrected"
_DISAGREES = 0.3
"""Below this share of yes, the drafting model's second look counts as a doubt."""


def check_statement(statement: Statement, spec: SectionSpec, transcript: Transcript) -> Statement:
    """The statement with its support, the reasons for doubt, and evidence that exists.

    Cited utterances that do not exist are dropped. Where (nearly) nothing of the statement is in what it
    cites, the transcript is searched; what is found replaces or joins the evidence. Statements that
    the clinician wrote or settled are returned as they are.
    """
    next_step()
    if statement.support is Support.CLINICIAN_ADDED or statement.settled:
        return statement
    checked = _with_helplines(_checked(statement, spec, transcript), transcript.language)
    orders = order_findings(checked.text, list(transcript.cited(checked.evidence)), transcript.language)
    if not orders:
        return checked
    support = checked.support if checked.support is Support.CONFLICTING else Support.UNSUPPORTED
    return replace(checked, support=support, flags=(*(one.flag for one in orders), *checked.flags))


def _with_helplines(statement: Statement, language: str) -> Statement:
    """The statement, marked where it names a number to call that does not exist, said or not."""
    flags = tuple(one.flag for one in helpline_findings(statement.text, language))
    if not flags:
        return statement
    support = Support.UNSUPPORTED if statement.support is not Support.CONFLICTING else statement.support
    return replace(statement, support=support, flags=(*flags, *statement.flags))


def _checked(statement: Statement, spec: SectionSpec, transcript: Transcript) -> Statement:
    said = spoke(transcript)
    cited = said.evidence(statement.evidence)
    if UNCLEAR in statement.text:
        return _with(statement, cited, [finding(Support.UNSUPPORTED, "unclear", said.language)])
    if statement.quoted and cited and is_true_quote(statement.text, said.context(cited), said.language):
        return _with(statement, cited, [])
    if statement.quoted and is_dictated(statement.text, [s.utterance for s in cited], said.language):
        return _with(statement, cited, [])
    claim = read(without_explanations(statement.text, said.language), said.language, False)
    named = cited
    cited = _evidence(claim, cited, spec, said)
    context = said.context(cited)
    if not cited or not (relevance(claim, context, said) or has_bare_number(claim, context)):
        return _with(statement, cited, [finding(Support.UNSUPPORTED, "no_evidence", said.language)])
    findings = _findings(claim, cited, spec, said, searched=not set(map(id, named)) & set(map(id, cited)))
    if statement.quoted or (named and not quotes_are_true(statement.text, context, said.language)):
        findings.append(finding(Support.UNSUPPORTED, "quote_changed", said.language))
    return _with(statement, cited, findings)


def checked_again(
    statement: Statement,
    spec: SectionSpec,
    transcript: Transcript,
    corrected: frozenset[UtteranceId] | None = None,
) -> Statement:
    """The statement against the transcript as it stands now; marked where its utterances were corrected.

    The mark stays until the clinician settles or rewords the statement, also when it is checked once more.
    """
    if statement.prior:
        return statement  # see prior_checked_again
    own = statement.support is Support.CLINICIAN_ADDED
    rests = corrected is not None and bool(set(statement.evidence) & corrected)
    marked = any(flag.code == _CORRECTED for flag in statement.flags)
    if corrected is not None and not rests and statement.evidence:
        return statement
    new = statement if own else check_statement(statement, spec, transcript)
    if not (own or rests):
        new = _still_doubted_by_model(statement, new)
    cleared = statement.support in UNSETTLED and new.support not in UNSETTLED  # corrected for its sake
    if cleared or not (rests or marked) or any(flag.code == _CORRECTED for flag in new.flags):
        return new
    doubt = finding(Support.INFERRED, _CORRECTED, "nl" if transcript.language.startswith("nl") else "en")
    support = Support.INFERRED if new.support is Support.SUPPORTED else new.support
    return replace(new, support=support, flags=(doubt.flag, *new.flags))


def _still_doubted_by_model(before: Statement, now: Statement) -> Statement:
    """What the model did not find on its second look, it has not found since: the lines are the same."""
    looks = tuple(flag for flag in before.flags if flag.code == _SECOND_LOOK)
    if not looks or before.settled or set(looks) <= set(now.flags):
        return now
    support = now.support if now.support is Support.CONFLICTING else Support.UNSUPPORTED
    return replace(now, support=support, flags=(*now.flags, *looks))


_SECOND_LOOK = "second_look"


def with_second_look(statement: Statement, agreement: float, language: str) -> Statement:
    """The statement, doubted where the model itself sees it not in the lines that it cites.

    A second look only ever adds a doubt: what the rules doubt stays doubted.
    """
    own = statement.support is Support.CLINICIAN_ADDED or statement.settled
    if own or agreement >= _DISAGREES:
        return statement
    doubt = finding(Support.UNSUPPORTED, _SECOND_LOOK, "nl" if language.startswith("nl") else "en")
    support = statement.support if statement.support is Support.CONFLICTING else Support.UNSUPPORTED
    return replace(statement, support=support, flags=(*statement.flags, doubt.flag))


def _evidence(claim: Reading, cited: list[Spoken], spec: SectionSpec, said: Spoke) -> list[Spoken]:
    """The cited utterances, joined or replaced by better ones where they carry too little."""
    if not cited or relevance(claim, said.context(cited), said) < _WEAK:
        cited = best_evidence(claim, spec, said) or cited
    else:
        cited = cited + _missing_pieces(claim, cited, spec, said)
    return cited + tells_age(claim, cited, said) if cited else cited


def _missing_pieces(claim: Reading, cited: list[Spoken], spec: SectionSpec, said: Spoke) -> list[Spoken]:
    """Utterances with an amount or medicine that the cited ones lack, clearly about the same thing."""
    context = said.context(cited)
    missing = [q for q in claim.amounts if not any(carries(q, spoken.reading) for spoken in context)]
    names = {key for key in claim.drugs if not any(key in spoken.reading.drugs for spoken in context)}
    undated = bool(claim.dates or claim.clocks) and not any(tells_when(claim, s.reading) for s in context)
    if not missing and not names and not undated:
        return []
    found = []
    for spoken in best_evidence(claim, spec, said):
        shared = len(claim.stems & spoken.reading.stems)
        helps = any(carries(q, spoken.reading) for q in missing)
        helps = (
            helps
            or bool(names & set(spoken.reading.drugs))
            or (undated and tells_when(claim, spoken.reading))
        )
        if helps and shared >= 2 and spoken not in cited:
            found.append(spoken)
    return found


def _findings(
    claim: Reading, cited: list[Spoken], spec: SectionSpec, said: Spoke, searched: bool
) -> list[Finding]:
    context = said.context(cited)
    readings = [spoken.reading for spoken in context]
    language = said.language
    taken_back = withdrawals(" ".join(reading.text for reading in readings), language)
    withdrawn = frozenset(one.amount.value for one in taken_back if one.amount is not None)
    meant = {one.instead for one in taken_back if one.side}
    sides_meant = bool(claim.sides) and claim.sides <= meant  # "the right knee … sorry, I mean the left"
    return [
        *amount_findings(claim, readings, language, withdrawn),
        *drug_findings(claim, readings, language),
        *when_findings(claim, readings, language),
        *particular_findings(claim, readings, language),
        *opposite_findings(claim, readings, language),
        *([] if sides_meant else side_findings(claim, readings, said)),
        *polarity_findings(claim, context, said, searched=searched, own_finding=spec.clinician_only),
        *well_findings(claim, context, said),
        *withdrawn_findings(claim, context, language),
        *family_findings(claim, context, said, set(spec.topics) == {"family"}),
        *speaker_findings(claim, context, spec, said),
        *certainty_findings(claim, context, language),
        *new_word_findings(claim, readings, language),
    ]


def _with(statement: Statement, cited: list[Spoken], findings: list[Finding]) -> Statement:
    flags: dict[str, Flag] = {}
    for doubt in sorted(findings, key=lambda doubt: doubt.support is Support.INFERRED):
        flags.setdefault(doubt.flag.reason, doubt.flag)
    evidence = tuple(sorted(spoken.utterance.id for spoken in cited))
    return replace(statement, support=worst(findings), evidence=evidence, flags=tuple(flags.values()))

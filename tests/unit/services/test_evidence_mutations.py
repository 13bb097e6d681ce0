"""Errors planted one at a time into true statements of the sample consultations: how many the checks find."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from unit.services.dutch_consultations import CONSULTATIONS, statements_of
from unit.services.true_statements import INVENTED, TURNED_ROUND, Case, cases, spec_of, transcript_of

from scribe_app.domain.letter import UNSETTLED, Statement
from scribe_app.domain.planted_errors import (
    planted,
    turned_round,
    with_other_drugs,
    with_other_numbers,
    with_other_sides,
    with_other_units,
)
from scribe_app.services.evidence import check_statement

SAMPLES = ("chest-pain-en", "buikpijn-nl")
DUTCH = tuple(CONSULTATIONS)
Plant = Callable[[str, str], Iterable[str]]


def doubted(case: Case, text: str) -> bool:
    statement = replace(case.statement, text=text)
    return check_statement(statement, case.spec, case.transcript).support in UNSETTLED


def missed(name: str, plant: Plant) -> tuple[list[str], int]:
    """Planted errors that went unmarked, and how many were planted."""
    planted = [
        (case, text) for case in cases(name) for text in plant(case.statement.text, case.transcript.language)
    ]
    return [text for case, text in planted if not doubted(case, text)], len(planted)


@pytest.mark.parametrize("name", SAMPLES)
def test_true_statements_raise_no_alarm(name: str) -> None:
    all_cases = cases(name)
    alarms = [case.statement.text for case in all_cases if doubted(case, case.statement.text)]
    assert len(alarms) <= 0.03 * len(all_cases), alarms


@pytest.mark.parametrize("name", SAMPLES)
def test_true_statements_without_ids_raise_hardly_any_alarm(name: str) -> None:
    all_cases = [replace(case, statement=replace(case.statement, evidence=())) for case in cases(name)]
    alarms = [case.statement.text for case in all_cases if doubted(case, case.statement.text)]
    assert len(alarms) <= 0.1 * len(all_cases), alarms


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize(
    ("plant", "least", "fewest"),
    [
        pytest.param(with_other_numbers, 0.95, 30, id="number"),
        pytest.param(with_other_units, 0.95, 3, id="unit"),
        pytest.param(lambda text, _: with_other_drugs(text), 0.95, 6, id="drug"),
        pytest.param(lambda text, _: with_other_sides(text), 0.95, 2, id="side"),
        pytest.param(turned_round, 0.85, 4, id="negation"),
    ],
)
def test_planted_errors_are_found(name: str, plant: Plant, least: float, fewest: int) -> None:
    unmarked, planted = missed(name, plant)
    assert planted >= fewest
    assert len(unmarked) <= (1 - least) * planted, unmarked


@pytest.mark.parametrize("name", SAMPLES)
def test_statements_turned_round_are_found(name: str) -> None:
    by_text = {case.statement.text: case for case in cases(name)}
    unmarked = [wrong for true, wrong in TURNED_ROUND[name] if not doubted(by_text[true], wrong)]
    assert len(unmarked) <= 0.15 * len(TURNED_ROUND[name]), unmarked


@pytest.mark.parametrize("name", SAMPLES)
def test_invented_findings_are_found(name: str) -> None:
    transcript, spec = transcript_of(name), spec_of("examination")
    unmarked = [
        text
        for text, ids in INVENTED[name]
        for cited in (ids, ())
        if check_statement(Statement(text, evidence=cited), spec, transcript).support not in UNSETTLED
    ]
    assert len(unmarked) <= 0.05 * 2 * len(INVENTED[name]), unmarked


@pytest.mark.parametrize("name", SAMPLES)
def test_what_only_the_patient_said_is_no_finding(name: str) -> None:
    patients = [case for case in cases(name) if not case.spec.clinician_only and all_patient(case)]
    wrong = [replace(case, spec=spec_of("examination")) for case in patients]
    unmarked = [case.statement.text for case in wrong if not doubted(case, case.statement.text)]
    assert len(patients) >= 8
    assert len(unmarked) <= 0.05 * len(patients), unmarked


def all_patient(case: Case) -> bool:
    return all(u.speaker.value == "patient" for u in case.transcript.cited(case.statement.evidence))


def test_true_dutch_statements_raise_no_alarm() -> None:
    every = [case for name in DUTCH for case in statements_of(name)]
    alarms = [case.statement.text for case in every if doubted(case, case.statement.text)]
    assert len(alarms) <= 0.03 * len(every), alarms


def test_errors_planted_in_dutch_statements_are_found() -> None:
    least = {"number": 0.95, "unit": 0.85, "drug": 0.95, "side": 0.95, "negation": 0.85}
    unmarked: dict[str, list[str]] = {kind: [] for kind in least}
    totals = dict.fromkeys(least, 0)
    for case in (case for name in DUTCH for case in statements_of(name)):
        for kind, text in planted(case.statement.text, "nl"):
            totals[kind] += 1
            unmarked[kind] += [] if doubted(case, text) else [text]
    assert min(totals.values()) >= 9
    for kind, share in least.items():
        assert len(unmarked[kind]) <= (1 - share) * totals[kind], unmarked[kind]

from __future__ import annotations

import json

import pytest

from scribe_app.domain.checks.reading import read
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import Statement
from scribe_app.domain.measures.citations import (
    LabelledStatement,
    is_grounded,
    labels_from_json,
    precision,
)
from scribe_app.domain.measures.critical_facts import ListedFact, is_carried, is_worded
from scribe_app.domain.measures.notes import Division, NoteLine
from scribe_app.domain.measures.placement import placed_as
from scribe_app.domain.measures.shares import Share
from scribe_app.errors import TranscriptFileError


def ids(*numbers: int) -> frozenset[UtteranceId]:
    return frozenset(map(UtteranceId, numbers))


def test_a_listed_fact_needs_its_utterance_and_its_numbers() -> None:
    fact = ListedFact("Metoprolol 50 mg", ids(12), frozenset({50.0}))
    citing = Statement("Metoprolol 50 mg.", evidence=(UtteranceId(12),))
    assert is_carried(fact, [citing], "nl")
    assert not is_carried(fact, [Statement("Metoprolol 50 mg.", evidence=(UtteranceId(3),))], "nl")
    assert not is_carried(fact, [Statement("Metoprolol.", evidence=(UtteranceId(12),))], "nl")
    assert not is_carried(fact, [], "nl")


@pytest.mark.parametrize(
    ("passage", "found"),
    [
        ("He has had loose stools 6 times a day.", True),
        ("Loose stools, five times a day.", False),
        ("Six people came today.", False),
    ],
)
def test_a_fact_in_words_needs_its_numbers_and_most_of_its_words(passage: str, found: bool) -> None:
    assert is_worded("loose stools 6 times/day", [read(passage, "en", True)], "en") is found


def test_words_spread_over_passages_are_no_fact() -> None:
    apart = [read("Chest pain on exertion.", "en", True), read("The left arm is heavy.", "en", True)]
    assert not is_worded("chest pain radiating to arm on stairs", apart, "en")


PERSON = [
    NoteLine("Knee pain for three weeks after running.", Division.HISTORY),
    NoteLine("Tenderness over the medial joint line.", Division.FINDINGS),
    NoteLine("Refer to physiotherapy.", Division.PLAN),
]


def test_statements_are_looked_for_where_a_person_put_them() -> None:
    written = [
        NoteLine("Knee pain after running.", Division.HISTORY),
        NoteLine("Medial joint line tenderness.", Division.HISTORY),
        NoteLine("Physiotherapy referral.", Division.PLAN),
        NoteLine("Something else entirely.", Division.PLAN),
    ]
    assert placed_as(written, PERSON, "en") == Share(2, 3)


def test_what_has_no_heading_is_not_judged() -> None:
    assert placed_as([NoteLine("Knee pain after running.")], PERSON, "en") == Share(0, 0)


LABEL = LabelledStatement("talk", "Takes ramipril 5 mg.", needed=ids(7), helpful=ids(6))


def test_citations_against_a_label() -> None:
    assert precision(ids(6, 7), LABEL) == Share(2, 2)
    assert precision(ids(7, 9), LABEL) == Share(1, 2)
    assert precision((), LABEL) == Share(0, 0)
    assert is_grounded(ids(7, 9), LABEL)
    assert not is_grounded(ids(6), LABEL)


def test_labels_are_read_from_their_file() -> None:
    row = {"consultation": "talk", "text": "Takes it.", "needed": [2], "helpful": [1]}
    (label,) = labels_from_json(json.dumps({"statements": [row]}))
    assert (label.needed, label.helpful) == (ids(2), ids(1))


@pytest.mark.parametrize("text", ["", "[]", '{"statements": [{"text": "x"}]}', '{"statements": 3}'])
def test_a_broken_file_of_labels_is_told(text: str) -> None:
    with pytest.raises(TranscriptFileError):
        labels_from_json(text)

"""Letters and notes measured: every figure on a talk of six lines whose answers can be counted by eye."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drafting_parts import SOAP, said, sample

from scribe_app.domain.ids import ConsultationId, LetterId, UtteranceId
from scribe_app.domain.letter import Coverage, CoverageItem, Letter, Section, Statement, Support
from scribe_app.domain.measures.cases import Case
from scribe_app.domain.measures.citations import LabelledStatement, labels_from_json
from scribe_app.domain.measures.critical_facts import ListedFact
from scribe_app.domain.measures.notes import Division, NoteLine
from scribe_app.domain.measures.shares import Share
from scribe_app.paths import resources_folder
from scribe_app.services import evaluation

TALK = said(
    ("c", "What brings you here?"),
    ("p", "I have had a cough for three weeks."),
    ("c", "Any fever?"),
    ("p", "No, none."),
    ("c", "Your chest is clear and your pulse is eighty."),
    ("c", "I will start you on amoxicillin, five hundred milligrams, three times a day."),
)
NOTE = """HISTORY
Cough for 3 weeks. No fever.
EXAM
Chest clear. Pulse 80.
PLAN
Amoxicillin 500 mg three times a day."""
CASE = Case("talk", TALK, NOTE)


def lines(*texts: str) -> tuple[NoteLine, ...]:
    return tuple(NoteLine(text, Division.HISTORY) for text in texts)


def shares(written: evaluation.Written, case: Case = CASE) -> dict[str, Share]:
    return dict(evaluation.score(written, evaluation.Yardstick(case)).shares)


def test_the_transcript_itself_invents_nothing() -> None:
    found = shares(evaluation.from_transcript(TALK))
    for measure in ("numbers_unsaid", "drugs_unsaid", "doses_unsaid", "unsupported"):
        assert found[measure].part == 0
    assert found["numbers_kept"] == Share(3, 3)
    assert found["drugs_kept"] == Share(1, 1)
    assert found["placed"] == Share(0, 0)


def test_a_note_by_a_person_is_whole_and_in_place() -> None:
    score = evaluation.score(evaluation.from_lines(CASE.reference, TALK), evaluation.Yardstick(CASE))
    assert score.shares["placed"] == Share(4, 4)  # "No fever." is too little to tell by
    assert score.shares["alarms"] == Share(0, 5)
    assert score.rouge is not None
    assert score.rouge.one == score.rouge.longest == 1.0


def test_what_is_invented_is_counted_and_what_the_checks_doubt_is_marked() -> None:
    invented = lines("Cough for 3 weeks.", "Pulse 92.", "Amoxicillin 250 mg three times a day.", "Has fever.")
    found = shares(evaluation.from_lines(invented, TALK))
    assert found["numbers_unsaid"] == Share(2, 4)
    assert found["numbers_unsaid_unmarked"] == Share(0, 4)
    assert found["doses_unsaid"] == Share(1, 1)
    assert found["terms_turned"].part == 1
    assert found["unsupported"] == Share(3, 4)


def test_to_doubt_what_nobody_said_is_no_false_alarm() -> None:
    note = lines("Cough for 3 weeks.", "Pulse 92.", "Has fever.")
    written = evaluation.from_lines(note, TALK)
    assert shares(written)["alarms_though_said"] == shares(written)["alarms"] == Share(2, 3)
    labelled = replace(CASE, not_spoken=frozenset({"Pulse 92."}))
    assert shares(written, labelled)["alarms_though_said"] == Share(1, 3)


def test_a_relatives_illness_under_its_heading_is_no_alarm() -> None:
    talk = said(("c", "Any illness in the family?"), ("p", "My father has diabetes."))
    told = Case("family", talk, "FAMILY HISTORY\nFather with diabetes. Has diabetes.")
    alarms = evaluation.from_lines(told.reference, talk).false_alarms
    assert [statement.text for statement in alarms] == []
    elsewhere = replace(told, note=told.note.replace("FAMILY HISTORY", "MEDICAL HISTORY"))
    assert evaluation.from_lines(elsewhere.reference, talk).false_alarms


def a_letter() -> Letter:
    cough = Statement("Cough for 3 weeks.", Support.SUPPORTED, (UtteranceId(2),))
    doubted = Statement("Pulse 92.", Support.CONFLICTING, (UtteranceId(5),))
    sections = (Section("subjective", "S", (cough,)), Section("objective", "O", (doubted,)))
    listed = CoverageItem(UtteranceId(6), "Amoxicillin, 500 mg", "plan", "medication")
    return Letter(
        LetterId("l"), ConsultationId("c"), "soap", "", "en", sections, Coverage((listed,), 1.0, 1.0)
    )


FACTS = (
    ListedFact("Cough for three weeks", frozenset({UtteranceId(2)}), frozenset({3.0})),
    ListedFact("Pulse 80", frozenset({UtteranceId(5)}), frozenset({80.0})),
    ListedFact("Amoxicillin 500 mg", frozenset({UtteranceId(6)}), frozenset({500.0})),
)


def test_a_letter_with_its_list() -> None:
    written = evaluation.from_letter(a_letter(), SOAP)
    assert [line.division for line in written.lines] == [Division.HISTORY, Division.FINDINGS]
    case = replace(CASE, facts=FACTS)
    found = shares(written, case)
    assert found["facts"] == Share(1, 3)  # a doubted statement carries nothing
    assert found["facts_with_list"] == Share(2, 3)
    assert evaluation.Yardstick(case).missing(written) == ["Pulse 80"]


def test_a_checklist_counts_what_can_be_found_in_the_transcript() -> None:
    case = replace(CASE, checklist=("cough 3 weeks", "clear chest", "smokes 20 a day"))
    found = shares(evaluation.from_letter(a_letter(), SOAP), case)
    assert found["facts"] == Share(1, 2)
    assert found["facts_with_list"] == Share(1, 2)
    assert shares(evaluation.from_transcript(TALK), case)["facts"] == Share(2, 2)


def test_errors_planted_into_good_statements_are_counted() -> None:
    good = evaluation.from_lines(lines("Pulse 80.", "Amoxicillin 500 mg."), TALK)
    found = evaluation.planted_found(good, CASE)
    assert found["number"] == (Share(6, 6), ())
    assert evaluation.planted_found(good, CASE, cited=False)["drug"][0].part > 0
    assert found["drug"][0].part == found["drug"][0].whole > 0
    doubted = replace(
        good, statements=tuple(replace(s, support=Support.UNSUPPORTED) for s in good.statements)
    )
    assert evaluation.planted_found(doubted, CASE) == {}


def test_an_error_that_is_not_found_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    good = evaluation.from_lines(lines("Pulse 80."), TALK)
    blind = replace(good.statements[0], support=Support.SUPPORTED)
    monkeypatch.setattr(evaluation, "check_statement", lambda *_: blind)
    share, missed = evaluation.planted_found(good, CASE)["number"]
    assert share == Share(0, 3)
    assert missed[0] == "Pulse 160.  <- Pulse 80."


def test_citations_of_letters_and_of_the_search() -> None:
    label = LabelledStatement("talk", "Pulse 80.", frozenset({UtteranceId(5)}))
    stray = Statement("Pulse 80.", evidence=(UtteranceId(5), UtteranceId(1)))
    letter = evaluation.Written((stray, Statement("Not labelled.")), ())
    elsewhere = replace(label, consultation="another")
    found = evaluation.cited_in_letters([label, elsewhere], {"talk": letter})
    assert (found.precision, found.grounded) == (Share(1, 2), Share(1, 1))
    assert found.wrong == ("talk: Pulse 80.  <- 1",)
    searched = evaluation.cited_by_search([label, elsewhere], {"talk": TALK})
    assert (searched.precision, searched.grounded) == (Share(1, 1), Share(1, 1))


def test_the_labels_name_utterances_that_exist() -> None:
    labels = labels_from_json((resources_folder() / "evaluation" / "citations.json").read_text("utf-8"))
    talks = {name: {u.id for u in sample(name)} for name in ("chest-pain-en", "buikpijn-nl")}
    bundled = [label for label in labels if label.consultation in talks]
    assert len(bundled) >= 60
    assert all(
        label.needed and label.needed | label.helpful <= talks[label.consultation] for label in bundled
    )
    assert len({(label.consultation, label.text) for label in labels}) == len(labels)

"""A fact is corrected or rejected: what rests on it is marked, what was said stays as it was said."""

from __future__ import annotations

import pytest
from line_stage import Stage

from scribe_app.domain.events import DrafterReady, FactsCorrected, StatementDrafted
from scribe_app.domain.fact_corrections import FactState, HeldFact
from scribe_app.domain.ids import ConsultationId, UtteranceId
from scribe_app.domain.letter import Letter, Statement, Support
from scribe_app.domain.transcript import SpeakerRole
from scribe_app.errors import UsageError
from scribe_app.ports import AuditAction
from scribe_app.services.drafting import Clinician, LetterDraft

C, P = SpeakerRole.CLINICIAN, SpeakerRole.PATIENT
VISIT = (
    (C, "What brings you in today?"),
    (P, "I've had chest pain for three weeks."),
    (P, "I take ramipril, five milligrams a day."),
    (P, "My father had a heart attack."),
    (C, "Start aspirin, seventy five milligrams once a day."),
)
PAIN, RAMIPRIL, FATHER, ASPIRIN = (UtteranceId(n) for n in (2, 3, 4, 5))
TOLD = {
    "soap": {"subjective": [("Chest pain for 3 weeks.", PAIN), ("Takes ramipril 5 mg a day.", RAMIPRIL)],
             "plan": [("Start aspirin 75 mg once a day.", ASPIRIN)]},
    "patient": {"why": [("You have had chest pain for 3 weeks.", PAIN)],
                "about_you": [("You take ramipril 5 mg a day.", RAMIPRIL)]},
}  # fmt: skip
TEN = "I take ramipril, 10 mg a day."


@pytest.fixture
def visit(stage: Stage) -> ConsultationId:
    return stage.visited(VISIT)


class TestWhileTheLetterIsWritten:
    """Two sections are written, the plan is not; then the clinician corrects what was heard."""

    @pytest.fixture
    def writing(self, stage: Stage, visit: ConsultationId) -> ConsultationId:
        stage.drafter.holds = True
        stage.service.write(visit, "soap")
        stage.settle()
        for text, id in TOLD["soap"]["subjective"]:
            stage.drafting.section("subjective", Statement(text, evidence=(id,)), ends=False)
        stage.drafting.section("subjective")
        stage.settle()
        return visit

    def seen(self, stage: Stage, id: ConsultationId) -> dict[str, Statement]:
        """The statements as they stand on screen, by their words."""
        latest = {event.statement.id: event.statement for event in stage.of(StatementDrafted, id)}
        return {one.text: one for one in latest.values()}

    def test_the_drafter_is_told_and_exactly_what_rests_on_it_is_marked(
        self, stage: Stage, writing: ConsultationId
    ) -> None:
        before = self.seen(stage, writing)
        stage.review.correct_fact(writing, held(stage, writing, RAMIPRIL).fact, TEN)
        stage.settle()
        assert [(one.id, one.text) for one in stage.drafting.corrected] == [(RAMIPRIL, TEN)]
        now = self.seen(stage, writing)
        assert now["Chest pain for 3 weeks."] == before["Chest pain for 3 weeks."]
        marked = now["Takes ramipril 5 mg a day."]
        assert marked.id == before["Takes ramipril 5 mg a day."].id, "the same line, not a second one"
        assert (marked.support, marked.flags[0].code) == (Support.CONFLICTING, "fact_elsewhere")

    def test_what_is_written_from_it_then_is_no_contradiction(
        self, stage: Stage, writing: ConsultationId
    ) -> None:
        stage.review.correct_fact(writing, held(stage, writing, RAMIPRIL).fact, TEN)
        stage.settle()
        stage.drafting.section("plan", Statement("Continue ramipril 10 mg a day.", evidence=(RAMIPRIL,)))
        stage.settle()
        assert self.seen(stage, writing)["Continue ramipril 10 mg a day."].support is not Support.CONFLICTING
        stage.drafting.finish()
        stage.settle()
        (letter,) = stage.store.letters(writing)
        (marked,) = (one for one in letter.statements if one.needs_settling)
        assert marked.text == "Takes ramipril 5 mg a day.", (
            "it was read before it was corrected: no silent change"
        )
        assert not [item for item in letter.coverage.items if "five milligrams" in item.text]

    def test_rejected_and_restored(self, stage: Stage, writing: ConsultationId) -> None:
        before = self.seen(stage, writing)
        fact = held(stage, writing, RAMIPRIL).fact
        stage.review.reject_fact(writing, fact)
        stage.settle()
        assert [(one.id, one.text) for one in stage.drafting.corrected] == [(RAMIPRIL, "")]
        assert (
            self.seen(stage, writing)["Takes ramipril 5 mg a day."].flags[0].code == "fact_rejected_elsewhere"
        )
        stage.review.restore_fact(writing, fact)
        stage.settle()
        assert stage.drafting.corrected[-1].text == VISIT[2][1]
        assert self.seen(stage, writing) == before

    def test_the_next_letter_is_asked_from_what_holds(self, stage: Stage, visit: ConsultationId) -> None:
        stage.review.correct_fact(visit, held(stage, visit, RAMIPRIL).fact, TEN)
        stage.review.reject_fact(visit, held(stage, visit, FATHER).fact)
        stage.service.write(visit, "soap")
        stage.settle()
        told = {one.id: one.text for one in stage.drafting.written[-1][1]}
        assert (told[RAMIPRIL], told[FATHER], told[PAIN]) == (TEN, "", VISIT[1][1])


def written(stage: Stage, id: ConsultationId, template: str = "soap") -> Letter:
    """A letter as it is drafted, and taken in beside those that there are."""
    draft = LetterDraft(
        stage.store.consultation(id),
        stage.templates.template(template),
        stage.store.transcript(id),
        Clinician("Dr Sam Sample", "GP"),
        "whisper",
    )
    for section, lines in TOLD[template].items():
        for text, evidence in lines:
            draft.add(section, Statement(text, evidence=(evidence,)))
    for spec in draft.template.sections:
        draft.close_section(spec.key)
    letter = draft.finish(DrafterReady(id, "llama", "abc", "1"), 30.0)
    stage.review.take_in(letter)
    return stage.store.letter(letter.id)


def held(stage: Stage, id: ConsultationId, utterance: UtteranceId) -> HeldFact:
    (found,) = [one for one in stage.review.facts(id) if one.fact.utterances[-1] == utterance]
    return found


def statement(letter: Letter, part: str) -> Statement:
    (found,) = [one for one in letter.statements if part in one.text]
    return found


def doubted(stage: Stage, letter: Letter) -> list[str]:
    return [one.text for one in stage.store.letter(letter.id).statements if one.needs_settling]


class TestACorrectedFact:
    def test_marks_exactly_what_rests_on_it_and_leaves_the_transcript(
        self, stage: Stage, visit: ConsultationId
    ) -> None:
        letter, said = written(stage, visit), stage.store.transcript(visit)
        stage.review.correct_fact(visit, held(stage, visit, RAMIPRIL).fact, TEN)
        assert doubted(stage, letter) == ["Takes ramipril 5 mg a day."]
        mark = statement(stage.store.letter(letter.id), "ramipril").flags[0]
        assert mark.reason == f"You corrected this fact to “{TEN}”."
        assert stage.store.transcript(visit) == said
        now = held(stage, visit, RAMIPRIL)
        assert (now.text, now.state) == (TEN, FactState.CORRECTED)

    def test_is_kept_with_who_and_when_and_told_to_the_window(
        self, stage: Stage, visit: ConsultationId
    ) -> None:
        heard: list[object] = []
        stage.bus.subscribe(heard.append)
        fact, before = held(stage, visit, RAMIPRIL).fact, stage.now()
        stage.review.correct_fact(visit, fact, TEN)
        (entry,) = stage.store.corrections(visit)
        assert (entry.before, entry.after) == (fact.text, TEN)
        assert before <= entry.at <= stage.now()
        noted = [one for one in stage.store.audit() if one.action is AuditAction.EDITED][-1]
        assert (noted.detail, bool(noted.user)) == (f"fact {fact.id} corrected", True)
        assert "ramipril" not in noted.detail
        assert FactsCorrected(visit) in heard

    def test_is_told_by_a_new_letter_in_the_clinicians_words_also_as_the_first_one(
        self, stage: Stage, visit: ConsultationId
    ) -> None:
        stage.review.correct_fact(visit, held(stage, visit, RAMIPRIL).fact, TEN)
        told = statement(written(stage, visit), "ramipril")
        assert (told.text, told.support, told.settled) == (TEN, Support.CLINICIAN_ADDED, True)

    def test_stays_marked_through_other_checks_until_it_is_settled_or_reworded(
        self, stage: Stage, visit: ConsultationId
    ) -> None:
        letter = written(stage, visit)
        stage.review.correct_fact(visit, held(stage, visit, RAMIPRIL).fact, TEN)
        stage.review.correct_utterance(visit, PAIN, "I've had chest pain for two weeks.", P)
        assert "Takes ramipril 5 mg a day." in doubted(stage, letter)
        stage.review.edit(letter.id, statement(letter, "ramipril").id, "Takes ramipril 10 mg a day.")
        assert "ramipril" not in " ".join(doubted(stage, letter))

    def test_taken_back_leaves_the_letter_as_it_was(self, stage: Stage, visit: ConsultationId) -> None:
        letter = written(stage, visit)
        fact = held(stage, visit, RAMIPRIL).fact
        stage.review.correct_fact(visit, fact, TEN)
        stage.review.correct_fact(visit, fact, "I take ramipril, 2.5 mg a day.")
        (now,) = stage.review.restore_fact(visit, fact)
        assert now == letter
        assert held(stage, visit, RAMIPRIL).state is FactState.HEARD
        assert stage.review.restore_fact(visit, fact) == [letter]

    def test_put_back_to_the_words_that_were_heard_is_no_correction(
        self, stage: Stage, visit: ConsultationId
    ) -> None:
        letter, fact = written(stage, visit), held(stage, visit, RAMIPRIL).fact
        stage.review.correct_fact(visit, fact, TEN)
        stage.review.correct_fact(visit, fact, f"  {fact.text} ")
        assert stage.store.letter(letter.id) == letter

    def test_what_was_the_clinicians_own_is_asked_again_and_theirs_again_when_taken_back(
        self, stage: Stage, visit: ConsultationId
    ) -> None:
        letter, fact = written(stage, visit), held(stage, visit, RAMIPRIL).fact
        stage.review.edit(letter.id, statement(letter, "ramipril").id, "On ramipril 5 mg.")
        stage.review.correct_fact(visit, fact, TEN)
        assert doubted(stage, letter) == ["On ramipril 5 mg."]
        stage.review.restore_fact(visit, fact)
        own = statement(stage.store.letter(letter.id), "ramipril")
        assert (own.support, own.settled, own.flags) == (Support.CLINICIAN_ADDED, True, ())

    def test_is_put_in_with_one_click_and_undo_takes_it_back(
        self, stage: Stage, visit: ConsultationId
    ) -> None:
        letter = written(stage, visit)
        stage.review.correct_fact(visit, held(stage, visit, RAMIPRIL).fact, TEN)
        marked = stage.store.letter(letter.id)
        new = statement(stage.review.put_fact_in(letter.id, statement(letter, "ramipril").id), "ramipril")
        assert (new.text, new.support, new.evidence, new.flags) == (
            TEN,
            Support.CLINICIAN_ADDED,
            (RAMIPRIL,),
            (),
        )
        with pytest.raises(UsageError, match="no corrected fact"):
            stage.review.put_fact_in(letter.id, statement(letter, "aspirin").id)
        assert stage.review.undo(letter.id) == marked

    def test_undo_of_another_change_does_not_lose_the_mark(self, stage: Stage, visit: ConsultationId) -> None:
        letter = written(stage, visit)
        stage.review.edit(letter.id, statement(letter, "aspirin").id, "Aspirin 75 mg.")
        stage.review.correct_fact(visit, held(stage, visit, RAMIPRIL).fact, TEN)
        stage.review.undo(letter.id)
        assert doubted(stage, letter) == ["Takes ramipril 5 mg a day."]

    def test_a_signed_letter_says_that_it_is_stale_and_its_amendment_is_marked(
        self, stage: Stage, visit: ConsultationId
    ) -> None:
        letter = written(stage, visit)
        for one in letter.statements:
            stage.review.settle(letter.id, one.id)
        signed = stage.review.sign(letter.id, "Dr Sam Sample", "GP")
        assert stage.review.stale(visit) == {}
        stage.review.correct_fact(visit, held(stage, visit, RAMIPRIL).fact, TEN)
        assert stage.store.letter(letter.id) == signed
        assert stage.review.stale(visit) == {letter.id: (statement(letter, "ramipril").id,)}
        stage.review.amend(letter.id)
        assert doubted(stage, letter) == ["Takes ramipril 5 mg a day."]

    def test_the_list_of_what_is_not_written_follows(self, stage: Stage, visit: ConsultationId) -> None:
        letter = written(stage, visit, "patient")
        fact = held(stage, visit, ASPIRIN).fact
        assert ASPIRIN in {one.utterance for one in letter.coverage.items}
        stage.review.correct_fact(visit, fact, "Start aspirin, 300 mg once.")
        item = next(i for i in stage.store.letter(letter.id).coverage.items if i.utterance == ASPIRIN)
        assert "300 mg" in item.text
        added = statement(stage.review.add_covered(letter.id, ASPIRIN), "300 mg")
        assert (added.support, added.settled, added.evidence) == (Support.CLINICIAN_ADDED, True, (ASPIRIN,))
        assert ASPIRIN not in {i.utterance for i in stage.store.letter(letter.id).coverage.items}


class TestARejectedFact:
    def test_must_be_settled_where_it_is_written_and_is_not_missed_where_it_is_not(
        self, stage: Stage, visit: ConsultationId
    ) -> None:
        letter = written(stage, visit)
        assert FATHER in {one.utterance for one in letter.coverage.items}
        stage.review.reject_fact(visit, held(stage, visit, FATHER).fact)
        stage.review.reject_fact(visit, held(stage, visit, RAMIPRIL).fact)
        assert doubted(stage, letter) == ["Takes ramipril 5 mg a day."]
        left = {one.utterance for one in stage.store.letter(letter.id).coverage.items}
        assert not left & {FATHER, RAMIPRIL}
        stage.review.remove(letter.id, statement(letter, "ramipril").id)
        assert not {i.utterance for i in stage.store.letter(letter.id).coverage.items} & {FATHER, RAMIPRIL}
        stage.review.restore_fact(visit, held(stage, visit, FATHER).fact)
        assert FATHER in {i.utterance for i in stage.store.letter(letter.id).coverage.items}

    def test_is_put_before_the_clinician_in_a_new_letter(self, stage: Stage, visit: ConsultationId) -> None:
        stage.review.reject_fact(visit, held(stage, visit, RAMIPRIL).fact)
        told = statement(written(stage, visit), "ramipril")
        assert told.needs_settling
        assert told.flags[0].reason == "You rejected this fact: it is not so."


def test_a_fact_whose_words_were_corrected_is_read_anew(stage: Stage, visit: ConsultationId) -> None:
    fact = held(stage, visit, RAMIPRIL).fact
    stage.review.correct_fact(visit, fact, TEN)
    stage.review.correct_utterance(visit, RAMIPRIL, "I take ramipril, ten milligrams a day.", P)
    assert held(stage, visit, RAMIPRIL).state is FactState.HEARD
    with pytest.raises(UsageError, match="no longer what was heard"):
        stage.review.reject_fact(visit, fact)


def test_empty_words_change_nothing(stage: Stage, visit: ConsultationId) -> None:
    with pytest.raises(UsageError, match="needs words"):
        stage.review.correct_fact(visit, held(stage, visit, RAMIPRIL).fact, "  ")
    assert stage.store.corrections(visit) == ()

"""One section drafted again: shown as old and new, nothing else touched, the clinician's words kept."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from line_stage import DIED, Stage

from scribe_app.domain.consultation import ConsultationState
from scribe_app.domain.events import ConsultationFailed, SectionRedrafted, StatementJudged
from scribe_app.domain.ids import ConsultationId, UtteranceId
from scribe_app.domain.letter import Letter, Statement, Support
from scribe_app.errors import SigningError, UsageError
from scribe_app.services.beginning import NewConsultation
from scribe_app.services.instructing import Outcome, Proposal

SECTION = "subjective"


def in_review(stage: Stage, lines: int = 16) -> Letter:
    consultation = stage.service.start(NewConsultation("soap"))
    stage.recording.hear(lines)
    stage.service.stop(consultation.id)
    stage.settle()
    return stage.store.letters(consultation.id)[0]


def redo(stage: Stage, letter: Letter, *lines: Statement, section: str = SECTION) -> Proposal:
    """The section again, with these lines; without any, as the scripted drafter quotes it."""
    stage.drafter.holds = bool(lines)
    stage.service.redo_section(letter.id, section)
    if lines:
        stage.drafting.section(section, *lines)
        stage.drafting.finish()
    stage.settle()
    event = stage.of(SectionRedrafted)[-1]
    return stage.review.propose_section(event.letter, event.section, event.statements, event.made)


def section(letter: Letter, key: str = SECTION) -> tuple[Statement, ...]:
    return next(one.statements for one in letter.sections if one.key == key)


def quote(stage: Stage, id: ConsultationId, at: int) -> Statement:
    utterance = stage.store.transcript(id).utterances[at]
    return Statement(utterance.text, evidence=(utterance.id,), quoted=True)


def test_only_this_section_is_asked_for_and_the_consultation_stays_in_review(stage: Stage) -> None:
    letter = in_review(stage)
    redo(stage, letter, quote(stage, letter.consultation, 9))
    assert stage.drafting.written[-1][3] == (SECTION,)
    assert stage.states(letter.consultation)[-1] == "in_review"
    assert stage.store.letter(letter.id) == letter, "nothing is stored before it is accepted"
    assert stage.drafting.closed


def test_accepting_changes_this_section_alone_and_undo_takes_it_back(stage: Stage) -> None:
    letter = in_review(stage)
    kept, *old = section(letter)
    new = quote(stage, letter.consultation, 9)
    proposal = redo(stage, letter, Statement(kept.text, evidence=kept.evidence, quoted=True), new)
    outcomes = {line.before or line.after: line.outcome for line in proposal.lines}
    assert outcomes[kept.text] is Outcome.KEPT
    assert outcomes[new.text] is Outcome.ADDED
    assert all(outcomes[one.text] is Outcome.REMOVED for one in old)
    changed = stage.review.accept(proposal, [change.id for change in proposal.changes])
    assert [one.text for one in section(changed)] == [kept.text, new.text]
    assert section(changed)[0] == kept, "the same words keep what was settled about them"
    others = [one for one in letter.sections if one.key != SECTION]
    assert [one for one in changed.sections if one.key != SECTION] == others
    assert stage.review.undo(letter.id).sections == letter.sections


def test_the_letter_says_what_drafted_a_section_again_and_when(stage: Stage) -> None:
    letter = in_review(stage)
    risky = Statement("Takes ramipril 5 mg once a day.", evidence=(UtteranceId(1),))
    stage.drafter.holds = True
    stage.service.redo_section(letter.id, SECTION)
    stage.drafting.section(SECTION, risky)
    stage.drafting.sink(StatementJudged(letter.consultation, risky.id, 0.1))
    stage.drafting.finish()
    stage.settle()
    event = stage.of(SectionRedrafted)[-1]
    proposal = stage.review.propose_section(event.letter, event.section, event.statements, event.made)
    changed = stage.review.accept(proposal, [change.id for change in proposal.changes])
    assert changed.provenance is not None
    assert letter.provenance is not None
    said = dict(changed.provenance.settings)["redone_subjective"]
    assert re.fullmatch(
        r"llama, sha256 abc, prompts 1, scribe \S+; "
        r"second look llama, sha256 abc, prompts 1: 1 read, 1 doubted; "
        r"drafted 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ",
        said,
    ), said
    assert replace(changed.provenance, settings=()) == replace(letter.provenance, settings=())
    again = redo(stage, changed, quote(stage, letter.consultation, 9))
    twice = stage.review.accept(again, [change.id for change in again.changes])
    assert twice.provenance is not None
    assert dict(twice.provenance.settings)["redone_subjective"].startswith(f"{said} | llama")
    undone = stage.review.undo(letter.id)
    assert undone.provenance == changed.provenance, "undo takes it back with the section"


def test_what_the_clinician_wrote_settled_or_added_stays(stage: Stage) -> None:
    letter = in_review(stage)
    first = section(letter)[0]
    stage.review.edit(letter.id, first.id, "Chest tightness on exertion, my words.")
    letter = stage.review.add(letter.id, SECTION, "Lives alone.")
    again = Statement(first.text, evidence=first.evidence, quoted=True)
    proposal = redo(stage, letter, again, quote(stage, letter.consultation, 9))
    changed = stage.review.accept(proposal, [change.id for change in proposal.changes])
    texts = [one.text for one in section(changed)]
    assert "Chest tightness on exertion, my words." in texts
    assert "Lives alone." in texts
    assert first.text not in texts, "the fact is not told twice"
    assert {line.reason for line in proposal.kept_because} == {"your own words"}


def test_what_was_edited_after_the_section_was_drafted_again_is_not_lost(stage: Stage) -> None:
    letter = in_review(stage)
    proposal = redo(stage, letter, quote(stage, letter.consultation, 9))
    stage.review.add(letter.id, SECTION, "Typed meanwhile.")
    first = section(letter)[0]
    stage.review.edit(letter.id, first.id, "Edited meanwhile.")
    with pytest.raises(UsageError, match="changed in the meantime"):
        stage.review.accept(proposal, [first.id])
    new = next(line.id for line in proposal.lines if line.outcome is Outcome.ADDED)
    texts = [one.text for one in section(stage.review.accept(proposal, [new]))]
    assert {"Edited meanwhile.", "Typed meanwhile."} < set(texts)


def test_a_doubt_about_a_new_line_is_told_before_it_is_accepted(stage: Stage) -> None:
    letter = in_review(stage)
    wrong = Statement("Takes warfarin 9 mg.", evidence=(UtteranceId(3),))
    proposal = redo(stage, letter, wrong)
    line = next(line for line in proposal.lines if line.outcome is Outcome.ADDED)
    assert line.reason
    changed = stage.review.accept(proposal, [line.id])
    assert next(one for one in section(changed) if "warfarin" in one.text).needs_settling


def test_corrected_words_and_letters_given_since_count(stage: Stage) -> None:
    letter = in_review(stage)
    cited = section(letter)[0]
    utterance = stage.store.transcript(letter.consultation).cited(cited.evidence)[0]
    stage.review.correct_utterance(
        letter.consultation, utterance.id, "Something else entirely was said here.", utterance.speaker
    )
    letter = stage.store.letter(letter.id)
    marked = next(one for one in section(letter) if one.id == cited.id)
    assert marked.flags, "the correction alone only marks it"
    proposal = redo(stage, letter, quote(stage, letter.consultation, utterance.id - 1))
    changed = [line for line in proposal.changes if "Something else" in line.after]
    assert [line.outcome for line in changed] == [Outcome.REWORDED]
    after = stage.review.accept(proposal, [changed[0].id])
    found = next(one for one in section(after) if one.id == cited.id)
    assert (found.support, found.flags) == (Support.SUPPORTED, ())


def test_nothing_new_is_said_so(stage: Stage) -> None:
    letter = in_review(stage)
    with pytest.raises(UsageError, match="says the same"):
        redo(stage, letter)


def test_a_section_that_was_left_out_comes_back_in_its_place(stage: Stage) -> None:
    letter = in_review(stage)
    for one in section(letter):
        letter = stage.review.remove(letter.id, one.id)
    proposal = redo(stage, letter)
    after = stage.review.accept(proposal, [change.id for change in proposal.changes])
    assert after.sections[0].key == SECTION
    assert len(section(after)) == len(proposal.changes) > 0


def test_cancelled_it_leaves_everything_as_it_was(stage: Stage) -> None:
    letter = in_review(stage)
    stage.drafter.holds = True
    stage.service.redo_section(letter.id, SECTION)
    stage.service.cancel_writing(letter.consultation)
    stage.settle()
    assert stage.of(SectionRedrafted) == []
    assert stage.store.letter(letter.id) == letter


def test_a_drafter_that_dies_is_replaced_by_quotes(stage: Stage) -> None:
    letter = in_review(stage)
    for one in section(letter):
        letter = stage.review.remove(letter.id, one.id)
    stage.drafter.holds = True
    stage.service.redo_section(letter.id, SECTION)
    stage.drafting.section(SECTION, quote(stage, letter.consultation, 9), ends=False)
    stage.drafting.die(DIED)
    stage.settle()
    event = stage.of(SectionRedrafted)[-1]
    assert event.statements
    assert stage.drafting.request.model is None
    assert stage.of(ConsultationFailed)
    assert stage.store.consultation(letter.consultation).state is ConsultationState.IN_REVIEW


@pytest.mark.parametrize("key", ["nothing", "demographics"])
def test_a_section_that_is_not_drafted_is_refused(stage: Stage, key: str) -> None:
    letter = in_review(stage)
    with pytest.raises(UsageError, match="not drafted"):
        stage.service.redo_section(letter.id, key)


def test_a_signed_letter_is_refused_and_so_is_a_busy_consultation(stage: Stage) -> None:
    letter = in_review(stage)
    stage.drafter.holds = True
    stage.service.redo_section(letter.id, SECTION)
    with pytest.raises(UsageError, match="being written"):
        stage.service.redo_section(letter.id, "plan")
    stage.service.cancel_writing(letter.consultation)
    stage.settle()
    signed = stage.store.letter(letter.id)
    settled = tuple(
        replace(one, statements=tuple(replace(s, settled=True) for s in one.statements))
        for one in signed.sections
    )
    stage.store.save_letter(replace(signed, sections=settled))
    stage.review.sign(letter.id, "Dr Sam Sample", "GP")
    with pytest.raises(SigningError):
        stage.service.redo_section(letter.id, SECTION)

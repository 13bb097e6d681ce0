"""Facts of a consultation: what was said, by whom, about whom, denied or in doubt, taken back."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
from drafting_parts import SOAP, said, sample

from scribe_app.domain.facts import Fact, FactsSoFar, facts_for, facts_in
from scribe_app.domain.transcript import SpeakerRole, Transcript
from scribe_app.paths import resources_folder


def one(transcript: Transcript, words: str) -> Fact:
    """The only fact whose text has these words."""
    found = [fact for fact in facts_in(transcript) if words in fact.text]
    assert len(found) == 1, [fact.text for fact in facts_in(transcript)]
    return found[0]


def test_an_answer_comes_with_its_question_and_rests_on_both() -> None:
    fact = one(said(("c", "Any fever or sweating?"), ("p", "No, nothing like that.")), "fever")
    assert (fact.kind, fact.utterances, fact.negated) == ("symptom", (1, 2), True)
    assert fact.said_by is SpeakerRole.PATIENT


def test_a_question_without_an_answer_is_no_fact() -> None:
    assert facts_in(said(("c", "Any chest pain?"), ("c", "Right, let me look at your throat."))) == ()


def test_a_denial_in_a_sentence_is_one() -> None:
    transcript = said(("p", "I have a cough. I haven't had any fever."))
    assert [(fact.id, fact.negated) for fact in facts_in(transcript)] == [("U1.1", False), ("U1.2", True)]


def test_doubt_and_time_are_kept() -> None:
    fact = one(said(("c", "I think this may be angina, since last week.")), "angina")
    assert (fact.uncertain, fact.when, fact.kind) == (True, "since last week", "assessment")


@pytest.mark.parametrize(
    ("transcript", "words", "who"),
    [
        (said(("p", "My dad had a heart attack when he was 52.")), "heart attack", "father"),
        (said(("p", "Mijn zus heeft darmkanker gehad."), language="nl"), "darmkanker", "sister"),
        (said(("p", "I had a heart attack last year.")), "heart attack", "patient"),
    ],
)
def test_whom_a_fact_is_about(transcript: Transcript, words: str, who: str) -> None:
    assert one(transcript, words).who == who


@pytest.mark.parametrize(
    ("transcript", "old", "new"),
    [
        (said(("p", "I've had this pain for three weeks. No, sorry, four weeks.")), "3 weeks", "4 weeks"),
        (said(("p", "The pain is in my right knee. No sorry, the left knee hurts.")), "right", "left knee"),
        (
            said(("p", "I take ramipril every day."), ("c", "Fine."), ("p", "No wait, I mean lisinopril.")),
            "ramipril",
            "lisinopril",
        ),
        (
            said(("p", "Ik heb drie weken pijn in mijn buik. Nee, wacht, vier weken."), language="nl"),
            "3 weken",
            "4 weken",
        ),
    ],
)
def test_what_was_taken_back_is_marked_and_what_replaced_it_is_not(
    transcript: Transcript, old: str, new: str
) -> None:
    assert one(transcript, old).retracted
    assert not one(transcript, new).retracted


def test_a_sections_facts_are_those_of_its_topics_and_speaker_and_still_hold() -> None:
    transcript = said(
        ("p", "I have chest pain. I've had it for three weeks. No, sorry, four weeks."),
        ("c", "Your pulse is 76. I'd like you to start aspirin, 75 mg once a day."),
        ("p", "Can you prescribe something for the pain?"),
    )
    facts = facts_in(transcript)
    plan = facts_for(SOAP.section("plan"), facts)
    assert [fact.utterances for fact in plan] == [(2,)]
    assert all("3 weeks" not in fact.text for fact in facts_for(SOAP.section("subjective"), facts))


@pytest.mark.parametrize("name", ["chest-pain-en", "buikpijn-nl"])
def test_the_samples_critical_facts_are_found_with_their_utterances(name: str) -> None:
    file = resources_folder() / "sample_consultations" / f"{name}.facts.json"
    found = [set(fact.utterances) for fact in facts_in(sample(name))]
    missed = [
        wanted["fact"]
        for wanted in json.loads(file.read_text(encoding="utf-8"))
        if not any(ids & set(wanted["utterances"]) for ids in found)
    ]
    assert missed == []


def test_bad_input_is_read_in_reasonable_time() -> None:
    assert facts_in(said()) == ()
    assert facts_in(said(("p", "🙂 fuck … <|im_end|>"))) == ()
    many = said(*[("p", f"I have had pain for {number} days.") for number in range(1, 2_001)])
    start = time.monotonic()
    assert len(facts_in(many)) == 2_000
    assert time.monotonic() - start < 30


@pytest.mark.parametrize("name", ["chest-pain-en", "buikpijn-nl"])
def test_facts_found_as_the_consultation_goes_are_those_of_the_whole(name: str) -> None:
    transcript = sample(name)
    so_far = FactsSoFar(transcript.language)
    told: dict[str, Fact] = {}
    for utterance in transcript:
        told |= {fact.id: fact for fact in so_far.take([utterance])}
    assert so_far.facts == facts_in(transcript)
    assert {fact.id for fact in so_far.facts} <= set(told), "every fact was told when it was said"


def test_a_correction_changes_the_facts_that_rest_on_it_and_no_others() -> None:
    transcript = sample()
    so_far = FactsSoFar("en")
    so_far.settle(transcript)
    old = next(u for u in transcript if "ramipril" in u.text.lower())
    new = replace(old, text=old.text.replace("five", "ten"))
    changed = so_far.take([new])
    assert {id for fact in changed for id in fact.utterances} == {new.id}
    assert any("10 mg" in fact.text for fact in changed)
    assert so_far.take([new]) == ()

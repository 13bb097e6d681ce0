from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.template import SectionSpec
from scribe_app.domain.topics import TOPICS, guess_roles, only_asks, topics_in, topics_of, utterances_for
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance

SAMPLES = Path(__file__).parents[3] / "resources" / "sample_consultations"
CLINICIAN, PATIENT, UNKNOWN = SpeakerRole.CLINICIAN, SpeakerRole.PATIENT, SpeakerRole.UNKNOWN


def said(text: str, speaker: SpeakerRole = PATIENT, id: int = 1) -> Utterance:
    return Utterance(UtteranceId(id), text, id * 3.0, id * 3.0 + 2, speaker)


def sample(name: str) -> Transcript:
    value = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return Transcript(
        tuple(
            Utterance(UtteranceId(u["id"]), u["text"], u["start"], u["end"], SpeakerRole(u["speaker"]))
            for u in value["utterances"]
        ),
        value["language"],
    )


@pytest.mark.parametrize(
    ("question", "answer", "topic", "language"),
    [
        ("Any allergies?", "Yes, penicillin.", "allergy", "en"),
        ("Do you smoke at all?", "About ten a day.", "social", "en"),
        ("Any sweating, or palpitations?", "No, nothing like that.", "symptom", "en"),
        ("Do you take any regular medicines?", "Just the one.", "medication", "en"),
        ("Is there any heart trouble in the family?", "Yes.", "family", "en"),
        ("En bent u ergens allergisch voor?", "Ja, voor amoxicilline.", "allergy", "nl"),
        ("Rookt u?", "Nee, nooit.", "social", "nl"),
        ("Gebruikt u medicijnen?", "Alleen voor mijn bloeddruk.", "medication", "nl"),
        ("Heeft u koorts gehad?", "Nee.", "symptom", "nl"),
    ],
)
def test_an_answer_has_the_topic_of_its_question(
    question: str, answer: str, topic: str, language: str
) -> None:
    assert topic in topics_of(said(answer), said(question, CLINICIAN), language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Morning, Doctor. Thanks for seeing me so quickly.", "en"),
        ("Pouring. The bus was late, and I forgot my umbrella.", "en"),
        ("Okay, I will.", "en"),
        ("Mm-hmm.", "en"),
        ("", "en"),
        ("🙂", "en"),
        ("Beterschap, en tot ziens.", "nl"),
        ("Fijn, dank u wel dokter. Tot dan.", "nl"),
    ],
)
def test_small_talk_and_acknowledgements_have_no_topic(text: str, language: str) -> None:
    assert topics_of(said(text), None, language) == frozenset()


def test_a_penicillin_allergy_is_not_listed_as_a_medicine() -> None:
    assert topics_of(said("Penicillin."), said("Are you allergic to anything?", CLINICIAN), "en") == {
        "allergy"
    }


def test_a_symptom_named_in_safety_netting_is_not_a_symptom_of_the_patient() -> None:
    warning = said("If you get pain at rest, call nine nine nine straight away.", CLINICIAN)
    assert "symptom" not in topics_of(warning, None, "en")
    assert "safety_net" in topics_of(warning, None, "en")


def test_a_patient_cannot_make_a_plan_or_a_finding() -> None:
    assert topics_of(said("I'll go home, I think it's nothing serious."), None, "en") <= {
        "concern",
        "symptom",
    }


def test_every_topic_of_the_lexicons_is_one_that_templates_may_name() -> None:
    named = "symptom history medication allergy examination result assessment plan safety_net family social"
    assert set(TOPICS) == {*named.split(), "concern", "advice", "procedure"}


@pytest.mark.parametrize(
    ("name", "topics", "ids"),
    [
        ("chest-pain-en", ("allergy",), {31, 32}),
        ("chest-pain-en", ("examination",), {45, 47, 48, 50}),
        ("chest-pain-en", ("plan",), {58, 60, 62, 64, 76}),
        ("chest-pain-en", ("safety_net",), {66, 68}),
        ("chest-pain-en", ("family",), {36}),
        ("buikpijn-nl", ("allergy",), {13, 14}),
        ("buikpijn-nl", ("examination",), {18, 20}),
        ("buikpijn-nl", ("assessment",), {22}),
        ("buikpijn-nl", ("safety_net",), {26}),
    ],
)
def test_a_section_finds_its_utterances(name: str, topics: tuple[str, ...], ids: set[int]) -> None:
    clinician_only = topics[0] in {"examination", "plan", "assessment", "safety_net"}
    spec = SectionSpec("x", "X", "", topics, clinician_only=clinician_only)
    found = utterances_for(spec, sample(name))
    assert ids <= {u.id for u in found}
    if clinician_only:
        assert all(u.speaker is CLINICIAN for u in found)
    assert list(found) == sorted(found, key=lambda u: u.id)


def test_a_clinicians_section_still_finds_utterances_when_speakers_are_unknown() -> None:
    known = sample("chest-pain-en")
    blank = replace(known, utterances=tuple(replace(u, speaker=UNKNOWN) for u in known))
    spec = SectionSpec("exam", "Examination", "", ("examination",), clinician_only=True)
    assert {45, 47, 48} <= {u.id for u in utterances_for(spec, blank)}


@pytest.mark.parametrize(("name", "least"), [("chest-pain-en", 0.93), ("buikpijn-nl", 0.93)])
def test_roles_are_guessed_from_the_words(name: str, least: float) -> None:
    known = sample(name)
    guessed = guess_roles(replace(known, utterances=tuple(replace(u, speaker=UNKNOWN) for u in known)))
    right = sum(a.speaker is b.speaker for a, b in zip(known, guessed, strict=True))
    assert right / len(known) >= least


def test_known_speakers_stay_as_they_are() -> None:
    known = sample("chest-pain-en")
    swapped = {CLINICIAN: PATIENT, PATIENT: CLINICIAN}
    odd = replace(known, utterances=tuple(replace(u, speaker=swapped[u.speaker]) for u in known))
    assert guess_roles(odd) == odd


def test_an_empty_transcript_has_no_roles_topics_or_candidates() -> None:
    assert guess_roles(Transcript()) == Transcript()
    assert topics_in(Transcript()) == {}
    assert utterances_for(SectionSpec("x", "X", "", ("plan",)), Transcript()) == ()


def test_only_asking_is_told_from_stating_and_asking() -> None:
    assert only_asks("Okay. Do you smoke at all?", "en")
    assert not only_asks("Your pulse is seventy six. Is that normal for you?", "en")
    assert not only_asks("Your pulse is seventy six.", "en")


@pytest.mark.parametrize(
    ("text", "speaker", "language", "topic"),
    [
        ("I wonder whether you may have something called dermatitis.", CLINICIAN, "en", "assessment"),
        ("Dit is wat wij noemen een slijmbeursontsteking.", CLINICIAN, "nl", "assessment"),
        ("We might need some investigations to rule that out.", CLINICIAN, "en", "plan"),
        ("Nader onderzoek moet dat uitsluiten.", CLINICIAN, "nl", "plan"),
        ("If those things happen, get back to us.", CLINICIAN, "en", "safety_net"),
        ("Mocht het verslechteren, neem contact op.", CLINICIAN, "nl", "safety_net"),
        ("I live with two flatmates.", PATIENT, "en", "social"),
        ("Ik woon met huisgenoten.", PATIENT, "nl", "social"),
        ("I use a nasal spray when needed.", PATIENT, "en", "medication"),
        ("Een neusspray, als het nodig is.", PATIENT, "nl", "medication"),
        ("Any ideas as to what could be causing it?", CLINICIAN, "en", "concern"),
        ("Heeft u zelf een idee waar het van komt?", CLINICIAN, "nl", "concern"),
        ("It came on gradually, on the left side.", PATIENT, "en", "symptom"),
        ("Het kwam geleidelijk op, aan de linkerkant.", PATIENT, "nl", "symptom"),
    ],
)
def test_a_cue_of_each_part_of_a_consultation_is_known(
    text: str, speaker: SpeakerRole, language: str, topic: str
) -> None:
    assert topic in topics_of(said(text, speaker), None, language)


@pytest.mark.parametrize(
    ("asked", "language", "social"),
    [
        ("Is he drinking well?", "en", False),
        ("Are you eating and drinking okay?", "en", False),
        ("Do you drink alcohol?", "en", True),
        ("Drinkt hij goed?", "nl", False),
        ("Drinkt u alcohol?", "nl", True),
    ],
)
def test_what_a_child_drinks_is_no_habit(asked: str, language: str, social: bool) -> None:
    topics = topics_of(said("Yes." if language == "en" else "Ja."), said(asked, CLINICIAN), language)
    assert ("social" in topics) is social
    assert ("symptom" in topics) is not social


@pytest.mark.parametrize(
    ("asked", "answer", "language"),
    [
        ("Any ideas as to what could be causing it?", "So I had eczema before", "en"),
        ("Heeft u zelf een idee waar het van komt?", "Vroeger had ik ook eczeem", "nl"),
    ],
)
def test_what_a_patient_thinks_is_an_answer_however_long(asked: str, answer: str, language: str) -> None:
    long = answer + " la" * 40 + "."
    assert "concern" in topics_of(said(long), said(asked, CLINICIAN), language)
    other = "How old are you?" if language == "en" else "Hoe oud bent u?"
    assert "concern" not in topics_of(said(long), said(other, CLINICIAN), language)

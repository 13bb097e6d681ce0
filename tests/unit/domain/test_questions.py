from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from scribe_app.cli.letters import read_transcript
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.lexicon.verb_forms import verb_forms
from scribe_app.domain.questions import answers_to, names_something
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.paths import resources_folder

ASKED = Path(__file__).resolve().parents[2] / "questions" / "asked.toml"
SAMPLES = resources_folder() / "sample_consultations"
LEAST_RIGHT = 0.9


def consultations() -> list[tuple[Transcript, list[tuple[str, list[int]]]]]:
    found = []
    for consultation in tomllib.loads(ASKED.read_text(encoding="utf-8"))["consultation"]:
        sample = consultation["sample"]
        found.append((read_transcript(SAMPLES / f"{sample}.json", sample[-2:]), consultation["questions"]))
    return found


def wrong(answered: bool) -> tuple[list[str], int]:
    """Questions that came out wrong, and how many there are, of those that have an answer or have none."""
    failed, count = [], 0
    for transcript, questions in consultations():
        for question, right in questions:
            if bool(right) is not answered:
                continue
            count += 1
            answers = answers_to(question, transcript)
            first = int(answers[0].utterance) if answers else 0
            if (first not in right) if right else bool(answers):
                failed.append(f"{question} -> {answers[0].text if answers else 'not discussed'}")
    return failed, count


def test_what_was_said_is_found_first() -> None:
    failed, count = wrong(answered=True)
    assert count >= 40
    assert len(failed) <= (1 - LEAST_RIGHT) * count, failed


def test_what_nobody_said_is_not_discussed() -> None:
    failed, count = wrong(answered=False)
    assert count >= 15
    assert len(failed) <= (1 - LEAST_RIGHT) * count, failed


def transcript_of(*texts: str) -> Transcript:
    roles = (SpeakerRole.CLINICIAN, SpeakerRole.PATIENT)
    return Transcript(
        tuple(
            Utterance(UtteranceId(at), text, at * 4.0, at * 4.0 + 3, roles[(at - 1) % 2])
            for at, text in enumerate(texts, start=1)
        )
    )


def test_an_answer_is_a_quotation_with_the_question_it_answered() -> None:
    said = transcript_of("Are you allergic to anything?", "Only to plasters.")
    (answer,) = answers_to("Any allergies?", said)
    assert (answer.utterance, answer.asked, answer.text) == (2, 1, "Only to plasters.")
    assert answer.start == 8.0


@pytest.mark.parametrize("question", ["", "   ", "?", "what did the patient say", "👍", "<b>the</b>"])
def test_a_question_that_names_nothing_has_no_answer(question: str) -> None:
    said = transcript_of("Are you allergic to anything?", "Only to plasters.")
    assert answers_to(question, said) == ()


def test_an_empty_consultation_answers_nothing() -> None:
    assert answers_to("Any allergies?", Transcript()) == ()


@pytest.mark.parametrize(
    ("language", "question", "names"),
    [
        ("en", "What happened?", False),
        ("en", "Anything else said?", False),
        ("en", "???", False),
        ("en", "Was driving discussed?", True),
        ("nl", "Is er nog iets gezegd?", False),
        ("nl", "Rookt hij?", True),
        ("nl", "Hoe vaak komt het?", True),
    ],
)
def test_a_question_that_names_nothing_cannot_be_called_not_discussed(
    language: str, question: str, names: bool
) -> None:
    assert names_something(question, language) is names


def test_how_often_is_answered_in_dutch() -> None:
    talk = transcript_of("Hoe vaak heeft u dat?", "Drie keer per week, meestal in de avond.")
    said = Transcript(talk.utterances, "nl")
    assert [int(one.utterance) for one in answers_to("Hoe vaak komt het voor?", said)][:1] == [2]


FORMS = [
    ("en", "How long has the ache been there?", 6),
    ("en", "How long does an attack last?", 8),
    ("en", "How often does the ache come?", 10),
    ("en", "When did it start?", 6),
    ("en", "Who is at home with him?", 12),
    ("en", "How long has he been coughing?", 0),
    ("en", "How often does he drink?", 14),
    ("nl", "Hoe lang heeft hij de steken al?", 6),
    ("nl", "Hoe lang duurt een aanval?", 8),
    ("nl", "Hoe vaak komen de steken?", 10),
    ("nl", "Wanneer is het begonnen?", 6),
    ("nl", "Wie is er bij hem thuis?", 12),
    ("nl", "Hoe lang hoest hij al?", 0),
    ("nl", "Hoe vaak drinkt hij alcohol?", 14),
]
TALKS = {
    "en": transcript_of(
        "What brings you in?", "I get this ache in my shoulder.",
        "Tell me more.", "An ache like toothache, in two places.",
        "How long has that been going on?", "Six weeks, more or less.",
        "And how long does it last?", "Ten minutes or so.",
        "How often do you get it?", "Four times a day.",
        "Anybody at home?", "My daughter is at home now.",
        "Do you drink alcohol?", "No, never.",
        "Come back to that cough clinic within three weeks.", "I will.",
    ),
    "nl": transcript_of(
        "Wat kan ik voor u doen?", "Ik krijg steken in mijn schouder.",
        "Vertelt u eens.", "Steken als van een mes, op twee plaatsen.",
        "Hoe lang heeft u dat al?", "Zes weken, min of meer.",
        "En hoe lang duurt dat?", "Tien minuten ongeveer.",
        "Hoe vaak heeft u het?", "Vier keer per dag.",
        "Is er iemand thuis?", "Mijn dochter is nu thuis.",
        "Drinkt u alcohol?", "Nee, nooit.",
        "Binnen drie weken komt u op het hoestspreekuur.", "Goed.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("language", "question", "right"), FORMS)
def test_a_question_is_answered_in_the_form_it_asks_for(language: str, question: str, right: int) -> None:
    answers = answers_to(question, Transcript(TALKS[language].utterances, language))
    assert [int(one.utterance) for one in answers[:1]] == ([right] if right else [])


def test_the_number_is_that_of_the_medicine_asked_for() -> None:
    said = transcript_of(
        "You may start bisoprolol, five milligrams. Keep taking the ramipril.", "And ramipril ten milligrams."
    )
    assert int(answers_to("How much ramipril does he take?", said)[0].utterance) == 2


@pytest.mark.parametrize(
    ("sample", "question", "right"),
    [
        ("buikpijn-nl", "Hoe lang bestaan de klachten?", [2, 4, 5]),
        ("buikpijn-nl", "Hoe lang spelen de klachten al?", [2, 4, 5]),
        ("buikpijn-nl", "Wat voor soort pijn is het?", [4]),
        ("buikpijn-nl", "Wat is de aard van de pijn?", [4]),
        ("buikpijn-nl", "Wat is de locatie van de pijn?", [4, 20]),
        ("chest-pain-en", "How long have the symptoms existed?", [10, 11]),
        ("chest-pain-en", "What kind of pain is it?", [8]),
        ("chest-pain-en", "What is the character of the pain?", [8]),
        ("chest-pain-en", "How often does the pain occur?", [12]),
    ],
)
def test_words_that_only_make_up_the_question_are_not_its_topic(
    sample: str, question: str, right: list[int]
) -> None:
    answers = answers_to(question, read_transcript(SAMPLES / f"{sample}.json", sample[-2:]))
    assert answers, question
    assert int(answers[0].utterance) in right, answers[0].text


CALLED = {
    "en": transcript_of(
        "We'll swab the wound today.", "It swells when I walk.",
        "I'll ring your daughter tonight.", "She'll like that.",
        "The nurse will bring the results on Friday.", "I drank two pints on Saturday.",
    ),
    "nl": transcript_of(
        "We maken vandaag een foto.", "Mijn enkel zwelt op als ik loop.",
        "Ik bel vanavond uw dochter.", "Dat vindt ze fijn.",
        "We behandelen de wond met zalf.", "Ik dronk zaterdag twee glazen bier.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "question", "right"),
    [
        ("en", "Who will be rung?", 3),
        ("en", "Was the wound swabbed?", 1),
        ("en", "What has swollen?", 2),
        ("en", "Who brought the results?", 5),
        ("en", "What has he drunk?", 6),
        ("en", "Was he bitten?", 0),
        ("nl", "Wie wordt er gebeld?", 3),
        ("nl", "Wordt er een foto gemaakt?", 1),
        ("nl", "Wat is er opgezwollen?", 2),
        ("nl", "Waarmee wordt de wond behandeld?", 5),
        ("nl", "Hoeveel heeft hij gedronken?", 6),
        ("nl", "Is zijn gezicht gezwollen?", 0),
        ("nl", "Is hij gebeten?", 0),
    ],
)
def test_a_participle_finds_the_other_forms_of_its_verb(language: str, question: str, right: int) -> None:
    answers = answers_to(question, Transcript(CALLED[language].utterances, language))
    assert [int(one.utterance) for one in answers[:1]] == ([right] if right else [])


@pytest.mark.parametrize(
    ("language", "one", "other", "same"),
    [
        ("nl", "gebeld", "bellen", True),
        ("nl", "gehoest", "hoest", True),
        ("nl", "geleefd", "leven", True),
        ("nl", "gereisd", "reizen", True),
        ("nl", "teruggebeld", "belt", True),
        ("nl", "herhaald", "herhalen", True),
        ("nl", "gezicht", "zich", False),
        ("nl", "gezond", "zon", False),
        ("nl", "bloed", "bloei", False),
        ("en", "planned", "plan", True),
        ("en", "tried", "try", True),
        ("en", "rang", "rung", True),
        ("en", "thing", "the", False),
        ("en", "need", "ne", False),
    ],
)
def test_forms_of_one_verb_meet(language: str, one: str, other: str, same: bool) -> None:
    assert bool(verb_forms(one, language) & verb_forms(other, language)) is same

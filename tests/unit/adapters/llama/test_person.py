"""What a patient says of themselves, told of them and said back to them."""

from __future__ import annotations

import pytest

from scribe_app.adapters.llama.person import impersonal, of_the_patient
from scribe_app.adapters.llama.tidying import readdressed, reported, tidied
from scribe_app.adapters.llama.wording import wording_for
from scribe_app.domain.transcript import SpeakerRole

DUTCH = [
    ("Ik heb sinds drie dagen vreselijke pijn in mijn rug.",
     "Heeft sinds 3 dagen vreselijke pijn in de rug.", "U heeft sinds 3 dagen vreselijke pijn in uw rug."),
    ("Het wordt erger als ik beweeg of hoest.",
     "Wordt erger als patiënt beweegt of hoest.", "Het wordt erger als u beweegt of hoest."),
    ("Ik word 's nachts wakker als ik me omdraai.",
     "Wordt 's nachts wakker als patiënt zich omdraait.", "U wordt 's nachts wakker als u zich omdraait."),
    ("Ik heb last sinds ik van de fiets ben gevallen.",
     "Heeft last sinds patiënt van de fiets is gevallen.",
     "U heeft last sinds u van de fiets bent gevallen."),
    ("Eigenlijk wil ik graag een foto.", "Wil graag een foto.", "U wilt graag een foto."),
    ("Van de metformine heb ik diarree.",
     "Van de metformine heeft patiënt diarree.", "Van de metformine heeft u diarree."),
    ("In 2018 ben ik geopereerd aan mijn schildklier.",
     "In 2018 is patiënt geopereerd aan de schildklier.", "In 2018 bent u geopereerd aan uw schildklier."),
    ("Dan gaat mijn hart ineens snel, weet u wel.",
     "Dan gaat het hart ineens snel.", "Dan gaat uw hart ineens snel."),
    ("Mijn vader is overleden toen hij zestig was.",
     "Vader is overleden toen hij 60 was.", "Uw vader is overleden toen hij 60 was."),
    ("Mijn papa had suikerziekte.", "Papa had suikerziekte.", "Uw papa had suikerziekte."),
    ("Ik tilde een kast op.", "Tilde een kast op.", "U tilde een kast op."),
]  # fmt: skip
ENGLISH = [
    ("Yeah, I feel sick, and I have to lie down.", "Yeah, feels sick, and has to lie down."),
    ("I stop, lean on the wall, and it goes away.", "Stops, leans on the wall, and it goes away."),
    ("I'm a postman, so I'm on my feet all day.", "Is a postman, so is on the feet all day."),
    ("I just don't want to end up on insulin.", "Just doesn't want to end up on insulin."),
    ("Codeine makes me sick.", "Codeine makes the patient sick."),
    ("No, I've never smoked.", "No, has never smoked."),
    ("I live with my wife, er, and two kids.", "Lives with wife and 2 kids."),
    ("It's behind my eye, doctor.", "It's behind the eye."),
    ("It hurts when I kind of pee.", "“It hurts when I kind of pee.”"),
    ("I've, it quite hurts.", "It quite hurts."),
    ("Don't remember, what was I doing at home.", "Don't remember, what was the patient doing at home."),
    ("I've it quite bad.", "“I've it quite bad.”"),
]  # fmt: skip


def spoken(words: str, language: str) -> str:
    """The words without fillers, numbers in figures."""
    return tidied(words, wording_for(language), SpeakerRole.PATIENT)


@pytest.mark.parametrize(("words", "told", "addressed"), DUTCH)
def test_dutch_words_are_told_of_the_patient_or_said_back(words: str, told: str, addressed: str) -> None:
    wording = wording_for("nl")
    assert reported(spoken(words, "nl"), wording)[0] == told
    assert readdressed(spoken(words, "nl"), wording) == addressed


@pytest.mark.parametrize(("words", "told"), ENGLISH)
def test_english_words_are_told_of_the_patient(words: str, told: str) -> None:
    assert reported(spoken(words, "en"), wording_for("en"))[0] == told


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Wij gaan volgende week op reis.", "nl"),
        ("Dan ga je toch denken.", "nl"),
        ("Dat heb ik mezelf aangedaan.", "nl"),
        ("I hurt myself at work.", "en"),
        ("We were on holiday and I fell.", "en"),
        ("I keep thinking I'm dying.", "en"),
    ],
)
def test_what_cannot_be_told_surely_stays_in_quotation_marks(words: str, language: str) -> None:
    assert reported(words, wording_for(language))[0] == f"“{words}”"


@pytest.mark.parametrize(
    ("sentence", "line", "language"),
    [
        ("U mag naast de paracetamol naproxen nemen.", "mag naast de paracetamol naproxen nemen.", "nl"),
        ("U kunt buigen tot uw knieën.", "kan buigen tot de knieën.", "nl"),
        ("We stoppen ermee, en u begint met losartan.",
         "We stoppen ermee, en patiënt begint met losartan.", "nl"),
        ("You're tender along your right knee.", "tender along the right knee.", "en"),
        ("I suspect you've torn the cartilage.", "I suspect the patient has torn the cartilage.", "en"),
        ("You don't need a scan.", "the patient doesn't need a scan.", "en"),
    ],
)  # fmt: skip
def test_what_a_clinician_says_to_the_patient_is_told_of_them(
    sentence: str, line: str, language: str
) -> None:
    assert of_the_patient(sentence, language) == line


def test_uw_becomes_the_article_of_its_noun() -> None:
    assert impersonal("in uw linker been en uw voeten, zoals uw moeder", "nl") == (
        "in het linker been en de voeten, zoals moeder"
    )

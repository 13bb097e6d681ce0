"""Nothing of the talk itself is left in a letter: reactions, sayings back, half words, doubled content."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drafting_parts import SOAP, said

from scribe_app.adapters.llama.candidates import Candidates
from scribe_app.adapters.llama.quoting import Quoting
from scribe_app.domain.letter import Statement
from scribe_app.domain.transcript import Transcript
from scribe_app.domain.words import is_question

EXAMINED = ("c", "Let me examine you. Your blood pressure is one hundred and forty eight over eighty eight.")
ONDERZOCHT = ("c", "Ik ga u even onderzoeken. Uw bloeddruk is honderdachtenveertig over achtentachtig.")
THOUGHT = ("c", "I think this may be angina.")
GEDACHT = ("c", "Ik denk dat dit angina pectoris is.")


Turn = tuple[str, str]


def letter(*turns: Turn, language: str = "en", audience: str = "clinician") -> dict[str, list[str]]:
    """What stands under each heading of a SOAP record."""
    return {
        key: [one.text for one in found]
        for key, found in statements(said(*turns, language=language), audience).items()
    }


def statements(transcript: Transcript, audience: str = "clinician") -> dict[str, list[Statement]]:
    """The statements of each section."""
    template = replace(SOAP, language=transcript.language, audience=audience)
    candidates, quoting = Candidates(template, transcript), Quoting(transcript.language, audience)
    return {
        spec.key: [quoting.statement(one) for one in candidates.section(spec)] for spec in template.sections
    }


def every_line(found: dict[str, list[str]]) -> list[str]:
    """All lines of a letter."""
    return [line for lines in found.values() for line in lines]


@pytest.mark.parametrize(
    ("language", "before", "remark"),
    [
        ("en", (EXAMINED, THOUGHT), "Can you tell me the plan, so I know I've been clear?"),
        ("en", (EXAMINED, THOUGHT), "Now tell me the plan. So I know I've been clear."),
        ("en", (EXAMINED,), "I can imagine, yes. That's very sensible. Very good."),
        ("en", (EXAMINED,), "Right, okay. Just earlier today, OK."),
        ("en", (EXAMINED, THOUGHT), "Just a couple of questions I want to ask you."),
        ("en", (EXAMINED, THOUGHT), "Good luck with the work."),
        ("en", (EXAMINED,), "Normally at this stage I would like to examine you."),
        ("en", (EXAMINED, THOUGHT), "Moving on. That sounds like."),
        ("nl", (ONDERZOCHT, GEDACHT), "Vertelt u me nog even het plan. Dan weet ik dat ik duidelijk was."),
        ("nl", (ONDERZOCHT,), "Dat kan ik me voorstellen. Dat is heel verstandig. Heel goed."),
        ("nl", (ONDERZOCHT,), "Oké, goed. Eerder vandaag, oké."),
        ("nl", (ONDERZOCHT, GEDACHT), "Ik heb nog een paar vragen over uw werk."),
        ("nl", (ONDERZOCHT, GEDACHT), "Veel succes met het werk."),
        ("nl", (ONDERZOCHT,), "Normaal gesproken zou ik u nu onderzoeken."),
    ],
)
def test_what_a_clinician_only_says_along_the_way_is_in_no_letter(
    language: str, before: tuple[tuple[str, str], ...], remark: str
) -> None:
    assert letter(*before, ("c", remark), language=language) == letter(*before, language=language)


@pytest.mark.parametrize(
    ("language", "told", "repeated", "kept"),
    [
        ("en", "I've got pain in my stomach.", "You mentioned pain in your tummy as well.", False),
        ("en", "I've got pain in my stomach.", "You mentioned a rash on your arm as well.", True),
        ("nl", "Ik heb last van misselijkheid.", "U vertelde over uw misselijkheid.", False),
        ("nl", "Ik heb last van misselijkheid.", "U vertelde over uw hartkloppingen.", True),
    ],
)
def test_what_a_patient_said_is_not_told_twice(language: str, told: str, repeated: str, kept: bool) -> None:
    lines = letter(("p", told), ("c", repeated), language=language)["subjective"]
    assert len(lines) == 1 + kept


@pytest.mark.parametrize(
    ("language", "turns", "line"),
    [
        ("en", [("c", "I'm sorry."), ("p", "It is, if I'm honest, I keep thinking I'll have a stroke.")],
         "Patient: “I keep thinking I'll have a stroke.”"),
        ("nl", [("c", "Dat spijt me."), ("p", "Dat is zo, ik ben bang voor een beroerte.")],
         "Is bang voor een beroerte."),
        ("en", [("p", "I I had some some fever in the, the beginning.")], "Had some fever in the beginning."),
        ("nl", [("p", "Ik, ik heb, ik heb koorts gehad in het, het begin.")], None),
        ("en", [("p", "I'm scared of needles, but go on.")], "Scared of needles."),
        ("nl", [("p", "Ik ben bang voor naalden, maar goed.")], "Is bang voor naalden."),
        ("en", [("c", "Do you live with anyone?"), ("p", "Yeah, yeah.")],
         "“Do you live with anyone?” – Yeah."),
        ("en", [("c", "Do you smoke?"), ("p", "No, I don't smoke.")], "Does not smoke."),
        ("nl", [("c", "Bloed bij de ontlasting?"), ("p", "Nee, geen bloed gezien.")],
         "Geen bloed bij de ontlasting."),
        ("en", [("c", "How often do you get it?"), ("p", "Twice a week, on the wait to work, with pain.")],
         "Frequency: twice a week, on the wait to work, with pain."),
    ],
)  # fmt: skip
def test_what_is_left_of_speech_goes(language: str, turns: list[tuple[str, str]], line: str | None) -> None:
    found = letter(*turns, language=language)["subjective"]
    assert found[0] == line if line else "ik, ik" not in found[0].lower() and "het, het" not in found[0]


@pytest.mark.parametrize(
    ("language", "turns", "line"),
    [
        ("en", [EXAMINED, ("p", "Is that bad?"), ("c", "We'll keep an eye on it.")],
         "Keep an eye on the blood pressure."),
        ("nl", [ONDERZOCHT, ("p", "Is dat erg?"), ("c", "Dat houden we in de gaten.")],
         "De bloeddruk houden we in de gaten."),
    ],
)  # fmt: skip
def test_it_is_named_and_the_finding_is_not_told_again(
    language: str, turns: list[tuple[str, str]], line: str
) -> None:
    found = statements(said(*turns, language=language))
    assert [(one.text, one.evidence, one.quoted) for one in found["plan"]] == [(line, (1, 3), False)]
    assert "148/88" in found["objective"][0].text


def test_it_is_named_to_the_patient_too() -> None:
    turns = (EXAMINED, ("p", "Is that bad?"), ("c", "We'll keep an eye on it."))
    assert letter(*turns, audience="patient")["plan"] == ["We'll keep an eye on your blood pressure."]


@pytest.mark.parametrize(
    ("language", "question", "answer", "section"),
    [
        ("en", "Is that when the arteries get furred up?", "That's right.", None),
        ("en", "Why should I get them now?", "Sure.", None),
        ("en", "Can you hear me well?", "Yes.", None),
        ("en", "So I'm not having a heart attack?", "I don't think so.", "assessment"),
        ("en", "Will I have to take it for good?", "Probably, yes.", "plan"),
        ("en", "Should I just focus on fluids?", "Yes.", "plan"),
        ("en", "Is that like a 6, or a 7?", "Probably 6.", "plan"),
        ("nl", "Is dat als de vaten dichtslibben?", "Ja, klopt.", None),
        ("nl", "Waarom krijg ik dat nu?", "Zeker.", None),
        ("nl", "Dus ik heb geen hartinfarct?", "Dat denk ik niet.", "assessment"),
        ("nl", "Moet ik die altijd blijven slikken?", "Waarschijnlijk wel.", "plan"),
    ],
)  # fmt: skip
def test_only_an_answer_about_what_it_is_or_what_comes_next_is_written(
    language: str, question: str, answer: str, section: str | None
) -> None:
    before = (EXAMINED, THOUGHT) if language == "en" else (ONDERZOCHT, GEDACHT)
    found = letter(*before, ("p", question), ("c", answer), language=language)
    lines = [key for key, texts in found.items() for text in texts if answer.strip(".") in text]
    assert lines == ([section] if section else [])


@pytest.mark.parametrize(
    ("language", "said_then", "line"),
    [
        ("en", "You have no pain now, and it always settles with rest.",
         "Has no pain now, and it always settles with rest."),
        ("nl", "U heeft nu geen pijn, en in rust trekt het weg.",
         "Heeft nu geen pijn, en in rust trekt het weg."),
    ],
)  # fmt: skip
def test_why_it_is_not_worse_is_no_next_step(language: str, said_then: str, line: str) -> None:
    before = (EXAMINED, THOUGHT) if language == "en" else (ONDERZOCHT, GEDACHT)
    follows = ("c", "We'll repeat it in a week." if language == "en" else "We prikken over een week bloed.")
    found = letter(*before, follows, ("c", said_then), language=language)
    assert line in found["assessment"]
    assert line not in found["plan"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Right, so I'm not having a heart attack."), ("nl", "Oké, dus ik heb geen hartinfarct.")],
)
def test_what_a_patient_makes_of_it_is_no_complaint(language: str, words: str) -> None:
    before = (EXAMINED, THOUGHT) if language == "en" else (ONDERZOCHT, GEDACHT)
    assert letter(*before, ("p", words), language=language)["subjective"] == []


@pytest.mark.parametrize(
    ("language", "words", "line"),
    [
        ("en", "We'll do an ECG today, that's the heart tracing, and some bloods for cholesterol.",
         "ECG today, and some bloods for cholesterol."),
        ("nl", "We prikken vandaag wel even bloed, voor de ontstekingswaarde.",
         "We prikken vandaag bloed, voor de ontstekingswaarde."),
    ],
)  # fmt: skip
def test_a_record_has_no_explanation_for_the_patient(language: str, words: str, line: str) -> None:
    before = (EXAMINED, THOUGHT) if language == "en" else (ONDERZOCHT, GEDACHT)
    assert letter(*before, ("c", words), language=language)["plan"] == [line]


def test_a_question_that_only_checks_is_no_label() -> None:
    found = letter(("c", "Aspirin once a day, right?"), ("p", "For my heart, with food."))
    assert not any(line.startswith("Aspirin once a day, right:") for line in every_line(found))


@pytest.mark.parametrize(
    ("words", "language", "asks"),
    [
        ("Right. So I'm not having a heart attack?", "en", True),
        ("So I'm not having a heart attack?", "en", True),
        ("So I had takeaway about four days ago?", "en", False),
        ("Dus ik heb geen hartinfarct?", "nl", True),
        ("Ik heb een hartinfarct gehad?", "nl", False),
    ],
)
def test_what_a_patient_wants_confirmed_is_a_question(words: str, language: str, asks: bool) -> None:
    assert is_question(words, language) is asks


@pytest.mark.parametrize(
    ("language", "turns", "line"),
    [
        ("en", [("c", "How are you?"), ("p", "I've been, I've been having pain in my, like, lower stomach.")],
         "General: having pain in the lower stomach."),
        ("en", [("p", "My stomach hurts."), ("c", "Is it there all the time?"),
                ("p", "It, it's not, it's not constant, yeah. It just")],
         "Is it there all the time? Not constant."),
        ("en", [("p", "I, it, I feel a cramp in my stomach, you know, and, yeah, it hurts.")],
         "Feels a cramp in the stomach, and it hurts."),
        ("en", [("p", "My chest hurts, just like, you know, when I like couldn't breathe.")],
         "Patient: “My chest hurts, just when I couldn't breathe.”"),
        ("en", [("p", "My, my mum, my mum has, has migraines. Yeah.")], "Mum has migraines."),
        ("nl", [("c", "Is de pijn er steeds?"), ("p", "Het is niet, het is niet steeds, ja. En het")],
         "Is de pijn er steeds? Niet steeds."),
        ("nl", [("p", "Ik, het, ik heb pijn in mijn, zeg maar, onderbuik, ja.")],
         "Heeft pijn in de onderbuik."),
        ("nl", [("p", "Mijn zus, mijn zus heeft, heeft migraine. Ja.")], "Zus heeft migraine."),
    ],
)  # fmt: skip
def test_what_was_begun_twice_or_broken_off_is_told_once(language: str, turns: list[Turn], line: str) -> None:
    assert line in every_line(letter(*turns, language=language))


@pytest.mark.parametrize(
    ("language", "turns", "line"),
    [
        ("en", [EXAMINED, ("p", "Ouch, it hurts there."), ("c", "Yes, right here on the left side.")],
         "“Ouch, it hurts there.” – “Here on the left side.”"),
        ("nl", [ONDERZOCHT, ("p", "Au, daar doet het zeer."), ("c", "Ja, hier links onderin.")],
         "“Daar doet het zeer.” – “Hier links onderin.”"),
    ],
)  # fmt: skip
def test_a_finding_that_only_points_stands_with_what_hurts_there(
    language: str, turns: list[Turn], line: str
) -> None:
    found = statements(said(*turns, language=language))
    assert [(one.text, one.evidence, one.quoted) for one in found["objective"][1:]] == [(line, (2, 3), True)]
    assert found["subjective"] == []


@pytest.mark.parametrize(
    ("language", "words", "line"),
    [
        ("en", "My bowels are loose. It's just pouring out.", "Bowels are loose. Just pouring out."),
        ("en", "I have a cramp. It just feels tight.", "Has a cramp. Just feels tight."),
        ("en", "I've had a cough. It comes and goes.", "Has had a cough. Comes and goes."),
        ("nl", "Ik heb pijn. Het begon gisteren.", "Heeft pijn. Begon gisteren."),
        ("nl", "Ik heb kramp. Het wordt erger als ik hoest.", "Heeft kramp. Wordt erger als patiënt hoest."),
    ],
)
def test_a_record_leaves_out_it_as_it_leaves_out_the_patient(language: str, words: str, line: str) -> None:
    assert line in every_line(letter(("p", words), language=language))


@pytest.mark.parametrize(
    ("language", "words", "told"),
    [
        ("en", "I've had diarrhoea for three days, six times a day. It's watery, with no blood in it."
               " My mum has migraines and an underactive thyroid as well. I take the pill every day.",
         ["Has had diarrhoea for 3 days, 6 times a day. It's watery, with no blood in it.",
          "Mum has migraines and an underactive thyroid as well.", "Takes the pill every day."]),
        ("nl", "Ik heb al drie dagen diarree, zes of zeven keer per dag. Dat is heel dun, zonder bloed erin."
               " Mijn moeder heeft migraine en een trage schildklier. Ik slik elke dag de pil.",
         ["Heeft al 3 dagen diarree, 6 of 7 keer per dag. Dat is heel dun, zonder bloed erin.",
          "Moeder heeft migraine en een trage schildklier.", "Slikt elke dag de pil."]),
    ],
)  # fmt: skip
def test_what_is_told_at_length_is_told_by_what_it_is_about(
    language: str, words: str, told: list[str]
) -> None:
    asked = "What's brought you in today?" if language == "en" else "Wat kan ik voor u doen?"
    assert letter(("c", asked), ("p", words), language=language)["subjective"] == told


@pytest.mark.parametrize(
    ("language", "question", "answer", "line"),
    [
        ("en", "Do you smoke?", "I do.", "“Do you smoke?” – “I do.”"),
        ("en", "Is your stomach sore?", "It is.", "“Is your stomach sore?” – It is."),
        ("nl", "Rookt u?", "Klopt.", "“Rookt u?” – Klopt."),
        ("nl", "Heeft u hoofdpijn?", "Jazeker.", "Hoofdpijn."),
    ],
)
def test_a_yes_in_other_words_is_an_answer(language: str, question: str, answer: str, line: str) -> None:
    assert letter(("c", question), ("p", answer), language=language)["subjective"] == [line]

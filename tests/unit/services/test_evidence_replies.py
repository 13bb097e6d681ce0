"""Answers after a remark or a question back, in other words than yes and no, and of what is known."""

from __future__ import annotations

import pytest
from unit.services.test_evidence import checked, talk

from scribe_app.domain.letter import Support

OPEN = (Support.UNSUPPORTED, Support.CONFLICTING)
REMARK = ("c: Any symptoms like a stroke? That is slurred speech or a weak arm.", "p: Luckily, no.")
CHECKING = ("c: Do you have any chest pain? I want to be sure about this.", "p: No, I don't.")
BACK = ("c: Are you allergic to any tablets?", "p: Me?", "c: Yes.", "p: No, I'm not.")
BACK_YES = ("c: Do you use the cream on your rash?", "p: The white one?", "c: Yes.", "p: Yes, every day.")
GO_ON = ("c: Do you smoke? Or drink, or have ever used drugs.", "p: Nope.")
FINE = ("c: How about nausea, vomiting or diarrhea?", "p: Everything is fine except some nausea.")
EN_TRUE = [
    (REMARK, "No stroke symptoms"),
    (BACK, "No allergies to tablets"),
    (BACK_YES, "Uses a cream on the rash"),
    (GO_ON, "No drug or alcohol use"),
    (("c: Do you smoke and drink?", "p: Both."), "Smokes and drinks"),
    (("c: Do you smoke?", "p: I used to, a long time ago."), "History of smoking"),
    (("c: Do you wake up short of breath?", "p: It happened once."), "Woke up short of breath once"),
    (("c: She had a stroke then, correct?", "c: Yes."), "Had a stroke"),
    (("c: Are you right or left hand dominant?", "p: Right."), "Right hand dominant"),
    (("c: How about your back pain?", "p: It's getting better."), "Back pain is improving"),
    (FINE, "No vomiting"),
    (("c: Can you go down the stairs?", "p: No, not really."), "Difficulty going down the stairs"),
    (("p: I am able to stay awake all day.",), "No difficulty staying awake during the day"),
    (
        ("c: Any other pain from the fall?", "p: No, only the ankle."),
        "Denies other complaints besides pain in the ankle",
    ),
    (("c: Tobacco, alcohol or drugs?", "p: A glass of wine, but no to the rest."), "No tobacco"),
    (("o: My nephew has asthma.", "c: And how is your son?"), "His cousin has asthma"),
    (("p: We had six children, but two of them died of heart disease.",), "2 children died"),
    (
        ("c: Ice it for twenty minutes, and stay off that leg for about one to two days.",),
        "Will remain non-weight-bearing and ice it for 1 to 2 days",
    ),
    (("p: She had her eighty ninth birthday.",), "She is 89"),
    (("p: She is away from the nineteenth to the twenty third.",), "Away from the 19th to the 23rd"),
    (("p: It comes two or three times in a week.",), "2-3 times per week"),
    (("p: He takes Xanax, point one twenty five milligrams.",), "Xanax 0.125 mg"),
    (("p: I smoke a half to a full pack.",), "Smokes 0.5 to a full pack"),
    (("p: I work from around eight thirty.",), "Works from 8:30 a.m."),
    (("c: It was high the past two-three times.",), "High the last three times"),
    (("p: I have a son, he is born on October thirty first.",), "One child, born on 10/31"),
]
EN_WRONG = [
    (REMARK, "Stroke symptoms"),
    (CHECKING, "Chest pain"),
    (BACK, "Allergies to tablets"),
    (GO_ON, "Drug use"),
    (FINE, "Diarrhea"),
    (("c: Any recent blood pressure checks?", "p: Not recently."), "Recent blood pressure checks"),
    (("c: Do you have any brothers or sisters?", "p: Thank you doctor, no, it's just me."), "Brothers"),
    (("c: There is a Murphy's sign, no peritoneal signs.",), "Peritoneal signs"),
    (("c: Have you used any drugs?", "p: I have never used drugs. I used to drink."), "Drug use"),
    (("c: Any joint pain, or any other joint trouble?", "p: No."), "Joint pain"),
    (("c: Have you noticed any other joint pain?", "p: Nothing like that."), "Joint pain"),
    (("c: Can you go down the stairs?", "p: No, not really."), "Goes down the stairs"),
    (("c: Have you noticed any cracked skin?", "p: No."), "Cracked skin"),
    (
        ("c: Is there any discoloration in your hand?", "p: Um, no.", "c: Is it cold?", "p: No."),
        "Discolouration in hand, arm doesn't feel cold",
    ),
    (
        (
            "p: okay and do you have any nausea vomiting any fever chills i feel a bit nauseated but i'm not "
            "vomiting okay is anyone in your family ill yes my father has a cold today",
        ),
        "Vomiting",
    ),
    (("p: She had her eighty ninth birthday.",), "She is 80"),
    (("p: One to two years ago. It took two to four hours.",), "Memory difficulty for 1-4 years"),
    (("p: I have one brother.", "p: The tests were done, two of them."), "2 brothers"),
    (("p: He takes Xanax, point one twenty five milligrams.",), "Xanax 0.25 mg"),
    (("p: We had six children, and two dogs died.",), "Two children died"),
]
NL_REMARK = (
    "c: Heeft u klachten zoals bij een beroerte? Dat is uitval of onduidelijk praten.",
    "p: Gelukkig niet.",
)
NL_CHECKING = ("c: Heeft u pijn op de borst? Ik wil dat zeker weten.", "p: Nee, dat niet.")
NL_BACK = ("c: Bent u allergisch voor tabletten?", "p: Ik?", "c: Ja.", "p: Nee, hoor.")
NL_GO_ON = ("c: Rookt u? Of drinkt u, of heeft u drugs gebruikt.", "p: Nee.")
NL_FINE = ("c: En misselijkheid, braken of diarree?", "p: Alles is goed, behalve wat misselijkheid.")
NL_TRUE = [
    (NL_REMARK, "Geen klachten zoals bij een beroerte"),
    (NL_BACK, "Geen allergie voor tabletten"),
    (NL_GO_ON, "Geen drugs of alcohol"),
    (("c: Rookt u en drinkt u?", "p: Allebei."), "Rookt en drinkt"),
    (("c: Rookt u?", "p: Vroeger wel, lang geleden."), "Rookte vroeger"),
    (("c: Wordt u benauwd wakker?", "p: Dat is één keer gebeurd."), "Werd één keer benauwd wakker"),
    (("c: Zij had toen een beroerte, klopt dat?", "c: Ja."), "Had een beroerte"),
    (("c: Hoe is het met uw rugpijn?", "p: Het wordt beter."), "Rugpijn wordt beter"),
    (NL_FINE, "Niet gebraakt"),
    (("c: Kunt u de trap af?", "p: Nee, niet echt."), "Moeite met de trap af gaan"),
    (("c: Tabak, alcohol of drugs?", "p: Een glas wijn, maar nee op de rest."), "Geen tabak"),
    (("o: Mijn neefje heeft astma.", "c: En hoe gaat het met uw zoon?"), "Zijn neef heeft astma"),
    (("p: We hadden zes kinderen, maar twee van hen zijn overleden.",), "2 kinderen overleden"),
    (("p: Ze vierde haar negenentachtigste verjaardag.",), "Ze is 89"),
    (("p: Ze is weg tot de drieëntwintigste.",), "Weg tot de 23e"),
    (("p: Het komt twee of drie keer in de week.",), "2-3 keer per week"),
    (("p: Ik heb een zoontje.",), "1 kind"),
]
NL_WRONG = [
    (("c: Heeft u kloven gezien?", "p: Nee."), "Kloven in de huid"),
    (NL_REMARK, "Klachten zoals bij een beroerte"),
    (NL_CHECKING, "Pijn op de borst"),
    (NL_BACK, "Allergie voor tabletten"),
    (NL_FINE, "Diarree"),
    (("c: Heeft u broers of zussen?", "p: Dank u wel dokter, nee, alleen ik."), "Broers"),
    (("c: Heeft u drugs gebruikt?", "p: Ik heb nooit drugs gebruikt."), "Gebruikte drugs"),
    (("c: Heeft u nog andere hoofdpijn?", "p: Niets van dat alles."), "Hoofdpijn"),
]


def _doubted(lines: tuple[str, ...], note: str, language: str) -> bool:
    statement = checked(note, talk(*lines, language=language), *range(1, len(lines) + 1))
    return statement.support in OPEN


@pytest.mark.parametrize(("lines", "note"), EN_TRUE, ids=[note for _, note in EN_TRUE])
def test_what_was_answered_is_not_doubted(lines: tuple[str, ...], note: str) -> None:
    assert not _doubted(lines, note, "en")


@pytest.mark.parametrize(("lines", "note"), EN_WRONG, ids=[note for _, note in EN_WRONG])
def test_what_was_answered_otherwise_is_doubted(lines: tuple[str, ...], note: str) -> None:
    assert _doubted(lines, note, "en")


@pytest.mark.parametrize(("lines", "note"), NL_TRUE, ids=[note for _, note in NL_TRUE])
def test_what_was_answered_in_dutch_is_not_doubted(lines: tuple[str, ...], note: str) -> None:
    assert not _doubted(lines, note, "nl")


@pytest.mark.parametrize(("lines", "note"), NL_WRONG, ids=[note for _, note in NL_WRONG])
def test_what_was_answered_otherwise_in_dutch_is_doubted(lines: tuple[str, ...], note: str) -> None:
    assert _doubted(lines, note, "nl")

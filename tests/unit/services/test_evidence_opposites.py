"""The wrong one of two: the other side, the opposite word, trouble where all is well, family for patient."""

from __future__ import annotations

import pytest
from unit.services.test_evidence import checked, codes, talk

from scribe_app.domain.letter import Support
from scribe_app.domain.transcript import Transcript

EN = talk(
    "p: It started on the right side and then it moved, and now it burns on the left side.",
    "p: My right ankle gave way, and the other ankle was operated on years ago.",
    "c: There is swelling of your right knee, but your left knee looks fine.",
    "c: You are tender on the right on your on your flank.",
    "c: And are your bowels working OK?",
    "p: Yes, fine.",
    "c: Your heart sounds are nice and clear.",
    "c: Any trouble sleeping?",
    "p: No, I sleep like a log.",
    "p: I have had migraines since I was twenty.",
    "c: You have pain over the medial joint line, and low blood pressure, so hypotension.",
    "c: Any visual changes or weakness.",
    "p: Nothing.",
    "p: My mother had migraines, too.",
    "c: Both your hands were stung, and your right elbow.",
    "c: Any nausea? Any vomiting?",
    "p: The first day I had a wee bit of diarrhoea, you know, but nothing much after that, really.",
)
NL = talk(
    "p: Het begon aan de rechterkant en toen trok het weg, en nu brandt het aan de linkerkant.",
    "p: Ik ben door mijn rechterenkel gegaan, en aan mijn andere enkel ben ik jaren terug geopereerd.",
    "c: Uw rechterknie is gezwollen, maar uw linkerknie is goed.",
    "c: U bent drukpijnlijk rechts in uw flank.",
    "c: En werken uw darmen goed?",
    "p: Ja, prima.",
    "c: Uw hart klinkt goed en regelmatig.",
    "c: Heeft u moeite met slapen?",
    "p: Nee, ik slaap als een roos.",
    "p: Ik heb al sinds mijn twintigste migraine.",
    "c: U heeft pijn aan de mediale kant van de knie, en een lage bloeddruk, dus hypotensie.",
    "c: Nog last van misselijkheid of hartkloppingen.",
    "p: Niks.",
    "p: Mijn moeder had ook migraine.",
    "c: U bent in beide handen gestoken, en in uw rechterelleboog.",
    "c: Is de pijn in de bovenbuik of in de onderbuik?",
    "p: In de onderbuik.",
    language="nl",
)
OPEN = (Support.UNSUPPORTED, Support.CONFLICTING)


@pytest.mark.parametrize(
    ("said", "text", "cited", "code"),
    [
        (EN, "Burning on the left side now", 1, ""),
        (EN, "Burning on the right side now", 1, "side_differs"),
        (EN, "Started on the right side, burns on the left side now", 1, ""),
        (EN, "Previous surgery of the left ankle", 2, ""),
        (EN, "Previous surgery of the other ankle", 2, ""),
        (EN, "Left knee looks normal", 3, ""),
        (EN, "Right knee looks normal", 3, "side_differs"),
        (EN, "Knee swelling right.", 3, ""),
        (EN, "Knee swelling left.", 3, "side_differs"),
        (EN, "Tender at the right flank", 4, ""),
        (EN, "Tender at the left flank", 4, "side_differs"),
        (EN, "No bowel symptoms", 5, ""),
        (EN, "Bowel symptoms", 5, "called_well"),
        (EN, "Bowels work fine, denies any issues with them", 5, ""),
        (EN, "Extra heart sounds", 7, "called_well"),
        (EN, "No problems sleeping", 9, ""),
        (EN, "Problems sleeping", 9, "called_well"),
        (EN, "FH of migraine", 10, "relative_not_said"),
        (EN, "FH of migraine", 14, ""),
        (EN, "Pain over the medial joint line", 11, ""),
        (EN, "Pain over the lateral joint line", 11, "particular_differs"),
        (EN, "Blood pressure shows hypertension", 11, "particular_differs"),
        (EN, "No visual changes", 12, ""),
        (EN, "Visual changes", 12, "negation_differs"),
        (EN, "Stung on the right hand, left hand and right elbow", 15, ""),
        (EN, "Stung on the left hand, left hand and right elbow", 15, "side_twice"),
        (EN, "Nausea and vomiting", 16, "only_asked"),
        (NL, "Brandende pijn nu aan de linkerkant", 1, ""),
        (NL, "Brandende pijn nu aan de rechterkant", 1, "side_differs"),
        (NL, "Linkerenkel vroeger geopereerd", 2, ""),
        (NL, "Linkerknie goed", 3, ""),
        (NL, "Rechterknie goed", 3, "side_differs"),
        (NL, "Drukpijn flank rechts.", 4, ""),
        (NL, "Drukpijn flank links.", 4, "side_differs"),
        (NL, "Geen darmklachten", 5, ""),
        (NL, "Problemen met de darmen", 5, "called_well"),
        (NL, "Afwijkingen aan het hart", 7, "called_well"),
        (NL, "Geen moeite met slapen", 9, ""),
        (NL, "Moeite met slapen", 9, "called_well"),
        (NL, "Familieanamnese: migraine", 10, "relative_not_said"),
        (NL, "Familieanamnese: migraine bij moeder", 14, ""),
        (NL, "Pijn mediale zijde van de knie", 11, ""),
        (NL, "Pijn laterale zijde van de knie", 11, "particular_differs"),
        (NL, "Bloeddruk: hypertensie", 11, "particular_differs"),
        (NL, "Geen misselijkheid of hartkloppingen", 12, ""),
        (NL, "Misselijkheid", 12, "negation_differs"),
        (NL, "Gestoken in linkerhand, linkerhand en rechterelleboog", 15, "side_twice"),
        (NL, "Pijn in de onderbuik", 17, ""),
    ],
)
def test_the_wrong_one_of_two_is_marked(said: Transcript, text: str, cited: int, code: str) -> None:
    statement = checked(text, said, cited)
    assert (code in codes(statement)) if code else statement.support not in OPEN, statement.flags


def test_the_reason_quotes_what_was_called_well() -> None:
    (flag,) = checked("Extra heart sounds", EN, 7).flags[:1]
    assert flag.reason == "Written as a problem; what was said is “Your heart sounds are nice and clear.”."

"""True statements of the two sample consultations, as a letter would put them, with their utterances."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import Statement
from scribe_app.domain.template import SectionSpec
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance

FOLDER = Path(__file__).parents[3] / "resources" / "sample_consultations"
CLINICIANS = frozenset({"examination", "assessment", "plan", "safety_netting"})
"""Kinds of section whose statements need the clinician's words."""

Line = tuple[str, tuple[int, ...], str]
"""Text, utterances, kind of section."""

ENGLISH: tuple[Line, ...] = (
    ("Tight, squeezing sensation across the middle of the chest", (8,), "history"),
    ("Chest tightness when walking uphill for about 4 weeks", (6, 10, 11), "history"),
    ("Occurs 2 or 3 times a week, mostly on the way to the shops", (12,), "history"),
    ("Lasts about 5 minutes and goes away when he stops", (14,), "history"),
    ("Goes down the left arm as far as the elbow", (16,), "history"),
    ("Does not go into the jaw or back", (17, 18), "history"),
    ("No palpitations", (21, 22), "history"),
    ("Denies sweating", (21, 22), "history"),
    ("Never comes on when sitting still", (23, 24), "history"),
    ("No swelling of the legs", (25, 26), "history"),
    ("Left knee clicks, unchanged for years", (26,), "history"),
    ("Ramipril 5 mg once daily for blood pressure", (28,), "medication"),
    ("No other medicines from the chemist", (29, 30), "medication"),
    ("Allergic to penicillin", (31, 32), "allergies"),
    ("Penicillin: red rash all over as a boy", (32,), "allergies"),
    ("No asthma", (33, 34), "history"),
    ("No stomach ulcer", (33, 34), "history"),
    ("Father died of a heart attack aged 52", (35, 36), "family_history"),
    ("Smokes about 10 a day, having stopped for 2 years", (39, 40), "social_history"),
    ("Would like to know if it is his heart", (42,), "concerns"),
    ("Hoped for a heart tracing", (42,), "concerns"),
    ("BP 148/88", (45,), "examination"),
    ("Pulse 76 regular", (47,), "examination"),
    ("SpO2 97%", (48,), "examination"),
    ("Heart sounds normal", (50,), "examination"),
    ("Chest clear", (50,), "examination"),
    ("Possible angina", (52,), "assessment"),
    ("Not having a heart attack now: no pain, settles with rest", (55, 56), "assessment"),
    ("ECG today", (58,), "plan"),
    ("Blood tests: cholesterol, sugar and kidney function", (58,), "plan"),
    ("Referral to the rapid access chest pain clinic, to be seen within 2 weeks", (60,), "plan"),
    ("Start aspirin 75 mg once a day with food", (62,), "plan"),
    ("Continue ramipril", (62,), "plan"),
    ("GTN spray: one puff under the tongue, sitting down", (64,), "plan"),
    ("To call 999 if pain at rest lasts more than 15 minutes", (66,), "safety_netting"),
    ("To ring the same day if it comes on more often", (68,), "safety_netting"),
    ("Review in 2 weeks", (76,), "plan"),
    ("The stop smoking adviser will ring him", (72,), "plan"),
)
DUTCH: tuple[Line, ...] = (
    ("Een paar dagen last van de buik", (2,), "history"),
    ("Zeurende pijn links onderin", (4,), "history"),
    ("Pijn sinds 3 dagen", (4, 5), "history"),
    ("Erger bij hoesten", (6,), "history"),
    ("Heeft niet overgegeven", (7, 8), "history"),
    ("Verhoging tot 38,1 gisteren", (8,), "history"),
    ("Geen bloed bij de ontlasting", (9, 10), "history"),
    ("Plassen gaat goed", (10,), "history"),
    ("Metoprolol 50 mg 1 keer per dag voor de bloeddruk", (12,), "medication"),
    ("Allergisch voor amoxicilline", (13, 14), "allergies"),
    ("Amoxicilline: jeuk en rode bulten", (14,), "allergies"),
    ("Zus had darmkanker", (16,), "family_history"),
    ("Bloeddruk 132/80", (18,), "examination"),
    ("Pols 84", (18,), "examination"),
    ("Temperatuur 37,9", (18,), "examination"),
    ("Buik verder soepel", (20,), "examination"),
    ("Loslaten niet pijnlijk", (20,), "examination"),
    ("Waarschijnlijk diverticulitis", (22,), "assessment"),
    ("Geen antibiotica", (23, 24), "plan"),
    ("Vandaag bloed prikken voor de ontstekingswaarde", (24,), "plan"),
    ("Paracetamol 1000 mg, maximaal 4 keer per dag", (24,), "plan"),
    ("Bellen als de koorts boven de 39 komt", (26,), "safety_netting"),
    ("Bellen als de pijn erger wordt of bij bloedverlies", (26,), "safety_netting"),
    ("Over 2 dagen belt de arts met de uitslag", (28,), "plan"),
)

TURNED_ROUND: dict[str, tuple[tuple[str, str], ...]] = {
    "chest-pain-en": (
        ("Does not go into the jaw or back", "Goes into the jaw and back"),
        ("Denies sweating", "Reports sweating"),
        ("No swelling of the legs", "Swelling of the legs"),
        ("Goes down the left arm as far as the elbow", "Does not go down the left arm"),
        ("Lasts about 5 minutes and goes away when he stops", "Does not go away when he stops"),
        ("Allergic to penicillin", "Not allergic to penicillin"),
        ("Chest clear", "Chest not clear"),
        ("Heart sounds normal", "Heart sounds not normal"),
        ("Continue ramipril", "Do not continue ramipril"),
        ("Pulse 76 regular", "Pulse 76, not regular"),
        ("Tight, squeezing sensation across the middle of the chest",
            "No tight or squeezing sensation in the chest"),
        ("Smokes about 10 a day, having stopped for 2 years", "Does not smoke"),
        ("Possible angina", "Not angina"),
        ("Left knee clicks, unchanged for years", "Left knee does not click"),
        ("Start aspirin 75 mg once a day with food", "Do not start aspirin"),
        ("No other medicines from the chemist", "Other medicines from the chemist"),
    ),
    "buikpijn-nl": (
        ("Heeft niet overgegeven", "Heeft overgegeven"),
        ("Zeurende pijn links onderin", "Geen zeurende pijn"),
        ("Erger bij hoesten", "Niet erger bij hoesten"),
        ("Verhoging tot 38,1 gisteren", "Geen verhoging"),
        ("Buik verder soepel", "Buik niet soepel"),
        ("Loslaten niet pijnlijk", "Loslaten pijnlijk"),
        ("Allergisch voor amoxicilline", "Niet allergisch voor amoxicilline"),
        ("Waarschijnlijk diverticulitis", "Geen diverticulitis"),
        ("Geen antibiotica", "Antibiotica"),
        ("Vandaag bloed prikken voor de ontstekingswaarde", "Vandaag geen bloed prikken"),
        ("Plassen gaat goed", "Plassen gaat niet goed"),
    ),
}  # fmt: skip
"""True statement → the same turned round, beyond those that only lose their first word."""

INVENTED: dict[str, tuple[tuple[str, tuple[int, ...]], ...]] = {
    "chest-pain-en": (
        ("Abdomen soft and non-tender", (50,)), ("No peripheral oedema", (50,)), ("JVP not raised", (47,)),
        ("Respiratory rate 16", (48,)), ("Temperature 36.8", (47,)), ("Reflexes intact", (49,)),
        ("BMI 31", (45,)), ("Weight 92 kg", (45,)), ("No murmurs", (50,)), ("Pupils equal and reactive",
            (48,)),
    ),
    "buikpijn-nl": (
        ("Peristaltiek normaal", (20,)), ("Hartonen zuiver", (18,)), ("Ademhaling 14 per minuut", (18,)),
        ("Saturatie 98%", (18,)), ("Lever niet vergroot", (20,)), ("Rectaal toucher zonder afwijkingen",
            (20,)),
        ("Gewicht 82 kg", (18,)),
    ),
}  # fmt: skip
"""Findings that nobody stated, with an utterance that a careless draft might cite."""


@dataclass(frozen=True)
class Case:
    """One true statement with the section it stands in and the transcript it comes from."""

    name: str
    statement: Statement
    spec: SectionSpec
    transcript: Transcript


def transcript_of(name: str) -> Transcript:
    """The reference transcript of a sample consultation."""
    value = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return Transcript(
        tuple(
            Utterance(UtteranceId(u["id"]), u["text"], u["start"], u["end"], SpeakerRole(u["speaker"]))
            for u in value["utterances"]
        ),
        value["language"],
    )


def spec_of(kind: str) -> SectionSpec:
    """A section of a kind that the facts files name."""
    topics = {"family_history": ("family",), "examination": ("examination",)}.get(kind, ("symptom",))
    return SectionSpec(kind, kind, "", topics, clinician_only=kind in CLINICIANS)


def cases(name: str) -> list[Case]:
    """The hand-written facts of a sample, and letter lines on top of them."""
    facts = json.loads((FOLDER / f"{name}.facts.json").read_text(encoding="utf-8"))
    lines: list[Line] = [(fact["fact"], tuple(fact["utterances"]), fact["section"]) for fact in facts]
    lines += DUTCH if name.endswith("-nl") else ENGLISH
    transcript = transcript_of(name)
    return [
        Case(name, Statement(text, evidence=tuple(UtteranceId(id) for id in ids)), spec_of(kind), transcript)
        for text, ids, kind in lines
    ]

"""What was said in other words than a note has it: sentences of the tuning splits, made general."""

from __future__ import annotations

import pytest
from unit.services.test_evidence import checked, codes, talk

from scribe_app.domain.letter import Support

OPEN = (Support.UNSUPPORTED, Support.CONFLICTING)
EN_TRUE = [
    (("c: How long is it?", "p: About 3 weeks, no, sorry, closer to 4 weeks now."), "Closer to 4 weeks now"),
    (("c: Does the pain spread to your shoulder?", "p: No, it stays here."), "Pain does not spread"),
    (("c: Does the pain spread to your shoulder?", "p: No, it stays here."), "Has pain"),
    (("c: Do you take anything for your asthma?", "p: No."), "Has asthma"),
    (("c: Are you still vomiting?", "p: No, that is better."), "Had vomiting"),
    (("c: Any illness other than the usual measles?", "p: No."), "Usual measles"),
    (("c: Any other rash?", "p: No, only the one."), "Has a rash"),
    (("c: When was your flu vaccine?", "p: I don't remember, maybe in May."), "Flu vaccine in May"),
    (("c: You take warfarin, or am I wrong?", "p: No, you're right."), "Takes warfarin"),
    (("c: Does anyone have migraine?", "p: I know that my brother has them."), "Brother has migraine"),
    (("c: Do you drink alcohol?", "p: I don't even drink that often. One glass a month."), "Drinks alcohol"),
    (("c: Isn't this your second bleeding?", "p: Yes."), "Second bleeding"),
    (("c: None of the tablets we tried are helping?", "p: No."), "Tablets were tried"),
    (("p: No pain and no problem emptying the bladder.",), "Empties the bladder"),
    (("c: The scan was negative.",), "Scan done"),
    (("c: I don't think your scan was looked at.",), "Scan not looked at"),
    (("c: Can you sleep?", "p: No, it wakes me up."), "Sleep impaired"),
    (("c: It is hard to breathe, you say?", "p: It is hard to hear, too."), "Does not hear"),
    (("p: My mother has forbidden smoking at home.",), "No smoking at home"),
    (("p: I have C O P D.",), "COPD"),
    (("c: Take fifty M G of atenolol.",), "Atenolol 50 mg"),
    (("p: I smoke a pack and a half.",), "Smokes 1-1/2 packs"),
    (("p: He died in his forty's.",), "Died in his 40s"),
    (("p: I drank in the seventies.",), "Drank in the 1970s"),
    (("p: I have a brother and a sister.",), "One brother and one sister"),
    (("c: Do you get up at night to urinate?", "p: No, I don't."), "Nocturia 0"),
    (("p: It began in September of ninety five.",), "Began in 9/95"),
    (("p: It was removed back in September of O three.",), "Removed in 9/03"),
    (("c: This may be due to the tablets.",), "This may be due to the tablets"),
    (("p: I go to bed around eleven or eleven thirty.",), "To bed between 11:00 and 11:30"),
    (("p: I ate a hamburger last night.",), "Ate a hamburger yesterday"),
    (("p: I completed the twelfth grade.",), "Completed 12th grade"),
    (("p: My right knee hurts, worse than the left.",), "Pain in both knees"),
    (("p: He had a right slipped epiphysis.",), "Right slipped epiphysis"),
    (("p: My two boys are doctors, one in San Diego.",), "One son is a doctor in San Diego"),
    (("p: One of my half-brothers has asthma.",), "A half-brother has asthma"),
    (("p: I had an x-ray, PA and lateral.",), "PA and lateral x-ray"),
    (
        ("p: I'm fifty two.", "c: So what is it?", "p: I have a lot of pain in my chest."),
        "52-year-old with chest pain",
    ),
    (("c: We last saw you on June twenty first.",), "Last seen on 06/21"),
    (("c: Any problems with your eyesight?", "p: Not really."), "No visual sx"),
    (("c: Have you had mini-strokes?", "p: No."), "No PMHx of TIA"),
    (("c: Was there a stroke?", "p: Yes, last year."), "CVA last year"),
    (("c: I'll do some blood tests.",), "Bloods inc FBC"),
    (("c: Anyone else ill at home?", "p: No."), "No unwell contacts"),
    (
        ("p: Have you seen my leg?", "p: I have this wart on my finger, can you freeze it?"),
        "Wart on the finger",
    ),
    (("c: I see no deformity in head and neck.",), "Head and neck show no deformity"),
    (("c: Any allergy to a medicine?", "p: Not that I know of."), "Allergies: no known drug allergies"),
    (
        ("c: Were there any problems with your pregnancy?", "p: Nope."),
        "Pregnancy without problems or bleeding",
    ),
    (("p: I have five brothers. I mean, no one has memory issues.",), "Five brothers"),
    (("c: Are you right or left handed?", "p: Right."), "Right-handed"),
    (
        ("c: Both hands, but the right is worse than the left?", "p: Yes."),
        "Both hands, the right worse than the left",
    ),
    (("c: Any dizziness right now?", "p: Now that you mention it, I am."), "Dizziness"),
    (("c: Any cough with sputum?", "p: A dry cough, other than that nothing."), "No sputum"),
    (("c: One question regarding alcohol. Do you drink?", "p: I don't."), "No alcohol"),
    (("p: It did not get better she came to the hospital.",), "Came to the hospital"),
    (("p: I will contact you with any questions.",), "Will contact the practice with any questions"),
    (("c: There is some CVA tenderness.",), "CVA tenderness"),
    (("p: Hot showers make me feel well.",), "Hot showers improve the symptoms"),
]
EN_WRONG = [
    (("c: How long?", "p: No, sorry, closer to four weeks, with no fever."), "Fever"),
    (("c: Does the pain spread to your shoulder?", "p: No, it stays here."), "Pain spreads to the shoulder"),
    (("c: Do you have any problems with your breathing?", "p: No."), "Breathing problems"),
    (("c: Is your breathing more laboured?", "p: No."), "Short of breath"),
    (("c: Are you still vomiting?", "p: No."), "Vomiting"),
    (("c: Any difficulty swallowing?", "p: No."), "Difficulty swallowing"),
    (("c: Any other rash?", "p: No."), "Other rash"),
    (("c: Any brothers or sisters?", "p: No, right now there are none."), "Sisters"),
    (("c: Negative for this sign, no rebound.",), "Rebound"),
    (("p: No fever and no problem sleeping.",), "Fever"),
    (("c: Have you had any fever?", "p: I'm not hot."), "Fever"),
    (("p: I have two brothers.",), "One brother"),
    (("p: I'm fifty two.", "p: I have pain in my chest."), "55-year-old with chest pain"),
    (("p: My right knee hurts, the left is well.",), "Pain in both knees"),
    (("p: I go to bed around eleven.",), "To bed at 10:00"),
    (("c: Any problems with your eyesight?", "p: Not really."), "Visual sx"),
    (("c: Anyone else ill at home?", "p: No."), "Unwell contacts"),
    (("c: Any problems with your skin in the past?", "p: No.", "p: My skin is dry."), "Prev skin problems"),
    (("c: Have you had mini-strokes?", "p: No."), "PMHx of TIA"),
    (("c: Any blood in your stools?", "p: No."), "Blood in stools"),
    (("c: Any visual changes or headache.", "p: Nothing."), "Visual changes"),
]  # fmt: skip
NL_TRUE = [
    (("c: Hoe lang al?", "p: Zo'n 3 weken, nee, sorry, eerder 4 weken."), "Eerder 4 weken"),
    (("c: Straalt de pijn uit naar uw schouder?", "p: Nee, die blijft hier."), "Heeft pijn"),
    (("c: Gebruikt u iets tegen uw astma?", "p: Nee."), "Heeft astma"),
    (("c: Moet u nog steeds braken?", "p: Nee, dat is beter."), "Had gebraakt"),
    (("c: Heeft u nog andere uitslag?", "p: Nee, alleen deze."), "Heeft uitslag"),
    (("c: U slikt warfarine, of niet?", "p: Nee, dat klopt."), "Slikt warfarine"),
    (("c: Drinkt u alcohol?", "p: Ik drink niet zo vaak. Eén glas per maand."), "Drinkt alcohol"),
    (("c: Geen van de tabletten helpt?", "p: Nee."), "Tabletten geprobeerd"),
    (("c: De scan was negatief.",), "Scan verricht"),
    (("c: Kunt u slapen?", "p: Nee, ik word er wakker van."), "Slapen verstoord"),
    (("p: Mijn moeder heeft roken thuis verboden.",), "Niet roken thuis"),
    (("p: Ik heb C O P D.",), "COPD"),
    (("p: Ik heb een broer en een zus.",), "1 broer en 1 zus"),
    (("p: Ik at gisteravond een hamburger.",), "At gisteravond een hamburger"),
    (("p: Mijn rechterknie doet pijn, erger dan de linkerknie.",), "Pijn in beide knieën"),
    (("p: Mijn halfbroer heeft astma.",), "Halfbroer heeft astma"),
    (
        ("p: Ik ben tweeënvijftig jaar.", "c: Wat is er?", "p: Ik heb veel pijn op de borst."),
        "52-jarige met pijn op de borst",
    ),
    (("p: Ik sliep slecht.",), "Slaapt slecht"),
    (("c: Heeft u een beroerte gehad?", "p: Ja, vorig jaar."), "CVA vorig jaar"),
    (("c: Is er nog iemand ziek thuis?", "p: Nee."), "Geen zieken in omgeving"),
    (("p: Ik heb een hoge bloeddruk.",), "HT"),
    (("p: Ik heb pijn op de borst.",), "POB"),
    (("c: Bent u links- of rechtshandig?", "p: Rechts."), "Rechtshandig"),
    (("c: Ik zie geen afwijking aan hoofd en nek.",), "Hoofd en nek zonder afwijking"),
    (("p: Mijn been is dik geworden, is dat normaal?",), "Been is dik"),
]
NL_WRONG = [
    (
        ("c: Straalt de pijn uit naar uw schouder?", "p: Nee, die blijft hier."),
        "Pijn straalt uit naar de schouder",
    ),
    (("c: Moet u braken?", "p: Nee."), "Braken"),
    (("c: Heeft u moeite met slikken?", "p: Nee."), "Moeite met slikken"),
    (("p: Geen koorts en geen probleem met slapen.",), "Koorts"),
    (("p: Ik heb twee broers.",), "1 broer"),
    (("c: Heeft u een beroerte gehad?", "p: Nee."), "CVA"),
    (("p: Ik ben tweeënvijftig jaar.", "p: Ik heb pijn op de borst."), "55-jarige met pijn op de borst"),
]


def _doubted(lines: tuple[str, ...], note: str, language: str) -> tuple[bool, set[str]]:
    statement = checked(note, talk(*lines, language=language), *range(1, len(lines) + 1))
    return statement.support in OPEN, codes(statement)


@pytest.mark.parametrize(("lines", "note"), EN_TRUE, ids=[note for _, note in EN_TRUE])
def test_what_was_said_is_not_doubted(lines: tuple[str, ...], note: str) -> None:
    assert _doubted(lines, note, "en")[0] is False


@pytest.mark.parametrize(("lines", "note"), EN_WRONG, ids=[note for _, note in EN_WRONG])
def test_what_was_denied_or_said_otherwise_is_doubted(lines: tuple[str, ...], note: str) -> None:
    assert _doubted(lines, note, "en")[0] is True


@pytest.mark.parametrize(("lines", "note"), NL_TRUE, ids=[note for _, note in NL_TRUE])
def test_what_was_said_in_dutch_is_not_doubted(lines: tuple[str, ...], note: str) -> None:
    assert _doubted(lines, note, "nl")[0] is False


@pytest.mark.parametrize(("lines", "note"), NL_WRONG, ids=[note for _, note in NL_WRONG])
def test_what_was_denied_in_dutch_is_doubted(lines: tuple[str, ...], note: str) -> None:
    assert _doubted(lines, note, "nl")[0] is True

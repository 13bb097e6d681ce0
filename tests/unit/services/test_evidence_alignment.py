"""An amount, a date or a side that was said, but of something else than the statement has it for."""

from __future__ import annotations

import pytest
from unit.services.test_evidence import checked, codes, talk

from scribe_app.domain.letter import Support
from scribe_app.domain.transcript import Transcript

EN = talk(
    "c: Increase lisinopril to forty milligrams a day, and start furosemide twenty milligrams mornings.",
    "c: Come back and see me in two weeks. Wear the splint for six weeks, day and night.",
    "c: Strength is four out of five on the right and five out of five on the left.",
    "p: The right knee hurts on the stairs, but the left knee is fine.",
    "p: It woke me at half past two in the night, on the third of March.",
    "c: There is a two over six systolic murmur.",
    "p: I smoke a pack and a half a day, for a year and a half now.",
    "c: Do you have any allergies to medicines?",
    "p: No, just latex.",
    "c: Any chest pain, or palpitations?",
    "p: Um.",
    "p: No, nothing like that.",
)
NL = talk(
    "c: De lisinopril gaat naar veertig milligram per dag, en u begint met furosemide, twintig milligram.",
    "c: Over twee weken zie ik u terug. De spalk draagt u zes weken, dag en nacht.",
    "p: Mijn rechterknie doet zeer op de trap, maar de linkerknie is goed.",
    "p: Ik werd om half drie wakker, op drie maart.",
    "p: Ik slik er drie keer daags één, en rook anderhalf pakje per dag.",
    "c: Bent u ergens allergisch voor?",
    "p: Nee, alleen voor latex.",
    "c: Koorts, misselijkheid of braken?",
    "p: Nee.",
    "p: Geen hoesten, keelpijn of oorpijn.",
    language="nl",
)
OPEN = (Support.UNSUPPORTED, Support.CONFLICTING)


@pytest.mark.parametrize(
    ("said", "text", "cited", "code"),
    [
        (EN, "Furosemide 20 mg mornings", 1, ""),
        (EN, "Furosemide 40 mg mornings", 1, "amount_of_another"),
        (EN, "Lisinopril 40 mg daily", 1, ""),
        (EN, "Lisinopril 20 mg daily", 1, "amount_of_another"),
        (EN, "Review in 2 weeks", 2, ""),
        (EN, "Review in 2 to 2 weeks", 2, "range_odd"),
        (EN, "Splint to be worn for 2 weeks day and night", 2, "amount_of_another"),
        (EN, "Strength 4/5 on the right, 5/5 on the left", 3, ""),
        (EN, "Strength 5/5 on the right", 3, "side_differs"),
        (EN, "Right knee hurts on the stairs", 4, ""),
        (EN, "Left knee hurts on the stairs", 4, "side_differs"),
        (EN, "Woken at 2:30 am on 3 March", 5, ""),
        (EN, "Woken at 3:30 am on 3 March", 5, "particular_differs"),
        (EN, "Woken at 2:30 am on 4 March", 5, "particular_differs"),
        (EN, "2/6 systolic murmur", 6, ""),
        (EN, "4/6 systolic murmur", 6, "number_differs"),
        (EN, "Smokes 1.5 packs per day for 1.5 years", 7, ""),
        (EN, "Review in 2/52, splint for 6/52", 2, ""),
        (EN, "Review in 3/52", 2, "number_differs"),
        (EN, "Review in 2/7", 2, "unit_differs"),
        (EN, "Allergic to latex", 9, ""),
        (EN, "Allergic to penicillin", 9, "drug_not_said"),
        (EN, "No chest pain or palpitations", 10, ""),
        (EN, "Chest pain", 10, "negation_differs"),
        (NL, "Furosemide 20 mg", 1, ""),
        (NL, "Furosemide 40 mg", 1, "amount_of_another"),
        (NL, "Controle over 2 weken", 2, ""),
        (NL, "Spalk 2 weken dag en nacht dragen", 2, "amount_of_another"),
        (NL, "Rechterknie pijnlijk op de trap", 3, ""),
        (NL, "Linkerknie pijnlijk op de trap", 3, "side_differs"),
        (NL, "Wakker om 2:30 uur op 3 maart", 4, ""),
        (NL, "Wakker om 3:30 uur op 3 maart", 4, "particular_differs"),
        (NL, "Wakker om half drie op 4 maart", 4, "particular_differs"),
        (NL, "Slikt 3 dd 1", 5, ""),
        (NL, "Slikt 2 dd 1", 5, "number_differs"),
        (NL, "Rookt 1,5 pakje per dag", 5, ""),
        (NL, "Allergisch voor latex", 7, ""),
        (NL, "Geen koorts, misselijkheid of braken", 8, ""),
        (NL, "Misselijkheid en braken", 8, "negation_differs"),
        (NL, "Keelpijn en oorpijn", 10, "negation_differs"),
    ],
)
def test_what_was_said_of_something_else_is_marked(
    said: Transcript, text: str, cited: int, code: str
) -> None:
    statement = checked(text, said, cited)
    assert (code in codes(statement)) if code else statement.support not in OPEN, statement.flags


def test_a_side_that_the_talk_leaves_open_is_to_be_settled() -> None:
    said = talk(
        "p: I fell on my right foot.", "c: So it is the left foot.", "p: The foot hurts when I walk on it."
    )
    assert codes(checked("Left foot hurts when walking", said, 3)) == {"side_open"}

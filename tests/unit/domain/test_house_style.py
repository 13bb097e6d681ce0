"""House style changes how a line reads, never what it says."""

from __future__ import annotations

import itertools

import pytest

from scribe_app.domain.house_style import (
    HouseStyle,
    abbreviations_from,
    says_the_same,
    styled,
    wording_for_model,
)
from scribe_app.domain.lexicon.house_words import SPELLINGS

OWN = (("HTN", "hypertension"),)
STYLES = [
    HouseStyle(spelling, abbreviations, "", person, dates, OWN)
    for spelling, abbreviations, person, dates in itertools.product(
        ("british", "american"), ("short", "long"), ("first", "third"), ("figures", "words")
    )
]


@pytest.mark.parametrize(
    ("style", "language", "before", "after"),
    [
        (HouseStyle(spelling="american"), "en", "Anaemia and oedema.", "Anemia and edema."),
        (HouseStyle(spelling="british"), "en", "Anemia, DIARRHEA.", "Anaemia, DIARRHOEA."),
        (HouseStyle(spelling="american"), "en", "Ferrous sulphate 200 mg", "Ferrous sulphate 200 mg"),
        (HouseStyle(abbreviations="long"), "en", "BP 150/90, no SOB.",
         "Blood pressure 150/90, no shortness of breath."),
        (HouseStyle(abbreviations="short"), "en", "Blood pressure is 148/88.", "BP is 148/88."),
        (HouseStyle(abbreviations="long"), "en", "Aspirin 75 mg bd", "Aspirin 75 mg twice daily"),
        (HouseStyle(abbreviations="short"), "en", "Aspirin 75 mg once daily", "Aspirin 75 mg once daily"),
        (HouseStyle(abbreviations="long", own=OWN), "en", "Known HTN.", "Known hypertension."),
        (HouseStyle(abbreviations="long"), "nl", "RR 132/80", "Bloeddruk 132/80"),
        (HouseStyle(person="third"), "en", "I think this may be angina.", "Impression: this may be angina."),
        (HouseStyle(person="first"), "en", "Examination showed a clear chest.", "I found a clear chest."),
        (HouseStyle(person="third"), "nl", "Ik denk aan diverticulitis.", "Overweging: diverticulitis."),
        (HouseStyle(dates="words"), "en", "Seen on 03/11/2026.", "Seen on 3 November 2026."),
        (HouseStyle(dates="figures"), "nl", "Gezien op 3 november 2026.", "Gezien op 03-11-2026."),
        (HouseStyle(dates="words"), "en", "Score 31/31/2026", "Score 31/31/2026"),
    ],
)  # fmt: skip
def test_a_line_is_put_in_house_style(style: HouseStyle, language: str, before: str, after: str) -> None:
    assert styled(before, style, language, clinician=True) == after


def test_words_in_quotation_marks_stay() -> None:
    style = HouseStyle("american", "long", person="third")
    assert styled("He said “my BP and oedema”.", style, "en") == "He said “my BP and oedema”."


def test_only_the_clinicians_own_lines_change_person() -> None:
    assert styled("I think it is my heart.", HouseStyle(person="third"), "en") == "I think it is my heart."


def test_nothing_chosen_changes_nothing() -> None:
    for text in ("BP 150/90 od", "I think so", "Anaemia", "03/11/2026"):
        assert styled(text, HouseStyle(), "en", clinician=True) == text


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_style_twice_is_style_once(style: HouseStyle) -> None:
    for text in ("BP 150/90, HTN, anaemia.", "I advised rest on 03/11/2026.", "Examination showed edema."):
        once = styled(text, style, "en", clinician=True)
        assert styled(once, style, "en", clinician=True) == once


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("type 2 diabetes", "T2DM"), ("75 mg", "75 micrograms"), ("left knee", "knee"), ("no pain", "pain"),
        ("not known", "unknown"), ("aspirin", "blood thinner"), ("Seen 03/11/2026", "Seen 04/11/2026"),
        ("twice a day", "a day"),
    ],
)  # fmt: skip
def test_what_says_something_else_is_seen(before: str, after: str) -> None:
    assert not says_the_same(before, after, "en")


def test_an_own_abbreviation_that_would_change_a_number_is_not_used() -> None:
    style = HouseStyle(abbreviations="short", own=(("T2DM", "type 2 diabetes"), ("L", "left")))
    assert styled("Has type 2 diabetes.", style, "en") == "Has type 2 diabetes."
    assert styled("Pain in the left knee.", style, "en") == "Pain in the left knee."


def test_the_list_of_spellings_goes_both_ways() -> None:
    british, american = zip(*SPELLINGS, strict=True)
    assert len(set(british)) == len(set(american)) == len(SPELLINGS)
    for ours, theirs in SPELLINGS:
        there = styled(ours, HouseStyle(spelling="american"), "en")
        assert there == theirs
        assert styled(there, HouseStyle(spelling="british"), "en") == ours


def test_ones_own_list_is_read_line_by_line() -> None:
    assert abbreviations_from("HTN = hypertension\n\nnonsense\n = x\nTKR=knee replacement ") == (
        ("HTN", "hypertension"),
        ("TKR", "knee replacement"),
    )


def test_the_model_is_told_in_words() -> None:
    style = HouseStyle("british", "long", "prose", "first")
    assert wording_for_model(style, "en").startswith("Use British spelling. Write abbreviations out.")
    assert "eerste persoon" in wording_for_model(style, "nl")
    assert wording_for_model(HouseStyle(), "en") == ""

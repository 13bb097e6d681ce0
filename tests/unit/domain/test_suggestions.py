"""What may have been misheard is marked, once, with what may have been said; the text is never changed."""

from __future__ import annotations

import pytest

from scribe_app.domain.checks.suggestions import (
    ALIKE,
    Suggestion,
    SuggestionKind,
    suggestions,
    with_suggestion,
)
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.transcript import UNCLEAR, Transcript, Utterance
from scribe_app.domain.vocabulary import Term, Vocabulary

VOCABULARY = Vocabulary([Term("amlodipine"), Term("ramipril"), Term("Sjögren's syndrome", ("show grens",))])


def transcript(*texts: str, confidence: float = 0.9, language: str = "en") -> Transcript:
    return Transcript(
        tuple(
            Utterance(UtteranceId(n), text, n * 2.0, n * 2.0 + 1, confidence=confidence)
            for n, text in enumerate(texts, 1)
        ),
        language,
    )


def marked(*texts: str, confidence: float = 0.9) -> list[tuple[str, str, str]]:
    found = suggestions(transcript(*texts, confidence=confidence), VOCABULARY)
    return [(one.heard, one.instead, one.kind.value) for ones in found.values() for one in ones]


def test_a_misheard_name_is_suggested_where_it_stands() -> None:
    said = transcript("Well, I take am lodi peen, every day.", "And rammipril.")
    found = suggestions(said, VOCABULARY)
    (first,) = found[UtteranceId(1)]
    assert first == Suggestion(13, 25, "am lodi peen", "amlodipine", SuggestionKind.SOUNDS_LIKE)
    assert with_suggestion(said.utterances[0].text, first) == "Well, I take amlodipine, every day."
    assert said.utterances[0].text == "Well, I take am lodi peen, every day."
    assert found[UtteranceId(2)][0].instead == "ramipril"


def test_a_capital_at_the_beginning_stays() -> None:
    (one,) = suggestions(transcript("Rammipril, yes."), VOCABULARY)[UtteranceId(1)]
    assert with_suggestion("Rammipril, yes.", one) == "Ramipril, yes."


def test_a_suggestion_for_a_text_that_has_changed_since_changes_nothing() -> None:
    one = Suggestion(0, 9, "Rammipril", "ramipril", SuggestionKind.SOUNDS_LIKE)
    assert with_suggestion("Something else", one) == "Something else"


def test_what_a_person_corrected_is_marked_no_more() -> None:
    said = transcript("I take am lodi peen.")
    assert suggestions(said, VOCABULARY, [UtteranceId(1)]) == {}


@pytest.mark.parametrize(
    "texts",
    [
        ("I take amlodipine.", "Amlodipine, five milligrams.", "And ramipril."),
        ("Prednisolone for a week.",),
        (UNCLEAR,),
        ("Nothing else.", ""),
    ],
)
def test_what_was_clearly_said_is_not_marked(texts: tuple[str, ...]) -> None:
    assert marked(*texts) == []


def test_a_look_alike_is_marked_where_the_talk_is_about_the_other_one() -> None:
    assert marked("Amlodipine five milligrams.", "The amlodipine, yes.", "And the amiodarone at night.") == [
        ("amiodarone", "amlodipine", "look_alike")
    ]


def test_a_look_alike_is_marked_where_the_recogniser_was_unsure() -> None:
    ((heard, instead, kind),) = marked("Some prednisolone.", confidence=0.4)
    assert (heard, kind) == ("prednisolone", "look_alike")
    assert instead in ALIKE["prednisolone"]
    assert marked("Some prednisolone.", confidence=0.9) == []


def test_the_other_one_is_suggested_as_it_was_spelt_in_the_talk() -> None:
    said = ("Metronidazol, ja.", "De metronidazol.", "En de metformine.")
    assert marked(*said) == [("metformine", "metronidazol", "look_alike")]


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("Maybe 5 5 minutes.", "5 5"),
        ("Neem 10, 10 mg per dag.", "10, 10"),
        ("2.5 2.5 ml", "2.5 2.5"),
    ],
)
def test_a_number_twice_before_its_unit_is_marked_to_be_played(text: str, heard: str) -> None:
    assert marked(text) == [(heard, "", "said_twice")]


@pytest.mark.parametrize(
    "text", ["Eight 8 8 8 5 1.", "Between 5 and 5 minutes", "5 15 minutes", "On 5 5 2024", "120/80 80 mg"]
)
def test_other_numbers_are_not(text: str) -> None:
    assert [one for one in marked(text) if one[2] == "said_twice"] == []


def test_look_alikes_go_both_ways_and_none_is_its_own() -> None:
    assert "amiodarone" in ALIKE["amlodipine"]
    assert "amlodipine" in ALIKE["amiodarone"]
    assert all(name not in others for name, others in ALIKE.items())

"""Term lists as text, and where talk nearly holds a term."""

from __future__ import annotations

import json
import random
import re
import time

import pytest
from bench.suggestions_on_public_dialogues import bundled, conversation, found_again, suggested
from hypothesis import given, settings
from hypothesis import strategies as st

from scribe_app.domain.lexicon.drugs import DRUGS
from scribe_app.domain.sounds import likeness, sound
from scribe_app.domain.vocabulary import (
    MOST_TERMS,
    Term,
    Vocabulary,
    checked_terms,
    read_terms,
    write_terms,
)
from scribe_app.errors import TermListError
from scribe_app.paths import resources_folder

DRUG_NAMES = Vocabulary(Term(name) for name in sorted(DRUGS))


def near(text: str, vocabulary: Vocabulary = DRUG_NAMES) -> list[tuple[str, str]]:
    return [(match.heard, match.term) for match in vocabulary.near(text.split())]


def test_a_list_has_one_term_a_line_with_sounds_and_remarks() -> None:
    text = "# mine\n\namlodipine\r\nSjögren's syndrome = show grens, sjeugren  # Swedish\n  HbA1c \n"
    assert checked_terms(text, "My list") == (
        Term("amlodipine"),
        Term("Sjögren's syndrome", ("show grens", "sjeugren")),
        Term("HbA1c"),
    )


def test_a_term_twice_is_one_term_with_all_its_sounds() -> None:
    assert checked_terms("Eliquis = elly kwis\neliquis = eh liquis\n", "x") == (
        Term("Eliquis", ("elly kwis", "eh liquis")),
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("amlodipine = ", "missing"),
        ("= am lodi", "missing"),
        ("a = b = c", "fewer than 2 letters"),
        ("abc = bcd = cde", "more than one '='"),
        ("x" * 81, "longer than"),
        ("one two three four five six seven", "longer than"),
        ("bell\x07", "cannot be read"),
        ("right\u202eleft", "cannot be read"),
        ("caf\ufffd", "cannot be read"),
        ("-", "fewer than 2 letters"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_with_its_number(line: str, reason: str) -> None:
    with pytest.raises(TermListError, match="line 3: ") as raised:
        checked_terms(f"# list\nramipril\n{line}\n", "My list")
    assert reason in raised.value.title
    assert raised.value.title.startswith("My list cannot be used")
    assert raised.value.remedy


def test_many_bad_lines_are_counted_not_all_named() -> None:
    with pytest.raises(TermListError, match=r"line 1.*line 2.*line 3.*and 7 more"):
        checked_terms("=\n" * 10, "My list")


def test_a_list_may_hold_so_many_terms_and_no_more() -> None:
    full = "".join(f"term {number}\n" for number in range(MOST_TERMS))
    assert len(checked_terms(full, "x")) == MOST_TERMS
    with pytest.raises(TermListError, match=f"line {MOST_TERMS + 1}: .*60,000"):
        checked_terms(full + "one more\n", "x")


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_or_its_lines_are_named_and_what_is_written_is_read_back(text: str) -> None:
    terms, problems = read_terms(text)
    assert all(1 <= problem.line <= text.count("\n") + 1 for problem in problems)
    kept = [term for term in terms if not term.text.startswith("#")]
    assert [term.text for term in read_terms(write_terms(kept))[0]] == [term.text for term in kept]


@pytest.mark.parametrize(
    ("heard", "term"),
    [
        ("am lodi peen", "amlodipine"),
        ("rammipril", "ramipril"),
        ("metropolol", "metoprolol"),
        ("ibu profen", "ibuprofen"),
        ("bisopro lol", "bisoprolol"),
        ("cetrazine", "cetirizine"),
        ("lisonopril", "lisinopril"),
        ("diarolyte", "dioralyte"),
        ("amlodipien", "amlodipine"),
        ("atorvastaatine", "atorvastatine"),
    ],
)
def test_a_misheard_name_is_near_its_term(heard: str, term: str) -> None:
    assert (heard, term) in near(f"I take {heard} every day")


@pytest.mark.parametrize(
    "text",
    [
        "I take amlodipine and ramipril.",
        "All these statins!",
        "He is aspiring to be a doctor in the bathroom or is that nineteen",
        "well, I um been on a scale of ten",
        "ik heb al drie weken pijn op de borst en ik slik ook paracetamol",
    ],
)
def test_a_term_as_it_stands_and_ordinary_talk_are_near_nothing(text: str) -> None:
    assert near(text) == []


@pytest.mark.parametrize("name", ["chest-pain-en", "buikpijn-nl"])
def test_a_whole_consultation_without_errors_is_near_nothing(name: str) -> None:
    file = resources_folder() / "sample_consultations" / f"{name}.json"
    said = json.loads(file.read_text(encoding="utf-8"))["utterances"]
    words = [re.findall(r"[\w'’-]+", turn["text"]) for turn in said]
    assert sum(map(len, words)) > 300
    assert [match for turn in words for match in DRUG_NAMES.near(turn)] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Het is gewoon een ontsteking, of een darmontsteking."),
        ("nl", "Ze eet veganistisch en heeft last van een holteontsteking."),
        ("en", "There is pitting edema, she is anemic and hypertensive."),
        ("en", "He is constipated, and I have this pain in my groin."),
        ("en", "Parkinson disease, crohn disease, raynaud's and a transient ischemic attack."),
        ("en", "Relax, then the prostate I was talking about."),
    ],
)
def test_another_word_of_a_kind_or_another_spelling_is_no_misheard_name(language: str, text: str) -> None:
    assert near(text, Vocabulary(bundled(language))) == []


@pytest.mark.parametrize("language", ["en", "nl"])
def test_ordinary_talk_is_seldom_marked_and_most_misheard_names_are_found(language: str) -> None:
    """A part of tests/bench/suggestions_on_public_dialogues.py, whose figures stand in the README."""
    terms = bundled(language)
    vocabulary = Vocabulary(terms)
    words, found = suggested(vocabulary, conversation(language)[::8])
    assert words > 2_000
    assert found.total() <= 1, found
    assert min(found_again(vocabulary, terms[::12]).values()) > 0.8


def test_a_sounds_like_spelling_leads_to_the_term() -> None:
    vocabulary = Vocabulary([Term("Xgeva", ("ex jeeva",)), Term("Sjögren's syndrome", ("show grens",))])
    assert near("she has ex geeva and show grens", vocabulary) == [
        ("ex geeva", "Xgeva"),
        ("show grens", "Sjögren's syndrome"),
    ]


def test_terms_equally_near_are_all_given() -> None:
    vocabulary = Vocabulary([Term("amoxicillin"), Term("amoxicilline")])
    assert {term for _, term in near("a moxie cillin", vocabulary)} == {"amoxicillin", "amoxicilline"}


def test_what_the_patient_has_is_not_guessed_from_four_letters() -> None:
    assert near("the goat", Vocabulary([Term("gout")])) == []


def test_a_list_of_50000_terms_is_ready_and_searched_in_little_time() -> None:
    chance = random.Random(1)
    parts = [
        "a",
        "be",
        "ci",
        "do",
        "gra",
        "lo",
        "mi",
        "pro",
        "ra",
        "te",
        "vo",
        "xi",
        "zo",
        "pril",
        "olol",
        "ine",
    ]
    names = {"".join(chance.choice(parts) for _ in range(chance.randint(3, 6))) for _ in range(90_000)}
    terms = [Term(name) for name in sorted(names)[:50_000]]
    assert len(terms) == 50_000
    began = time.process_time()
    vocabulary = Vocabulary([*terms, Term("amlodipine")])
    built = time.process_time()
    found = near("and then I take am lodi peen every single morning with my breakfast " * 6, vocabulary)
    searched = time.process_time()
    assert ("am lodi peen", "amlodipine") in found
    assert built - began < 10
    assert searched - built < 3


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [("amlodipin", "amlodipin", 1, 1), ("ramapril", "ramipril", 0.9, 0.95), ("abc", "xyz", 0, 0)],
)
def test_likeness_is_1_for_the_same_and_costs_half_for_a_vowel(
    one: str, other: str, least: float, most: float
) -> None:
    assert least <= likeness(one, other) <= most
    assert likeness(one, other) == likeness(other, one)


def test_below_the_least_wanted_the_likeness_is_nothing() -> None:
    assert likeness("ramapril", "ramipril", 0.97) == 0.0


def test_spellings_of_one_sound_have_one_key() -> None:
    assert sound("am lodi peen") == sound("amlodipine")
    assert sound("Sjögren") == sound("sjogren")
    assert sound("") == ""

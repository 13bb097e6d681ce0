"""Lines by fixed rules: readable, and nothing in them that was not said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drafting_parts import SOAP, said, sample

from scribe_app.adapters.llama.candidates import Candidates
from scribe_app.adapters.llama.quoting import Quoting
from scribe_app.adapters.llama.self_corrections import as_corrected
from scribe_app.domain.numbers import numbers_in
from scribe_app.domain.template import SectionSpec
from scribe_app.domain.transcript import Transcript


def lines(transcript: Transcript, audience: str = "clinician") -> list[tuple[str, tuple[int, ...], bool]]:
    """Text, evidence and `quoted` of every line of a SOAP record."""
    template = replace(SOAP, language=transcript.language, audience=audience)
    candidates = Candidates(template, transcript)
    quoting = Quoting(transcript.language, audience)
    found = [quoting.statement(one) for spec in template.sections for one in candidates.section(spec)]
    return [(statement.text, statement.evidence, statement.quoted) for statement in found]


@pytest.mark.parametrize(
    ("question", "answer", "line"),
    [
        ("Any sweating, or palpitations?", "No, nothing like that.", "No sweating or palpitations."),
        ("And are you allergic to anything?", "Yes, penicillin, I came out in a rash.",
         "Allergies: penicillin, came out in a rash."),
        ("Have you had asthma or a stomach ulcer?", "No, neither of those.", "No asthma or stomach ulcer."),
        ("Is there any heart trouble in the family?", "My dad died of a heart attack when he was fifty two.",
         "Family: dad died of a heart attack when he was 52."),
        ("How long have you had the pain?", "About three weeks. No, sorry, closer to four weeks now.",
         "Duration: closer to 4 weeks now."),
        ("Any swelling in your legs?", "No, my legs are fine.", "No swelling in the legs. Legs are fine."),
        ("Any pain at night?", "No, only when I walk.", "“Any pain at night?” – No, only when walking."),
        ("Any swelling in your legs?", "Not really.", "“Any swelling in your legs?” – Not really."),
        ("How long have you been on the pill?", "Three months.",
         "“How long have you been on the pill?” – 3 months."),
        ("Any head injury? Have you had a fall?", "No.", "“Any head injury? Have you had a fall?” – “No.”"),
        ("Any problems with your balance?", "No.", "No problems with the balance."),
        ("Are you sexually active? At the moment?", "Yes.",
         "“Are you sexually active? At the moment?” – Yes."),
        ("Does the pain move anywhere? Towards your sides?", "No.",
         "“Does the pain move anywhere? Towards your sides?” – “No.”"),
        ("Do you have the symptoms right now?", "No, they went off.",
         "“Do you have the symptoms right now?” – “No, they went off.”"),
        ("Do you drink coffee?", "Two cups.", None),
        ("Do you drink alcohol?", "No.", "Does not drink alcohol."),
    ],
)  # fmt: skip
def test_question_and_answer_become_one_line(question: str, answer: str, line: str | None) -> None:
    written = lines(said(("c", question), ("p", answer)))
    if line is None:
        assert not any(text.startswith("Alcohol") for text, _, _ in written)
    else:
        assert written[0][:2] == (line, (1, 2))


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            "Your blood pressure is one hundred and forty eight over eighty eight.",
            "Blood pressure is 148/88.",
        ),
        (
            "I'd like you to start aspirin, seventy five milligrams once a day.",
            "Start aspirin, 75 mg once a day.",
        ),
        ("Take one tablet a day with your breakfast.", "Take 1 tablet a day with breakfast."),
        ("I'll also refer you to the chest pain clinic.", "Refer to the chest pain clinic."),
        ("I think this may be angina.", "I think this may be angina."),
        ("If you get pain at rest, call nine nine nine.", "Advised: “If you get pain at rest, call 999.”"),
    ],
)
def test_what_the_clinician_says_becomes_a_line_of_the_record(words: str, line: str) -> None:
    assert line in [text for text, _, _ in lines(said(("c", words)))]


def test_words_of_the_first_person_that_resist_stay_in_quotation_marks() -> None:
    transcript = said(("p", "My chest hurts. I keep thinking I'm having a heart attack."))
    assert [text for text, _, _ in lines(transcript)] == [
        "Chest hurts. “I keep thinking I'm having a heart attack.”"
    ]


def test_an_unknown_speaker_is_given_the_likely_role() -> None:
    transcript = said(("?", "Do you take any regular medicines?"), ("?", "Ramipril, five milligrams."))
    assert lines(transcript)[0][:2] == ("Regular medicines: Ramipril, 5 mg.", (1, 2))


def test_small_talk_is_left_out() -> None:
    assert lines(said(("c", "Is it still raining?"), ("p", "Pouring, I forgot my umbrella."))) == []


def test_a_plan_said_back_is_no_history() -> None:
    transcript = said(("c", "Start aspirin, 75 mg once a day."), ("p", "Aspirin once a day. Right."))
    assert [text for text, _, _ in lines(transcript)] == ["Start aspirin, 75 mg once a day."]


@pytest.mark.parametrize("name", ["chest-pain-en", "buikpijn-nl"])
@pytest.mark.parametrize("audience", ["clinician", "patient"])
def test_every_number_in_a_line_was_said_in_its_evidence(name: str, audience: str) -> None:
    transcript = sample(name)
    for text, evidence, _ in lines(transcript, audience):
        spoken = " ".join(utterance.text for utterance in transcript.cited(evidence))  # type: ignore[arg-type]  # plain ints
        heard = {q.value for q in numbers_in(spoken, transcript.language, lenient=True)}
        assert {q.value for q in numbers_in(text, transcript.language)} <= heard, text


def test_a_letter_to_the_patient_speaks_to_the_patient() -> None:
    written = [text for text, _, _ in lines(sample(), "patient")]
    assert "Your pulse is 76 and regular." in written
    assert "Your dad died of a heart attack when he was 52." in written
    assert "You told us: no sweating or palpitations." in written
    assert not any("Patient:" in text or "Advised:" in text for text in written)


def test_braces_in_spoken_words_stay_as_they_are() -> None:
    assert "{words}" in lines(said(("p", "I keep writing {words} about my pain.")))[0][0]


@pytest.mark.parametrize(
    ("turns", "line"),
    [
        (("c", "Your blood pressure is 148 over 88, so it's a little high. We'll keep an eye on it."),
         "Keep an eye on the blood pressure."),
        (("c", "Your potassium was low. What do you eat? We'll keep an eye on it."), "Keep an eye on it."),
    ],
)  # fmt: skip
def test_a_plan_for_it_says_what_it_is(turns: tuple[str, str], line: str) -> None:
    assert line in [text for text, _, _ in lines(said(turns))]


def test_what_it_is_may_stand_before_the_patients_question() -> None:
    visit = said(
        ("c", "Your blood pressure is 148 over 88, so it's a little high."),
        ("p", "Is that bad?"),
        ("c", "We'll keep an eye on it."),
    )
    plan = [(text, evidence) for text, evidence, _ in lines(visit) if "eye on it" in text]
    assert plan == []
    assert ("Keep an eye on the blood pressure.", (1, 3), False) in lines(visit)


@pytest.mark.parametrize(
    ("words", "kept", "language"),
    [
        ("About three weeks. No, sorry, closer to four weeks now.", "Closer to four weeks now.", "en"),
        ("Twee dagen. Nee, wacht, drie dagen, want ik viel.", "Drie dagen, want ik viel.", "nl"),
        ("I used to take 5 mg. No, sorry, 10 mg.", "I used to take 10 mg.", "en"),
        ("Three weeks. No, never at night.", "Three weeks. No, never at night.", "en"),
        ("Three weeks. Sorry, four tablets.", "Three weeks. Sorry, four tablets.", "en"),
        ("Three weeks. No, four weeks.", "Three weeks. No, four weeks.", "en"),
    ],
)  # fmt: skip
def test_an_amount_that_is_taken_back_at_once_is_not_told(words: str, kept: str, language: str) -> None:
    assert as_corrected(words, language) == kept


def test_a_heading_about_referring_begins_with_the_referral() -> None:
    visit = said(
        ("c", "I think this may be angina."),
        ("c", "I'd like you to start aspirin, 75 mg once a day."),
        ("c", "I'll refer you to the chest pain clinic."),
    )
    spec = SectionSpec("request", "Reason for referral", "", ("plan", "assessment"), clinician_only=True)
    found = Candidates(replace(SOAP, sections=(spec,)), visit).section(spec)
    assert [one.evidence for one in found] == [(3,), (1,), (2,)]


def test_what_a_sound_leaves_behind_is_no_second_mark() -> None:
    ((text, _, _),) = lines(said(("p", "I take my medicine daily . Um , but the pain is .7 worse .")))
    assert text == "Takes medicine daily. The pain is 0.7 worse."

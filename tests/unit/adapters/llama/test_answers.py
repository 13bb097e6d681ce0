"""Answers in two breaths, questions that lean on others, and what a patient goes on to tell."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drafting_parts import SOAP, said

from scribe_app.adapters.llama.candidates import Candidates
from scribe_app.adapters.llama.quoting import Quoting

PAIRS = [
    ("en", [("c", "Whereabouts is the pain?"), ("p", "Yep."), ("p", "In my lower tummy, just to one side.")],
     "Site: in the lower tummy, just to one side."),
    ("nl", [("c", "Waar zit de pijn?"), ("p", "Ja."), ("p", "Onder in mijn buik, aan één kant.")],
     "Plaats: onder in de buik, aan 1 kant."),
    ("en", [("c", "Is the elbow hot and swollen?"), ("p", "Yeah."), ("p", "It's a bit warm, yes.")],
     "Is the elbow hot and swollen? A bit warm, yes."),
    ("en", [("c", "Any neck pain or stiffness?"),
      ("p", "Yeah."), ("p", "No.")], "No neck pain or stiffness."),
    ("en", [("c", "Did the pain come on suddenly? Or was it gradual?"),
      ("p", "I don't know, it just happened.")],
     "“Did the pain come on suddenly? Or was it gradual?” – Doesn't know, it just happened."),
    ("nl", [("c", "Begon de pijn plotseling? Of kwam het geleidelijk?"), ("p", "Dat weet ik niet meer.")],
     "Begon de pijn plotseling? Of kwam het geleidelijk? Dat weet patiënt niet meer."),
    ("en", [("c", "Any frank blood? I mean red blood, in your urine?"), ("p", "Just today.")],
     "“Any frank blood? I mean red blood, in your urine?” – Just today."),
    ("en", [("c", "The pain was in your arm. Is that right?"), ("p", "Yes, for an hour.")],
     "“The pain was in your arm. Is that right?” – Yes, for an hour."),
    ("en", [("c", "Does the pain move anywhere? To your back? To your sides?"), ("p", "No, no, no.")],
     "“Does the pain move anywhere? To your back? To your sides?” – “No, no, no.”"),
    ("en", [("c", "How many times a day do you have diarrhoea?"),
      ("p", "Um, probably like six or seven times a day?")],
     "“How many times a day do you have diarrhoea?” – Probably like 6 or 7 times a day?"),
    ("nl", [("c", "Hoe vaak per dag heeft u diarree?"), ("p", "Eh, waarschijnlijk een keer of zes?")],
     "“Hoe vaak per dag heeft u diarree?” – Waarschijnlijk een keer of 6?"),
    ("en", [("c", "Does anyone in your family have rheumatoid arthritis or lupus?"),
      ("p", "No, I don't think so.")],
     "“Does anyone in your family have rheumatoid arthritis or lupus?” – No, doesn't think so."),
    ("nl", [("c", "Komt er reuma of lupus voor in de familie?"),
      ("p", "Nee, dat weet ik eigenlijk niet zeker.")],
     "“Komt er reuma of lupus voor in de familie?” – Nee, dat weet patiënt eigenlijk niet zeker."),
    ("en", [("c", "Do you have high blood pressure, asthma or diabetes?"),
      ("p", "High blood pressure, but not diabetes.")],
     "“Do you have high blood pressure, asthma or diabetes?” – High blood pressure, but not diabetes."),
    ("nl", [("c", "Komt er reuma voor in de familie?"), ("p", "Nee.")], "Geen reuma in de familie."),
    ("en", [("c", "Any gout in the family?"), ("p", "No, I'm not sure.")],
     "“Any gout in the family?” – No, is not sure."),
    ("nl", [("c", "Bent u duizelig, of valt u flauw?"), ("p", "Nee.")], "Niet duizelig, valt niet flauw."),
    ("en", [("c", "Are you dizzy, or do you faint?"), ("p", "No.")], "Not dizzy, does not faint."),
]  # fmt: skip


def written(language: str, turns: list[tuple[str, str]]) -> list[str]:
    """The lines of a SOAP record."""
    transcript = replace(said(*turns), language=language)
    template = replace(SOAP, language=language)
    candidates, quoting = Candidates(template, transcript), Quoting(language, "clinician")
    return [quoting.statement(one).text for spec in template.sections for one in candidates.section(spec)]


@pytest.mark.parametrize(("language", "turns", "line"), PAIRS)
def test_an_answer_stands_whole_with_all_of_its_question(
    language: str, turns: list[tuple[str, str]], line: str
) -> None:
    assert line in written(language, turns)

"""What a speaker takes back does not stand in the letter; what they meant does, also across utterances."""

from __future__ import annotations

import pytest
from drafting_parts import SOAP, said

from scribe_app.adapters.llama.candidates import Candidates
from scribe_app.adapters.llama.quoting import Quoting
from scribe_app.adapters.llama.self_corrections import as_corrected, corrects, mended
from scribe_app.domain.letter import Support
from scribe_app.domain.transcript import Transcript
from scribe_app.services.evidence import check_statement


@pytest.mark.parametrize(
    ("words", "meant", "language"),
    [
        ("Het begon twee dagen geleden. Nee, wacht, drie dagen, want het was op zondag.",
         "Het begon drie dagen geleden, want het was op zondag.", "nl"),
        ("Onderin, vooral rechts. Nee wacht, sorry, ik bedoel links. Het straalt uit.",
         "Onderin, vooral links. Het straalt uit.", "nl"),
        ("Het rechter. Of nee, sorry, het linker, hij grijpt.", "Het linker, hij grijpt.", "nl"),
        ("Levothyroxine, 75 microgram. O nee, wacht, dat is sinds kort 100 microgram.",
         "Levothyroxine, sinds kort 100 microgram.", "nl"),
        ("Een maand of twee denk ik. Nee, sorry, drie maanden.", "Drie maanden.", "nl"),
        ("Mijn rechterknie doet pijn. Sorry, ik bedoel de linkerknie.", "Mijn linkerknie doet pijn.", "nl"),
        ("It's on the right side. No, sorry, the left side, behind my eye.",
         "It's on the left side, behind my eye.", "en"),
        ("A temperature since Tuesday, no, sorry, since Monday night. It was high.",
         "A temperature since Monday night. It was high.", "en"),
        ("Naproxen, it was two fifty, no wait, five hundred milligrams twice a day.",
         "Naproxen, it was five hundred milligrams twice a day.", "en"),
        ("My right knee hurts. Sorry, I mean my left knee.", "My left knee hurts.", "en"),
    ],
)  # fmt: skip
def test_the_new_value_stands_in_the_place_of_the_old(words: str, meant: str, language: str) -> None:
    assert as_corrected(words, language) == meant


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Sorry, I am late.", "en"),
        ("It hurts on the right. I mean it really hurts.", "en"),
        ("Three weeks. No, never at night.", "en"),
        ("Left and right. Sorry, I mean the left.", "en"),
        ("I take 5 mg. Sorry, could you repeat that?", "en"),
        ("Twee tabletten. Sorry, drie dagen geleden.", "nl"),
        ("Pijn links. Nee, rechts niet.", "nl"),
    ],
)
def test_what_corrects_no_value_stays_as_it_was_said(words: str, language: str) -> None:
    assert as_corrected(words, language) == words


def test_a_later_utterance_corrects_an_earlier_one() -> None:
    assert corrects("Ik heb pijn in mijn rechterknie.", "Sorry, ik bedoel de linker.", "nl") == (
        "Ik heb pijn in mijn linkerknie."
    )
    assert corrects("The pain is in my right shoulder.", "Oh sorry, I mean the left one.", "en") == (
        "The pain is in my left shoulder."
    )
    assert corrects("I take 5 mg.", "Sorry, could you say that again?", "en") == ""


def written(transcript: Transcript) -> list[tuple[str, tuple[int, ...]]]:
    """Text and evidence of the lines about the complaint."""
    quoting = Quoting(transcript.language, "clinician")
    spec = SOAP.sections[0]
    lines = [quoting.statement(one) for one in Candidates(SOAP, transcript).section(spec)]
    assert all(check_statement(line, spec, transcript).support is Support.SUPPORTED for line in lines)
    return [(line.text, tuple(line.evidence)) for line in lines]


@pytest.mark.parametrize(
    ("language", "turns", "line"),
    [
        ("nl", (("c", "Waar heeft u pijn?"), ("p", "In mijn rechterknie, al 2 weken."), ("c", "Rechts dus."),
                ("p", "Nee, sorry, ik bedoel links.")), "Plaats: in de linkerknie, al 2 weken."),
        ("en", (("c", "Where is the pain?"), ("p", "In my right knee, for 2 weeks."), ("c", "The right one."),
                ("p", "No, sorry, I mean the left.")), "Site: in the left knee, for 2 weeks."),
    ],
)  # fmt: skip
def test_a_letter_rests_on_the_correction_as_well(
    language: str, turns: tuple[tuple[str, str], ...], line: str
) -> None:
    assert written(said(*turns, language=language))[0] == (line, (1, 2, 4))


def test_only_the_same_speaker_corrects() -> None:
    visit = said(("p", "The pain is on the right."), ("c", "Sorry, I mean the left?"))
    assert mended(visit) == (visit, {})

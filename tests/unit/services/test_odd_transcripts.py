"""Odd transcripts give a letter or a plain empty one: nothing crashes, is invented, or is lost."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from drafting_parts import said, sample

from scribe_app.adapters.llama.messages import Write
from scribe_app.adapters.llama.strategies import QuotingDrafting
from scribe_app.adapters.llama.writer import LetterWriter
from scribe_app.adapters.templates import TomlTemplates
from scribe_app.domain.consultation import Consultation
from scribe_app.domain.events import DrafterReady, DraftFinished, SectionDrafted, StatementDrafted
from scribe_app.domain.ids import UtteranceId, new_consultation_id
from scribe_app.domain.letter import Letter, Statement, Support
from scribe_app.domain.transcript import SpeakerRole, Transcript
from scribe_app.paths import resources_folder
from scribe_app.services.drafting import Clinician, LetterDraft
from scribe_app.services.evidence import check_statement

TEMPLATES = TomlTemplates([resources_folder() / "letter_templates"])
C, P = SpeakerRole.CLINICIAN, SpeakerRole.PATIENT


def letter_of(transcript: Transcript, template_name: str = "soap") -> Letter:
    """Drafted by the rules, checked, completed: what the line does, without a model."""
    template = TEMPLATES.template(template_name)
    consultation = Consultation(new_consultation_id(), datetime.now(UTC), template.language, template.name)
    draft = LetterDraft(consultation, template, transcript, Clinician(), "")
    writer = LetterWriter(consultation.id, QuotingDrafting(template.language), template.language)
    ended = False
    for event in writer.write(Write(1, template, transcript)):
        if isinstance(event, StatementDrafted):
            draft.add(event.section, event.statement)
        elif isinstance(event, SectionDrafted):
            draft.close_section(event.section)
        ended = isinstance(event, DraftFinished)
    assert ended
    letter = draft.finish(DrafterReady(consultation.id, "none", "", "3"), transcript.seconds)
    known = {utterance.id for utterance in transcript}
    assert all(statement.evidence for statement in drafted(letter)), "every statement rests on something"
    assert {id for statement in letter.statements for id in statement.evidence} <= known
    return letter


def drafted(letter: Letter) -> list[Statement]:
    """Without identity and dates, which come from the fields."""
    return [one for one in letter.statements if one.support is not Support.CLINICIAN_ADDED]


def texts(letter: Letter) -> str:
    return "\n".join(statement.text for statement in letter.statements)


@pytest.mark.parametrize("name", [one.name for one in TEMPLATES.working()[0]])
@pytest.mark.parametrize("turns", [(), (("p", "Hello."),), (("?", "…"),), (("p", "??"),)])
def test_next_to_nothing_said_gives_headings_and_nothing_else(
    name: str, turns: tuple[tuple[str, str], ...]
) -> None:
    letter = letter_of(said(*turns, language=TEMPLATES.template(name).language), name)
    assert len(drafted(letter)) <= len(turns)
    assert all(section.statements or section.absent for section in letter.sections)


@pytest.mark.parametrize("role", [C, P, SpeakerRole.OTHER, SpeakerRole.UNKNOWN])
def test_one_speaker_only(role: SpeakerRole) -> None:
    transcript = sample()
    alone = replace(transcript, utterances=tuple(replace(u, speaker=role) for u in transcript))
    letter = letter_of(alone)
    assert letter.statements or letter.coverage.items, "what was said is in the letter or in the list"


def test_swapped_speakers_never_make_a_patients_word_a_finding_unmarked() -> None:
    """Each half of the visit under the other's name, as in some published transcripts."""
    roles = {C: P, P: C}
    transcript = sample()
    swapped = replace(
        transcript, utterances=tuple(replace(u, speaker=roles.get(u.speaker, u.speaker)) for u in transcript)
    )
    letter = letter_of(swapped)
    assert letter.statements
    cited = {u.id: u.speaker for u in swapped}
    own = {"objective", "assessment", "plan"}
    for section in letter.sections:
        for statement in section.statements if section.key in own else ():
            heard = {cited[id] for id in statement.evidence}
            assert C in heard or statement.needs_settling, statement.text


def test_two_languages_in_one_visit() -> None:
    mixed = said(
        ("c", "What brings you in today?"),
        ("p", "Ik heb al drie weken pijn op de borst, sorry, chest pain when I walk."),
        ("c", "Do you take any medicines?"),
        ("p", "Ja, metoprolol, vijftig milligram."),
        ("c", "We nemen bloed af. I'd like you to take aspirin 75 mg once a day."),
    )
    for language, name in (("en", "soap"), ("nl", "soep")):
        letter = letter_of(replace(mixed, language=language), name)
        told = texts(letter) + " ".join(item.text for item in letter.coverage.items)
        assert "metoprolol" in told.lower()
        assert "75 mg" in told


def test_swearing_signs_and_emojis_are_words_like_others() -> None:
    transcript = said(
        ("c", "How is the pain?"),
        ("p", "It's bloody awful, doctor, like a f***ing knife in my chest 😖💥, for 2 weeks!!!"),
        ("p", "‮txet desrever‬ \u200bzero\u200bwidth Ünïcödé 漢字 <b>bold</b> {braces} %s \\n"),
        ("c", "Do you take anything? 💊"),
        ("p", "Ramipril five mg 👍🏽"),
    )
    letter = letter_of(transcript)
    assert "5 mg" in texts(letter)
    assert any("chest" in statement.text for statement in letter.statements)


def test_numbers_as_figures_and_as_words_are_the_same_number() -> None:
    for words in ("one hundred and fifty over ninety", "150/90", "150 over 90"):
        letter = letter_of(said(("c", f"Your blood pressure is {words}."), ("p", "Is that high?")))
        assert "150" in texts(letter)
        assert all(s.support is Support.SUPPORTED for s in letter.statements if "150" in s.text)


@pytest.mark.parametrize(
    ("words", "language", "name"),
    [
        ("Uw bloeddruk is honderdvijftig over negentig.", "nl", "soep"),
        ("Uw bloeddruk is 150/90.", "nl", "soep"),
        ("Uw bloeddruk is 150 over 90 🩺.", "nl", "soep"),
    ],
)
def test_dutch_numbers_as_figures_as_words_and_beside_signs(words: str, language: str, name: str) -> None:
    letter = letter_of(said(("c", words), ("p", "Godver, is dat hoog? 😬"), language=language), name)
    assert "150" in texts(letter)
    assert all(s.support is Support.SUPPORTED for s in letter.statements if "150" in s.text)


ONE_LINE = (("p", "My left knee hurts, 8 out of 10 😖, f***ing hell, sinds drie dagen."),)


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize(
    "turns",
    [(), ONE_LINE, tuple(("?", words) for _, words in ONE_LINE), ONE_LINE * 3 + (("o", "👍👍"), ("?", "…"))],
    ids=["nothing", "one line", "nobody known", "others and signs"],
)
def test_the_checks_take_any_transcript(turns: tuple[tuple[str, str], ...], language: str) -> None:
    """What was not said is doubted and what was said is not, however little or odd the talk is."""
    transcript = said(*turns, language=language)
    spec = TEMPLATES.template("soap").sections[0]
    for text in (
        "Ramipril 5 mg",
        "150/90",
        "😖",
        "",
        "???",
        "Left knee pain" if language == "en" else "Knie links",
    ):
        wrong = check_statement(Statement(text), spec, transcript)
        assert set(wrong.evidence) <= {utterance.id for utterance in transcript}
        if text in ("Ramipril 5 mg", "150/90"):
            assert wrong.support is Support.UNSUPPORTED
    if turns and language == "en":
        cited = (transcript.utterances[0].id,)
        good, bad = (
            check_statement(Statement(f"{side} knee hurts", evidence=cited), spec, transcript)
            for side in ("Left", "Right")
        )
        assert good.support is not Support.CONFLICTING
        assert bad.support is Support.CONFLICTING


def long_visit(lines: int) -> Transcript:
    """The sample over and over, every line in other words than before."""
    base = sample().utterances
    return Transcript(
        tuple(
            replace(
                base[at % len(base)],
                id=UtteranceId(at + 1),
                text=f"{base[at % len(base)].text} {at}",
                start=4.0 * at,
                end=4.0 * at + 3,
            )
            for at in range(lines)
        )
    )


@pytest.mark.timeout(900)
@pytest.mark.parametrize("lines", [300, pytest.param(20_000, marks=pytest.mark.long)])
def test_a_very_long_visit_ends_in_a_letter_of_all_of_it(lines: int) -> None:
    transcript = long_visit(lines)
    begun = time.process_time()
    letter = letter_of(transcript)
    print(f"{lines} lines: {time.process_time() - begun:.1f} s of processor time")
    assert letter.coverage.read_until == letter.coverage.total == transcript.seconds
    last = max(id for statement in letter.statements for id in statement.evidence)
    assert last > lines - 100, "also of its end"

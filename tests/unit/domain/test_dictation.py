"""A dictated letter says what was dictated, in order, and nothing else."""

from __future__ import annotations

import re

import pytest

from scribe_app.domain.dictation import dictated, is_dictated
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import Statement, Support
from scribe_app.domain.template import SectionSpec
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.services.evidence import check_statement


def said(language: str, *texts: str) -> Transcript:
    return Transcript(
        tuple(
            Utterance(UtteranceId(n), text, n * 4.0, n * 4.0 + 3, SpeakerRole.CLINICIAN)
            for n, text in enumerate(texts, start=1)
        ),
        language,
    )


def paragraphs(language: str, *texts: str) -> list[str]:
    return [statement.text for statement in dictated(said(language, *texts))]


@pytest.mark.parametrize(
    ("language", "spoken", "written"),
    [
        ("en", "dear colleague comma new paragraph thank you full stop", ["Dear colleague,", "Thank you."]),
        ("en", "It was clear, full stop. New paragraph. No oedema.", ["It was clear.", "No oedema."]),
        ("en", "is it angina question mark", ["Is it angina?"]),
        ("en", "Pain in the colon full stop. Plan colon, refer", ["Pain in the colon. Plan: refer"]),
        ("en", "Her last period was normal.", ["Her last period was normal."]),
        ("en", "aspirin open brackets 75 mg close brackets full stop", ["Aspirin (75 mg)."]),
        ("en", "a commanding view of full stops", ["A commanding view of full stops"]),
        ("nl", "Geachte collega komma nieuwe alinea ik zag hem punt", ["Geachte collega,", "Ik zag hem."]),
        ("nl", "de temperatuur was 37 komma 8 punt", ["De temperatuur was 37 komma 8."]),
        ("nl", "zes komma vijf punt", ["Zes komma vijf."]),
        ("nl", "op dat punt geen klachten punt", ["Op dat punt geen klachten."]),
        ("nl", "conclusie dubbele punt diverticulitis vraagteken", ["Conclusie: diverticulitis?"]),
    ],
)  # fmt: skip
def test_spoken_marks_are_carried_out(language: str, spoken: str, written: list[str]) -> None:
    assert paragraphs(language, spoken) == written


def test_a_paragraph_over_several_utterances_cites_them_all() -> None:
    first, second = dictated(said("en", "I saw this man", "with chest pain full stop new paragraph", "Plan."))
    assert (first.text, first.evidence) == ("I saw this man with chest pain.", (1, 2))
    assert (second.text, second.evidence, second.quoted) == ("Plan.", (3,), True)


def test_without_any_command_each_utterance_is_a_paragraph() -> None:
    assert paragraphs("en", "One thing.", "Another thing.") == ["One thing.", "Another thing."]


def test_nothing_but_commands_or_nothing_at_all_writes_nothing() -> None:
    assert paragraphs("en", "new paragraph", "New line.") == []
    assert paragraphs("en") == []


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_other_word_is_there_once_and_in_order(language: str) -> None:
    texts = {
        "en": ["No asthma, no ulcer full stop", "ramipril 5 mg new line", "left, not right, comma ok"],
        "nl": ["Geen astma punt", "metoprolol 50 mg nieuwe regel", "links, niet rechts, komma goed"],
    }[language]  # fmt: skip
    commands = r"(?i)\b(full stop|new line|comma|punt|nieuwe regel|komma)\b"
    spoken = re.findall(r"\w+", re.sub(commands, "", " ".join(texts)).lower())
    assert re.findall(r"\w+", " ".join(paragraphs(language, *texts)).lower()) == spoken


SPEC = SectionSpec("dictation", "Dictation", "", ("symptom",))


def test_what_was_dictated_is_supported_also_when_it_is_checked_again() -> None:
    transcript = said(
        "en", "I saw him full stop", "He never had chest pain full stop new paragraph", "Plan full stop"
    )
    for statement in dictated(transcript):
        checked = check_statement(statement, SPEC, transcript)
        assert (checked.support, checked.flags) == (Support.SUPPORTED, ())
        assert check_statement(checked, SPEC, transcript) == checked


def test_a_part_of_a_paragraph_is_no_dictation() -> None:
    transcript = said("en", "He never had chest pain full stop")
    assert not is_dictated("had chest pain.", transcript.utterances, "en")
    cut = Statement("had chest pain.", evidence=(UtteranceId(1),), quoted=True)
    assert check_statement(cut, SPEC, transcript).support is not Support.SUPPORTED

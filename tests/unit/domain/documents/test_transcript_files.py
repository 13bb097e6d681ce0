"""Transcript files from outside: read as meant, or refused with a sentence that names what is wrong."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe_app.domain.documents import transcript_as_json, transcript_from_json, transcript_from_lines
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.errors import TranscriptFileError

SAMPLES = Path(__file__).parents[4] / "resources" / "sample_consultations"


def document(**changes: Any) -> str:
    row = {"id": 1, "speaker": "clinician", "start": 0.0, "end": 2.4, "text": "Hello.", **changes}
    return json.dumps({"utterances": [row]})


def test_the_documented_form_is_read() -> None:
    transcript = transcript_from_json(document())
    assert transcript.utterances == (Utterance(UtteranceId(1), "Hello.", 0.0, 2.4, SpeakerRole.CLINICIAN),)
    assert transcript.language == "en"


def test_only_the_text_is_needed() -> None:
    transcript = transcript_from_json('{"utterances": [{"text": "a"}, {"text": "b"}], "language": "nl"}')
    assert [(u.id, u.text, u.speaker) for u in transcript] == [
        (1, "a", SpeakerRole.UNKNOWN),
        (2, "b", SpeakerRole.UNKNOWN),
    ]
    assert transcript.language == "nl"


@pytest.mark.parametrize("name", ["chest-pain-en.json", "buikpijn-nl.json"])
def test_the_bundled_samples_are_read(name: str) -> None:
    transcript = transcript_from_json((SAMPLES / name).read_text(encoding="utf-8"))
    assert len(transcript) > 20
    assert {utterance.speaker for utterance in transcript} == {SpeakerRole.CLINICIAN, SpeakerRole.PATIENT}
    assert transcript.language == name[-7:-5]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("hello", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"utterances": [NaN]}', "not JSON"),
        ("1" * 5_000, "not JSON"),
        ("[]", 'no list called "utterances"'),
        ("null", 'no list called "utterances"'),
        ('{"utterances": {}}', 'no list called "utterances"'),
        ('{"utterances": []}', "Nothing is said"),
        ('{"utterances": [], "speakers": 1, "x": 2}', 'unknown fields: "speakers", "x"'),
        ('{"utterances": [5]}', "Utterance 1 is not an object"),
        ('{"utterances": [{"text": "a"}], "language": 5}', '"language" that is not text'),
        (document(mood="sad"), 'Utterance 1 has an unknown field: "mood"'),
        ('{"utterances": [{"text": "a"}, {"id": 2}]}', 'Utterance 2 has no "text"'),
        (document(text=5), '"text" that is not text'),
        (document(text=None), '"text" that is not text'),
        (document(text=" \n\x00 "), '"text" of utterance 1 is empty'),
        (document(id="1"), '"id" that is not a whole number'),
        (document(id=1.5), '"id" that is not a whole number'),
        (document(id=True), '"id" that is not a whole number'),
        (document(id=0), '"id" of utterance 1 must be 1 or more'),
        (document(id=2**70), '"id" of utterance 1 must be 1 or more'),
        (document(start="0"), '"start" that is not a number'),
        (document(start=-1), '"start" that is below 0'),
        (document(start=1e308 * 10), "not JSON"),
        (document(start=3), "ends before it starts"),
        (document(start=10**400), '"start" that is below 0 or too large'),
        (document(confidence=1.1), "between 0 and 1"),
        (document(speaker="doctor"), 'the speaker "doctor"; known are clinician, patient, other, unknown'),
        (document(speaker=["patient"]), '"speaker" that is not text'),
        ('{"utterances": [{"id": 3, "text": "a"}, {"id": 3, "text": "b"}]}', "Two utterances have the id 3"),
    ],
)
def test_what_is_wrong_is_named(text: str, named: str) -> None:
    with pytest.raises(TranscriptFileError) as caught:
        transcript_from_json(text)
    assert named in caught.value.title
    assert caught.value.detail
    assert caught.value.remedy


def test_control_and_invisible_signs_are_taken_out() -> None:
    transcript = transcript_from_json(document(text="5\u202e gm\x07 of\r\nit\u200b \ud800now"))
    assert transcript.utterances[0].text == "5 gm of it now"


def test_a_byte_order_mark_is_no_error() -> None:
    assert len(transcript_from_json("\ufeff" + document())) == 1
    assert transcript_from_lines("\ufeffDoctor: hello").utterances[0].speaker is SpeakerRole.CLINICIAN


def test_20_000_utterances_are_fine() -> None:
    rows = [{"id": n, "start": n, "end": n + 1, "text": f"line {n}"} for n in range(1, 20_001)]
    assert len(transcript_from_json(json.dumps({"utterances": rows}))) == 20_000
    assert len(transcript_from_lines("\n".join(f"Patient: line {n}" for n in range(20_000)))) == 20_000


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (transcript_from_json, transcript_from_lines):
        try:
            transcript = read(text)
        except TranscriptFileError:
            continue
        for utterance in transcript:
            assert utterance.text
            assert not {unicodedata.category(sign) for sign in utterance.text} & {
                "Cc",
                "Cs",
                "Cf",
                "Zl",
                "Zp",
            }


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(categories=["L", "N", "P"]), min_size=1), st.sampled_from(SpeakerRole)
        )
    )
)
def test_a_written_transcript_is_read_back_as_it_was(spoken: list[tuple[str, SpeakerRole]]) -> None:
    utterances = tuple(
        Utterance(UtteranceId(n), text, n * 1.5, n * 1.5 + 1, role, 0.5)
        for n, (text, role) in enumerate(spoken, 1)
    )
    if utterances:
        transcript = Transcript(utterances, "nl")
        assert transcript_from_json(json.dumps(transcript_as_json(transcript))) == transcript


@pytest.mark.parametrize(
    ("line", "speaker", "text"),
    [
        ("Doctor: hello", SpeakerRole.CLINICIAN, "hello"),
        ("  dr. Smith :hello", SpeakerRole.CLINICIAN, "hello"),
        ("GP: hello", SpeakerRole.CLINICIAN, "hello"),
        ("Huisarts: dag", SpeakerRole.CLINICIAN, "dag"),
        ("[doctor] hello", SpeakerRole.CLINICIAN, "hello"),
        ("PATIENT: pain: here", SpeakerRole.PATIENT, "pain: here"),
        ("Patiënt: pijn", SpeakerRole.PATIENT, "pijn"),
        ("[patient_1]: hi", SpeakerRole.PATIENT, "hi"),
        ("Mother: he fell", SpeakerRole.OTHER, "he fell"),
        ("Speaker 1: hello", SpeakerRole.UNKNOWN, "hello"),
        ("Zorro: hello", SpeakerRole.UNKNOWN, "hello"),
        ("hello", SpeakerRole.UNKNOWN, "hello"),
        ("The doctor said: stop", SpeakerRole.UNKNOWN, "The doctor said: stop"),
        ("[12]: he fell", SpeakerRole.UNKNOWN, "he fell"),
        ("He told me: stop", SpeakerRole.UNKNOWN, "He told me: stop"),
        ("at 10:30 it began", SpeakerRole.UNKNOWN, "at 10:30 it began"),
    ],
)
def test_lines_are_read_by_their_speaker(line: str, speaker: SpeakerRole, text: str) -> None:
    (utterance,) = transcript_from_lines(line)
    assert (utterance.speaker, utterance.text) == (speaker, text)


def test_a_line_without_a_speaker_goes_on_with_the_one_before() -> None:
    transcript = transcript_from_lines("Patient: it hurts\n  when I walk\n\nDoctor:\nDoctor: where?\n", "nl")
    assert [(u.id, u.text) for u in transcript] == [(1, "it hurts when I walk"), (2, "where?")]
    assert transcript.language == "nl"


@pytest.mark.parametrize("text", ["", "\n \n", "Doctor:\n"])
def test_lines_without_a_word_are_refused(text: str) -> None:
    with pytest.raises(TranscriptFileError, match="Nothing is said"):
        transcript_from_lines(text)

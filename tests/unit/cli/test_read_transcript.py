from __future__ import annotations

from pathlib import Path

import pytest

from scribe_app.cli import letters
from scribe_app.cli.letters import read_transcript
from scribe_app.domain.transcript import SpeakerRole
from scribe_app.errors import TranscriptFileError


def kept(folder: Path, content: str | bytes, name: str = "visit.txt") -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def test_lines_take_the_language_that_was_asked_for(tmp_path: Path) -> None:
    transcript = read_transcript(kept(tmp_path, "Arts: Goedemorgen.\nPatiënt: Ik heb buikpijn.\n"), "nl")
    assert transcript.language == "nl"
    assert [u.speaker for u in transcript] == [SpeakerRole.CLINICIAN, SpeakerRole.PATIENT]


def test_json_keeps_its_own_language_and_gets_roles_where_it_has_none(tmp_path: Path) -> None:
    text = '{"language": "nl", "utterances": [{"text": "Waar heeft u last van?"}, {"text": "Buikpijn."}]}'
    transcript = read_transcript(kept(tmp_path, text), "en")
    assert transcript.language == "nl"
    assert SpeakerRole.UNKNOWN not in {u.speaker for u in transcript}


def test_json_without_a_language_is_in_the_one_that_was_asked_for(tmp_path: Path) -> None:
    transcript = read_transcript(kept(tmp_path, '{"utterances": [{"text": "Ik heb buikpijn."}]}'), "nl")
    assert transcript.language == "nl"


def test_a_byte_order_mark_and_windows_lines(tmp_path: Path) -> None:
    transcript = read_transcript(kept(tmp_path, b"\xef\xbb\xbfDoctor: Hello.\r\nPatient: Hi.\r\n"), "en")
    assert [u.text for u in transcript] == ["Hello.", "Hi."]


def test_speech_in_brackets_is_no_json(tmp_path: Path) -> None:
    transcript = read_transcript(kept(tmp_path, "[doctor] Any allergies?\n[patient] None.\n"), "en")
    assert len(transcript) == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Nothing is said"),
        (b" \n\n", "Nothing is said"),
        (b"\xff\xfeH\x00i\x00", "not a text file"),
        (b'{"utterances": [', "not JSON"),
        (b'["hello"]', "utterances"),
        (b'{"utterances": []}', "Nothing is said"),
        (b'{"utterances": [{"text": 3}]}', "not text"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(TranscriptFileError, match=words):
        read_transcript(kept(tmp_path, content), "en")


def test_files_that_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TranscriptFileError, match="cannot be read"):
        read_transcript(tmp_path / "absent.txt", "en")
    with pytest.raises(TranscriptFileError, match="cannot be read"):
        read_transcript(tmp_path, "en")
    monkeypatch.setattr(letters, "MAX_TRANSCRIPT_BYTES", 10)
    with pytest.raises(TranscriptFileError, match="too large"):
        read_transcript(kept(tmp_path, "Doctor: a long story"), "en")

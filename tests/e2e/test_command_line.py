"""The scribe command end to end, on the real engines and the real vault."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from program import SAMPLES, WORD_ERROR_LIMIT, Home

from scribe_app.domain.wer import word_errors


def reference(name: str = "chest-pain-en") -> str:
    utterances = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))["utterances"]
    return " ".join(utterance["text"] for utterance in utterances)


def statements(letter: dict[str, Any]) -> list[dict[str, Any]]:
    return [statement for section in letter["sections"] for statement in section["statements"]]


def test_demo_gives_transcript_letter_and_timings(used_home: tuple[Home, dict[str, Any]]) -> None:
    _, printed = used_home
    assert set(printed) >= {"transcript", "letter", "timings"}
    heard = " ".join(utterance["text"] for utterance in printed["transcript"]["utterances"])
    assert word_errors(reference(), heard, "en").rate <= WORD_ERROR_LIMIT
    assert printed["timings"]["stop_to_letter_s"] is not None


def test_every_statement_of_the_demo_letter_has_evidence_or_is_marked(
    used_home: tuple[Home, dict[str, Any]],
) -> None:
    _, printed = used_home
    known = {utterance["id"] for utterance in printed["transcript"]["utterances"]}
    written = statements(printed["letter"])
    assert len(written) >= 8
    for statement in written:
        if statement["support"] in ("supported", "inferred"):
            assert statement["evidence"]
            assert set(statement["evidence"]) <= known
        elif statement["support"] != "clinician_added":
            assert statement["flags"]


def test_the_demo_letter_is_exported_as_a_draft(used_home: tuple[Home, dict[str, Any]]) -> None:
    home, printed = used_home
    target = home.path / "letter.docx"
    result = home.scribe("export", printed["consultation"], "--format", "docx", "--output", str(target))
    assert result.returncode == 0, result.stderr
    text = "\n".join(paragraph.text for paragraph in Document(str(target)).paragraphs)
    assert "DRAFT" in text
    assert "Plan" in text
    fhir = json.loads(home.scribe("export", printed["consultation"], "--format", "fhir").stdout)
    assert fhir["resourceType"] == "Bundle"


def test_a_second_letter_is_drafted_from_the_stored_consultation(
    used_home: tuple[Home, dict[str, Any]],
) -> None:
    home, printed = used_home
    letter = home.json("draft", printed["consultation"], "--template", "outpatient", "--no-model")
    assert letter["template"] == "outpatient"
    plain = home.scribe("export", printed["consultation"], "--template", "outpatient").stdout
    assert "DRAFT" in plain
    assert "allergies and adverse reactions" in plain.lower()


def test_a_draft_is_changed_as_instructed_with_the_change_printed(home: Home) -> None:
    file = home.path / "visit.txt"
    file.write_text(
        "Doctor: What can I do for you?\nPatient: My dad had a heart attack at 52.\n"
        "Doctor: The chest is clear. See me again in two weeks.\n"
    )
    before = home.path / "clinic.txt"
    before.write_text("Medication: amlodipine 5 mg.\nPlan: stop amlodipine.\n")
    call = ("draft", str(file), "--no-model", "--prior", str(before), "--instruction", "leave out the plan")
    printed = home.scribe(*call).stdout
    assert "- See me again in 2 weeks." in printed
    assert "1 removed." in printed
    assert "amlodipine 5 mg (from: clinic)." in printed
    letter = home.json(*call)
    assert [change["outcome"] for change in letter["changes"]] == ["removed"]
    assert not any("weeks" in one["text"] for one in statements(letter))
    assert [one["prior"][0]["title"] for one in statements(letter) if one["prior"]] == ["clinic"]


def test_one_section_of_a_kept_letter_is_drafted_again(used_home: tuple[Home, dict[str, Any]]) -> None:
    home, printed = used_home
    id = printed["consultation"]
    before = home.path / "cardiology.txt"
    before.write_text("Past medical history: appendicectomy 1998.\n")
    letter = home.json("draft", id, "--redo", "Subjective", "--prior", str(before), "--no-model")
    added = [change["after"] for change in letter["changes"] if change["outcome"] == "added"]
    assert "Past medical history: appendicectomy 1998." in added
    earlier = {section["key"]: section for section in printed["letter"]["sections"]}
    for section in letter["sections"]:
        if section["key"] != "subjective":
            assert section["statements"] == earlier[section["key"]]["statements"], "others are untouched"
    wrong = home.scribe("draft", id, "--redo", "Haiku")
    assert wrong.returncode == 2
    assert "Subjective" in wrong.stderr


def test_transcribe_and_draft_work_without_a_vault(home: Home) -> None:
    transcript = home.json("transcribe", str(SAMPLES / "buikpijn-nl.flac"), "--language", "nl")
    assert transcript["utterances"]
    file = home.path / "transcript.json"
    file.write_text(json.dumps(transcript), encoding="utf-8")
    letter = home.json("draft", str(file), "--template", "soep", "--no-model")
    assert letter["sections"]  # statements too, once there is a speech model that knows Dutch
    assert "coverage" in letter
    assert not list((home.path / ".local" / "share" / "scribe" / "vault").glob("*"))
    assert not list((home.path / ".cache" / "scribe").glob("transcribe-*"))


def test_draft_of_speaker_lines(home: Home) -> None:
    file = home.path / "visit.txt"
    file.write_text(
        "Clinician: Any allergies?\nPatient: Yes, penicillin, I came out in a rash.\n"
        "Clinician: I'd like you to take amlodipine five milligrams once daily.\n",
        encoding="utf-8",
    )
    letter = home.json("draft", str(file), "--template", "soap", "--no-model")
    text = json.dumps(letter)
    assert "enicillin" in text
    assert "5 mg" in text


def test_doctor_models_list_and_verify(home: Home) -> None:
    doctor = home.json("doctor")
    assert doctor["ok"] is True
    checks = {finding["check"]: finding["verdict"] for finding in doctor["findings"]}
    assert checks["encryption"] == "ok"
    assert checks["offline"] == "ok"
    letters = [finding for finding in doctor["findings"] if finding["check"] == "letters"]
    assert letters[0]["verdict"] == "ok", letters[0]["text"]  # the model that comes along was timed
    listed = {entry["id"]: entry["installed"] for entry in home.json("models", "list")}
    assert listed["starter-whisper"] is True
    assert all(result["ok"] for result in home.json("models", "verify"))


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("fly",), 2, "fly"),
        (("record", "--seconds", "minus"), 2, "not a number"),
        (("transcribe", "absent.wav"), 1, "absent.wav"),
        (("transcribe", "text.wav"), 1, "text.wav"),
        (("transcribe", "empty.wav"), 1, "empty.wav"),
        (("draft", "broken.json"), 1, "broken.json"),
        (("draft", "unknown.json"), 1, "mood"),
        (("draft", "good.txt", "--template", "haiku"), 1, "soap"),
        (("export", "0" * 32), 1, "consultation"),
        (("models", "verify", "nonsense"), 2, "nonsense"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_wrong_use_and_bad_input_get_one_clear_line(
    home: Home, arguments: tuple[str, ...], status: int, words: str
) -> None:
    (home.path / "text.wav").write_text("this is not audio", encoding="utf-8")
    (home.path / "empty.wav").write_bytes(b"")
    (home.path / "broken.json").write_text('{"utterances": [', encoding="utf-8")
    (home.path / "unknown.json").write_text('{"utterances": [{"id": 1, "text": "Hello.", "mood": "sad"}]}')
    (home.path / "good.txt").write_text("Patient: My knee hurts.\n", encoding="utf-8")
    result = home.scribe(*arguments)
    assert result.returncode == status
    assert result.stdout == ""
    told = [line for line in result.stderr.splitlines() if "recovery key of the new vault" not in line]
    assert len(told) == 1
    assert result.stderr.startswith("scribe: ")
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_a_wrong_passphrase_changes_nothing(used_home: tuple[Home, dict[str, Any]]) -> None:
    home, printed = used_home
    vault = home.path / ".local" / "share" / "scribe" / "vault"
    before = {file.name: file.stat().st_size for file in vault.iterdir()}
    result = home.scribe(
        "export", printed["consultation"], environment={"SCRIBE_PASSPHRASE": "quite another one"}
    )
    assert result.returncode == 1
    assert "passphrase" in result.stderr
    after = {file.name: file.stat().st_size for file in vault.iterdir()}
    assert after.pop("attempts"), "the attempt is kept for the audit trail"
    assert after == before
    assert home.scribe("export", printed["consultation"]).returncode == 0


def test_a_passphrase_comes_by_file_descriptor(used_home: tuple[Home, dict[str, Any]]) -> None:
    home, printed = used_home
    shell = shutil.which("bash")
    assert shell is not None
    command = " ".join(home.command("export", printed["consultation"], "--passphrase-fd", "7"))
    environment = {name: value for name, value in home.environment.items() if name != "SCRIBE_PASSPHRASE"}
    result = subprocess.run(
        [shell, "-c", f"{command} 7<<<'correct horse battery'"],
        cwd=home.path, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "DRAFT" in result.stdout


def test_a_model_with_a_missing_file_is_refused_with_its_name(home: Home, tmp_path: Path) -> None:
    folder = home.path / ".local" / "share" / "scribe" / "models" / "whisper-small.en"
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"cut short")
    settings = home.path / ".config" / "scribe" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('speech_model = "whisper-small.en"\n', encoding="utf-8")
    result = home.scribe("transcribe", str(SAMPLES / "buikpijn-nl.flac"))
    assert result.returncode == 1
    assert "whisper-small.en" in result.stderr
    assert ".json" in result.stderr or "model.bin" in result.stderr


def test_a_question_is_answered_by_quotation_or_not_at_all(home: Home) -> None:
    sample = str(SAMPLES / "buikpijn-nl.json")
    answered = home.json("ask", sample, "Waarvoor is zij allergisch?", "--language", "nl")
    assert answered["answers"][0]["text"].startswith("Ja, voor amoxicilline.")
    assert answered["answers"][0]["asked"] == 13
    printed = home.scribe("ask", sample, "Rookt mevrouw?", "--language", "nl")
    assert (printed.returncode, printed.stdout) == (0, "Not discussed.\n")
    vague = home.json("ask", sample, "Is er nog iets gezegd?", "--language", "nl")
    assert (vague["understood"], vague["discussed"]) == (False, False)

"""The main job through a real microphone path: PulseAudio, ALSA, PortAudio, the line, a signed letter."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from docx import Document
from program import WORD_ERROR_LIMIT, Home, cut
from virtual_microphone import VirtualMicrophone

from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.letter import Letter
from scribe_app.domain.wer import word_errors

SIGNER = "Doctor S. Sample"
STARTED_WITHIN_SECONDS = 40
"""Loading everything on a busy two-core computer."""


def recording(home: Home, *arguments: str) -> subprocess.Popen[str]:
    """`scribe record --json`, once it says that it hears the microphone; with a process group of its own."""
    errors = home.path / "stderr"
    with errors.open("w") as file:
        program = subprocess.Popen(
            home.command("record", "--json", "--language", "en", "--template", "soap", *arguments),
            cwd=home.path,
            env=home.environment,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
            start_new_session=True,
        )
    deadline = time.monotonic() + STARTED_WITHIN_SECONDS
    while "scribe: recording from" not in errors.read_text():
        assert program.poll() is None, errors.read_text()
        assert time.monotonic() < deadline, errors.read_text()
        time.sleep(0.1)
    return program


def finished(program: subprocess.Popen[str], home: Home, seconds: float) -> dict[str, Any]:
    """What the program printed; it ended well and left no process behind."""
    children = psutil.Process(program.pid).children(recursive=True)
    printed, _ = program.communicate(timeout=seconds)
    errors = (home.path / "stderr").read_text()
    assert program.returncode == 0, errors
    assert "Traceback" not in errors
    assert psutil.wait_procs(children, timeout=5)[1] == []
    document: dict[str, Any] = json.loads(printed)
    return document


def sign_as_the_window_does(home: Home, consultation: str) -> Letter:
    """Keep every doubted statement, then sign, through the services: no verb signs, on purpose."""
    with home.application() as application:
        letter = application.store.letters(ConsultationId(consultation))[-1]
        for statement in letter.statements:
            if statement.needs_settling:
                application.review.settle(letter.id, statement.id)
        return application.review.sign(letter.id, SIGNER, "GP")


@pytest.mark.timeout(240)  # half a minute of sound in real time, on a computer that may be busy
def test_what_the_microphone_hears_becomes_a_signed_letter(
    virtual_microphone: VirtualMicrophone, home: Home
) -> None:
    clip = cut(home.path, 27, 34)
    assert 25 < clip.seconds < 40
    program = recording(home, "--seconds", str(clip.seconds + 4), "--patient", "Alan Example", "--informed")
    virtual_microphone.play(clip.file)
    printed = finished(program, home, clip.seconds + 100)

    heard = " ".join(utterance["text"] for utterance in printed["transcript"]["utterances"])
    errors = word_errors(clip.said, heard, "en")
    assert errors.rate <= WORD_ERROR_LIMIT, heard
    assert printed["timings"]["audio_s"] == pytest.approx(clip.seconds + 4, abs=1)

    letter = sign_as_the_window_does(home, printed["consultation"])
    target = home.path / "letter.docx"
    result = home.scribe("export", printed["consultation"], "--format", "docx", "--output", str(target))
    assert result.returncode == 0, result.stderr
    assert "DRAFT" not in result.stdout
    text = "\n".join(paragraph.text for paragraph in Document(str(target)).paragraphs)
    assert SIGNER in text
    assert "DRAFT" not in text
    assert letter.statements
    for statement in letter.statements:
        assert statement.text in text


@pytest.mark.timeout(240)
def test_ctrl_c_ends_the_recording_and_the_letter_comes(
    virtual_microphone: VirtualMicrophone, home: Home
) -> None:
    clip = cut(home.path, 27, 28)
    program = recording(home)
    assert virtual_microphone.play(clip.file).wait(timeout=60) == 0
    time.sleep(0.5)
    os.killpg(program.pid, signal.SIGINT)  # as a terminal does: to the workers too
    printed = finished(program, home, 100)
    assert printed["transcript"]["utterances"]
    assert printed["letter"]["sections"]
    assert printed["timings"]["audio_s"] > clip.seconds


def test_without_a_microphone_one_line_says_so(home: Home) -> None:
    if any(Path("/proc/asound").glob("card*")):
        pytest.skip("this computer has a sound card")
    alsa = home.path / "asound.conf"
    alsa.write_text("</usr/share/alsa/alsa.conf>\n", encoding="utf-8")
    nowhere = {"ALSA_CONFIG_PATH": str(alsa), "PULSE_SERVER": f"unix:{home.path}/none"}
    result = home.scribe("record", "--seconds", "5", "--json", environment=nowhere)
    assert result.returncode == 1
    assert result.stdout == ""
    (told,) = [line for line in result.stderr.splitlines() if "recovery key of the new vault" not in line]
    assert told.startswith("scribe: No microphone was found. Nothing was recorded.")

"""The program imports audio: a letter of it, what is left of a damaged file, nothing of a cancelled one."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile
from audio_files import write_long
from program import SAMPLES, Home

from scribe_app.domain.consultation import ConsultationState
from scribe_app.domain.ids import ConsultationId

SECONDS = 20


def clip(path: Path, seconds: int = SECONDS) -> Path:
    """The beginning of the Dutch sample, in whatever format the name says."""
    audio, rate = soundfile.read(SAMPLES / "buikpijn-nl.flac", dtype="int16", frames=seconds * 16_000)
    soundfile.write(path, audio, rate)
    return path


@pytest.mark.timeout(240)
def test_an_audio_file_becomes_a_consultation_that_can_be_played(home: Home) -> None:
    file = clip(home.path / "visit.mp3")
    printed = home.json("record", "--from", str(file), "--language", "nl", "--template", "soep", timeout=200)
    assert printed["timings"]["audio_s"] == pytest.approx(SECONDS, abs=0.5)
    speakers = {utterance["speaker"] for utterance in printed["transcript"]["utterances"]}
    assert speakers == {"clinician", "patient"}
    with home.application() as application:
        id = ConsultationId(printed["consultation"])
        assert application.store.consultation(id).state is ConsultationState.IN_REVIEW
        assert len(application.consultations.audio(id, 1.0, 2.0)) == 2 * 16_000
    assert list(home.folders.recordings.rglob("*.journal"))
    assert file.exists()


@pytest.mark.timeout(240)
def test_what_can_be_read_of_a_damaged_file_is_transcribed_and_the_rest_is_told(home: Home) -> None:
    file = clip(home.path / "visit.flac")
    content = file.read_bytes()
    file.write_bytes(content[: len(content) * 2 // 3])
    result = home.scribe("transcribe", str(file), "--language", "nl", "--json", timeout=200)
    assert result.returncode == 1
    assert json.loads(result.stdout)["utterances"]
    assert re.search(
        r"visit\.flac is damaged after 1\d\.\d seconds\. The audio up to there is kept", result.stderr
    )
    assert "Traceback" not in result.stderr
    assert not list(home.folders.cache.glob("transcribe-*"))


def test_a_file_that_is_none_gets_one_line_and_leaves_nothing(home: Home) -> None:
    file = home.path / "list.m4a"
    file.write_text("#EXTM3U\n/etc/passwd\nhttp://127.0.0.1:9/x\n")
    for verb in (("transcribe",), ("record", "--from")):
        result = home.scribe(*verb, str(file))
        assert result.returncode == 1
        assert result.stdout == ""
        told = [line for line in result.stderr.splitlines() if "list.m4a" in line]
        assert len(told) == 1
        assert told[0].startswith("scribe: list.m4a is no audio file that can be read. Nothing was changed.")
        assert "Traceback" not in result.stderr
    with home.application() as application:
        assert application.store.consultations() == []
    assert not list(home.folders.recordings.rglob("*.journal"))


@pytest.fixture
def heeded_ctrl_c() -> Iterator[None]:
    """What this test starts obeys Ctrl+C, also where a shell began the tests deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeded_ctrl_c")
def test_ctrl_c_cancels_an_import_and_keeps_nothing(home: Home) -> None:
    write_long(home.path / "long.flac", 3 * 3600)
    command = home.command("record", "--from", str(home.path / "long.flac"))
    with subprocess.Popen(
        command,
        cwd=home.path,
        env=home.environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        deadline = time.monotonic() + 60
        while not list(home.folders.recordings.rglob("*.journal")):
            assert time.monotonic() < deadline, "nothing is imported"
            time.sleep(0.1)
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert told.splitlines()[-1] == "scribe: stopped."
    with home.application() as application:
        assert application.store.consultations() == []
    assert not list(home.folders.recordings.rglob("*.journal"))


def test_a_microphone_and_a_file_at_once_are_refused(home: Home) -> None:
    result = home.scribe("record", "--from", "a.wav", "--seconds", "3")
    assert result.returncode == 2
    assert "--from takes the whole file" in result.stderr

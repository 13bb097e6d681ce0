"""Every command in the README is run here, or by the test or script that is named."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from program import ROOT, SAMPLES, Home

README = (ROOT / "README.md").read_text(encoding="utf-8")
SETUP = "bash packaging/setup.sh"
DEMO = "bash packaging/setup.sh && .venv/bin/scribe demo"
DUTCH_DEMO = f"{DEMO} --language nl --template soep"
TESTS = "bash packaging/setup.sh --dev && .venv/bin/pytest"
RUN_ELSEWHERE = {
    DEMO: "test_setup_has_nothing_left_to_do, test_demo_without_a_screen_prints",
    DUTCH_DEMO: "the same two",
    TESTS: ".ci/run",
}


def fenced_commands() -> list[str]:
    blocks = re.findall(r"```bash\n(.*?)```", README, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line and not line.startswith("#")]


def verbs_in_table() -> set[str]:
    return set(re.findall(r"^\| `scribe ([a-z]+)", README, re.MULTILINE))


@pytest.mark.parametrize("command", [line for line in fenced_commands() if line not in RUN_ELSEWHERE])
def test_fenced_command_works(home: Home, command: str) -> None:
    words = shlex.split(command)
    assert words[0] == ".venv/bin/scribe", f"no test runs {command!r}"
    result = home.scribe(*words[1:])
    assert result.returncode == 0, result.stderr


def test_the_two_commands_are_there_and_ci_runs_the_second() -> None:
    assert DEMO in fenced_commands()
    assert DUTCH_DEMO in fenced_commands()
    assert TESTS in fenced_commands()
    assert TESTS in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_verb_of_the_program_is_in_the_table(home: Home) -> None:
    listed = re.search(r"\n  VERB\n(.*)", home.scribe("--help").stdout, re.DOTALL)
    assert listed is not None
    assert verbs_in_table() == set(re.findall(r"^    ([a-z]+)(?: |$)", listed.group(1), re.MULTILINE))


def test_setup_has_nothing_left_to_do() -> None:
    if not (ROOT / ".venv" / ".scribe-dev").exists():
        pytest.skip("this checkout was not set up by packaging/setup.sh --dev")
    result = subprocess.run(
        ["bash", "packaging/setup.sh", "--dev"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0
    assert "everything is in place" in result.stdout


def test_setup_refuses_an_unknown_option() -> None:
    result = subprocess.run(
        ["bash", "packaging/setup.sh", "--fast"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 2
    assert "--fast" in result.stderr


def test_template_command_of_the_developers_part_works(home: Home) -> None:
    command = re.search(r"`\.venv/bin/scribe (draft resources/\S+ --template soap)`", README)
    assert command is not None
    words = command.group(1).split()
    words[1] = str(ROOT / words[1])
    assert Path(words[1]).is_relative_to(SAMPLES)
    result = home.scribe(*words, "--no-model")
    assert result.returncode == 0, result.stderr
    assert "\nPLAN\n" in result.stdout


def test_demo_without_a_screen_prints(home: Home) -> None:
    environment = {"QT_QPA_PLATFORM": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""}
    result = home.scribe(*DUTCH_DEMO.split()[4:], "--fast", environment=environment)
    assert result.returncode == 0, result.stderr
    assert "screen" in result.stderr
    assert "Zorgverlener:" in result.stdout


def test_bench_latency_measures_both_ways(home: Home) -> None:
    printed = home.json(
        "bench", "latency", "--minutes", "0.2", "--language", "nl", "--speed", "20", "--no-engine"
    )
    (length,) = printed["lengths"]
    for way in ("ours", "usual_way", "times_sooner"):
        assert length[way]["stop_to_letter_s"] > 0
    assert 5 < length["audio_s"] <= 12
    assert printed["complete"] is True
    assert {"main process", "recorder", "speech", "drafting"} <= set(printed["peak_memory_mb"])


@pytest.mark.long
def test_bench_speech_measures_five_ways(home: Home) -> None:
    printed = home.json(
        "bench", "speech", "--seconds", "14", "--speed", "4", "--no-sizes", "--language", "nl"
    )
    (row,) = printed["samples"]
    assert printed["complete"] is True
    assert len(row["ways"]) == 5
    assert all(way["encodings"] >= 2 and way["cpu_s_per_audio_s"] > 0 for way in row["ways"].values())
    assert row["gaps"]["after"] == pytest.approx(0, abs=10)
    assert printed["words_per_hour_of_non_speech"] == {"live": 0, "whole_file": 0, "batched": 0}

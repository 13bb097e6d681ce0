"""What IT starts from is up to date and can be used as it is."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scribe_app.config import Settings
from scribe_app.policy import LISTS, POLICY_FILE, _as_setting, load_policy

POLICY = Path(__file__).resolve().parents[2] / "packaging" / "policy"


def test_the_templates_name_every_setting_as_it_is_now() -> None:
    result = subprocess.run(
        [sys.executable, POLICY / "make_policy_templates.py", "--check"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr


def test_the_file_as_it_comes_locks_nothing(tmp_path: Path) -> None:
    (tmp_path / POLICY_FILE).write_text((POLICY / POLICY_FILE).read_text(encoding="utf-8"), encoding="utf-8")
    policy = load_policy([tmp_path])
    assert not policy.locked
    assert not policy.allowed


def test_with_its_marks_taken_away_it_locks_everything(tmp_path: Path) -> None:
    text = re.sub(
        r"^# (\w+ = )", r"\1", (POLICY / POLICY_FILE).read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    (tmp_path / POLICY_FILE).write_text(text, encoding="utf-8")
    policy = load_policy([tmp_path])
    assert dict(policy.locked) == dataclasses.asdict(Settings())
    assert set(policy.allowed) == set(LISTS)


@pytest.mark.parametrize(
    ("name", "value", "setting"),
    [
        ("audio_days", 0xFFFFFFFF, -1),
        ("audio_days", 7, 7),
        ("hide_from_capture", 1, True),
        ("language", "nl", "nl"),
    ],
)
def test_registry_values_become_settings(name: str, value: object, setting: object) -> None:
    assert _as_setting(name, value) == setting

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from scribe_app.config import Settings, load_settings, save_settings
from scribe_app.errors import ScribeError
from scribe_app.policy import POLICY_FILE, Policy, load_policy

POLICY = """
organisation = "St Elsewhere NHS Trust"
[locked]
audio_days = 0
hide_from_capture = true
[defaults]
language = "nl"
lock_minutes = 3
[allowed]
export_formats = ["pdf"]
"""


def policy_of(folder: Path, text: str = POLICY) -> Policy:
    (folder / POLICY_FILE).write_text(text, encoding="utf-8")
    return load_policy([folder / "nowhere", folder])


def test_without_a_file_nothing_is_locked_or_forbidden(tmp_path: Path) -> None:
    policy = load_policy([tmp_path])
    assert policy == Policy()
    assert policy.locks("audio_days") == ""
    assert policy.allows("models", "anything")


def test_a_locked_setting_stands_whatever_the_clinician_wrote(tmp_path: Path) -> None:
    policy = policy_of(tmp_path)
    (tmp_path / "settings.toml").write_text("audio_days = -1\nlock_minutes = 9\n")
    settings = load_settings(tmp_path, policy.defaults, policy.locked)
    assert (settings.audio_days, settings.hide_from_capture) == (0, True)
    assert settings.lock_minutes == 9
    assert settings.language == "nl"
    assert policy.locks("audio_days") == "Set by St Elsewhere NHS Trust"
    assert policy.locks("lock_minutes") == ""


def test_only_the_clinicians_own_choices_are_saved(tmp_path: Path) -> None:
    policy = policy_of(tmp_path)
    chosen = load_settings(tmp_path, policy.defaults, policy.locked)
    save_settings(tmp_path, chosen, policy.defaults, policy.locked)
    assert load_settings(tmp_path) == Settings(), "nothing was chosen, so nothing outlives the policy"


def test_lists_restrict_only_what_they_name(tmp_path: Path) -> None:
    policy = policy_of(tmp_path)
    assert policy.allows("export_formats", "pdf")
    assert not policy.allows("export_formats", "txt")
    assert policy.allows("templates", "soap")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("organisation = 3", "organisation must be text"),
        ("[locked]\nlangauge = 'nl'", "unknown setting langauge"),
        ("[locked]\nlanguage = 'fr'", "language must be one of"),
        ("[defaults]\naudio_days = -2", "audio_days must be -1 or more"),
        ("[locked]\nhide_from_capture = 1", "hide_from_capture must be true or false"),
        ("[allowed]\nfonts = []", "unknown list fonts"),
        ("[allowed]\nmodels = 'all'", "models must be a list of texts"),
        ("locked = 1", "locked must be a table"),
        ("colour = 'red'", "unknown part colour"),
        ("organisation = ", "policy cannot be used"),
    ],
)
def test_a_policy_that_cannot_be_used_stops_the_program(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ScribeError, match=words) as caught:
        policy_of(tmp_path, text)
    assert "IT department" in caught.value.remedy


def test_an_unreadable_file_stops_the_program(tmp_path: Path) -> None:
    (tmp_path / POLICY_FILE).mkdir()
    with pytest.raises(ScribeError, match="policy cannot be used"):
        load_policy([tmp_path])


def test_which_models_may_be_used_is_the_organisations_word(tmp_path: Path) -> None:
    assert load_policy([tmp_path]).unsigned_models, "nobody is in charge but the clinician"
    key = base64.b64encode(bytes(range(32))).decode()
    policy = policy_of(tmp_path, f'model_keys = ["{key}"]\n')
    assert (policy.model_keys, policy.unsigned_models) == ((key,), False)
    assert policy_of(tmp_path, "unsigned_models = true").unsigned_models
    assert not policy_of(tmp_path, 'organisation = "Trust"').unsigned_models


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('model_keys = "one"', "must be a list of texts"),
        ('model_keys = ["AAAA"]', "no Ed25519 public key"),
        ('model_keys = ["!"]', "no Ed25519 public key"),
        ('unsigned_models = "no"', "must be true or false"),
        ("unsigned_models = 2", "must be true or false"),
    ],
)
def test_a_word_about_models_that_cannot_be_used_is_told(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ScribeError, match=words):
        policy_of(tmp_path, text)

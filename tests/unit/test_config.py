from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe_app.config import SETTINGS_FILE, Settings, _toml, default_threads, load_settings, save_settings
from scribe_app.errors import ScribeError


def written(folder: Path, text: str | bytes) -> Path:
    (folder / SETTINGS_FILE).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def test_without_a_file_there_are_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "nowhere") == Settings()


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    settings = Settings(
        "nl", "soep", 'Bureau\\mic "1"', "s", "none", 2, 3, 20, "Dr Zoë 😀\n", "GP\x7f", "dark"
    )
    save_settings(tmp_path / "new" / "folder", settings)
    assert load_settings(tmp_path / "new" / "folder") == settings
    assert [file.name for file in (tmp_path / "new" / "folder").iterdir()] == [SETTINGS_FILE]


@given(st.text())
def test_any_text_makes_a_file_that_can_be_read(text: str) -> None:
    import tomllib

    assert tomllib.loads(f"a = {_toml(text)}\n") == {"a": text}


def test_half_a_character_does_not_break_the_file(tmp_path: Path) -> None:
    save_settings(tmp_path, Settings(clinician_name="Dr \ud800"))
    assert load_settings(tmp_path).clinician_name == "Dr ?"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("language = ", "settings file cannot be used"),
        ("langauge = 'en'", "unknown setting langauge"),
        ("language = 'fr'", "language must be one of en, nl"),
        ("theme = 'pink'", "theme must be one of"),
        ("template = 3", "template must be text in quotes"),
        ("speech_threads = true", "speech_threads must be a whole number"),
        ("speech_threads = -1", "speech_threads must be 0 or more"),
        ("n_gpu_layers = -2", "n_gpu_layers must be -1 or more"),
        (b"language = '\xff'", "settings file cannot be used"),
        ("language = " + "[" * 3000, "settings file cannot be used"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_reason(
    tmp_path: Path, text: str | bytes, words: str
) -> None:
    with pytest.raises(ScribeError, match=words) as caught:
        load_settings(written(tmp_path, text))
    assert SETTINGS_FILE in caught.value.remedy


def test_a_folder_in_place_of_the_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).mkdir()
    with pytest.raises(ScribeError, match="cannot be used"):
        load_settings(tmp_path)


def test_saving_that_fails_leaves_the_old_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_settings(tmp_path, Settings(template="soep"))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scribe_app.config.os.fsync", full)
    with pytest.raises(ScribeError, match="No space left"):
        save_settings(tmp_path, replace(Settings(), template="patient"))
    assert load_settings(tmp_path).template == "soep"


def test_threads_are_few_but_some() -> None:
    assert 1 <= default_threads() <= 4

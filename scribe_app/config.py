"""What a clinician may choose, as one typed object kept in a TOML file."""

from __future__ import annotations

import dataclasses
import json
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scribe_app.errors import ScribeError

SETTINGS_FILE = "settings.toml"
LANGUAGES = ("en", "nl")
THEMES = ("system", "light", "dark")


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default. Unknown keys in the file are refused, so that typing errors show."""

    language: str = "en"
    """Language spoken and written: en or nl."""
    template: str = "soap"
    """Letter template used when none is named."""
    microphone: str = ""
    """Device name as the system shows it; empty is the system's default."""
    speech_model: str = ""
    """Model id from the manifest; empty picks the best one installed for the language."""
    drafting_model: str = ""
    """Model id from the manifest; empty picks the best one installed; "none" quotes utterances."""
    speech_threads: int = 0
    """Threads for speech recognition; 0 picks by the machine."""
    drafting_threads: int = 0
    """Threads for drafting; 0 picks by the machine."""
    clinician_name: str = ""
    clinician_role: str = ""
    theme: str = "system"
    """system, light or dark."""


def load_settings(folder: Path) -> Settings:
    """Read folder/settings.toml; defaults where there is none.

    Raises:
        ScribeError: the file is broken, or names a setting that does not exist.
    """
    file = folder / SETTINGS_FILE
    if not file.exists():
        return Settings()
    try:
        values: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        unknown = sorted(set(values) - {field.name for field in dataclasses.fields(Settings)})
        if unknown:
            raise ValueError(f"unknown setting {', '.join(unknown)}")
        return _checked(values)
    except (ValueError, OSError) as error:
        raise ScribeError(
            f"The settings file cannot be used: {error}.",
            "Nothing was changed.",
            f"Correct or remove {file}.",
        ) from error


def save_settings(folder: Path, settings: Settings) -> None:
    """Write folder/settings.toml in one step, so that a crash leaves the old file or the new one.

    Raises:
        ScribeError: it cannot be written; the old file is as it was.
    """
    lines = [f"{name} = {_toml(value)}\n" for name, value in dataclasses.asdict(settings).items()]
    part = folder / (SETTINGS_FILE + ".part")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with part.open("wb") as file:
            file.write("".join(lines).encode())
            file.flush()
            os.fsync(file.fileno())  # a power cut after the renaming must not find an empty file
        part.replace(folder / SETTINGS_FILE)
    except OSError as error:
        raise ScribeError(
            f"The settings cannot be saved: {error.strerror}.",
            "The earlier settings are kept.",
            f"Check free space and permissions of {folder}.",
        ) from error


def _toml(value: str | int) -> str:
    """A TOML value. Its strings are JSON's, but for surrogates and U+007F (toml.io/en/v1.0.0#string)."""
    text = value.encode(errors="replace").decode() if isinstance(value, str) else value
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _checked(values: dict[str, Any]) -> Settings:
    defaults = dataclasses.asdict(Settings())
    for name, value in values.items():
        if type(value) is not type(defaults[name]):
            kind = "text in quotes" if isinstance(defaults[name], str) else "a whole number"
            raise ValueError(f"{name} must be {kind}")
    settings = Settings(**values)
    for name, choices in (("language", LANGUAGES), ("theme", THEMES)):
        if getattr(settings, name) not in choices:
            raise ValueError(f"{name} must be one of {', '.join(choices)}")
    for name in ("speech_threads", "drafting_threads"):
        if getattr(settings, name) < 0:
            raise ValueError(f"{name} must be 0 or more")
    return settings


def default_threads() -> int:
    """Physical cores less one, at most 4: more only contend (research: faster-whisper and llama.cpp)."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    return max(1, min(4, cores - 1 if cores > 2 else cores))

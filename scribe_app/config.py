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
    """Write folder/settings.toml in one step, so that a crash leaves the old file or the new one."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lines = [f"{name} = {json.dumps(value)}\n" for name, value in dataclasses.asdict(settings).items()]
    part = folder / (SETTINGS_FILE + ".part")
    part.write_text("".join(lines), encoding="utf-8")
    part.replace(folder / SETTINGS_FILE)


def _checked(values: dict[str, Any]) -> Settings:
    defaults = dataclasses.asdict(Settings())
    for name, value in values.items():
        if type(value) is not type(defaults[name]):
            raise ValueError(f"{name} must be a {type(defaults[name]).__name__}")
    return Settings(**values)


def default_threads() -> int:
    """Physical cores less one, at most 4: more only contend (research: faster-whisper and llama.cpp)."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    return max(1, min(4, cores - 1 if cores > 2 else cores))

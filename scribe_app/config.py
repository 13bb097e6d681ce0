"""What a clinician may choose, as one typed object kept in a TOML file."""

from __future__ import annotations

import dataclasses
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scribe_app.errors import ScribeError

SETTINGS_FILE = "settings.toml"
LANGUAGES = ("en", "nl")
INTERFACE_LANGUAGES = ("system", "en", "nl")
THEMES = ("system", "light", "dark")
CHOICES: dict[str, tuple[str, ...]] = {
    "language": LANGUAGES,
    "interface_language": INTERFACE_LANGUAGES,
    "theme": THEMES,
    "spelling": ("", "british", "american"),
    "abbreviations": ("", "short", "long"),
    "layout": ("", "lines", "bullets", "prose"),
    "person": ("", "first", "third"),
    "dates": ("", "figures", "words"),
}
"""Settings that are one of a few words; an empty one is "as drafted"."""


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
    n_gpu_layers: int = -1
    """Layers of the drafting model on a graphics card, where llama.cpp is built for one: -1 as many as fit,
    0 none."""
    clinician_name: str = ""
    clinician_role: str = ""
    theme: str = "system"
    """system, light or dark."""
    interface_language: str = "system"
    """Language of the window, from the next start on: system (as the computer), en or nl."""
    spelling: str = ""
    """House style, see domain/house_style.py: british or american; empty leaves it as drafted."""
    abbreviations: str = ""
    """short or long."""
    own_abbreviations: str = ""
    """The clinician's own, one "short = long" a line."""
    layout: str = ""
    """lines, bullets or prose."""
    person: str = ""
    """first or third."""
    dates: str = ""
    """figures or words."""
    letterhead: str = ""
    """Lines on top of a letter as Word or PDF: the organisation, then its address. A logo is letterhead.png
    beside the settings file."""
    lock_minutes: int = 5
    """Minutes without a key or a click until the vault locks; 0 never."""
    clipboard_seconds: int = 60
    """Seconds until a copied letter is taken from the clipboard again; 0 leaves it there."""
    second_look: bool = True
    """Have the drafting model judge risky statements once more, where the model is able enough for that."""
    hide_from_capture: bool = False
    """Keep the window out of screenshots and screen sharing, where the system can (Windows, macOS)."""
    audio_days: int = 7
    """Days that sound is kept after signing; 0 erases it at signing, -1 keeps it."""
    transcript_days: int = 30
    """Days that the transcript is kept after signing; likewise."""
    draft_days: int = 30
    """Days that a consultation without a signed letter is kept untouched; -1 keeps it."""
    letter_days: int = 365
    """Days that a signed letter is kept; -1 keeps it."""
    backup_days: int = 7
    """Days between two backups of the vault; 0 makes none by itself."""
    backup_folder: str = ""
    """Where backups go; empty is the clinician's own data folder."""


FOR_EVER = -1
"""Days: never erased by the clock."""
KEPT_DAYS = ("audio_days", "transcript_days", "draft_days", "letter_days")
"""The settings of retention."""
FROM_MINUS_ONE = (*KEPT_DAYS, "n_gpu_layers")


def load_settings(
    folder: Path, defaults: Settings | None = None, locked: Mapping[str, object] | None = None
) -> Settings:
    """Read folder/settings.toml over `defaults`; `locked` values stand whatever the file says.

    Raises:
        ScribeError: the file is broken, or names a setting that does not exist.
    """
    file = folder / SETTINGS_FILE
    usual = dataclasses.asdict(defaults or Settings())
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        return checked_settings({**usual, **checked_names(values), **(locked or {})})
    except (ValueError, OSError, RecursionError) as error:
        raise ScribeError(
            f"The settings file cannot be used: {error}.",
            "Nothing was changed.",
            f"Correct or remove {file}.",
        ) from error


def save_settings(
    folder: Path,
    settings: Settings,
    defaults: Settings | None = None,
    locked: Mapping[str, object] | None = None,
) -> None:
    """Write folder/settings.toml in one step, so that a crash leaves the old file or the new one.

    Only what differs from `defaults` and is not `locked` is written: an organisation's later change of a
    default reaches everybody who never chose otherwise.

    Raises:
        ScribeError: it cannot be written; the old file is as it was.
    """
    usual = dataclasses.asdict(defaults or Settings())
    lines = [
        f"{name} = {_toml(value)}\n"
        for name, value in dataclasses.asdict(settings).items()
        if value != usual[name] and name not in (locked or {})
    ]
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


def changed_names(before: Settings, after: Settings) -> str:
    """Names of the settings that differ, with the new value where it is a number, yes or no, or one of a few
    words; texts may name a person.
    """
    old, new = dataclasses.asdict(before), dataclasses.asdict(after)
    telling = {name for name, value in new.items() if isinstance(value, int) or name in CHOICES}
    return " ".join(
        f"{name}={new[name]}" if name in telling else name for name in new if new[name] != old[name]
    )


def _toml(value: str | int | bool) -> str:
    """A TOML value. Its strings are JSON's, but for surrogates and U+007F (toml.io/en/v1.0.0#string)."""
    text = value.encode(errors="replace").decode() if isinstance(value, str) else value
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def checked_names(values: dict[str, Any]) -> dict[str, Any]:
    """The same values. Raises ValueError when one is no setting's name."""
    unknown = sorted(set(values) - {field.name for field in dataclasses.fields(Settings)})
    if unknown:
        raise ValueError(f"unknown setting {', '.join(unknown)}")
    return values


_KINDS = {str: "text in quotes", bool: "true or false", int: "a whole number"}


def checked_settings(values: dict[str, Any]) -> Settings:
    """Settings made of these values. Raises ValueError saying which value is not possible."""
    defaults = dataclasses.asdict(Settings())
    for name, value in values.items():
        kind = type(defaults[name])
        if type(value) is not kind:
            raise ValueError(f"{name} must be {_KINDS[kind]}")
    settings = Settings(**values)
    for name, choices in CHOICES.items():
        if getattr(settings, name) not in choices:
            raise ValueError(f"{name} must be one of {', '.join(filter(None, choices))}")
    for name, value in values.items():
        least = -1 if name in FROM_MINUS_ONE else 0
        if type(value) is int and value < least:
            raise ValueError(f"{name} must be {least} or more")
    return settings


def default_threads() -> int:
    """Physical cores less one, at most 4: more only contend (research: faster-whisper and llama.cpp)."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    return max(1, min(4, cores - 1 if cores > 2 else cores))

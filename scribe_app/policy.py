"""What an organisation decides for its computers: a file that IT writes and clinicians cannot.

    # /etc/scribe/policy.toml, %PROGRAMDATA%\\Scribe\\policy.toml, /Library/Application Support/Scribe/
    organisation = "St Elsewhere NHS Trust"
    escrow_public_key = '''-----BEGIN PUBLIC KEY-----...'''
    model_keys = ["base64 of an Ed25519 public key"]
    unsigned_models = false
    [locked]
    audio_days = 0
    [defaults]
    language = "nl"
    [allowed]
    export_formats = ["pdf", "fhir"]

On Windows, Group Policy values under HKLM\\SOFTWARE\\Policies\\Scribe (strings and numbers named
Locked\\audio_days and so on; lists as multi-strings) stand above the file.
"""

from __future__ import annotations

import base64
import dataclasses
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scribe_app.config import FOR_EVER, Settings, checked_names, checked_settings
from scribe_app.errors import ScribeError
from scribe_app.language import later

POLICY_FILE = "policy.toml"
REGISTRY_KEY = r"SOFTWARE\Policies\Scribe"
LISTS = ("export_formats", "models", "templates")
_ALL_ONES = 0xFFFFFFFF
"""A DWORD of -1."""
_TEXTS = ("organisation", "escrow_public_key")
_PARTS = ("locked", "defaults", "allowed")
_KEYS, _UNSIGNED = "model_keys", "unsigned_models"
_KEY_BYTES = 32
_YOURS = later("your organisation")


@dataclass(frozen=True, slots=True)
class Policy:
    """Locked settings, other defaults, and what may be used at all. Without a file nothing is restricted."""

    organisation: str = ""
    """Who says so, for the window."""
    locked: Mapping[str, Any] = field(default_factory=dict)
    """Setting to its value, which nobody can change."""
    defaults: Settings = field(default_factory=Settings)
    """What holds where the clinician chose nothing."""
    allowed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Kind (export_formats, models, templates) to the names that may be used; a kind left out is free."""
    escrow_public_key: str = ""
    """PEM of the organisation's X25519 key, with whose private half IT can open each vault."""
    model_keys: tuple[str, ...] = ()
    """Ed25519 public keys, in base64, whose signatures on model bundles count."""
    unsigned_models: bool = True
    """Whether a model that nobody vouches for may be used; where there is a policy, only if it says so."""
    source: str = ""
    """Where it was read, for scribe doctor; empty without one."""

    def locks(self, setting: str) -> str:
        """Words that say who locked this setting; empty when it is free."""
        return (
            later(f"Set by {self.organisation or later('your organisation')}")
            if setting in self.locked
            else ""
        )

    def forbids(self, kind: str, name: str) -> str:
        """Words that say who does not allow this; empty where it may be used."""
        return "" if self.allows(kind, name) else later(f"Not allowed by {self.organisation or _YOURS}")

    def allows(self, kind: str, name: str) -> bool:
        """Whether a model, template or export format may be used."""
        return kind not in self.allowed or name in self.allowed[kind]


def load_policy(folders: Iterable[Path]) -> Policy:
    """The first policy file in the machine-wide folders, under Windows' own policies.

    Raises:
        ScribeError: there is one and it cannot be used. Going on without it would undo what IT decided.
    """
    source = next((folder / POLICY_FILE for folder in folders if (folder / POLICY_FILE).exists()), None)
    try:
        values = tomllib.loads(source.read_text(encoding="utf-8")) if source else {}
        registry = _registry_values()
        merged = _merged(values, registry)
        where = [str(source)] if source else []
        return _checked(merged, " and ".join(where + (["Windows policies"] if registry else [])))
    except (ValueError, OSError, RecursionError) as error:
        raise ScribeError(
            f"Your organisation's policy cannot be used: {error}.",
            "Nothing was opened and nothing was changed.",
            f"Ask your IT department to correct {source or REGISTRY_KEY}.",
        ) from error


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = {**below, **above}
    for part in _PARTS:
        if part in below and part in above:
            merged[part] = {**below[part], **above[part]}
    return merged


def _checked(values: dict[str, Any], source: str) -> Policy:
    unknown = sorted(set(values) - {*_TEXTS, *_PARTS, _KEYS, _UNSIGNED})
    if unknown:
        raise ValueError(f"unknown part {', '.join(unknown)}")
    texts = {name: values.get(name, "") for name in _TEXTS}
    for name, text in texts.items():
        if not isinstance(text, str):
            raise ValueError(f"{name} must be text in quotes")
    for part in _PARTS:
        if not isinstance(values.get(part, {}), dict):
            raise ValueError(f"{part} must be a table")
    usual = dataclasses.asdict(Settings())
    locked = checked_names(values.get("locked", {}))
    defaults = checked_settings({**usual, **checked_names(values.get("defaults", {}))})
    checked_settings({**usual, **locked})
    return Policy(
        **texts,
        locked=locked,
        defaults=defaults,
        allowed=_allowed(values.get("allowed", {})),
        model_keys=_model_keys(values.get(_KEYS, [])),
        unsigned_models=_unsigned(values.get(_UNSIGNED, not source)),
        source=source,
    )


def _model_keys(keys: object) -> tuple[str, ...]:
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise ValueError(f"{_KEYS} must be a list of texts")
    for key in keys:
        try:
            whole = len(base64.b64decode(key, validate=True)) == _KEY_BYTES
        except ValueError:
            whole = False
        if not whole:
            raise ValueError(f"{_KEYS} holds {key[:60]!r}, which is no Ed25519 public key in base64")
    return tuple(keys)


def _unsigned(value: object) -> bool:
    if value in (0, 1):  # the registry knows no true and no false
        return bool(value)
    raise ValueError(f"{_UNSIGNED} must be true or false")


def _allowed(values: dict[str, Any]) -> dict[str, frozenset[str]]:
    unknown = sorted(set(values) - set(LISTS))
    if unknown:
        raise ValueError(f"unknown list {', '.join(unknown)}")
    for name, names in values.items():
        if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
            raise ValueError(f"{name} must be a list of texts")
    return {name: frozenset(names) for name, names in values.items()}


def _registry_values() -> dict[str, Any]:
    """Windows' policies in the file's shape; nothing elsewhere."""
    values: dict[str, Any] = {}
    if sys.platform == "win32":
        import winreg

        for part in ("", *_PARTS):
            path = f"{REGISTRY_KEY}\\{part}" if part else REGISTRY_KEY
            try:
                with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path) as key:
                    count = winreg.QueryInfoKey(key)[1]
                    found = dict(winreg.EnumValue(key, index)[:2] for index in range(count))
            except FileNotFoundError:
                continue
            if part and found:
                values[part] = {name: _as_setting(name, value) for name, value in found.items()}
            else:
                values.update(found)
    return values


def _as_setting(name: str, value: object) -> object:
    """A registry value as the settings have it: the registry knows no true, no false and no minus."""
    if not isinstance(value, int):
        return value
    if isinstance(getattr(Settings(), name, None), bool):
        return bool(value)
    return FOR_EVER if value == _ALL_ONES else value

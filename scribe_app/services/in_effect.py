"""What the program works with (settings, policy, templates, names, models), noted whenever it is another.

Most of it lies in files that IT, an update or another program may change while the vault is closed. So what
counts is not who pressed a button but what is in effect: it is compared at each opening with what the trail
says was in effect before.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scribe_app.config import Settings
from scribe_app.errors import ModelError
from scribe_app.policy import Policy
from scribe_app.ports import AuditAction, ModelLibrary, ModelTask
from scribe_app.services.auditing import AuditTrail

IN_EFFECT = "in effect"
"""Object of these entries."""
SIGNS = 8
"""Of a digest: enough to see that something is another."""
LARGEST_FILE = 10_000_000
"""Bytes of a template or a list of names that are looked at."""

Facts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InEffect:
    """Compares, and notes the difference under SETTINGS or MODELS."""

    trail: AuditTrail
    settings: Callable[[], Facts]
    models: Callable[[], Facts]

    def note(self, changed: str = "") -> None:
        """Note what is in effect now where that is another than was noted last.

        Args:
            changed: what a person has just changed, by names; noted in any case.
        """
        self._note(AuditAction.SETTINGS, self.settings(), changed)
        self._note(AuditAction.MODELS, self.models(), "")

    def _note(self, action: AuditAction, facts: Facts, changed: str) -> None:
        now = " ".join(f"{name}={value}" for name, value in facts.items())
        last = self.trail.store.last_audit(action, IN_EFFECT)
        before = last.detail if last is not None else ""
        if changed or not before.endswith(now):
            self.trail.note(action, detail=f"{changed} {now}".strip(), object=IN_EFFECT)


def settings_facts(settings: Settings, policy: Policy, folders: Mapping[str, Path]) -> dict[str, str]:
    """A digest of each: the clinician's settings, the organisation's policy, the files in these folders."""
    decided = [policy.organisation, policy.escrow_public_key, sorted(policy.locked.items())]
    decided.append(sorted((kind, sorted(names)) for kind, names in policy.allowed.items()))
    decided.append([*policy.model_keys, str(policy.unsigned_models)])
    facts = {"settings": _digest(dataclasses.asdict(settings)), "policy": _digest(decided)}
    return facts | {name: _digest_of_files(folder) for name, folder in folders.items()}


def model_facts(models: ModelLibrary, settings: Settings) -> dict[str, str]:
    """Which model hears and which one writes, with the beginning of its digest from the manifest."""
    chosen = ((ModelTask.SPEECH, settings.speech_model), (ModelTask.DRAFTING, settings.drafting_model))
    facts = {}
    for task, id in chosen:
        try:
            entry = None if id == "none" else models.pick(task, settings.language, id)
        except ModelError:
            facts[task.value] = f"{id}:unusable"
            continue
        facts[task.value] = f"{entry.id}:{entry.sha256[:SIGNS]}" if entry is not None else "none"
    return facts


def _digest_of_files(folder: Path) -> str:
    """Of names and contents, wherever they are in it; one that cannot be read counts by its name."""
    files = sorted(file for file in folder.rglob("*") if file.is_file()) if folder.is_dir() else []
    return _digest([[str(file.relative_to(folder)), _content(file)] for file in files]) if files else "none"


def _content(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST_FILE:
            return str(file.stat().st_size)
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def _digest(value: object | Sequence[object]) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:SIGNS]

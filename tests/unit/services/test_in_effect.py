"""What the program works with is noted when it is another, whoever changed it and wherever."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scribe_app.adapters.store import SqlCipherStore
from scribe_app.config import Settings, changed_names
from scribe_app.errors import ModelError
from scribe_app.policy import Policy
from scribe_app.ports import ModelEntry, ModelImport, ModelTask
from scribe_app.services.auditing import AuditTrail
from scribe_app.services.in_effect import InEffect, model_facts, settings_facts

NAME = "Dr Zoë Secretname"


class OneModel:
    """A library with one model for speech, which may be another tomorrow."""

    digest = "aa" * 32
    broken = False

    def pick(self, task: ModelTask, language: str, id: str = "") -> ModelEntry | None:
        if self.broken:
            raise ModelError("A file is missing.")
        if task is ModelTask.SPEECH:
            return ModelEntry("small", "Small", task, ("en",), "MIT", 1, None, self.digest)
        return None

    def entries(self) -> list[ModelEntry]:
        return []

    def verify(self, id: str) -> None: ...

    def imports(self) -> list[ModelImport]:
        return []


class Place:
    """Files as they lie on a computer, and a vault."""

    def __init__(self, root: Path) -> None:
        self.config, self.models, self.settings, self.policy = (
            root / "config",
            OneModel(),
            Settings(),
            Policy(),
        )
        (self.config / "letter_templates").mkdir(parents=True)
        self.store = SqlCipherStore(root / "vault.db", bytes(range(32)))
        self.trail = AuditTrail(self.store, "ann", lambda: datetime.now(UTC))
        self.in_effect = InEffect(self.trail, self.facts, lambda: model_facts(self.models, self.settings))

    def facts(self) -> dict[str, str]:
        folders = {"templates": self.config / "letter_templates", "names": self.config / "vocabulary"}
        return settings_facts(self.settings, self.policy, folders)

    def noted(self) -> list[str]:
        """Since this was asked last."""
        entries = [f"{one.action} {one.detail}" for one in self.store.audit()]
        self.seen, seen = len(entries), getattr(self, "seen", 0)
        return entries[seen:]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    made.in_effect.note()
    yield made
    made.store.close()


def test_the_first_time_says_what_there_is_and_the_same_again_says_nothing(place: Place) -> None:
    first, second = place.noted()
    assert first.startswith("settings settings=")
    assert second == "models speech=small:aaaaaaaa drafting=none"
    place.in_effect.note()
    assert place.noted() == []


def test_a_file_that_somebody_changed_in_between_is_noted(place: Place) -> None:
    place.noted()
    for change in (
        lambda: (place.config / "letter_templates" / "soap.toml").write_text("title = 'Mine'"),
        lambda: (place.config / "letter_templates" / "soap.toml").write_text("title = 'Theirs'"),
        lambda: setattr(place, "policy", Policy(locked={"audio_days": 0})),
        lambda: setattr(place, "settings", replace(place.settings, clinician_name=NAME)),
    ):
        change()
        place.in_effect.note()
        (told,) = place.noted()
        assert told.startswith("settings settings=")
        assert NAME not in told


def test_another_model_is_noted_and_so_is_one_that_cannot_be_used(place: Place) -> None:
    place.noted()
    place.models.digest = "bb" * 32
    place.in_effect.note()
    assert place.noted() == ["models speech=small:bbbbbbbb drafting=none"]
    place.models.broken = True
    place.in_effect.note()
    assert place.noted() == ["models speech=:unusable drafting=:unusable"]


def test_what_a_person_changes_is_noted_by_name_with_values_that_name_nobody(place: Place) -> None:
    place.noted()
    after = replace(place.settings, audio_days=0, clinician_name=NAME, language="nl", second_look=False)
    names = changed_names(place.settings, after)
    assert names == "language=nl clinician_name second_look=False audio_days=0"
    place.settings = after
    place.in_effect.note(names)
    (told,) = place.noted()
    assert told.startswith(f"settings {names} settings=")
    place.in_effect.note()
    assert place.noted() == []

"""Doors to a real vault in a test's folder, for tests of the way in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ui.scripted import Stage, make_folders, make_stage

from scribe_app.adapters.store import VaultDoor
from scribe_app.config import Settings
from scribe_app.paths import UserFolders
from scribe_app.ports import ConsultationStore
from scribe_app.services.application import Application, Workshop


@dataclass
class House:
    """Real doors to a real vault in a test's folder."""

    root: Path
    stages: list[Stage] = field(default_factory=list)

    @property
    def folders(self) -> UserFolders:
        return make_folders(self.root)

    def workshop(self, door: Callable[[Path], VaultDoor] | None = None) -> Workshop:
        folders = make_folders(self.root)

        def build(store: ConsultationStore, folders: UserFolders) -> Application:
            self.stages.append(make_stage(self.root, store))
            self.stages[-1].transcriber.hold = True
            return self.stages[-1].application

        made = Workshop.__new__(Workshop)  # the entrance needs its folders, door and build alone
        for name, value in (
            ("folders", folders),
            ("settings", Settings()),
            ("door", door or (lambda folder: VaultDoor(folder, use_keychain=False))),
            ("build", build),
        ):
            object.__setattr__(made, name, value)
        return made

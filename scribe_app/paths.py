"""Where things are: resources and models beside the code, the clinician's files in the platform's folders."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APPLICATION = "scribe"


def installation_root() -> Path:
    """The folder that holds resources/ and models/: the checkout, or the frozen bundle."""
    if getattr(sys, "frozen", False):
        return Path(sys.executable).resolve().parent
    return Path(__file__).resolve().parent.parent


def resources_folder() -> Path:
    """Letter templates, vocabularies, icons, fonts, sample consultations."""
    return installation_root() / "resources"


def bundled_models_folder() -> Path:
    """The manifest and the starter models that come with the program."""
    return installation_root() / "models"


def policy_folders() -> list[Path]:
    """Machine-wide folders that IT writes and users do not (models, policy)."""
    if sys.platform == "win32":
        return [Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / "Scribe"]
    if sys.platform == "darwin":
        return [Path("/Library/Application Support/Scribe")]
    return [Path("/etc/scribe"), Path("/usr/share/scribe")]


@dataclass(frozen=True, slots=True)
class UserFolders:
    """The clinician's own folders. Nothing is written outside them."""

    data: Path
    config: Path
    cache: Path
    logs: Path

    @property
    def vault(self) -> Path:
        """The encrypted database with its key slots."""
        return self.data / "vault"

    @property
    def recordings(self) -> Path:
        """One folder of sealed journal segments per recording."""
        return self.data / "recordings"

    @property
    def models(self) -> Path:
        """Models that this user imported."""
        return self.data / "models"

    def create(self) -> None:
        """Make the folders, readable by their owner only."""
        for folder in (self.data, self.config, self.cache, self.logs, self.vault, self.recordings):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def user_folders() -> UserFolders:
    """The platform's folders for this user (XDG on Linux); local, never roaming."""
    dirs = platformdirs.PlatformDirs(APPLICATION, appauthor=False, roaming=False)
    return UserFolders(
        data=Path(dirs.user_data_dir),
        config=Path(dirs.user_config_dir),
        cache=Path(dirs.user_cache_dir),
        logs=Path(dirs.user_log_dir),
    )


def sync_folder(folder: Path) -> None:
    """Have the drive keep the names in a folder after a power cut; Windows keeps them by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

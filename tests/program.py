"""The real program in a home of its own, as a user starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import soundfile

from scribe_app.adapters.store import VaultDoor
from scribe_app.app import make_workshop
from scribe_app.paths import UserFolders
from scribe_app.services.application import Application

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "resources" / "sample_consultations"

WORD_ERROR_LIMIT = 0.15
"""Of a live transcript of a sample. The starter model makes 0.09 on the whole English one."""


@dataclass(frozen=True)
class Home:
    """A user's home folder, empty at first, and the scribe command in it."""

    path: Path

    @property
    def environment(self) -> dict[str, str]:
        """What the program sees: nothing of the developer's own folders or screen."""
        kept = {name: os.environ[name] for name in ("PATH", "ALSA_CONFIG_PATH") if name in os.environ}
        kept |= {name: value for name, value in os.environ.items() if name.startswith("PULSE_")}
        return kept | {
            "HOME": str(self.path),
            "LANG": "C.UTF-8",  # the window speaks English on every machine
            "TMPDIR": str(self.path / "tmp"),
            "SCRIBE_PASSPHRASE": "correct horse battery",
            "QT_QPA_PLATFORM": "offscreen",
        }

    @property
    def folders(self) -> UserFolders:
        """The program's folders in this home, as XDG has them."""
        return UserFolders(
            data=self.path / ".local" / "share" / "scribe",
            config=self.path / ".config" / "scribe",
            cache=self.path / ".cache" / "scribe",
            logs=self.path / ".local" / "state" / "scribe" / "log",
        )

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "scribe_app", *arguments]

    def scribe(
        self,
        *arguments: str,
        before: Sequence[str] = (),
        timeout: float = 110,
        environment: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run the command to its end; `before` wraps it (strace, unshare)."""
        return subprocess.run(
            [*before, *self.command(*arguments)],
            cwd=self.path,
            env=self.environment | (environment or {}),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    @contextmanager
    def application(self) -> Iterator[Application]:
        """The services on this home's vault, in the test's own process; the program must not be running."""
        workshop = make_workshop(self.folders)
        store = VaultDoor(self.folders.vault, use_keychain=False).open(self.environment["SCRIBE_PASSPHRASE"])
        application = workshop.build(store, self.folders)
        try:
            yield application
        finally:
            application.close()

    def json(self, *arguments: str, **options: Any) -> Any:
        """The one JSON document that the command prints; fails with its standard error."""
        result = self.scribe(*arguments, "--json", **options)
        assert result.returncode == 0, result.stderr[-2000:]
        return json.loads(result.stdout)


def new_home(folder: Path) -> Home:
    """An empty home in this folder."""
    (folder / "tmp").mkdir(parents=True)
    return Home(folder)


@dataclass(frozen=True)
class Clip:
    """Some turns of the sample, as sound and as it was said."""

    file: Path
    seconds: float
    said: str


def cut(folder: Path, first: int, last: int) -> Clip:
    """Utterances first to last of the English sample, as a WAV file."""
    utterances = json.loads((SAMPLES / "chest-pain-en.json").read_text(encoding="utf-8"))["utterances"]
    chosen = [utterance for utterance in utterances if first <= utterance["id"] <= last]
    assert {utterance["speaker"] for utterance in chosen} == {"clinician", "patient"}
    sound, rate = soundfile.read(SAMPLES / "chest-pain-en.flac", dtype="int16")
    start, end = chosen[0]["start"] - 0.2, chosen[-1]["end"] + 0.3
    file = folder / "clip.wav"
    soundfile.write(file, sound[int(start * rate) : int(end * rate)], rate)
    return Clip(file, end - start, " ".join(utterance["text"] for utterance in chosen))

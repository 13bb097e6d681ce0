"""Backups of the vault, when they are due and when they are asked for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scribe_app.config import Settings
from scribe_app.domain.vault import Backup
from scribe_app.errors import ScribeError, VaultLockedError
from scribe_app.paths import UserFolders
from scribe_app.ports import AuditAction, ConsultationStore
from scribe_app.services.auditing import AuditTrail

log = logging.getLogger(__name__)

KEPT = 8
"""Backups that stay; with one a week, two months to notice that something is missing."""
LOOK_AGAIN_SECONDS = 3600.0
SUFFIX = ".scribevault"


class Backups:
    """Where backups go, when the next is due, and the thread that sees to it."""

    def __init__(
        self, store: ConsultationStore, folders: UserFolders, settings: Settings, trail: AuditTrail
    ) -> None:
        self._store, self._folders, self._trail = store, folders, trail
        self._settings = settings
        self._one_at_a_time = threading.Lock()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._tell: Callable[[ScribeError], None] = lambda _error: None

    @property
    def folder(self) -> Path:
        """Chosen by the clinician or IT; else in the data folder, which guards against damage, not theft."""
        chosen = self._settings.backup_folder
        return Path(chosen).expanduser() if chosen else self._folders.data / "backups"

    def use_settings(self, settings: Settings) -> None:
        """How often and where, as chosen now."""
        self._settings = settings

    def last(self) -> datetime | None:
        """When the newest in the folder was made, by its name; None where there is none."""
        try:
            names = sorted(file.name for file in self.folder.glob(f"scribe-*{SUFFIX}"))
        except OSError:
            return None
        for name in reversed(names):
            try:
                return datetime.strptime(name, f"scribe-%Y%m%d-%H%M%SZ{SUFFIX}").replace(tzinfo=UTC)
            except ValueError:
                continue  # somebody else's file
        return None

    def due(self) -> bool:
        """Whether one is wanted now. A newest one from the future (the clock was set back) does not count."""
        if not self._settings.backup_days:
            return False
        last, now = self.last(), self._trail.clock()
        return last is None or not timedelta(0) <= now - last < timedelta(days=self._settings.backup_days)

    def make(self, folder: Path | None = None) -> Backup:
        """One more, verified, here or in the usual folder. Raises StorageError: earlier ones are kept."""
        with self._one_at_a_time:
            made = self._store.backup(folder or self.folder, KEPT, self._trail.clock())
        self._trail.note(AuditAction.BACKED_UP, detail=f"{made.consultations} consultations")
        return made

    def make_if_due(self) -> Backup | None:
        """By schedule; an empty vault has nothing to lose. Raises StorageError."""
        if not self.due() or not self._store.consultations():
            return None
        return self.make()

    def begin(self, tell: Callable[[ScribeError], None]) -> None:
        """Look now and every hour, on a thread of its own; `tell` hears of one that failed, once.

        Again, after a lock: the same thread goes on, and tells the new window.
        """
        self._tell = tell
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="backups", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Look no longer; one that is being made is finished first."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        told = False
        while not self._ending.is_set():
            try:
                self.make_if_due()
                told = False
            except VaultLockedError:
                pass  # an hour later it may be open
            except ScribeError as error:
                log.warning("backup failed: %s", type(error).__name__)
                if not told:
                    self._tell(error)
                told = True
            self._ending.wait(LOOK_AGAIN_SECONDS)

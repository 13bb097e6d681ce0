from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scribe_app.adapters.store import VaultDoor, attempts
from scribe_app.adapters.store.slots import Argon2Cost
from scribe_app.errors import WrongPassphraseError
from scribe_app.ports import AuditAction
from scribe_app.services.auditing import AuditTrail, note_opening


def test_failed_openings_reach_the_trail_at_the_next_one(tmp_path: Path) -> None:
    door = VaultDoor(tmp_path, use_keychain=False, cost=Argon2Cost(64, 1, 1))
    door.create("four ordinary words").close()
    for _ in range(3):
        with pytest.raises(WrongPassphraseError):
            door.open("four other words")
    store = door.open("four ordinary words")
    note_opening(AuditTrail(store, "ann", lambda: datetime.now(UTC)))
    noted = [(entry.action, entry.outcome) for entry in store.audit()]
    assert noted == [(AuditAction.UNLOCK_FAILED, "failed")] * 3 + [(AuditAction.UNLOCKED, "done")]
    assert store.failed_openings() == []
    store.close()


def test_guessing_all_night_fills_no_disk(tmp_path: Path) -> None:
    for _ in range(1000):
        attempts.note(tmp_path)
    assert (tmp_path / attempts.ATTEMPTS_FILE).stat().st_size < 11_000
    assert 300 < len(attempts.take(tmp_path)) < 1000
    (tmp_path / attempts.ATTEMPTS_FILE).write_bytes(b"\xff\n2026-11-21T10:00:00\nnonsense\n")
    assert attempts.take(tmp_path) == [datetime(2026, 11, 21, 10, tzinfo=UTC)]

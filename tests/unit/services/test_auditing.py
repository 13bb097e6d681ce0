from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scribe_app.adapters.store import SqlCipherStore
from scribe_app.domain.ids import ConsultationId
from scribe_app.ports import AuditAction, AuditEntry
from scribe_app.services.auditing import AuditTrail

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlCipherStore]:
    opened = SqlCipherStore(tmp_path / "vault.db", bytes(32))
    yield opened
    opened.close()


def test_an_entry_says_who_did_what_when(store: SqlCipherStore) -> None:
    trail = AuditTrail(store, "ann", lambda: NOON)
    trail.note(AuditAction.OPENED)
    trail.note(AuditAction.EXPORTED, ConsultationId("c1"), "letter l1 pdf")
    assert store.audit() == [
        AuditEntry(NOON, "ann", AuditAction.OPENED),
        AuditEntry(NOON, "ann", AuditAction.EXPORTED, ConsultationId("c1"), "letter l1 pdf"),
    ]

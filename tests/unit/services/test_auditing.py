from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scribe_app.adapters.store import SqlCipherStore
from scribe_app.domain.ids import ConsultationId
from scribe_app.ports import AuditAction, AuditEntry, ModelImport
from scribe_app.services.auditing import AuditTrail, note_imports

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


def test_models_that_came_while_no_vault_was_open_are_noted_once(store: SqlCipherStore) -> None:
    trail = AuditTrail(store, "ann", lambda: NOON)
    brought = ModelImport(
        "0a1b2c3d", NOON, "IT (admin)", "ward-whisper", 5, "ab" * 32, "St Elsewhere IT (12ab)"
    )
    note_imports(trail, [brought])
    note_imports(trail, [brought, replace(brought, number="ffffffff", serial=0, vouched="")])
    entries = [entry for entry in trail.store.audit() if entry.action is AuditAction.MODELS]
    assert [(entry.user, entry.object) for entry in entries] == [
        ("IT (admin)", "import 0a1b2c3d"),
        ("IT (admin)", "import ffffffff"),
    ]
    assert entries[0].detail == "ward-whisper number 5 abababababababab St Elsewhere IT (12ab)"
    assert entries[1].detail.endswith("unsigned")

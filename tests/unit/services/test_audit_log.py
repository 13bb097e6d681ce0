"""The trail for people: filtered, noted, exported so that anyone can check it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from scribe_app.adapters.store import SqlCipherStore
from scribe_app.domain.ids import ConsultationId
from scribe_app.errors import ExportError
from scribe_app.ports import AuditAction, AuditEntry
from scribe_app.services.audit_log import AuditFilter, AuditLog, check_export
from scribe_app.services.auditing import AuditTrail

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[AuditLog]:
    store = SqlCipherStore(tmp_path / "vault.db", bytes(32))
    for number, action in enumerate((AuditAction.CREATED, AuditAction.OPENED, AuditAction.SIGNED)):
        at = NOON + timedelta(days=number)
        store.add_audit(
            AuditEntry(at, f"user {number}", action, ConsultationId(f"c{number}"), responsible="Dr A")
        )
    yield AuditLog(store, AuditTrail(store, "reader", lambda: NOON, "Dr A", "desk"))
    store.close()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (AuditFilter(), [1, 2, 3]),
        (AuditFilter(first_day=date(2026, 11, 22)), [2, 3]),
        (AuditFilter(last_day=date(2026, 11, 22)), [1, 2]),
        (AuditFilter(user="USER 1"), [2]),
        (AuditFilter(user="dr a"), [1, 2, 3]),
        (AuditFilter(consultation="c2"), [3]),
        (AuditFilter(action="opened"), [2]),
        (AuditFilter(user="nobody"), []),
    ],
)
def test_only_what_is_wanted_is_shown(log: AuditLog, wanted: AuditFilter, found: list[int]) -> None:
    entries, check = log.read(wanted)
    assert [entry.number for entry in entries if entry.number <= 3] == found
    assert check.faults == ()


def test_reading_is_itself_noted(log: AuditLog) -> None:
    log.read()
    log.check()
    log.export()
    noted = log.store.audit()[-3:]
    assert [(entry.action, entry.detail) for entry in noted] == [
        (AuditAction.READ_LOG, ""),
        (AuditAction.READ_LOG, "check"),
        (AuditAction.READ_LOG, "export"),
    ]
    assert {(entry.user, entry.responsible, entry.workstation) for entry in noted} == {
        ("reader", "Dr A", "desk")
    }


def test_an_export_verifies_without_the_vault(log: AuditLog) -> None:
    made = log.export(AuditFilter(action="signed"))
    assert check_export(made.content) == made
    head, entry, end = (json.loads(line) for line in made.content.splitlines())
    assert head["trail"]["head"] == log.store.audit_head()
    assert (entry["event"], entry["user"], entry["consultation"]) == ("signed", "user 2", "c2")
    assert end["public_key"] == made.public_key


def test_a_changed_export_never_verifies(log: AuditLog) -> None:
    content, chance = log.export().content, random.Random(1)
    lines = content.splitlines(keepends=True)
    for _ in range(200):
        at = chance.randrange(len(b"".join(lines[:-1])))
        changed = bytearray(content)
        changed[at] ^= 1 << chance.randrange(7)
        with pytest.raises(ExportError):
            check_export(bytes(changed))
    for cut in (lines[:-1], lines[1:], lines[:2] + lines[3:], [], [lines[1], lines[0], *lines[2:]]):
        with pytest.raises(ExportError):
            check_export(b"".join(cut))

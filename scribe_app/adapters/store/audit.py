"""Rows of the audit trail. Each function runs in the store thread."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from scribe_app.adapters.store.consultations import utc_text
from scribe_app.domain.ids import ConsultationId
from scribe_app.ports import AuditAction, AuditEntry


def add(db: Any, entry: AuditEntry) -> None:
    """Append; triggers refuse any later change."""
    db.execute(
        "INSERT INTO audit_entry (at, user, action, consultation, detail) VALUES (?, ?, ?, ?, ?)",
        [utc_text(entry.at), entry.user, entry.action.value, entry.consultation, entry.detail],
    )


def trail(db: Any) -> list[AuditEntry]:
    """The whole trail, oldest first."""
    return [
        AuditEntry(
            at=datetime.fromisoformat(row["at"]),
            user=row["user"],
            action=AuditAction(row["action"]),
            consultation=None if row["consultation"] is None else ConsultationId(row["consultation"]),
            detail=row["detail"],
        )
        for row in db.query("SELECT * FROM audit_entry ORDER BY number")
    ]

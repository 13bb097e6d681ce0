"""Who did what: the audit trail's single entry point."""

from __future__ import annotations

from dataclasses import dataclass

from scribe_app.domain.ids import ConsultationId
from scribe_app.ports import AuditAction, AuditEntry, Clock, ConsultationStore


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """Writes audit entries in the name of one user. Details are codes, ids and counts, never content."""

    store: ConsultationStore
    user: str
    clock: Clock

    def note(self, action: AuditAction, consultation: ConsultationId | None = None, detail: str = "") -> None:
        """Append one entry."""
        self.store.add_audit(AuditEntry(self.clock(), self.user, action, consultation, detail))

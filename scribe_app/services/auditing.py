"""Who did what: the audit trail's single entry point."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from scribe_app.domain.ids import ConsultationId
from scribe_app.ports import AuditAction, AuditEntry, Clock, ConsultationStore, ModelImport

DONE, FAILED = "done", "failed"


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """Writes audit entries in the name of one user. Details are codes, ids and counts, never content."""

    store: ConsultationStore
    user: str
    clock: Clock
    responsible: str = ""
    """The clinician on whose behalf the user works."""
    workstation: str = ""

    def note(
        self,
        action: AuditAction,
        consultation: ConsultationId | None = None,
        detail: str = "",
        object: str = "",
        outcome: str = DONE,
    ) -> None:
        """Append one entry."""
        self.store.add_audit(self.entry(action, consultation, detail, object, outcome))

    def entry(
        self,
        action: AuditAction,
        consultation: ConsultationId | None = None,
        detail: str = "",
        object: str = "",
        outcome: str = DONE,
    ) -> AuditEntry:
        """An entry, for a call that writes it together with what it tells about."""
        return AuditEntry(
            self.clock(),
            self.user,
            action,
            consultation,
            detail,
            responsible=self.responsible,
            object=object,
            outcome=outcome,
            workstation=self.workstation,
        )


def note_opening(trail: AuditTrail) -> None:
    """The vault was opened, by which way in, after so many attempts that failed."""
    for at in trail.store.failed_openings():
        entry = replace(trail.entry(AuditAction.UNLOCK_FAILED, outcome=FAILED), at=at, user="unknown")
        trail.store.add_audit(entry)
    trail.note(AuditAction.UNLOCKED, detail=trail.store.opened_by)


def note_imports(trail: AuditTrail, imports: Iterable[ModelImport]) -> None:
    """Models that were imported while no vault was open: by IT, or by command. Each is noted once."""
    for one in imports:
        object = f"import {one.number}"
        if trail.store.last_audit(AuditAction.MODELS, object) is None:
            detail = f"{one.id} number {one.serial} {one.sha256[:16]} {one.vouched or 'unsigned'}"
            entry = trail.entry(AuditAction.MODELS, detail=detail, object=object)
            trail.store.add_audit(replace(entry, at=one.at, user=one.user))

"""Reading the audit trail: filter, check, and an export that anyone can verify without the vault."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from scribe_app.errors import ExportError
from scribe_app.ports import AuditAction, AuditCheck, AuditEntry, ConsultationStore
from scribe_app.services.auditing import AuditTrail

EXPORT_FORMAT = "scribe audit trail 1"


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries; what is empty does not restrict."""

    first_day: date | None = None
    last_day: date | None = None
    user: str = ""
    """Part of the user's or the responsible clinician's name."""
    consultation: str = ""
    """Beginning of its id, or the patient's pseudonym."""
    action: str = ""

    def fits(self, entry: AuditEntry) -> bool:
        """Whether an entry is wanted. Days are those of this computer's time zone."""
        day = entry.at.astimezone().date()
        return (
            (self.first_day is None or day >= self.first_day)
            and (self.last_day is None or day <= self.last_day)
            and self.user.casefold() in f"{entry.user} {entry.responsible}".casefold()
            and (
                not self.consultation
                or (entry.consultation or "").startswith(self.consultation)
                or entry.patient == self.consultation
            )
            and self.action in ("", entry.action.value)
        )

    def as_json(self) -> dict[str, str]:
        """For the head of an export."""
        return {
            "first_day": self.first_day.isoformat() if self.first_day else "",
            "last_day": self.last_day.isoformat() if self.last_day else "",
            "user": self.user,
            "consultation": self.consultation,
            "action": self.action,
        }


EVERYTHING = AuditFilter()


@dataclass(frozen=True, slots=True)
class Exported:
    """An export, and how many entries it holds."""

    content: bytes
    count: int
    public_key: str
    """Hex; whoever gets the file compares it with the one that the sender names."""


@dataclass(frozen=True, slots=True)
class AuditLog:
    """The trail for people. Reading it is itself noted."""

    store: ConsultationStore
    trail: AuditTrail

    def read(self, wanted: AuditFilter = EVERYTHING) -> tuple[list[AuditEntry], AuditCheck]:
        """The wanted entries, oldest first, and whether the trail is whole."""
        self.trail.note(AuditAction.READ_LOG)
        return [entry for entry in self.store.audit() if wanted.fits(entry)], self.store.check_audit()

    def check(self) -> AuditCheck:
        """Whether the trail is whole."""
        self.trail.note(AuditAction.READ_LOG, detail="check")
        return self.store.check_audit()

    def export(self, wanted: AuditFilter = EVERYTHING) -> Exported:
        """JSON Lines: a head, the entries, and an Ed25519 signature over all lines before it (RFC 8032)."""
        self.trail.note(AuditAction.READ_LOG, detail="export")
        entries = [entry for entry in self.store.audit() if wanted.fits(entry)]
        check = self.store.check_audit()
        head = {
            "format": EXPORT_FORMAT,
            "made_at": self.trail.clock().isoformat(),
            "made_by": self.trail.user,
            "filter": wanted.as_json(),
            "entries": len(entries),
            "trail": {"entries": check.count, "head": check.code, "faults": list(check.faults)},
        }
        body = _lines([head, *(entry_as_json(entry) for entry in entries)])
        signature = self.store.sign_audit(body)
        end = {"public_key": signature.public_key, "signature": signature.signature}
        return Exported(body + _lines([end]), len(entries), signature.public_key)


def entry_as_json(entry: AuditEntry) -> dict[str, Any]:
    """One entry with all its fields."""
    return {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "event": entry.action.value,
        "user": entry.user,
        "responsible": entry.responsible,
        "patient": entry.patient,
        "consultation": entry.consultation or "",
        "object": entry.object,
        "detail": entry.detail,
        "outcome": entry.outcome,
        "workstation": entry.workstation,
        "seal": entry.seal,
    }


def check_export(content: bytes) -> Exported:
    """Verify an exported file; needs no vault.

    Raises:
        ExportError: it is no such file, was cut off, or something in it was changed.
    """
    lines = content.splitlines(keepends=True)
    try:
        end, head = json.loads(lines[-1]), json.loads(lines[0])
        body = b"".join(lines[:-1])
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(end["public_key"]))
        key.verify(bytes.fromhex(end["signature"]), body)
        if head["format"] != EXPORT_FORMAT or head["entries"] != len(lines) - 2:
            raise ValueError("head")
    except InvalidSignature as error:
        raise ExportError(
            "This file is not what was exported.",
            "Something in it was changed, or cut off.",
            "Export it again.",
        ) from error
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise ExportError(
            "This is not an exported audit trail.", "Nothing was changed.", "Choose another file."
        ) from error
    return Exported(content, head["entries"], end["public_key"])


def _lines(documents: Sequence[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(one, ensure_ascii=False, sort_keys=True).encode() + b"\n" for one in documents)

"""Who did what: the trail and its checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from scribe_app.domain.ids import ConsultationId


class AuditAction(StrEnum):
    """What was done, for the audit trail (NEN 7513 event kinds)."""

    CREATED = "created"
    RECORDED = "recorded"
    OPENED = "opened"
    SEARCHED = "searched"
    EDITED = "edited"
    DRAFTED = "drafted"
    SIGNED = "signed"
    COPIED = "copied"
    EXPORTED = "exported"
    PRINTED = "printed"
    DELETED = "deleted"
    RECOVERED = "recovered"
    SETTINGS = "settings"
    MODELS = "models"
    INFORMED = "informed"
    """What the patient was told, or that they object or withdraw."""
    RETENTION = "retention"
    """A run over what may have outlived its time; each erasure is an entry of its own."""
    READ_LOG = "read_log"
    UNLOCKED = "unlocked"
    UNLOCK_FAILED = "unlock_failed"
    LOCKED = "locked"
    BACKED_UP = "backed_up"
    RESTORED = "restored"
    SEALED = "sealed"
    """From here on the trail vouches for everything before as it was found."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to which consultation, when; the fields that NEN 7513 lists. No clinical content."""

    at: datetime
    user: str
    action: AuditAction
    consultation: ConsultationId | None = None
    detail: str = ""
    """Codes, ids and counts only."""
    responsible: str = ""
    """On whose behalf; empty is the user."""
    patient: str = field(default="", compare=False)
    """Pseudonym; the store fills it in from the consultation."""
    object: str = ""
    """What in the consultation: a letter's or an utterance's id."""
    outcome: str = "done"
    """done or failed."""
    workstation: str = ""
    number: int = field(default=0, compare=False)
    """Counts from 1; given by the store."""
    seal: str = field(default="", compare=False)
    """Hex; given by the store."""


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """Whether the trail is what was written."""

    count: int
    code: str
    """Of the last entry; signed letters and exports carry it."""
    faults: tuple[str, ...] = ()
    """What was changed, taken out or cut off, in words; empty when it is whole."""


@dataclass(frozen=True, slots=True)
class AuditSignature:
    """By the vault's own Ed25519 key; hex."""

    public_key: str
    signature: str

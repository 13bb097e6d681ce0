"""Rows of the audit trail. Each function runs in the store thread."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scribe_app.adapters.store import audit_chain
from scribe_app.adapters.store.audit_chain import Head
from scribe_app.adapters.store.consultations import utc_text
from scribe_app.adapters.store.database import fold
from scribe_app.adapters.store.side_file import side_key
from scribe_app.domain.ids import ConsultationId
from scribe_app.language import later
from scribe_app.ports import AuditAction, AuditCheck, AuditEntry, AuditSignature

_PSEUDONYM_SIGNS = 12
_COLUMNS = ", ".join(f'"{name}"' for name in audit_chain.FIELDS)


def add(db: Any, folder: Path, entry: AuditEntry, restored: bool = False) -> Head:
    """Append and seal; triggers refuse any later change. The head is to be kept once this is committed.

    `restored`: a backup was put back. From here on another head counts, and its old key may be missing.
    """
    if restored:
        audit_chain.new_trail_id(db)
    key, made = audit_chain.chain_key(db, folder)
    last = _last(db)
    if last is not None and (made or last["mac"] is None):
        _seal_all_before(db, key, entry, lost=made and last["mac"] is not None and not restored)
    return _append(db, key, entry)


def trail(db: Any) -> list[AuditEntry]:
    """The whole trail, oldest first."""
    return [_entry(row) for row in _rows(db)]


def newest(db: Any, action: AuditAction, object: str) -> AuditEntry | None:
    """The last entry of this kind; of any object where that is empty."""
    query = (
        f"SELECT {_COLUMNS}, mac FROM audit_entry WHERE action = ? AND (? = '' OR object = ?)"  # noqa: S608 - constant names only
        " ORDER BY number DESC LIMIT 1"
    )
    for row in db.query(query, [action.value, object, object]):
        return _entry(row)
    return None


def _entry(row: dict[str, Any]) -> AuditEntry:
    return AuditEntry(
        at=datetime.fromisoformat(row["at"]),
        user=row["user"],
        action=AuditAction(row["action"]),
        consultation=None if row["consultation"] is None else ConsultationId(row["consultation"]),
        detail=row["detail"],
        responsible=row["responsible"],
        patient=row["patient"],
        object=row["object"],
        outcome=row["outcome"],
        workstation=row["workstation"],
        number=row["number"],
        seal="" if row["mac"] is None else row["mac"].hex(),
    )


def check(db: Any, folder: Path) -> AuditCheck:
    """Every entry against its seal, and the end of the trail against what is kept outside the database."""
    key, made = audit_chain.chain_key(db, folder)
    head = audit_chain.kept_head(db, folder)
    count, code, found = audit_chain.faults(_rows(db), key, head, _codes_in_letters(db))
    if made and count:
        found.insert(0, later("The key of the trail is missing, so its seals cannot be checked."))
    return AuditCheck(count, code, tuple(found))


def head(db: Any) -> str:
    """Code of the last entry."""
    last = _last(db)
    return "" if last is None or last["mac"] is None else audit_chain.head_code(last["number"], last["mac"])


def sign(db: Any, content: bytes) -> AuditSignature:
    """Ed25519 over an export, with this vault's own key (RFC 8032)."""
    db.execute("INSERT OR IGNORE INTO vault_secret VALUES ('audit export', ?)", [secrets.token_bytes(32)])
    (value,) = db.execute("SELECT value FROM vault_secret WHERE name = 'audit export'").fetchone()
    key = Ed25519PrivateKey.from_private_bytes(bytes(value))
    return AuditSignature(key.public_key().public_bytes_raw().hex(), key.sign(content).hex())


def pseudonym(db: Any, consultation: str | None) -> str:
    """Stands for the patient in the trail: the same for the same record number, or name and date of birth.

    Who has the open vault and a name can tell whether the trail is about that person; nobody else can.
    """
    if consultation is None:
        return ""
    for name, born, number in db.execute(
        "SELECT patient_name, date_of_birth, record_number FROM consultation WHERE id = ?", [consultation]
    ):
        who = "".join(sign for sign in number if sign.isalnum()) or (name and f"{fold(name)}|{born}")
        if who:
            return hmac.digest(side_key(db, "pseudonym"), who.lower().encode(), "sha256").hex()[
                :_PSEUDONYM_SIGNS
            ]
    return ""


def _append(db: Any, key: bytes, entry: AuditEntry, previous: bytes | None = None) -> Head:
    last = _last(db)
    number = 1 if last is None else int(last["number"]) + 1
    row = {
        "number": number,
        "at": utc_text(entry.at),
        "user": entry.user,
        "responsible": entry.responsible,
        "action": entry.action.value,
        "consultation": entry.consultation,
        "patient": entry.patient or pseudonym(db, entry.consultation),
        "object": entry.object,
        "detail": entry.detail,
        "outcome": entry.outcome,
        "workstation": entry.workstation,
    }
    if previous is None:
        previous = audit_chain.GENESIS if last is None else bytes(last["mac"])
    seal = audit_chain.link(key, previous, audit_chain.canonical(row))
    marks = ", ".join("?" * (len(row) + 1))
    db.execute(
        f"INSERT INTO audit_entry ({_COLUMNS}, mac) VALUES ({marks})",  # noqa: S608 - constant names only
        [*(row[name] for name in audit_chain.FIELDS), seal],
    )
    return Head(audit_chain.trail_id(db), number, seal)


def _seal_all_before(db: Any, key: bytes, entry: AuditEntry, lost: bool) -> None:
    before = audit_chain.EverythingBefore()
    count = 0
    for row in _rows(db):
        count += 1
        before.add(audit_chain.canonical(row), row["mac"])
    detail = f"{count} entries{audit_chain.KEY_MISSING if lost else ''}"
    _append(db, key, AuditEntry(entry.at, entry.user, AuditAction.SEALED, detail=detail), before.value())


def _last(db: Any) -> dict[str, Any] | None:
    for row in db.query("SELECT number, mac FROM audit_entry ORDER BY number DESC LIMIT 1"):
        return dict(row)
    return None


def _rows(db: Any) -> Iterator[dict[str, Any]]:
    rows: Iterator[dict[str, Any]] = db.query(f"SELECT {_COLUMNS}, mac FROM audit_entry ORDER BY number")  # noqa: S608 - constant names only
    return rows


def _codes_in_letters(db: Any) -> list[str]:
    codes = []
    for (provenance,) in db.execute(
        "SELECT provenance FROM letter WHERE signed_sha256 IS NOT NULL AND provenance IS NOT NULL"
    ):
        settings = dict(json.loads(provenance).get("settings", ()))
        if settings.get("audit"):
            codes.append(settings["audit"])
    return codes

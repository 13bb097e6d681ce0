"""Rows of letters, down to evidence. Each function runs in the store thread."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from scribe_app.adapters.store.consultations import utc_text
from scribe_app.domain.documents import canonical_text
from scribe_app.domain.ids import ConsultationId, LetterId, StatementId, UtteranceId
from scribe_app.domain.letter import (
    Coverage,
    CoverageItem,
    Flag,
    Letter,
    LetterStatus,
    PriorPlace,
    Provenance,
    Section,
    Signature,
    Statement,
    Support,
)
from scribe_app.errors import SigningError, StorageError


def save(db: Any, letter: Letter) -> None:
    """Insert or replace one version.

    Raises:
        SigningError: that version is signed already, or its signature is not that of its text.
    """
    key = _insert_letter(db, letter, _make_room(db, letter))
    for number, section in enumerate(letter.sections):
        _insert_section(db, key, number, section)
    for number, item in enumerate(letter.coverage.items):
        db.execute(
            "INSERT INTO coverage_item (letter, number, utterance, text, section, topic, dismissed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [key, number, item.utterance, item.text, item.section, item.topic, int(item.dismissed)],
        )


def newest(db: Any, id: LetterId) -> Letter:
    """The newest version. Raises StorageError when there is none, or it is not the text that was signed."""
    for row in db.query("SELECT * FROM letter WHERE id = ? ORDER BY version DESC LIMIT 1", [id]):
        return _letter(db, row)
    raise StorageError(f"There is no letter {id}.", "Nothing was changed.", "Open the consultation again.")


def of_consultation(db: Any, id: ConsultationId) -> list[Letter]:
    """The newest version of each letter, the letter that was first written first."""
    rows = db.query(
        "SELECT *, max(version) OVER (PARTITION BY id) AS newest, min(row) OVER (PARTITION BY id) AS first"
        " FROM letter WHERE consultation = ? ORDER BY first",
        [id],
    )
    return [_letter(db, row) for row in list(rows) if row["version"] == row["newest"]]


def _make_room(db: Any, letter: Letter) -> int | None:
    """Remove the draft that this one replaces; its row number tells which letter was first, so it stays."""
    held = "SELECT row, signed_sha256 FROM letter WHERE id = ? AND version = ?"
    for row in list(db.query(held, [letter.id, letter.version])):
        if row["signed_sha256"] is not None:
            raise SigningError(
                "This letter is signed and cannot be changed.",
                "The signed text is kept as it is.",
                "Amend it: that makes a new version.",
            )
        db.execute("DELETE FROM letter WHERE row = ?", [row["row"]])
        return int(row["row"])
    return None


def _insert_letter(db: Any, letter: Letter, row: int | None) -> int:
    signature, frozen = letter.signature, None
    if signature is not None:
        frozen = canonical_text(letter)
        if _sha256(frozen) != signature.sha256:
            raise SigningError(
                "The signature does not belong to this text.", "Nothing was stored.", "Sign the letter again."
            )
    cursor = db.execute(
        "INSERT INTO letter (row, id, version, consultation, template, title, language, status, read_until,"
        " total, facts_until, listed, opening, closing, provenance, signer_name, signer_role, signed_at,"
        " signed_sha256, signed_text)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            row,
            letter.id,
            letter.version,
            letter.consultation,
            letter.template,
            letter.title,
            letter.language,
            letter.status.value,
            letter.coverage.read_until,
            letter.coverage.total,
            letter.coverage.facts_until,
            int(letter.coverage.listed),
            letter.opening,
            letter.closing,
            _provenance_text(letter.provenance),
            *_signature_columns(signature),
            frozen,
        ],
    )
    return int(cursor.lastrowid)


def _signature_columns(signature: Signature | None) -> tuple[str | None, ...]:
    if signature is None:
        return (None, None, None, None)
    return (signature.name, signature.role, utc_text(signature.signed_at), signature.sha256)


def _insert_section(db: Any, letter: int, number: int, section: Section) -> None:
    cursor = db.execute(
        "INSERT INTO section (letter, number, key, heading, absent, snomed_code) VALUES (?, ?, ?, ?, ?, ?)",
        [letter, number, section.key, section.heading, section.absent, section.snomed_code],
    )
    key = cursor.lastrowid
    for place, statement in enumerate(section.statements):
        _insert_statement(db, key, place, statement)


def _insert_statement(db: Any, section: int, number: int, statement: Statement) -> None:
    flags = json.dumps([[flag.code, flag.reason] for flag in statement.flags], ensure_ascii=False)
    cursor = db.execute(
        "INSERT INTO statement (section, number, id, text, support, flags, settled, quoted, prior)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            section,
            number,
            statement.id,
            statement.text,
            statement.support.value,
            flags,
            int(statement.settled),
            int(statement.quoted),
            _places_text(statement.prior),
        ],
    )
    key = cursor.lastrowid
    for place, utterance in enumerate(statement.evidence):
        db.execute(
            "INSERT INTO evidence (statement, number, utterance) VALUES (?, ?, ?)", [key, place, utterance]
        )


def _letter(db: Any, row: dict[str, Any]) -> Letter:
    key = row["row"]
    items = tuple(
        CoverageItem(
            UtteranceId(item["utterance"]),
            item["text"],
            item["section"],
            item["topic"],
            bool(item["dismissed"]),
        )
        for item in db.query("SELECT * FROM coverage_item WHERE letter = ? ORDER BY number", [key])
    )
    letter = Letter(
        id=LetterId(row["id"]),
        consultation=ConsultationId(row["consultation"]),
        template=row["template"],
        title=row["title"],
        language=row["language"],
        sections=_sections(db, key),
        coverage=Coverage(items, row["read_until"], row["total"], row["facts_until"], bool(row["listed"])),
        provenance=_provenance(row["provenance"]),
        status=LetterStatus(row["status"]),
        version=row["version"],
        signature=_signature(row),
        opening=row["opening"],
        closing=row["closing"],
    )
    _check_frozen(letter, row["signed_text"])
    return letter


def _sections(db: Any, letter: int) -> tuple[Section, ...]:
    statements = _statements(db, letter)
    rows = db.query("SELECT * FROM section WHERE letter = ? ORDER BY number", [letter])
    return tuple(
        Section(
            row["key"],
            row["heading"],
            tuple(statements.get(row["row"], ())),
            row["absent"],
            row["snomed_code"],
        )
        for row in rows
    )


def _statements(db: Any, letter: int) -> dict[int, list[Statement]]:
    cited: dict[int, list[UtteranceId]] = {}
    for row in db.query(
        "SELECT e.statement, e.utterance FROM evidence e JOIN statement s ON s.row = e.statement"
        " JOIN section c ON c.row = s.section WHERE c.letter = ? ORDER BY e.statement, e.number",
        [letter],
    ):
        cited.setdefault(row["statement"], []).append(UtteranceId(row["utterance"]))
    statements: dict[int, list[Statement]] = {}
    for row in db.query(
        "SELECT s.* FROM statement s JOIN section c ON c.row = s.section WHERE c.letter = ?"
        " ORDER BY c.number, s.number",
        [letter],
    ):
        statement = Statement(
            text=row["text"],
            support=Support(row["support"]),
            evidence=tuple(cited.get(row["row"], ())),
            flags=tuple(Flag(code, reason) for code, reason in json.loads(row["flags"])),
            id=StatementId(row["id"]),
            settled=bool(row["settled"]),
            quoted=bool(row["quoted"]),
            prior=_places(row["prior"]),
        )
        statements.setdefault(row["section"], []).append(statement)
    return statements


def _places_text(places: tuple[PriorPlace, ...]) -> str:
    rows = [[place.letter, place.sentence, place.title] for place in places]
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def _places(text: str) -> tuple[PriorPlace, ...]:
    return tuple(PriorPlace(*row) for row in json.loads(text)) if text else ()


def _check_frozen(letter: Letter, frozen: str | None) -> None:
    if letter.signature is None:
        return
    # Both: the frozen text against its hash, and the rows that are shown against the frozen text.
    if frozen is None or _sha256(frozen) != letter.signature.sha256 or frozen != canonical_text(letter):
        raise StorageError(
            "A signed letter is no longer the text that was signed.",
            "It is kept as it is, and not shown as signed.",
            "Put a backup of the records back, or ask your IT support.",
        )


def _signature(row: dict[str, Any]) -> Signature | None:
    if row["signed_sha256"] is None:
        return None
    return Signature(
        row["signer_name"],
        row["signer_role"],
        datetime.fromisoformat(row["signed_at"]),
        row["signed_sha256"],
    )


def _provenance_text(provenance: Provenance | None) -> str | None:
    if provenance is None:
        return None
    fields = {name: getattr(provenance, name) for name in Provenance.__dataclass_fields__}
    return json.dumps(fields, ensure_ascii=False)


def _provenance(text: str | None) -> Provenance | None:
    if text is None:
        return None
    fields = json.loads(text)
    settings = tuple((name, value) for name, value in fields.pop("settings"))
    return Provenance(**fields, settings=settings)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

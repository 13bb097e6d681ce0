"""Erasing rows, and what the clocks of retention need to know. Each function runs in the store thread."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from scribe_app.adapters.store.consultations import moment, utc_text
from scribe_app.domain.consultation import ConsultationState
from scribe_app.domain.erasure import Held, Part
from scribe_app.domain.ids import ConsultationId

_TRANSCRIPT = (
    "DELETE FROM utterance WHERE consultation = ?",
    "DELETE FROM rejected_text WHERE consultation = ?",
    "DELETE FROM letter_correction WHERE consultation = ?",
    "DELETE FROM prior_letter WHERE consultation = ?",
    # What a letter leaves out is quoted there in the words of the transcript.
    "DELETE FROM coverage_item WHERE letter IN (SELECT row FROM letter WHERE consultation = ?)",
)


def exists(db: Any, id: ConsultationId, part: Part) -> bool:
    """Whether this part of a consultation is still here."""
    query = {
        Part.AUDIO: "SELECT 1 FROM recording WHERE consultation = ? AND key != x''",
        Part.TRANSCRIPT: "SELECT 1 FROM consultation WHERE id = ? AND transcript_erased_at IS NULL",
        Part.NOTES: "SELECT 1 FROM consultation WHERE id = ? AND notes != ''",
        Part.LETTERS: "SELECT 1 FROM letter WHERE consultation = ?",
        Part.CONSULTATION: "SELECT 1 FROM consultation WHERE id = ?",
    }[part]
    return db.execute(query, [id]).fetchone() is not None


def erase_rows(db: Any, id: ConsultationId, part: Part, at: datetime) -> None:
    """The rows of one part; the search index follows by its triggers, and secure_delete overwrites both."""
    match part:
        case Part.AUDIO:
            db.execute(
                "UPDATE recording SET key = x'', erased_at = ? WHERE consultation = ?", [utc_text(at), id]
            )
        case Part.TRANSCRIPT:
            for statement in _TRANSCRIPT:
                db.execute(statement, [id])
            db.execute("UPDATE consultation SET transcript_erased_at = ? WHERE id = ?", [utc_text(at), id])
        case Part.NOTES:
            db.execute("UPDATE consultation SET notes = '' WHERE id = ?", [id])
        case Part.LETTERS:
            db.execute("DELETE FROM letter WHERE consultation = ?", [id])
        case Part.CONSULTATION:
            db.execute("DELETE FROM consultation WHERE id = ?", [id])


def held(db: Any) -> list[Held]:
    """Every consultation with the times from which its clocks run, oldest first."""
    rows = db.query(
        "SELECT c.id, c.state, c.started_at,"
        " (SELECT max(at) FROM audit_entry a WHERE a.consultation = c.id"
        "   AND a.action NOT IN ('deleted', 'retention')) AS touched,"
        " (SELECT max(signed_at) FROM letter l WHERE l.consultation = c.id) AS signed,"
        " (SELECT max(at) FROM audit_entry a WHERE a.consultation = c.id"
        "   AND a.action IN ('copied', 'exported', 'printed')) AS taken_out,"
        " (SELECT count(*) FROM (SELECT l.id, max(l.version), l.signed_at AS signed FROM letter l"
        "   WHERE l.consultation = c.id GROUP BY l.id) WHERE signed IS NULL) AS open_letters,"
        " EXISTS (SELECT 1 FROM recording r WHERE r.consultation = c.id AND r.key != x'') AS audio,"
        " (c.notes != '' OR EXISTS (SELECT 1 FROM utterance u WHERE u.consultation = c.id)"
        "  OR EXISTS (SELECT 1 FROM prior_letter p WHERE p.consultation = c.id)) AS transcript"
        " FROM consultation c ORDER BY c.started_at, c.id"
    )
    return [_held(row) for row in rows]


def _held(row: dict[str, Any]) -> Held:
    started = datetime.fromisoformat(row["started_at"])
    return Held(
        ConsultationId(row["id"]),
        ConsultationState(row["state"]),
        max(started, moment(row["touched"]) or started),
        moment(row["signed"]),
        moment(row["taken_out"]),
        row["open_letters"],
        bool(row["audio"]),
        bool(row["transcript"]),
    )

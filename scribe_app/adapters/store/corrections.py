"""Rows of the log of corrections. Each function runs in the store thread."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from scribe_app.adapters.store.consultations import utc_text
from scribe_app.domain.corrections import Correction, CorrectionKind
from scribe_app.domain.ids import ConsultationId, LetterId, UtteranceId


def add(db: Any, correction: Correction) -> None:
    """Append one; the database numbers it."""
    db.execute(
        "INSERT INTO letter_correction (consultation, letter, kind, at, utterances, before, after)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            correction.consultation,
            correction.letter or "",
            correction.kind.value,
            utc_text(correction.at),
            json.dumps(list(correction.utterances)),
            correction.before,
            correction.after,
        ],
    )


def of_consultation(db: Any, id: ConsultationId) -> tuple[Correction, ...]:
    """All of a consultation, oldest first."""
    rows = db.query("SELECT * FROM letter_correction WHERE consultation = ? ORDER BY number", [id])
    return tuple(
        Correction(
            consultation=ConsultationId(row["consultation"]),
            kind=CorrectionKind(row["kind"]),
            at=datetime.fromisoformat(row["at"]),
            letter=LetterId(row["letter"]) if row["letter"] else None,
            utterances=tuple(UtteranceId(number) for number in json.loads(row["utterances"])),
            before=row["before"],
            after=row["after"],
            number=row["number"],
        )
        for row in rows
    )

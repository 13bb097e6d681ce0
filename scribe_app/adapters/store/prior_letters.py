"""Rows of prior letters. Each function runs in the store thread."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from scribe_app.adapters.store.consultations import utc_text
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.prior_letters import PriorLetter


def add(db: Any, id: ConsultationId, letter: PriorLetter) -> PriorLetter:
    """Append one; returns it with its number. A number is not given twice, also when its letter is gone."""
    cited = (
        "SELECT max((SELECT coalesce(max(number), 0) FROM prior_letter WHERE consultation = :id),"
        " (SELECT coalesce(max(json_extract(place.value, '$[0]')), 0) FROM statement s"
        "  JOIN section c ON c.row = s.section JOIN letter l ON l.row = c.letter,"
        "  json_each(nullif(s.prior, '')) place WHERE l.consultation = :id)) AS last"
    )
    last = next(iter(db.query(cited, {"id": id})))["last"]
    numbered = replace(letter, number=int(last) + 1)
    db.execute(
        "INSERT INTO prior_letter (consultation, number, title, text, added_at) VALUES (?, ?, ?, ?, ?)",
        [id, numbered.number, numbered.title, numbered.text, utc_text(numbered.added_at)],
    )
    return numbered


def remove(db: Any, id: ConsultationId, number: int) -> None:
    """Take one away; statements that were taken from it keep its title."""
    db.execute("DELETE FROM prior_letter WHERE consultation = ? AND number = ?", [id, number])


def of_consultation(db: Any, id: ConsultationId) -> tuple[PriorLetter, ...]:
    """All of a consultation, in the order in which they were added."""
    rows = db.query("SELECT * FROM prior_letter WHERE consultation = ? ORDER BY number", [id])
    return tuple(
        PriorLetter(row["number"], row["title"], row["text"], datetime.fromisoformat(row["added_at"]))
        for row in rows
    )

"""What a person had before them when the vault locked, so that they find it again."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from scribe_app.domain.consultation import Informed, PatientIdentity
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.prior_letters import PriorLetter
from scribe_app.ui.screen import Screen
from scribe_app.ui.window import MainWindow


def park(window: MainWindow, screen: Screen) -> bytes:
    """Which consultation was open; of one that had not started, what was typed. Kept sealed while locked."""
    place: dict[str, Any] = {"open": screen.id}
    if screen.id is None:
        place["visit"] = _identity(screen.visit.patient, screen.visit.informed)
        place["speakers"] = screen.visit.speakers
        place["notes"] = window.notes.notes.toPlainText()
        place["prior"] = [[one.title, one.text, one.added_at.isoformat()] for one in screen.visit.prior]
    if window.identity.isVisible():
        place["typing"] = _identity(*window.identity.entered())
    return json.dumps(place).encode()


def opened(parked: bytes) -> ConsultationId | None:
    """The consultation to be opened again."""
    id = json.loads(parked).get("open") if parked else None
    return ConsultationId(id) if id else None


def unpark(parked: bytes, window: MainWindow, screen: Screen) -> None:
    """Put back what was typed."""
    place = json.loads(parked) if parked else {}
    if "visit" in place:
        screen.set_visit(*_known(place["visit"]))
        screen.set_speakers(place.get("speakers", 2))
        window.notes.choose_speakers(screen.visit.speakers)
        window.notes.notes.setPlainText(place.get("notes", ""))
        prior = place.get("prior", [])
        screen.set_prior(
            tuple(PriorLetter(0, title, text, datetime.fromisoformat(at)) for title, text, at in prior)
        )
    if "typing" in place:
        window.identity.open_with(*_known(place["typing"]))


def _identity(patient: PatientIdentity, informed: Informed) -> list[str]:
    return [patient.name, patient.date_of_birth, patient.record_number, informed.value]


def _known(parts: list[str]) -> tuple[PatientIdentity, Informed]:
    name, born, number, informed = parts
    return PatientIdentity(name, born, number), Informed(informed)

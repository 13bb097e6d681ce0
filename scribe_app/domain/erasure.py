"""What may be erased of a consultation, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scribe_app.domain.consultation import ConsultationState
from scribe_app.domain.ids import ConsultationId


class Part(StrEnum):
    """What goes. The rest stays readable."""

    AUDIO = "audio"
    TRANSCRIPT = "transcript"
    """With all that quotes it outside of letters."""
    NOTES = "notes"
    """What the clinician typed beside it."""
    LETTERS = "letters"
    CONSULTATION = "consultation"
    """Everything, the patient's name included."""


class Why(StrEnum):
    """Who or what asked for it."""

    CLINICIAN = "clinician"
    RETENTION = "retention"
    SIGNED = "signed"
    """Kept only until signing."""
    OBJECTED = "objected"
    WITHDRAWN = "withdrawn"
    PATIENT = "patient"
    """Everything held for one person was to go."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """One part of one consultation, to be erased or erased."""

    consultation: ConsultationId
    part: Part
    why: Why = Why.CLINICIAN


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept of one consultation, as far as the clocks of retention need it."""

    consultation: ConsultationId
    state: ConsultationState
    touched_at: datetime
    """Last time that somebody did anything with it."""
    signed_at: datetime | None
    """Last signature; None where nothing is signed."""
    taken_out_at: datetime | None
    """Last time that a letter was copied, exported or printed."""
    open_letters: int
    """Not signed yet."""
    audio: bool
    transcript: bool
    """Or typed notes."""

"""What is known of a consultation before it begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from scribe_app.domain.consultation import Consultation, Informed, PatientIdentity
from scribe_app.domain.ids import new_consultation_id
from scribe_app.domain.prior_letters import PriorLetter
from scribe_app.errors import UsageError
from scribe_app.ports import AudioSource, MicrophoneSource


@dataclass(frozen=True, slots=True)
class NewConsultation:
    """What is known when Start is pressed."""

    template: str = "soap"
    language: str = "en"
    source: AudioSource = field(default_factory=MicrophoneSource)
    patient: PatientIdentity = field(default_factory=PatientIdentity)
    informed: Informed = Informed.NOT_STATED
    prior: tuple[PriorLetter, ...] = ()
    """Letters from before that were given already; they get their numbers when it is stored."""
    speakers: int = 2
    """How many people speak; told to whoever tells voices apart."""


def refuse_objected(new: NewConsultation) -> None:
    """Raises UsageError when this patient may not be recorded."""
    if new.informed is Informed.OBJECTED:
        raise UsageError(
            "The patient objected, so nothing is recorded.",
            "Nothing was stored.",
            "Type your notes; a letter can be written from them.",
        )


def begun(new: NewConsultation, template: str, now: datetime, user: str) -> Consultation:
    """The consultation, not stored yet; what the patient was told is stamped with who says so, and when."""
    stated = new.informed is not Informed.NOT_STATED
    return Consultation(
        id=new_consultation_id(),
        started_at=now,
        language=new.language,
        template=template,
        patient=new.patient,
        informed=new.informed,
        informed_at=now if stated else None,
        informed_by=user if stated else "",
        speakers=new.speakers,
    )

"""One encounter and the states it goes through."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from scribe_app.domain.ids import ConsultationId


class ConsultationState(StrEnum):
    """ready → recording ⇄ paused → transcribing → drafting → in review → signed → amended; any → failed.

    From in review, signed and amended, another letter leads back to drafting.
    """

    READY = "ready"
    RECORDING = "recording"
    PAUSED = "paused"
    TRANSCRIBING = "transcribing"
    DRAFTING = "drafting"
    IN_REVIEW = "in_review"
    SIGNED = "signed"
    AMENDED = "amended"
    FAILED = "failed"


UNFINISHED = frozenset(
    {
        ConsultationState.RECORDING,
        ConsultationState.PAUSED,
        ConsultationState.TRANSCRIBING,
        ConsultationState.DRAFTING,
    }
)
"""Something is under way, or was when the program ended without warning."""

_NEXT: dict[ConsultationState, frozenset[ConsultationState]] = {
    ConsultationState.READY: frozenset(
        {ConsultationState.RECORDING, ConsultationState.TRANSCRIBING, ConsultationState.DRAFTING}
    ),
    ConsultationState.RECORDING: frozenset({ConsultationState.PAUSED, ConsultationState.TRANSCRIBING}),
    ConsultationState.PAUSED: frozenset({ConsultationState.RECORDING, ConsultationState.TRANSCRIBING}),
    ConsultationState.TRANSCRIBING: frozenset({ConsultationState.DRAFTING, ConsultationState.IN_REVIEW}),
    # An interruption while drafting leads back to what of the recording may not be transcribed yet.
    # One more letter that could not be begun leaves a signed one signed.
    ConsultationState.DRAFTING: frozenset(
        {
            ConsultationState.IN_REVIEW,
            ConsultationState.TRANSCRIBING,
            ConsultationState.SIGNED,
            ConsultationState.AMENDED,
        }
    ),
    ConsultationState.IN_REVIEW: frozenset({ConsultationState.DRAFTING, ConsultationState.SIGNED}),
    # Another letter may be written beside a signed one.
    ConsultationState.SIGNED: frozenset({ConsultationState.AMENDED, ConsultationState.DRAFTING}),
    ConsultationState.AMENDED: frozenset({ConsultationState.SIGNED, ConsultationState.DRAFTING}),
    # Recovery goes back to the step that failed; the journal still holds the audio.
    ConsultationState.FAILED: frozenset({ConsultationState.TRANSCRIBING, ConsultationState.DRAFTING}),
}


def may_follow(now: ConsultationState, then: ConsultationState) -> bool:
    """Whether a consultation may go from one state to the other. Every state may fail."""
    return then is ConsultationState.FAILED or then in _NEXT[now]


@dataclass(frozen=True, slots=True)
class PatientIdentity:
    """Who the consultation is with: typed in or pasted by the clinician, never taken from speech."""

    name: str = ""
    date_of_birth: str = ""
    record_number: str = ""
    """NHS number, BSN or the local record's number, as typed."""


class Informed(StrEnum):
    """What the patient was told about the recording."""

    NOT_STATED = "not_stated"
    INFORMED = "informed"
    OBJECTED = "objected"
    """Nothing may be recorded, and what was is erased."""
    WITHDRAWN = "withdrawn"
    """Agreed at first; audio and transcript are erased."""


@dataclass(frozen=True, slots=True)
class Consultation:
    """One encounter: who, when, in which language, and how far it has come."""

    id: ConsultationId
    started_at: datetime
    """UTC."""
    language: str
    template: str
    state: ConsultationState = ConsultationState.READY
    patient: PatientIdentity = field(default_factory=PatientIdentity)
    informed: Informed = Informed.NOT_STATED
    notes: str = ""
    """The clinician's own words, typed during the visit."""
    failure: str = ""
    """What went wrong, in words for a person; empty unless the state is failed."""
    informed_at: datetime | None = None
    """When `informed` was stated; UTC."""
    informed_by: str = ""
    transcript_erased_at: datetime | None = None
    """UTC. Letters stay, without what they rest on. Set by erasing only."""
    speakers: int = 2
    """How many people speak; told to whoever tells voices apart."""

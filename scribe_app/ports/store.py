"""The vault's database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from scribe_app.domain.consultation import Consultation
from scribe_app.domain.corrections import Correction
from scribe_app.domain.erasure import Erasure, Held
from scribe_app.domain.ids import ConsultationId, LetterId, UtteranceId
from scribe_app.domain.letter import Letter
from scribe_app.domain.prior_letters import PriorLetter
from scribe_app.domain.recording import Recording
from scribe_app.domain.transcript import RejectedText, SpeakerRole, Transcript, Utterance
from scribe_app.domain.vault import Backup
from scribe_app.ports.audit import AuditAction, AuditCheck, AuditEntry, AuditSignature


class ConsultationStore(Protocol):
    """The vault's database. Calls block until done and may come from any thread but the window's."""

    opened_by: str
    """By which way in it was opened last, in words; empty where no door was used."""

    def save_consultation(self, consultation: Consultation) -> None:
        """Insert or replace."""

    def change_consultation(
        self, id: ConsultationId, change: Callable[[Consultation], Consultation]
    ) -> Consultation:
        """Replace it by what `change` makes of it, in one step, so that two changes at once both last.

        `change` must not call the store. Raises StorageError when there is no such consultation.
        """

    def consultation(self, id: ConsultationId) -> Consultation:
        """One consultation. Raises StorageError when there is none."""

    def consultations(self, find: str = "") -> list[Consultation]:
        """All, newest first; with `find`, those whose patient or spoken text contains it."""

    def held(self) -> list[Held]:
        """Every consultation with the times from which its clocks of retention run, oldest first."""

    def erase(self, erasures: Sequence[Erasure], receipts: Sequence[AuditEntry], at: datetime) -> None:
        """Erase for good (the keys of the audio first of all), with the receipts in the audit trail.

        All in one step: after a crash everything is as before, or everything is gone.
        """

    def forget_aside(self, before: datetime) -> int:
        """Remove what restores before then kept aside; how many of them."""

    def save_recording(self, recording: Recording, key: bytes) -> None:
        """Insert or replace what is known of the audio, with the key that wraps its segments."""

    def recording(self, id: ConsultationId) -> tuple[Recording, bytes] | None:
        """The recording and its key (nothing once the audio is erased); None where there never was audio."""

    def add_utterances(self, id: ConsultationId, window: Sequence[Utterance], until_sample: int) -> None:
        """Append a whole window at once, or nothing of it; remembers how far transcription has come.

        Idempotent by utterance id.
        """

    def correct_utterance(self, id: ConsultationId, utterance: Utterance) -> None:
        """A person replaces an utterance's words or speaker; the recogniser's own words stay on record."""

    def set_speakers(
        self, id: ConsultationId, speakers: Mapping[UtteranceId, SpeakerRole], by_person: bool
    ) -> None:
        """Who spoke, for several utterances at once; the program never overrules what a person corrected."""

    def set_voices(self, id: ConsultationId, voices: Mapping[UtteranceId, int]) -> None:
        """Which utterances sound like the same person, in place of what was known of that."""

    def corrected(self, id: ConsultationId) -> frozenset[UtteranceId]:
        """Utterances whose words or speaker a person has corrected."""

    def add_rejected(self, id: ConsultationId, rejected: RejectedText) -> None:
        """Keep what the recogniser wrote and the checks did not let stand; the same again changes nothing."""

    def rejected(self, id: ConsultationId) -> tuple[RejectedText, ...]:
        """All of it, in order of time."""

    def transcript(self, id: ConsultationId) -> Transcript:
        """All utterances, in order."""

    def last_said(self, id: ConsultationId) -> tuple[int, Utterance | None]:
        """How many utterances there are, and the last one that is not of another person."""

    def transcribed_until(self, id: ConsultationId) -> int:
        """Sample up to which the transcript is complete."""

    def save_letter(self, letter: Letter) -> None:
        """Insert or replace one version. Raises SigningError when that version is signed already."""

    def letter(self, id: LetterId) -> Letter:
        """Newest version. Raises StorageError when there is none."""

    def letters(self, id: ConsultationId) -> list[Letter]:
        """Newest version of each letter of a consultation, oldest letter first."""

    def add_correction(self, correction: Correction) -> None:
        """Append to the consultation's log of corrections; its number is given by the store."""

    def corrections(self, id: ConsultationId) -> tuple[Correction, ...]:
        """The log of corrections to a consultation's letters, oldest first."""

    def add_prior(self, id: ConsultationId, letter: PriorLetter) -> PriorLetter:
        """Keep a letter from before with a consultation, apart from its transcript; returns it numbered.

        Numbers are never given twice, so that a statement's place never leads into another letter.
        """

    def remove_prior(self, id: ConsultationId, number: int) -> None:
        """Take it away again; statements that were taken from it stay and keep its title."""

    def prior(self, id: ConsultationId) -> tuple[PriorLetter, ...]:
        """The prior letters of a consultation, in the order in which they were added."""

    def add_audit(self, entry: AuditEntry) -> None:
        """Append to the audit trail."""

    def audit(self) -> list[AuditEntry]:
        """The whole trail, oldest first."""

    def last_audit(self, action: AuditAction, object: str = "") -> AuditEntry | None:
        """The newest entry of this kind (about this object, where one is given); None where there is none."""

    def failed_openings(self) -> list[datetime]:
        """When somebody tried to open the vault and could not, since this was asked last."""

    def check_audit(self) -> AuditCheck:
        """Look whether the trail is what was written."""

    def audit_head(self) -> str:
        """Code of the last entry; empty while there is none."""

    def sign_audit(self, content: bytes) -> AuditSignature:
        """Sign an export of the trail."""

    def lock(self, parked: bytes = b"") -> None:
        """Close the database and drop its key until it is reopened by the door; every call then raises
        StorageError. `parked` is kept sealed and comes back at reopening.
        """

    def backup(self, folder: Path, keep: int, at: datetime) -> Backup:
        """Put a verified encrypted copy into a folder; the newest `keep` stay. Raises StorageError."""

    def close(self) -> None:
        """Finish what was posted and close the database."""

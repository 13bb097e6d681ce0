"""Everything held for one person: found, handed over, or erased (UK GDPR and AVG, articles 15, 17 and 20)."""

from __future__ import annotations

import io
import json
import unicodedata
import wave
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from scribe_app.domain.consultation import Consultation, PatientIdentity
from scribe_app.domain.documents import letter_as_json, plain_text, transcript_as_json
from scribe_app.domain.erasure import Why
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.errors import RecordingError, UsageError
from scribe_app.ports import AuditAction, ConsultationStore
from scribe_app.services.consultations import ConsultationService

WARNING = """What is in this file is not encrypted. Whoever has the file can read and hear it.
Hand it over in person or by a channel that your organisation allows, then delete your copy.

"""


@dataclass(frozen=True, slots=True)
class PatientRecords:
    """What the vault holds of one person."""

    store: ConsultationStore
    consultations: ConsultationService

    def find(self, who: PatientIdentity) -> list[Consultation]:
        """Consultations with this record number, or with this name and date of birth, newest first.

        Raises:
            UsageError: neither a number, nor both name and date of birth are given.
        """
        if not _digits(who.record_number) and not (who.name.strip() and who.date_of_birth.strip()):
            raise UsageError(
                "This does not say whose records are meant.",
                "Nothing was read or changed.",
                "Give a record number, or both a name and a date of birth.",
            )
        found = [one for one in self.store.consultations() if is_same(one.patient, who)]
        self.consultations.trail.note(AuditAction.SEARCHED, detail=f"{len(found)} of one person")
        return found

    def hand_over(self, consultations: Sequence[Consultation]) -> bytes:
        """One ZIP file: letters, transcripts, typed notes and audio, with a warning on top."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
            listed = [f"{one.started_at:%Y-%m-%d %H:%M} UTC  {one.id}\n" for one in consultations]
            file.writestr("README.txt", WARNING + "".join(listed))
            for one in consultations:
                self._add(file, one)
                self.consultations.trail.note(AuditAction.EXPORTED, one.id, "everything")
        return content.getvalue()

    def erase(self, consultations: Sequence[Consultation], why: Why = Why.PATIENT) -> None:
        """All of it, for good. Raises StorageError."""
        for one in consultations:
            self.consultations.delete(one.id, why)

    def _add(self, file: zipfile.ZipFile, one: Consultation) -> None:
        folder = f"{one.started_at:%Y-%m-%d}-{one.id[:8]}"
        transcript = self.store.transcript(one.id)
        for letter in self.store.letters(one.id):
            name = f"{folder}/letter-{letter.template}-{letter.id[:8]}"
            file.writestr(f"{name}.txt", plain_text(letter, one))
            file.writestr(f"{name}.json", _json(letter_as_json(letter)))
        if transcript.utterances:
            file.writestr(f"{folder}/transcript.json", _json(transcript_as_json(transcript)))
        for prior in self.store.prior(one.id):
            file.writestr(f"{folder}/prior-letter-{prior.number}.txt", f"{prior.title}\n\n{prior.text}\n")
        if one.notes:
            file.writestr(f"{folder}/notes.txt", one.notes)
        audio = self._audio(one)
        if audio:
            file.writestr(f"{folder}/audio.wav", audio)

    def _audio(self, one: Consultation) -> bytes:
        held = self.store.recording(one.id)
        if held is None or not held[1] or not held[0].samples:
            return b""
        content = io.BytesIO()
        try:
            sound = self.consultations.audio(one.id, 0.0, held[0].seconds)
        except RecordingError:  # its files are gone; the rest is handed over all the same
            return b""
        with wave.open(content, "wb") as file:
            file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
            file.writeframes(sound)
        return content.getvalue()


def is_same(one: PatientIdentity, other: PatientIdentity) -> bool:
    """Whether both name the same person. Different record numbers are different people."""
    numbers = _digits(one.record_number), _digits(other.record_number)
    if all(numbers):
        return numbers[0] == numbers[1]
    names = _plain(one.name), _plain(other.name)
    born = _digits(one.date_of_birth), _digits(other.date_of_birth)
    return all((*names, *born)) and names[0] == names[1] and born[0] == born[1]


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(sign for sign in parts if not unicodedata.combining(sign)).split())


def _digits(text: str) -> str:
    """Without spaces, hyphens and the like: "999 000 0000" and "9990000000" are one number."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)

"""Everything held for one person: found, handed over, or erased (UK GDPR and AVG, articles 15, 17 and 20)."""

from __future__ import annotations

import io
import json
import os
import wave
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scribe_app.domain.consultation import Consultation, PatientIdentity
from scribe_app.domain.documents import letter_as_json, plain_text, transcript_as_json
from scribe_app.domain.erasure import Why
from scribe_app.domain.identity import is_same, may_be_same, number_key
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.errors import ExportError, RecordingError, UsageError
from scribe_app.language import later
from scribe_app.ports import AuditAction, ConsultationStore
from scribe_app.services.consultations import ConsultationService

_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
WARNING = """What is in this file is not encrypted. Whoever has the file can read and hear it.
Hand it over in person or by a channel that your organisation allows, then delete your copy.

De inhoud van dit bestand is niet versleuteld. Wie het bestand heeft, kan het lezen en beluisteren.
Geef het persoonlijk of langs een weg die uw organisatie toestaat, en verwijder daarna uw exemplaar.

"""
"""In both languages: whoever gets the file may read another one than the window speaks."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """That something was erased, for whoever asked for it; names nobody."""

    at: datetime
    user: str
    consultations: tuple[Consultation, ...]
    head: str
    """Code of the audit trail's last entry then: the trail shows what was erased before it."""

    @property
    def text(self) -> str:
        """To be kept or handed over."""
        count = len(self.consultations)
        listed = "".join(f"{_when(one)}  {one.id}\n" for one in self.consultations)
        when = f"{self.at.astimezone():%d %B %Y, %H:%M}"
        return "\n".join(
            (
                later("Erased for good: 1 consultation, with sound, transcript, notes and letters.")
                if count == 1
                else later(
                    f"Erased for good: {count} consultations, each with sound, transcript, notes and letters."
                ),
                "",
                listed,
                later(f"On {when} by {self.user}."),
                later(f"Audit trail: head {self.head}."),
                "",
                later(
                    "Encrypted backups from before hold their text, without sound, until they are replaced; "
                    "putting one back erases it again. Copies in the record system, on paper or in files are "
                    "not reached."
                ),
                "",
            )
        )


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
        return self.find_all(who)[0]

    def find_all(self, who: PatientIdentity) -> tuple[list[Consultation], list[Consultation]]:
        """The same, and those of which nobody can tell: the same name, but nothing else to compare.

        Raises:
            UsageError: as find.
        """
        if not number_key(who.record_number) and not (who.name.strip() and who.date_of_birth.strip()):
            raise UsageError(
                "This does not say whose records are meant.",
                "Nothing was read or changed.",
                "Give a record number, or both a name and a date of birth.",
            )
        everything = self.store.consultations()
        found = [one for one in everything if is_same(one.patient, who)]
        known = [who, *(one.patient for one in found)]
        perhaps = [one for one in everything if one not in found and may_be_same(one.patient, known)]
        self.consultations.trail.note(AuditAction.SEARCHED, detail=f"{len(found)} of one person")
        return found, perhaps

    def held(self, one: Consultation) -> str:
        """What there is of a consultation, in words."""
        recording = self.store.recording(one.id)
        letters = self.store.letters(one.id)
        signed = sum(letter.signature is not None for letter in letters)
        drafts = len(letters) - signed
        parts = [later("sound")] if recording is not None and recording[1] and recording[0].samples else []
        parts += [later("transcript")] if len(self.store.transcript(one.id)) else []
        if drafts:
            parts.append(later("1 draft") if drafts == 1 else later(f"{drafts} drafts"))
        parts += (
            [later("1 signed letter") if signed == 1 else later(f"{signed} signed letters")] if signed else []
        )
        parts += [later("notes")] if one.notes else []
        parts += [later("letters from before")] if self.store.prior(one.id) else []
        return ", ".join(parts) or later("nothing but the name")

    def hand_over(self, consultations: Sequence[Consultation], file: Path) -> None:
        """One ZIP file: letters, transcripts, typed notes and audio, with a warning on top.

        Raises:
            ExportError: it cannot be written; nothing is left of it.
        """
        part = file.with_name(f"{file.name}.part")
        try:
            with (
                os.fdopen(os.open(part, _NEW, 0o600), "wb") as stream,
                zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
            ):
                archive.writestr(
                    "README.txt", WARNING + "".join(f"{_when(one)}  {one.id}\n" for one in consultations)
                )
                for one in consultations:
                    self._add(archive, one)
                    self.consultations.trail.note(AuditAction.EXPORTED, one.id, "everything")
            part.replace(file)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise ExportError(
                f"{file} cannot be written ({error.strerror}).",
                "Nothing was changed.",
                "Choose another place.",
            ) from error

    def erase(self, consultations: Sequence[Consultation], why: Why = Why.PATIENT) -> Receipt:
        """All of it, for good, in one step. Raises StorageError."""
        self.consultations.delete_all([one.id for one in consultations], why)
        trail = self.consultations.trail
        return Receipt(trail.clock(), trail.user, tuple(consultations), self.store.audit_head())

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


def _when(one: Consultation) -> str:
    return f"{one.started_at:%Y-%m-%d %H:%M} UTC"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)

"""The ConsultationStore port on SQLCipher."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from scribe_app.adapters.store import (
    aside,
    attempts,
    audit,
    audit_chain,
    backing_up,
    consultations,
    corrections,
    deletion,
    eraser,
    letters,
    prior_letters,
    sealing,
    slots,
)
from scribe_app.adapters.store.vault_files import VaultFiles
from scribe_app.adapters.store.writer import StoreThread
from scribe_app.domain.consultation import Consultation
from scribe_app.domain.corrections import Correction
from scribe_app.domain.erasure import Erasure, Held
from scribe_app.domain.ids import ConsultationId, LetterId, UtteranceId
from scribe_app.domain.letter import Letter
from scribe_app.domain.prior_letters import PriorLetter
from scribe_app.domain.recording import Recording
from scribe_app.domain.transcript import RejectedText, SpeakerRole, Transcript, Utterance
from scribe_app.domain.vault import Backup
from scribe_app.ports import AuditAction, AuditCheck, AuditEntry, AuditSignature


class SqlCipherStore:
    """One encrypted database; every call posts to its thread and waits for the answer."""

    def __init__(self, file: Path, key: bytes, closed: Callable[[], None] = lambda: None) -> None:
        """Open or create the database.

        Args:
            file: the database; created where there is none.
            key: 32 bytes.
            closed: called once after the database is closed (gives the vault's lock back).

        Raises:
            StorageError: it cannot be opened with this key. Nothing is deleted.
            SchemaTooNewError: a newer version wrote it.
        """
        self._file = file
        self._thread = StoreThread(file, key)
        eraser.finish(self._thread, file.parent)
        self._closed = closed
        self._parked = b""
        self.opened_by = ""

    # --- consultations ------------------------------------------------------------------------------

    def save_consultation(self, consultation: Consultation) -> None:
        """Insert or update; what belongs to it stays."""
        self._thread.write(lambda db: consultations.save(db, consultation))

    def change_consultation(
        self, id: ConsultationId, change: Callable[[Consultation], Consultation]
    ) -> Consultation:
        """Replace it by what `change` makes of it, in one transaction. `change` must not call the store."""
        return self._thread.write(lambda db: consultations.change(db, id, change))

    def consultation(self, id: ConsultationId) -> Consultation:
        """One consultation. Raises StorageError when there is none."""
        return self._thread.read(lambda db: consultations.one(db, id))

    def consultations(self, find: str = "") -> list[Consultation]:
        """All, newest first; with `find`, those whose patient or spoken text contains it."""
        return self._thread.read(lambda db: consultations.find(db, find))

    def held(self) -> list[Held]:
        """Every consultation with the times from which its clocks of retention run, oldest first."""
        return self._thread.read(deletion.held)

    def erase(self, erasures: Sequence[Erasure], receipts: Sequence[AuditEntry], at: datetime) -> None:
        """Erase for good, with the receipts in the audit trail, all in one step."""
        eraser.erase(self._thread, self._file.parent, erasures, receipts, at)

    def forget_aside(self, before: datetime) -> int:
        """Remove what restores before then kept aside; how many. Raises StorageError: it is locked."""
        return self._thread.read(lambda _db: aside.forget(self._file.parent, before))

    def settle_restored(self, entry: AuditEntry) -> int:
        """This database was put back from a backup: erase again what was erased since.

        The trail goes on with this entry under a new head. Returns how many consultations were touched.
        """
        return eraser.settle_restored(self._thread, self._file.parent, entry)

    # --- recordings and utterances ------------------------------------------------------------------

    def save_recording(self, recording: Recording, key: bytes) -> None:
        """Insert or update what is known of the audio, with the key that wraps its segments."""
        self._thread.write(lambda db: eraser.save_recording(db, self._file.parent, recording, key))

    def recording(self, id: ConsultationId) -> tuple[Recording, bytes] | None:
        """The recording and its key (nothing once the audio is erased); None where there never was audio."""
        return self._thread.write(lambda db: eraser.recording(db, self._file.parent, id))

    def add_utterances(self, id: ConsultationId, window: Sequence[Utterance], until_sample: int) -> None:
        """Append a whole window in one transaction; remembers how far transcription has come."""
        self._thread.write(lambda db: consultations.add_utterances(db, id, window, until_sample))

    def correct_utterance(self, id: ConsultationId, utterance: Utterance) -> None:
        """A person replaces an utterance's words or speaker; the recogniser's own stay on record."""
        self._thread.write(lambda db: consultations.correct_utterance(db, id, utterance))

    def set_speakers(
        self, id: ConsultationId, speakers: Mapping[UtteranceId, SpeakerRole], by_person: bool
    ) -> None:
        """Who spoke, for several utterances at once; the program never overrules what a person corrected."""
        self._thread.write(lambda db: consultations.set_speakers(db, id, speakers, by_person))

    def set_voices(self, id: ConsultationId, voices: Mapping[UtteranceId, int]) -> None:
        """Which utterances sound like the same person, in place of what was known of that."""
        self._thread.write(lambda db: consultations.set_voices(db, id, voices))

    def corrected(self, id: ConsultationId) -> frozenset[UtteranceId]:
        """Utterances whose words or speaker a person has corrected."""
        return self._thread.read(lambda db: consultations.corrected(db, id))

    def add_rejected(self, id: ConsultationId, rejected: RejectedText) -> None:
        """Keep what the recogniser wrote and the checks did not let stand; the same again changes nothing."""
        self._thread.write(lambda db: consultations.add_rejected(db, id, rejected))

    def rejected(self, id: ConsultationId) -> tuple[RejectedText, ...]:
        """All of it, in order of time."""
        return self._thread.read(lambda db: consultations.rejected(db, id))

    def transcript(self, id: ConsultationId) -> Transcript:
        """All utterances, in order. Raises StorageError when there is no such consultation."""
        return self._thread.read(lambda db: consultations.transcript(db, id))

    def last_said(self, id: ConsultationId) -> tuple[int, Utterance | None]:
        """How many utterances there are, and the last one that is not of another person."""
        return self._thread.read(lambda db: consultations.last_said(db, id))

    def transcribed_until(self, id: ConsultationId) -> int:
        """Sample up to which the transcript is complete."""
        return self._thread.read(lambda db: consultations.transcribed_until(db, id))

    # --- letters ------------------------------------------------------------------------------------

    def save_letter(self, letter: Letter) -> None:
        """Insert or replace one version. Raises SigningError when that version is signed already."""
        self._thread.write(lambda db: letters.save(db, letter))

    def letter(self, id: LetterId) -> Letter:
        """Newest version. Raises StorageError when there is none."""
        return self._thread.read(lambda db: letters.newest(db, id))

    def letters(self, id: ConsultationId) -> list[Letter]:
        """Newest version of each letter of a consultation, oldest letter first."""
        return self._thread.read(lambda db: letters.of_consultation(db, id))

    def add_correction(self, correction: Correction) -> None:
        """Append to the consultation's log of corrections; its number is given here."""
        self._thread.write(lambda db: corrections.add(db, correction))

    def corrections(self, id: ConsultationId) -> tuple[Correction, ...]:
        """The log of corrections, oldest first."""
        return self._thread.read(lambda db: corrections.of_consultation(db, id))

    def add_prior(self, id: ConsultationId, letter: PriorLetter) -> PriorLetter:
        """Keep a prior letter with a consultation; returns it with its number."""
        return self._thread.write(lambda db: prior_letters.add(db, id, letter))

    def remove_prior(self, id: ConsultationId, number: int) -> None:
        """Take a prior letter away; statements taken from it keep its title."""
        self._thread.write(lambda db: prior_letters.remove(db, id, number))

    def prior(self, id: ConsultationId) -> tuple[PriorLetter, ...]:
        """The prior letters of a consultation, in the order in which they were added."""
        return self._thread.read(lambda db: prior_letters.of_consultation(db, id))

    # --- audit --------------------------------------------------------------------------------------

    def add_audit(self, entry: AuditEntry) -> None:
        """Append to the audit trail, and keep its head outside the database."""
        head = self._thread.write(lambda db: audit.add(db, self._file.parent, entry))
        self._thread.write(lambda db: audit_chain.keep_head(db, self._file.parent, head))

    def audit(self) -> list[AuditEntry]:
        """The whole trail, oldest first."""
        return self._thread.read(audit.trail)

    def last_audit(self, action: AuditAction, object: str = "") -> AuditEntry | None:
        """The newest entry of this kind (about this object, where one is given); None where there is none."""
        return self._thread.read(lambda db: audit.newest(db, action, object))

    def failed_openings(self) -> list[datetime]:
        """When somebody tried to open the vault and could not, since this was asked last."""
        return attempts.take(self._file.parent)

    def check_audit(self) -> AuditCheck:
        """Every entry against its seal, and the end of the trail against the head outside the database."""
        return self._thread.write(lambda db: audit.check(db, self._file.parent))

    def audit_head(self) -> str:
        """Code of the last entry."""
        return self._thread.read(audit.head)

    def sign_audit(self, content: bytes) -> AuditSignature:
        """Sign an export of the trail with this vault's own key."""
        return self._thread.write(lambda db: audit.sign(db, content))

    # --- the vault itself ---------------------------------------------------------------------------

    def derived_key(self, purpose: str) -> bytes:
        """32 bytes for sealing something beside the database; the same in every copy of this vault."""
        return slots.derive(self._thread.write(sealing.side_secret), b"", f"side {purpose}")

    def lock(self, parked: bytes = b"") -> None:
        """Close the database and drop its key; the vault stays this program's own. Again changes nothing.

        `parked` is kept sealed under a key that only the database holds, and comes back from reopen().
        """
        if self._thread.closed:
            return
        self._parked = sealing.seal(self.derived_key("parked"), parked)
        self._thread.close()
        VaultFiles(self._file.parent).mark_locked(True)

    def reopen(self, key: bytes) -> bytes:
        """Open it again. Raises what opening raises; it stays locked then."""
        if self._thread.closed:
            self._thread = StoreThread(self._file, key)
        parked, self._parked = self._parked, b""
        return sealing.unseal(self.derived_key("parked"), parked) if parked else b""

    def backup(self, folder: Path, keep: int, at: datetime) -> Backup:
        """Put a verified encrypted copy into a folder, of which the newest `keep` stay. Runs beside the work.

        Raises:
            StorageError: no copy was made; earlier ones are kept.
        """
        return backing_up.make(self._file, self._thread.key, folder, keep, at)

    def close(self) -> None:
        """Finish what was posted and close the database. Safe to call again."""
        self._thread.close()
        closed, self._closed = self._closed, lambda: None
        closed()

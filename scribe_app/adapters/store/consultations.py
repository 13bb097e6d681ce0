"""Rows of consultations, recordings and utterances. Each function runs in the store thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from scribe_app.adapters.store.database import fold
from scribe_app.domain.consultation import Consultation, ConsultationState, Informed, PatientIdentity
from scribe_app.domain.ids import ConsultationId, UtteranceId
from scribe_app.domain.recording import AudioGap, GapReason, Recording
from scribe_app.domain.transcript import RejectedText, SpeakerRole, Transcript, Utterance
from scribe_app.errors import StorageError

_SHORTEST_INDEXED = 3
"""Signs; the search index holds runs of three, so shorter words are looked up row by row."""


def utc_text(moment: datetime) -> str:
    """A time as stored: UTC, always with microseconds, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def save(db: Any, value: Consultation) -> None:
    """Insert or update; never a replacement, which would take the recording and the letters with it."""
    row = {
        "id": value.id,
        "started_at": utc_text(value.started_at),
        "language": value.language,
        "template": value.template,
        "state": value.state.value,
        "patient_name": value.patient.name,
        "date_of_birth": value.patient.date_of_birth,
        "record_number": value.patient.record_number,
        "informed": value.informed.value,
        "notes": value.notes,
        "failure": value.failure,
        "informed_at": None if value.informed_at is None else utc_text(value.informed_at),
        "informed_by": value.informed_by,
        "speakers": value.speakers,
    }
    db.table("consultation").upsert(row, pk="id")


def change(db: Any, id: ConsultationId, change: Callable[[Consultation], Consultation]) -> Consultation:
    """Read, change and write within the caller's transaction."""
    changed = change(one(db, id))
    save(db, changed)
    return changed


def one(db: Any, id: ConsultationId) -> Consultation:
    """Raises StorageError when there is none."""
    for row in db.query("SELECT * FROM consultation WHERE id = ?", [id]):
        return _consultation(row)
    raise _no_such(id)


def find(db: Any, words: str) -> list[Consultation]:
    """All, newest first; with words, those whose patient or spoken text contains them."""
    # NUL would end FTS5's string early, and a lone surrogate has no UTF-8.
    wanted = words.replace("\0", " ").encode(errors="replace").decode().strip()
    if not wanted:
        rows = db.query("SELECT * FROM consultation ORDER BY started_at DESC, id")
        return [_consultation(row) for row in rows]
    spoken, parameters = _spoken(wanted)
    rows = db.query(
        "SELECT * FROM consultation WHERE instr(fold(patient_name), :folded) OR instr(date_of_birth, :typed)"  # noqa: S608 - the only insertion is one of two constants
        " OR instr(replace(record_number, ' ', ''), replace(:typed, ' ', ''))"
        f" OR id IN ({spoken}) ORDER BY started_at DESC, id",
        {"folded": fold(wanted), "typed": wanted, **parameters},
    )
    return [_consultation(row) for row in rows]


def save_recording(db: Any, recording: Recording, epoch: int, wrapped_key: bytes) -> None:
    """Insert or update the recording and write its gaps anew."""
    row = {
        "consultation": recording.consultation,
        "samples": recording.samples,
        "complete": int(recording.complete),
        "epoch": epoch,
        "key": wrapped_key,
    }
    db.table("recording").upsert(row, pk="consultation")
    db.execute("DELETE FROM audio_gap WHERE consultation = ?", [recording.consultation])
    for number, gap in enumerate(recording.gaps):
        db.execute(
            "INSERT INTO audio_gap (consultation, number, position, seconds, reason) VALUES (?, ?, ?, ?, ?)",
            [recording.consultation, number, gap.position, gap.seconds, gap.reason.value],
        )


def recording(db: Any, id: ConsultationId) -> tuple[Recording, int, bytes] | None:
    """The recording with the key that wraps its segments, itself wrapped under a numbered epoch key."""
    gaps = tuple(
        AudioGap(row["position"], row["seconds"], GapReason(row["reason"]))
        for row in db.query("SELECT * FROM audio_gap WHERE consultation = ? ORDER BY number", [id])
    )
    for row in db.query("SELECT * FROM recording WHERE consultation = ?", [id]):
        erased_at = moment(row["erased_at"])
        return (
            Recording(id, row["samples"], gaps, bool(row["complete"]), erased_at),
            row["epoch"],
            bytes(row["key"]),
        )
    return None


def add_utterances(db: Any, id: ConsultationId, window: Sequence[Utterance], until_sample: int) -> None:
    """Append once; the same ids again (after a restarted recogniser) change nothing."""
    for utterance in window:
        _add_utterance(db, id, utterance)
    db.execute(
        "UPDATE consultation SET transcribed_until = max(transcribed_until, ?) WHERE id = ?",
        [until_sample, id],
    )


def _add_utterance(db: Any, id: ConsultationId, utterance: Utterance) -> None:
    db.execute(
        "INSERT INTO utterance"
        " (consultation, id, text, speaker, start, end, confidence, recognised_text, recognised_speaker)"
        " VALUES (:consultation, :id, :text, :speaker, :start, :end, :confidence, :text, :speaker)"
        " ON CONFLICT (consultation, id) DO NOTHING",
        {
            "consultation": id,
            "id": utterance.id,
            "text": utterance.text,
            "speaker": utterance.speaker.value,
            "start": utterance.start,
            "end": utterance.end,
            "confidence": utterance.confidence,
        },
    )


def correct_utterance(db: Any, id: ConsultationId, utterance: Utterance) -> None:
    """New words or speaker; `recognised_text` and `recognised_speaker` keep the recogniser's own."""
    cursor = db.execute(
        "UPDATE utterance SET text = ?, speaker = ?, corrected = 1 WHERE consultation = ? AND id = ?",
        [utterance.text, utterance.speaker.value, id, utterance.id],
    )
    if cursor.rowcount != 1:
        raise StorageError(
            f"There is no utterance {utterance.id} in this consultation.",
            "Nothing was changed.",
            "Open it again.",
        )


def set_speakers(
    db: Any, id: ConsultationId, speakers: Mapping[UtteranceId, SpeakerRole], by_person: bool
) -> None:
    """Who spoke; what a person corrected is left alone unless a person does this too."""
    for utterance, speaker in speakers.items():
        db.execute(
            "UPDATE utterance SET speaker = :speaker, corrected = max(corrected, :by_person)"
            " WHERE consultation = :consultation AND id = :id AND (:by_person OR NOT corrected)",
            {"speaker": speaker.value, "by_person": int(by_person), "consultation": id, "id": utterance},
        )


def set_voices(db: Any, id: ConsultationId, voices: Mapping[UtteranceId, int]) -> None:
    """Which utterances sound alike, in place of what was known."""
    db.execute("UPDATE utterance SET voice = NULL WHERE consultation = ?", [id])
    for utterance, voice in voices.items():
        db.execute("UPDATE utterance SET voice = ? WHERE consultation = ? AND id = ?", [voice, id, utterance])


def corrected(db: Any, id: ConsultationId) -> frozenset[UtteranceId]:
    """Utterances that a person has corrected."""
    rows = db.query("SELECT id FROM utterance WHERE consultation = ? AND corrected", [id])
    return frozenset(UtteranceId(row["id"]) for row in rows)


def add_rejected(db: Any, id: ConsultationId, rejected: RejectedText) -> None:
    """Append once; a recogniser that was started again tells the same."""
    row = {**asdict(rejected), "consultation": id, "reasons": " ".join(rejected.reasons)}
    db.execute(
        "INSERT INTO rejected_text (consultation, start, end, attempt, text, reasons, log_probability,"
        " no_speech, compression, speech) VALUES (:consultation, :start, :end, :attempt, :text, :reasons,"
        " :log_probability, :no_speech, :compression, :speech) ON CONFLICT DO NOTHING",
        row,
    )


def rejected(db: Any, id: ConsultationId) -> tuple[RejectedText, ...]:
    """What the recogniser wrote and its checks did not let stand, in order of time."""
    rows = db.query("SELECT * FROM rejected_text WHERE consultation = ? ORDER BY start, attempt, end", [id])
    return tuple(
        RejectedText(
            text=row["text"],
            start=row["start"],
            end=row["end"],
            attempt=row["attempt"],
            reasons=tuple(row["reasons"].split()),
            log_probability=row["log_probability"],
            no_speech=row["no_speech"],
            compression=row["compression"],
            speech=row["speech"],
        )
        for row in rows
    )


def transcript(db: Any, id: ConsultationId) -> Transcript:
    """All utterances in the order they were said."""
    consultation = one(db, id)
    rows = db.query("SELECT * FROM utterance WHERE consultation = ? ORDER BY row", [id])
    return Transcript(tuple(_utterance(row) for row in rows), consultation.language)


def last_said(db: Any, id: ConsultationId) -> tuple[int, Utterance | None]:
    """How many utterances there are, and the last one that is not of another person; no row more is read."""
    (count,) = db.execute("SELECT count(*) FROM utterance WHERE consultation = ?", [id]).fetchone()
    rows = db.query(
        "SELECT * FROM utterance WHERE consultation = ? AND speaker != ? ORDER BY row DESC LIMIT 1",
        [id, SpeakerRole.OTHER.value],
    )
    return int(count), next((_utterance(row) for row in rows), None)


def transcribed_until(db: Any, id: ConsultationId) -> int:
    """Sample of 16 kHz up to which the transcript is complete; 0 where nothing is known."""
    for row in db.query("SELECT transcribed_until FROM consultation WHERE id = ?", [id]):
        return int(row["transcribed_until"])
    return 0


def _spoken(wanted: str) -> tuple[str, dict[str, str]]:
    if len(wanted) < _SHORTEST_INDEXED:
        # SQLite's own lower() knows A to Z only, and is ten times faster here than fold().
        return "SELECT consultation FROM utterance WHERE instr(lower(text), :lowered)", {
            "lowered": wanted.lower()
        }
    # A quoted FTS5 string is searched as it stands, whatever signs it holds (sqlite.org/fts5.html, 3.1).
    phrase = '"' + wanted.replace('"', '""') + '"'
    return (
        "SELECT u.consultation FROM spoken JOIN utterance u ON u.row = spoken.rowid"
        " WHERE spoken MATCH :phrase",
        {"phrase": phrase},
    )


def _consultation(row: dict[str, Any]) -> Consultation:
    return Consultation(
        id=ConsultationId(row["id"]),
        started_at=datetime.fromisoformat(row["started_at"]),
        language=row["language"],
        template=row["template"],
        state=ConsultationState(row["state"]),
        patient=PatientIdentity(row["patient_name"], row["date_of_birth"], row["record_number"]),
        informed=Informed(row["informed"]),
        notes=row["notes"],
        failure=row["failure"],
        informed_at=moment(row["informed_at"]),
        informed_by=row["informed_by"],
        speakers=row["speakers"],
        transcript_erased_at=moment(row["transcript_erased_at"]),
    )


def moment(text: str | None) -> datetime | None:
    """A time as it was stored."""
    return None if text is None else datetime.fromisoformat(text)


def _utterance(row: dict[str, Any]) -> Utterance:
    return Utterance(
        id=UtteranceId(row["id"]),
        text=row["text"],
        start=row["start"],
        end=row["end"],
        speaker=SpeakerRole(row["speaker"]),
        # Typed words are certain; the recogniser's own confidence stays on record.
        confidence=row["confidence"] if row["text"] == row["recognised_text"] else 1.0,
        voice=row["voice"],
    )


def _no_such(id: ConsultationId) -> StorageError:
    return StorageError(
        f"There is no consultation {id}.",
        "Nothing was changed.",
        "Use the id that was printed when the recording ended.",
    )

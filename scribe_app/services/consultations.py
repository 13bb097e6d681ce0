"""One consultation after the other: record, transcribe, draft; nothing lost on the way."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TypeVar

from scribe_app.domain.consultation import (
    Consultation,
    ConsultationState,
    Informed,
    PatientIdentity,
)
from scribe_app.domain.events import (
    ConsultationFailed,
    Event,
    LevelMeasured,
    PreviewChanged,
    StateChanged,
    TranscriptionProgressed,
)
from scribe_app.domain.ids import ConsultationId, new_consultation_id
from scribe_app.domain.recording import SAMPLE_RATE, Recording
from scribe_app.errors import RecordingError, ScribeError, StorageError, UsageError
from scribe_app.paths import UserFolders
from scribe_app.ports import (
    AudioRecorder,
    AudioSource,
    AuditAction,
    Clock,
    ConsultationStore,
    MicrophoneSource,
    RecordingRequest,
)
from scribe_app.services.events import EventBus
from scribe_app.services.line import Line, LineParts

log = logging.getLogger(__name__)

Result = TypeVar("Result")

RECORDING_KEY_BYTES = 32
UNFINISHED = frozenset(
    {
        ConsultationState.RECORDING,
        ConsultationState.PAUSED,
        ConsultationState.TRANSCRIBING,
        ConsultationState.DRAFTING,
    }
)


@dataclass(frozen=True, slots=True)
class NewConsultation:
    """What is known when Start is pressed."""

    template: str = "soap"
    language: str = "en"
    source: AudioSource = field(default_factory=MicrophoneSource)
    patient: PatientIdentity = field(default_factory=PatientIdentity)
    informed: Informed = Informed.NOT_STATED


class ConsultationService:
    """Starts, pauses and stops consultations and brings interrupted ones back.

    All state changes run one after the other on the coordinator thread: commands wait for their turn there,
    and what the workers report is handled there. Calls may block for about a second and raise ScribeErrors.
    """

    def __init__(
        self,
        parts: LineParts,
        recorder: AudioRecorder,
        folders: UserFolders,
        clock: Clock,
    ) -> None:
        self._parts = parts
        self._store: ConsultationStore = parts.store
        self._bus: EventBus = parts.bus
        self._recorder = recorder
        self._templates = parts.templates
        self._folders = folders
        self._trail = parts.trail
        self._clock = clock
        self._lines: dict[ConsultationId, Line] = {}
        self._coordinator = ThreadPoolExecutor(1, thread_name_prefix="coordinator")
        self._closed = threading.Event()

    # --- commands -----------------------------------------------------------------------------------

    @property
    def active(self) -> ConsultationId | None:
        """The consultation that is being recorded now, paused included."""
        for id, line in tuple(self._lines.items()):
            if line.recording is not None:
                return id
        return None

    def start(self, new: NewConsultation) -> Consultation:
        """Begin a consultation: its key is stored, then the recorder and the engines start."""
        return self._call(lambda: self._start(new))

    def pause(self, id: ConsultationId) -> None:
        """Close the microphone for a while."""
        self._call(lambda: self._line(id).pause())

    def resume(self, id: ConsultationId) -> None:
        """Record again."""
        self._call(lambda: self._line(id).resume())

    def stop(self, id: ConsultationId) -> None:
        """End the recording; the rest of the transcript and the letter follow by themselves."""
        self._call(lambda: self._line(id).stop())

    def write(self, id: ConsultationId, template: str) -> None:
        """Draft a letter from the transcript, the first or another one."""
        self._call(lambda: self._open_line(id).write(self._templates.template(template)))

    def cancel_writing(self, id: ConsultationId) -> None:
        """Stop drafting; what was written so far becomes the draft."""
        self._call(lambda: self._line(id).cancel_writing())

    def set_notes(self, id: ConsultationId, text: str) -> None:
        """Keep the clinician's own notes."""
        self._call(lambda: self._change(id, lambda consultation: replace(consultation, notes=text)))

    def set_patient(self, id: ConsultationId, patient: PatientIdentity) -> None:
        """Say or correct whom the consultation is with."""
        self._call(lambda: self._change(id, lambda consultation: replace(consultation, patient=patient)))

    def set_informed(self, id: ConsultationId, informed: Informed) -> None:
        """Note what the patient was told."""
        self._call(lambda: self._change(id, lambda consultation: replace(consultation, informed=informed)))

    def recover(self) -> list[Consultation]:
        """Bring back what a crash or a power cut interrupted; transcription goes on at the next sample."""
        return self._call(self._recover)

    def audio(self, id: ConsultationId, start: float, end: float) -> bytes:
        """16 kHz mono s16le of [start, end) seconds.

        Raises:
            RecordingError: the audio was deleted, or there never was any.
        """
        held = self._store.recording(id)
        if held is None:
            raise RecordingError("There is no audio for this consultation.", "The transcript is kept.")
        _, key = held
        first, last = int(start * SAMPLE_RATE), int(end * SAMPLE_RATE)
        return self._recorder.read(self._folders.recordings / id, key, first, last)

    def delete(self, id: ConsultationId) -> None:
        """Erase a consultation with its audio, transcript and letters."""
        self._call(lambda: self._delete(id))

    def close(self) -> None:
        """End all work. A running recording is sealed first; unfinished ones come back by recover()."""
        if self._closed.is_set():
            return
        self._closed.set()
        for line in tuple(self._lines.values()):
            line.close()
        self._coordinator.shutdown(wait=True)

    # --- on the coordinator thread ------------------------------------------------------------------

    def _start(self, new: NewConsultation) -> Consultation:
        if self.active is not None:
            raise UsageError(
                "A recording is already running.",
                "It goes on undisturbed.",
                "Stop it before starting the next.",
            )
        template = self._templates.template(new.template)
        consultation = Consultation(
            id=new_consultation_id(),
            started_at=self._clock(),
            language=new.language,
            template=template.name,
            patient=new.patient,
            informed=new.informed,
        )
        line = self._new_line(consultation)  # raises ModelError before anything is stored
        key = secrets.token_bytes(RECORDING_KEY_BYTES)
        folder = self._folders.recordings / consultation.id
        self._store.save_consultation(consultation)
        self._store.save_recording(Recording(consultation.id, 0), key)
        self._trail.note(AuditAction.CREATED, consultation.id)
        self._lines[consultation.id] = line
        line.record(RecordingRequest(consultation.id, folder, key, new.source), self._recorder)
        return line.consultation

    def _recover(self) -> list[Consultation]:
        recovered = []
        for consultation in self._store.consultations():
            if consultation.state not in UNFINISHED or consultation.id in self._lines:
                continue
            try:
                recovered.append(self._recover_one(consultation))
            except ScribeError as error:
                log.warning("consultation %s not recovered: %s", consultation.id, type(error).__name__)
                self._bus.publish(ConsultationFailed(consultation.id, error))
        return recovered

    def _recover_one(self, consultation: Consultation) -> Consultation:
        held = self._store.recording(consultation.id)
        line = self._new_line(consultation)
        self._lines[consultation.id] = line
        self._trail.note(AuditAction.RECOVERED, consultation.id)
        if held is None:
            raise StorageError("An interrupted consultation has no recording.", "Its transcript is kept.")
        _, key = held
        folder = self._folders.recordings / consultation.id
        recording = self._recorder.recover(consultation.id, folder, key)
        line.take_up(recording, key, folder)
        return line.consultation

    def _delete(self, id: ConsultationId) -> None:
        line = self._lines.pop(id, None)
        if line is not None:
            line.abandon()
        self._store.delete_consultation(id)
        folder = self._folders.recordings / id
        for segment in sorted(folder.glob("*")) if folder.exists() else []:
            segment.unlink()
        if folder.exists():
            folder.rmdir()
        self._trail.note(AuditAction.DELETED, id)

    def _change(self, id: ConsultationId, change: Callable[[Consultation], Consultation]) -> None:
        line = self._lines.get(id)
        consultation = change(line.consultation if line else self._store.consultation(id))
        if line is not None:
            line.consultation = consultation
        self._store.save_consultation(consultation)
        self._trail.note(AuditAction.EDITED, id, "fields")
        self._bus.publish(StateChanged(id, consultation.state, consultation))

    def _new_line(self, consultation: Consultation) -> Line:
        return Line(consultation, self._parts, self._post)

    def _line(self, id: ConsultationId) -> Line:
        line = self._lines.get(id)
        if line is None:
            raise UsageError("This consultation is not being recorded.", "Nothing was changed.")
        return line

    def _open_line(self, id: ConsultationId) -> Line:
        """The consultation's line, opened again when it was finished in an earlier run."""
        if id not in self._lines:
            self._lines[id] = self._new_line(self._store.consultation(id))
        return self._lines[id]

    # --- crossing to the coordinator ----------------------------------------------------------------

    def _call(self, work: Callable[[], Result]) -> Result:
        if self._closed.is_set():
            raise UsageError("The program is closing.", "Everything recorded is kept.")
        return self._coordinator.submit(work).result()

    def _post(self, event: Event) -> None:
        """Sink of all workers. Levels and progress go straight to the window; the rest changes state."""
        if isinstance(event, LevelMeasured | PreviewChanged | TranscriptionProgressed):
            self._bus.publish(event)
        elif not self._closed.is_set():
            try:
                self._coordinator.submit(self._handle, event)
            except RuntimeError:
                log.info("event %s after closing", type(event).__name__)

    def _handle(self, event: Event) -> None:
        line = self._lines.get(event.consultation)
        if line is None:
            return
        try:
            line.handle(event)
        except ScribeError as error:
            line.fail(error)
        except Exception as error:  # noqa: BLE001 - boundary: the coordinator must live for the recording
            log.error("coordinator: %s", type(error).__name__)
            line.fail(
                ScribeError(
                    f"Something failed inside the program ({type(error).__name__}).",
                    "Everything recorded and transcribed so far is kept.",
                    "Try again; if it happens again, run scribe doctor.",
                )
            )

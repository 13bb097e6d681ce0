"""One consultation after the other: record, transcribe, draft; nothing lost on the way."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from scribe_app.config import Settings
from scribe_app.domain.consultation import UNFINISHED as UNFINISHED
from scribe_app.domain.consultation import (
    Consultation,
    PatientIdentity,
)
from scribe_app.domain.events import (
    Event,
    LevelMeasured,
    PatientChanged,
    PreviewChanged,
    StateChanged,
    TranscriptionProgressed,
)
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE, Recording
from scribe_app.errors import RecordingError, ScribeError, UsageError
from scribe_app.paths import UserFolders
from scribe_app.ports import (
    AudioRecorder,
    AuditAction,
    Clock,
    ConsultationStore,
    ImportSource,
    RecordingRequest,
)
from scribe_app.services.auditing import AuditTrail
from scribe_app.services.beginning import NewConsultation as NewConsultation
from scribe_app.services.beginning import begun, refuse_objected
from scribe_app.services.coordinator import Coordinator
from scribe_app.services.erasing import Erasing, ErasingWork, audio_gone
from scribe_app.services.events import EventBus
from scribe_app.services.letter_work import LetterWork
from scribe_app.services.line import CLOSING_SECONDS, Line, LineParts
from scribe_app.services.locking import LockableWork
from scribe_app.services.prior_letters import PriorLetters
from scribe_app.services.recovery import Recovery, RecoveryParts

log = logging.getLogger(__name__)

RECORDING_KEY_BYTES = 32


class ConsultationService(LetterWork, LockableWork, ErasingWork):
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
        self._erasing = Erasing(parts.store, parts.trail, folders)
        self._lines: dict[ConsultationId, Line] = {}
        """Only those at work: a finished one is let go, and opened again when it is wanted."""
        self._active: ConsultationId | None = None
        self._to_follow: set[ConsultationId] = set()
        self._recovery = Recovery(
            RecoveryParts(parts.store, recorder, folders, parts.trail, self._lines, self._new_line)
        )
        self._coordinator = Coordinator()
        self._bus.subscribe(self._hear)

    # --- commands -----------------------------------------------------------------------------------

    @property
    def trail(self) -> AuditTrail:
        """In whose name its work is noted."""
        return self._trail

    @property
    def active(self) -> ConsultationId | None:
        """The consultation that is being recorded now, paused included. Any thread may ask."""
        return self._active

    def start(self, new: NewConsultation) -> Consultation:
        """Begin a consultation: its key is stored, then the recorder and the engines start.

        An ImportSource is looked at first, so that nothing is left of a file that cannot be read. It goes
        down the same line, beside a recording that runs; delete() cancels it and keeps nothing.

        Raises:
            AudioFileError: the file cannot be imported.
            ModelError: it could not be transcribed.
            UsageError: a recording is already running.
        """
        if isinstance(new.source, ImportSource):
            self._recorder.file_seconds(new.source.path)
        return self._coordinator.call(lambda: self._start(new))

    def use_settings(self, settings: Settings) -> None:
        """Models, threads and the clinician's name as chosen now, for work that begins from here on."""
        self._coordinator.call(lambda: self._use_settings(settings))

    def pause(self, id: ConsultationId) -> None:
        """Close the microphone for a while."""
        self._coordinator.call(lambda: self._line(id).pause())

    def resume(self, id: ConsultationId) -> None:
        """Record again."""
        self._coordinator.call(lambda: self._line(id).resume())

    def stop(self, id: ConsultationId) -> None:
        """End the recording; the rest of the transcript and the letter follow by themselves."""
        self._coordinator.call(lambda: self._stop(id))

    def set_notes(self, id: ConsultationId, text: str) -> None:
        """Keep the clinician's own notes."""
        self._coordinator.call(
            lambda: self._change(id, lambda consultation: replace(consultation, notes=text))
        )

    def set_patient(self, id: ConsultationId, patient: PatientIdentity) -> None:
        """Say or correct whom the consultation is with."""
        self._coordinator.call(lambda: self._set_patient(id, patient))

    def begin_typed(self, new: NewConsultation, notes: str) -> Consultation:
        """Begin a consultation of which nothing is recorded: its letter is written from typed notes."""
        return self._coordinator.call(lambda: self._begin_typed(new, notes))

    def recover(self) -> list[Consultation]:
        """Bring back what a crash or a power cut interrupted; transcription goes on at the next sample.

        All are there at once, with the seconds lost named. Their transcripts and letters follow one after the
        other, the newest first, while nothing is recorded; Start never waits for any of it.
        """
        interrupted = self._coordinator.call(self._recovery.interrupted)
        back = [self._coordinator.call(partial(self._recovery.bring_back, id)) for id in interrupted]
        self._coordinator.call(self._recovery.take_up_next)
        return [consultation for consultation in back if consultation is not None]

    def audio(self, id: ConsultationId, start: float, end: float) -> bytes:
        """16 kHz mono s16le of [start, end) seconds.

        Raises:
            RecordingError: the audio was deleted, or there never was any.
        """
        held = self._store.recording(id)
        if held is None:
            raise RecordingError("There is no audio for this consultation.", "The transcript is kept.")
        recording, key = held
        if not key:
            raise RecordingError(audio_gone(recording), "The letter is kept.")
        first, last = int(start * SAMPLE_RATE), int(end * SAMPLE_RATE)
        return self._recorder.read(self._folders.recordings / id, key, first, last)

    def close(self) -> None:
        """End all work. A running recording is sealed first; unfinished ones come back by recover()."""
        self._coordinator.close(self._close_lines)

    # --- on the coordinator thread ------------------------------------------------------------------

    def _start(self, new: NewConsultation) -> Consultation:
        refuse_objected(new)
        if not isinstance(new.source, ImportSource):
            self._await_microphone()
        template = self._templates.template(new.template)
        consultation = begun(new, template.name, self._clock(), self._trail.user)
        line = self._new_line(consultation)
        line.check_models()  # before anything is stored
        if not isinstance(new.source, ImportSource):
            self._recovery.give_way()
        key = secrets.token_bytes(RECORDING_KEY_BYTES)
        folder = self._folders.recordings / consultation.id
        self._store.save_consultation(consultation)
        self._store.save_recording(Recording(consultation.id, 0), key)
        self._trail.note(AuditAction.CREATED, consultation.id)
        self._keep_prior(consultation.id, new)
        self._lines[consultation.id] = line
        try:
            request = RecordingRequest(consultation.id, folder, key, new.source)
            line.record(request, self._recorder)
        except ScribeError as error:
            line.abandon()  # who is told that it did not start must not be recorded
            line.fail(error)
            raise
        finally:
            self._settle(consultation.id)
        return line.consultation

    def _use_settings(self, settings: Settings) -> None:
        engines = replace(self._parts.engines, settings=settings)
        self._parts = replace(self._parts, settings=settings, engines=engines)

    def _stop(self, id: ConsultationId) -> None:
        self._line(id).stop()
        self._settle(id)

    def _await_microphone(self) -> None:
        """A recording that was told to stop may still hold the microphone for a moment.

        Raises:
            UsageError: one is running.
        """
        for line in self._lines.values():
            if line.recording is None or line.imports:
                continue
            if not line.stopping:
                raise UsageError(
                    "A recording is already running.",
                    "It goes on undisturbed.",
                    "Stop it before starting the next.",
                )
            line.recording.join(CLOSING_SECONDS)

    def _begin_typed(self, new: NewConsultation, notes: str) -> Consultation:
        template = self._templates.template(new.template)
        consultation = replace(begun(new, template.name, self._clock(), self._trail.user), notes=notes)
        self._store.save_consultation(consultation)
        self._trail.note(AuditAction.CREATED, consultation.id, "typed")
        self._keep_prior(consultation.id, new)
        line = self._lines[consultation.id] = self._new_line(consultation)
        try:
            line.write(template)
        finally:
            self._settle(consultation.id)
        return line.consultation

    def _keep_prior(self, id: ConsultationId, new: NewConsultation) -> None:
        for letter in new.prior:
            PriorLetters(self._store, self._trail).add(id, letter)

    def _close_lines(self) -> None:
        for line in self._lines.values():
            line.close()

    def _set_patient(self, id: ConsultationId, patient: PatientIdentity) -> None:
        before = self._store.consultation(id)
        after = self._change(id, lambda now: replace(now, patient=patient))
        if after.patient != before.patient:
            self._bus.publish(PatientChanged(id, before, after))

    def _change(
        self,
        id: ConsultationId,
        change: Callable[[Consultation], Consultation],
        action: AuditAction = AuditAction.EDITED,
        detail: str = "fields",
    ) -> Consultation:
        consultation = self._store.change_consultation(id, change)
        if id in self._lines:
            self._lines[id].consultation = consultation
        self._trail.note(action, id, detail)
        self._bus.publish(StateChanged(id, consultation.state, consultation))
        return consultation

    def _settle(self, id: ConsultationId) -> None:
        """After every step: let a line go that has nothing more to do, and say who is recorded now."""
        line = self._lines.get(id)
        if line is not None and line.idle:
            del self._lines[id]
            self._recovery.forget(id)
        self._active = next((id for id, line in self._lines.items() if line.is_recording), None)
        self._recovery.take_up_next()

    def _has_audio(self, id: ConsultationId) -> bool:
        held = self._store.recording(id)
        return held is not None and bool(held[1])

    def _new_line(self, consultation: Consultation) -> Line:
        return Line(consultation, self._parts, self._post)

    def _line(self, id: ConsultationId) -> Line:
        line = self._lines.get(id)
        if line is None:
            raise UsageError("This consultation is not being recorded.", "Nothing was changed.")
        return line

    # --- what the workers report -------------------------------------------------------------------

    def _post(self, event: Event) -> None:
        """Sink of all workers. Levels and progress go straight to the window; the rest changes state."""
        if isinstance(event, LevelMeasured | PreviewChanged | TranscriptionProgressed):
            if event.consultation in self._lines:
                self._bus.publish(event)
        else:
            self._coordinator.post(lambda: self._handle(event))

    def _handle(self, event: Event) -> None:
        line = self._lines.get(event.consultation)
        if line is None or self.waits_with(event):
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
        self._settle(event.consultation)

"""One consultation's way from microphone to letter, as a state machine fed with events."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from scribe_app.config import Settings
from scribe_app.domain.consultation import Consultation, ConsultationState, may_follow
from scribe_app.domain.events import (
    ConsultationFailed,
    DrafterReady,
    DraftFinished,
    Event,
    FactsCorrected,
    GapRecorded,
    MemoryGrown,
    RecordingClosed,
    RecordingPaused,
    RecordingResumed,
    SectionDrafted,
    StateChanged,
    StatementDrafted,
    StatementJudged,
    TextRejected,
    TranscriptionFinished,
    TranscriptionProgressed,
    UtteranceSettled,
    VoicesTold,
    WindowTaken,
    WorkerFailed,
    WorkerKind,
)
from scribe_app.domain.recording import Recording
from scribe_app.domain.template import LetterTemplate
from scribe_app.errors import EngineError, ScribeError, StorageError, UsageError
from scribe_app.ports import (
    ActiveRecording,
    AudioRecorder,
    AuditAction,
    Clock,
    ConsultationStore,
    EventSink,
    ImportSource,
    RecordingRequest,
    TemplateLibrary,
)
from scribe_app.services.auditing import AuditTrail
from scribe_app.services.checking import Checked
from scribe_app.services.engines import EngineParts, Engines
from scribe_app.services.events import EventBus
from scribe_app.services.letter_work import LetterLine, SaidCorrected
from scribe_app.services.locking import LockableLine
from scribe_app.services.several_letters import SeveralLetters
from scribe_app.services.transcribing import Transcribing
from scribe_app.services.voices import Voices
from scribe_app.services.writing import Writing

log = logging.getLogger(__name__)

CLOSING_SECONDS = 3.0

S = ConsultationState


@dataclass(frozen=True, slots=True)
class LineParts:
    """What every line works with."""

    store: ConsultationStore
    engines: EngineParts
    templates: TemplateLibrary
    settings: Settings
    bus: EventBus
    trail: AuditTrail
    clock: Clock = field(default=lambda: datetime.now(UTC))


class Line(LetterLine, LockableLine):
    """Recorder, transcriber and drafter of one consultation. All calls come from the coordinator thread."""

    def __init__(self, consultation: Consultation, parts: LineParts, sink: EventSink) -> None:
        self.consultation = consultation
        self.recording: ActiveRecording | None = None
        self.stopping = False
        """Whether the recording has been told to end."""
        self.imports = False
        """Whether it is a file that comes in, which needs no microphone and disturbs no recording."""
        self._parts, self._sink = parts, sink
        self._recorder: AudioRecorder | None = None
        self._request: RecordingRequest | None = None
        self._recording_ended = False
        self._wanted: LetterTemplate | None = None
        self._engines = Engines(consultation, parts.engines, sink)
        engines, store = parts.engines, parts.store
        self._voices = Voices(consultation.id, engines.voices, engines.models, sink, consultation.speakers)
        self._transcribing = Transcribing(consultation, self._engines, store, parts.bus, self._voices, sink)
        several = SeveralLetters(store, parts.templates, parts.clock)
        self._writing = Writing(consultation, self._engines, parts, several, sink)
        self._before_writing = consultation.state
        self._handlers: dict[type[Event], Callable[..., None]] = {
            RecordingPaused: self._on_paused,
            RecordingResumed: self._on_resumed,
            RecordingClosed: self._on_recording_closed,
            UtteranceSettled: self._transcribing.on_utterance,
            WindowTaken: self._transcribing.on_window,
            MemoryGrown: self._transcribing.on_memory_grown,
            TextRejected: self._transcribing.on_rejected,
            TranscriptionFinished: self._on_transcribed,
            VoicesTold: self._transcribing.on_voices,
            DrafterReady: self._writing.on_ready,
            StatementDrafted: self._writing.on_statement,
            SectionDrafted: self._writing.on_section,
            StatementJudged: self._writing.on_judged,
            TranscriptionProgressed: self._on_progressed,
            DraftFinished: self._on_draft_finished,
            WorkerFailed: self._on_worker_failed,
            Checked: lambda event: event.take(),
            FactsCorrected: lambda _: self._writing.on_facts_corrected(),
            SaidCorrected: lambda _: self._writing.on_said_corrected(),
        }

    @property
    def is_recording(self) -> bool:
        """Whether it is being recorded now, paused included."""
        return self.recording is not None and not self.stopping and not self.imports

    @property
    def idle(self) -> bool:
        """Whether nothing is under way, so that this line may be let go."""
        writes = self._engines.busy or self._writing.under_way
        judges = self._voices.asked or self._transcribing.judging
        return self.recording is None and not (writes or judges)

    # --- commands -----------------------------------------------------------------------------------

    def check_models(self) -> None:
        """Raises ModelError when this consultation could not be transcribed."""
        self._engines.check_models()

    def record(self, request: RecordingRequest, recorder: AudioRecorder) -> None:
        """Open the microphone or the file, listen and read along. Raises what the recorder's start raises."""
        self._recorder, self._request = recorder, request
        self.imports = isinstance(request.source, ImportSource)
        self.recording = recorder.start(request, self._sink)
        self._go(S.TRANSCRIBING if self.imports else S.RECORDING)
        self._parts.trail.note(AuditAction.RECORDED, self.consultation.id, "imported" if self.imports else "")
        self._transcribing.start(request.folder, request.key)
        self._read_along()

    def _read_along(self) -> None:
        try:
            self._engines.start_drafting()
        except ScribeError as error:
            self._on_drafting_failed(error)

    def bring_back(self, recording: Recording, key: bytes) -> None:
        """Know after an interruption what the journal holds, and name what is missing."""
        self._parts.store.save_recording(recording, key)
        for gap in recording.gaps:
            self._parts.bus.publish(GapRecorded(self.consultation.id, gap))
        self._go(S.TRANSCRIBING)

    def return_to_review(self) -> None:
        """The letters that there are stay as they are."""
        self._go(S.IN_REVIEW)

    def take_up(self, key: bytes, folder: Path, template: LetterTemplate | None = None) -> None:
        """Go on with a recording that has ended, to a letter after this template."""
        self._recording_ended, self._wanted = True, template
        self._go(S.TRANSCRIBING)
        try:
            self._transcribing.take_up(folder, key)
        except ScribeError as error:
            self.fail(error)

    def pause(self) -> None:
        """Close the microphone for a while."""
        self._recorded().pause()

    def resume(self) -> None:
        """Open the microphone again."""
        self._recorded().resume()

    def stop(self) -> None:
        """End the recording; RecordingClosed comes when the last record is sealed. Again changes nothing."""
        if self.recording is None or self.stopping:
            return
        self.stopping = True
        self.recording.stop()
        if not self.locked:  # otherwise when RecordingClosed is handled, after unlocking
            self._go(S.TRANSCRIBING)

    def fail(self, error: ScribeError) -> None:
        """Say what went wrong. A running recording goes on: the rest is taken up again after Stop."""
        log.warning("consultation %s: %s", self.consultation.id, type(error).__name__)
        if self.recording is not None:
            self._engines.end_transcribing()
        else:
            self._end_work()
            try:
                self._go(S.FAILED, str(error))
            except StorageError:  # the window must hear of it even when the vault cannot keep it
                self.consultation = replace(self.consultation, state=S.FAILED, failure=str(error))
                self._parts.bus.publish(StateChanged(self.consultation.id, S.FAILED, self.consultation))
        self._parts.bus.publish(ConsultationFailed(self.consultation.id, error))

    def abandon(self) -> None:
        """End all work on this consultation at once."""
        self._end_work()
        if self.recording is not None:
            self.recording.kill()
            self.recording.join(CLOSING_SECONDS)
            self.recording = None

    def close(self) -> None:
        """The program ends: seal the recording, end the engines; recover() brings the rest back."""
        if self.recording is not None:
            self.recording.stop()
            self.recording.join(CLOSING_SECONDS)
        self._end_work()

    def _end_work(self) -> None:
        self._writing.drop()
        self._transcribing.end_judging()
        self._engines.end()
        self._voices.end()

    # --- recording ----------------------------------------------------------------------------------

    def handle(self, event: Event) -> None:
        """Take an event of a worker into account and pass it on, checked where that is due."""
        handler = self._handlers.get(type(event))
        if handler is None:
            self._parts.bus.publish(event)
        else:
            handler(event)

    def _on_paused(self, event: RecordingPaused) -> None:
        self._parts.bus.publish(event)
        if self.consultation.state is S.RECORDING:  # Stop may have been pressed since
            self._go(S.PAUSED)

    def _on_resumed(self, event: RecordingResumed) -> None:
        self._parts.bus.publish(event)
        if self.consultation.state is S.PAUSED:
            self._go(S.RECORDING)

    def _on_recording_closed(self, event: RecordingClosed) -> None:
        if self._recording_ended:
            return
        self.recording = None
        self._recording_ended = True
        assert self._request is not None
        self._parts.store.save_recording(event.recording, self._request.key)
        self._parts.bus.publish(event)
        self._go(S.TRANSCRIBING)
        self._transcribing.finish()

    def _on_recorder_failed(self, error: ScribeError) -> None:
        """The microphone is lost for good: keep what is sealed and go on to the letter with it."""
        if self._recording_ended:
            self._parts.bus.publish(ConsultationFailed(self.consultation.id, error))
            return
        self.recording = None
        assert self._recorder is not None
        assert self._request is not None
        recording = _sealed(self._recorder, self._request)
        if recording.samples == 0:
            self.fail(error)
            return
        self._parts.bus.publish(ConsultationFailed(self.consultation.id, error))
        self._on_recording_closed(RecordingClosed(self.consultation.id, recording))

    # --- transcript ---------------------------------------------------------------------------------

    def _on_progressed(self, event: TranscriptionProgressed) -> None:
        """Reading along gives way while speech recognition is behind: both would only slow each other."""
        self._engines.pace_reading(event.recorded_samples - event.done_samples)
        self._parts.bus.publish(event)

    def _on_transcribed(self, event: TranscriptionFinished) -> None:
        self._engines.end_transcribing()
        self._parts.bus.publish(event)
        transcript = self._parts.store.transcript(self.consultation.id)
        if not transcript.utterances and self._wanted is None:
            raise EngineError(
                "No speech was heard in this recording.",
                "The recording is kept.",
                "Check the microphone and record again, or ask for the letter and type it.",
            )
        self._transcribing.settle_speakers(transcript, self._write_wanted)

    def _write_wanted(self) -> None:
        self.write(self._wanted or self._parts.templates.template(self.consultation.template))

    # --- parts --------------------------------------------------------------------------------------

    def _on_worker_failed(self, event: WorkerFailed) -> None:
        log.warning("worker %s failed: %s", event.worker, type(event.error).__name__)
        {
            WorkerKind.RECORDER: self._on_recorder_failed,
            WorkerKind.SPEECH: self._transcribing.on_failed,
            WorkerKind.DRAFTING: self._on_drafting_failed,
        }[event.worker](event.error)

    def _recorded(self) -> ActiveRecording:
        if self.recording is None or self.stopping:
            raise UsageError("This consultation is not being recorded.", "Nothing was changed.")
        return self.recording

    def _go(self, state: ConsultationState, failure: str = "") -> None:
        before = self.consultation.state
        if state is before and state is not S.FAILED:
            return
        if not may_follow(before, state):
            log.warning("unexpected step %s to %s", before, state)
        id = self.consultation.id
        self.consultation = self._parts.store.change_consultation(
            id, lambda now: replace(now, state=state, failure=failure)
        )
        self._parts.bus.publish(StateChanged(id, state, self.consultation))


def _sealed(recorder: AudioRecorder, request: RecordingRequest) -> Recording:
    """What a dead recorder left behind; nothing where that cannot be read."""
    try:
        return recorder.recover(request.consultation, request.folder, request.key)
    except ScribeError as error:
        log.warning("nothing recovered for %s: %s", request.consultation, type(error).__name__)
        return Recording(request.consultation, 0)

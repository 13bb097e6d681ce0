"""One consultation's way from microphone to letter, as a state machine fed with events."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from scribe_app.config import Settings
from scribe_app.domain.consultation import Consultation, ConsultationState, may_follow
from scribe_app.domain.events import (
    ConsultationFailed,
    DrafterReady,
    DraftFinished,
    Event,
    GapRecorded,
    LetterReady,
    RecordingClosed,
    RecordingPaused,
    RecordingResumed,
    SectionDrafted,
    StateChanged,
    StatementDrafted,
    TranscriptionFinished,
    UtteranceSettled,
    WorkerFailed,
    WorkerKind,
)
from scribe_app.domain.recording import Recording
from scribe_app.domain.template import LetterTemplate
from scribe_app.domain.topics import guess_roles
from scribe_app.domain.transcript import SpeakerRole, Utterance
from scribe_app.errors import EngineError, ModelError, ScribeError, UsageError
from scribe_app.ports import (
    ActiveRecording,
    AudioRecorder,
    AuditAction,
    ConsultationStore,
    EventSink,
    RecordingRequest,
    TemplateLibrary,
)
from scribe_app.services.auditing import AuditTrail
from scribe_app.services.drafting import Clinician, LetterDraft
from scribe_app.services.engines import NO_DRAFTING_MODEL, EngineParts, Engines
from scribe_app.services.events import EventBus

log = logging.getLogger(__name__)

SPEECH_RESTARTS = 1
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


class Line:
    """Recorder, transcriber and drafter of one consultation. All calls come from the coordinator thread."""

    def __init__(
        self,
        consultation: Consultation,
        parts: LineParts,
        sink: EventSink,
    ) -> None:
        self.consultation = consultation
        self._parts = parts
        self._sink = sink
        self.recording: ActiveRecording | None = None
        self._recorder: AudioRecorder | None = None
        self._engines = Engines(consultation, parts.engines, sink)
        self._request: RecordingRequest | None = None
        self._recording_ended = False
        self._speech_failures = 0
        self._draft: LetterDraft | None = None
        self._drafter = DrafterReady(consultation.id, NO_DRAFTING_MODEL, "", "")
        self._handlers: dict[type[Event], Callable[..., None]] = {
            RecordingPaused: lambda _: self._go(S.PAUSED),
            RecordingResumed: lambda _: self._go(S.RECORDING),
            RecordingClosed: self._on_recording_closed,
            GapRecorded: self._on_gap,
            UtteranceSettled: self._on_utterance,
            TranscriptionFinished: self._on_transcribed,
            DrafterReady: self._on_drafter_ready,
            StatementDrafted: self._on_statement,
            SectionDrafted: self._on_section,
            DraftFinished: self._on_draft_finished,
            WorkerFailed: self._on_worker_failed,
        }

    # --- commands -----------------------------------------------------------------------------------

    def record(self, request: RecordingRequest, recorder: AudioRecorder) -> None:
        """Open the microphone, listen along and read along."""
        self._recorder, self._request = recorder, request
        self.recording = recorder.start(request, self._sink)
        self._go(S.RECORDING)
        self._engines.start_transcribing(request.folder, request.key)
        self._engines.start_drafting()
        self._parts.trail.note(AuditAction.RECORDED, self.consultation.id)

    def take_up(self, recording: Recording, key: bytes, folder: Path) -> None:
        """Go on after an interruption with what the journal still holds."""
        self._recording_ended = True
        self._parts.store.save_recording(recording, key)
        for gap in recording.gaps:
            self._parts.bus.publish(GapRecorded(self.consultation.id, gap))
        self._go(S.FAILED, quiet=True)
        self._go(S.TRANSCRIBING)
        self._request = RecordingRequest(self.consultation.id, folder, key)
        self._engines.start_transcribing(folder, key)
        self._engines.finish_transcribing()

    def pause(self) -> None:
        """Close the microphone for a while."""
        self._recorded().pause()

    def resume(self) -> None:
        """Open the microphone again."""
        self._recorded().resume()

    def stop(self) -> None:
        """End the recording; RecordingClosed comes when the last record is sealed."""
        self._recorded().stop()
        self._go(S.TRANSCRIBING)

    def write(self, template: LetterTemplate, sections: tuple[str, ...] = ()) -> None:
        """Draft one letter from the transcript as it stands."""
        if self._draft is not None and not sections:
            raise UsageError("A letter is being written.", "It goes on.", "Wait for it, or cancel it first.")
        if not sections:
            transcript = self._parts.store.transcript(self.consultation.id)
            clinician = Clinician(self._parts.settings.clinician_name, self._parts.settings.clinician_role)
            self._draft = LetterDraft(
                self.consultation, template, transcript, clinician, self._engines.speech_model.id
            )
            self._go(S.DRAFTING)
        assert self._draft is not None
        self._engines.write(template, self._draft.transcript, self.consultation.notes, sections)

    def cancel_writing(self) -> None:
        """Stop the drafter; DraftFinished follows with what there is."""
        if self._draft is not None:
            self._engines.cancel_writing()

    def fail(self, error: ScribeError) -> None:
        """Say what went wrong and stay recoverable."""
        log.warning("consultation %s: %s", self.consultation.id, type(error).__name__)
        self._draft = None
        self.consultation = replace(self.consultation, failure=str(error))
        self._go(S.FAILED)
        self._parts.bus.publish(ConsultationFailed(self.consultation.id, error))

    def abandon(self) -> None:
        """End all work on this consultation at once."""
        if self.recording is not None:
            self.recording.kill()
        self._engines.end()

    def close(self) -> None:
        """The program ends: seal the recording, end the engines; recover() brings the rest back."""
        if self.recording is not None:
            self.recording.stop()
            self.recording.join(CLOSING_SECONDS)
        self._engines.end()

    # --- events -------------------------------------------------------------------------------------

    def handle(self, event: Event) -> None:
        """Take an event of a worker into account and pass it on, checked where that is due."""
        handler = self._handlers.get(type(event))
        if handler is None:
            self._parts.bus.publish(event)
        else:
            handler(event)

    def _on_gap(self, event: GapRecorded) -> None:
        self._parts.bus.publish(event)

    def _on_recording_closed(self, event: RecordingClosed) -> None:
        self.recording = None
        self._recording_ended = True
        self._keep_recording(event.recording)
        self._parts.bus.publish(event)
        if self.consultation.state is not S.TRANSCRIBING:  # a played file ends by itself
            self._go(S.TRANSCRIBING)
        self._engines.finish_transcribing()

    def _keep_recording(self, recording: Recording) -> None:
        held = self._parts.store.recording(self.consultation.id)
        if held is not None:
            self._parts.store.save_recording(recording, held[1])

    def _on_utterance(self, event: UtteranceSettled) -> None:
        utterance = self._with_role(event.utterance)
        self._parts.store.add_utterance(self.consultation.id, utterance, event.until_sample)
        self._engines.read([utterance])
        self._parts.bus.publish(replace(event, utterance=utterance))

    def _with_role(self, utterance: Utterance) -> Utterance:
        """A first guess at who speaks; the whole transcript decides at the end."""
        if utterance.speaker is not SpeakerRole.UNKNOWN:
            return utterance
        so_far = self._parts.store.transcript(self.consultation.id)
        guessed = guess_roles(replace(so_far, utterances=(*so_far.utterances, utterance)))
        return guessed.utterances[-1]

    def _on_transcribed(self, event: TranscriptionFinished) -> None:
        self._parts.bus.publish(event)
        transcript = self._parts.store.transcript(self.consultation.id)
        if not transcript.utterances:
            raise EngineError(
                "No speech was heard in this recording.",
                "The recording is kept.",
                "Check the microphone, then record again or type the letter.",
            )
        self._settle_roles()
        self.write(self._parts.templates.template(self.consultation.template))

    def _settle_roles(self) -> None:
        """Who spoke, judged over the whole transcript; utterances whose role changes are told anew."""
        id = self.consultation.id
        before = self._parts.store.transcript(id)
        unknown = tuple(replace(utterance, speaker=SpeakerRole.UNKNOWN) for utterance in before)
        after = guess_roles(replace(before, utterances=unknown))
        until = self._parts.store.transcribed_until(id)
        for old, new in zip(before, after, strict=True):
            if old.speaker is not new.speaker:
                self._parts.store.correct_utterance(id, new)
                self._parts.bus.publish(UtteranceSettled(id, new, until))

    def _on_drafter_ready(self, event: DrafterReady) -> None:
        self._drafter = event
        self._parts.bus.publish(event)

    def _on_statement(self, event: StatementDrafted) -> None:
        if self._draft is not None:
            checked = self._draft.add(event.section, event.statement)
            self._parts.bus.publish(replace(event, statement=checked))

    def _on_section(self, event: SectionDrafted) -> None:
        if self._draft is not None:
            self._draft.close_section(event.section)
            self._parts.bus.publish(event)

    def _on_draft_finished(self, event: DraftFinished) -> None:
        if self._draft is None:
            return
        letter = self._draft.finish(self._drafter, event.read_until)
        self._draft = None
        self._parts.store.save_letter(letter)
        self._parts.trail.note(AuditAction.DRAFTED, self.consultation.id, letter.template)
        self._parts.bus.publish(event)
        self._go(S.IN_REVIEW)
        self._parts.bus.publish(LetterReady(self.consultation.id, letter))
        self._engines.release_drafting()

    def _on_worker_failed(self, event: WorkerFailed) -> None:
        log.warning("worker %s failed: %s", event.worker, type(event.error).__name__)
        {
            WorkerKind.RECORDER: self._on_recorder_failed,
            WorkerKind.SPEECH: self._on_speech_failed,
            WorkerKind.DRAFTING: self._on_drafting_failed,
        }[event.worker](event.error)

    def _on_recorder_failed(self, error: ScribeError) -> None:
        """The microphone is lost for good: keep what is sealed and go on to the letter with it."""
        self.recording = None
        assert self._recorder is not None
        assert self._request is not None
        recording = self._recorder.recover(self.consultation.id, self._request.folder, self._request.key)
        if recording.samples == 0:
            self.abandon()
            self.fail(error)
            return
        self._parts.bus.publish(ConsultationFailed(self.consultation.id, error))
        self._on_recording_closed(RecordingClosed(self.consultation.id, recording))

    def _on_speech_failed(self, error: ScribeError) -> None:
        """Once more at the same sample, then give up; the recording goes on either way."""
        self._speech_failures += 1
        if self._speech_failures > SPEECH_RESTARTS or isinstance(error, ModelError) or self._request is None:
            self._parts.bus.publish(ConsultationFailed(self.consultation.id, error))
            if self._recording_ended:
                self.fail(error)
            return
        self._engines.start_transcribing(self._request.folder, self._request.key)
        if self._recording_ended:
            self._engines.finish_transcribing()

    def _on_drafting_failed(self, error: ScribeError) -> None:
        """What was written stays; the rest of the letter quotes what was said."""
        had_model = self._engines.without_drafting_model()
        if self._draft is None:
            return
        if not had_model:
            self.fail(error)
            return
        self._parts.bus.publish(
            ConsultationFailed(
                self.consultation.id,
                EngineError(
                    error.title, "The rest of the letter quotes what was said.", "Draft it again if you like."
                ),
            )
        )
        self._draft.forget_unfinished()
        self.write(self._draft.template, self._draft.missing)

    # --- parts --------------------------------------------------------------------------------------

    def _recorded(self) -> ActiveRecording:
        if self.recording is None:
            raise UsageError("This consultation is not being recorded.", "Nothing was changed.")
        return self.recording

    def _go(self, state: ConsultationState, quiet: bool = False) -> None:
        if state is self.consultation.state:
            return
        if not may_follow(self.consultation.state, state):
            log.warning("unexpected step %s to %s", self.consultation.state, state)
        self.consultation = replace(self.consultation, state=state)
        self._parts.store.save_consultation(self.consultation)
        if not quiet:
            self._parts.bus.publish(StateChanged(self.consultation.id, state, self.consultation))

"""Start, pause, stop, and what is heard meanwhile."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Slot

from scribe_app.domain.consultation import Consultation, ConsultationState, Informed
from scribe_app.domain.events import (
    CaptureWarned,
    ConsultationFailed,
    Event,
    GapRecorded,
    LevelMeasured,
    PaceChanged,
    PreviewChanged,
    RecordingClosed,
    StateChanged,
    TranscriptionFinished,
    TranscriptionProgressed,
    UtteranceSettled,
    WorkerFailed,
)
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.pace import Pace, full_words, short_words
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.errors import ScribeError
from scribe_app.language import later, tr
from scribe_app.ports import MicrophoneSource
from scribe_app.services.application import Application
from scribe_app.services.consultations import NewConsultation
from scribe_app.ui import capture_warnings, controls, moments
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.screen import LIVE, WORKING, Screen
from scribe_app.ui.window import TITLE, MainWindow

S = ConsultationState
RECENT = 50
"""Events kept for a consultation that is read from the store while they arrive."""
SLOW = "slow"
START, OBJECTED = later("Start (Ctrl+R)"), later("The patient objected to recording")
READY_TEACHING = later(
    "Press Start recording (Ctrl+R). What is said appears here while you talk.\n\nThe patient's "
    "name can wait. Tell the patient that you record: the words stay on this computer."
)
LISTENING_TEACHING = later("Listening. The first words appear after a few seconds.")
ERASED_TEACHING = later("The transcript was erased on {day}. The letter stays, without what it rests on.")
OBJECTED_TEACHING = later(
    "The patient objected, so nothing is recorded.\n\nType your notes; the letter can be written from them."
)
NOTHING_TEACHING = later("Nothing was said in this recording, or nothing could be heard.")


class RecordingPresenter(QObject):
    """Carries wishes to ConsultationService, and its events to header, transcript and notes."""

    def __init__(self, window: MainWindow, application: Application, bridge: Bridge, screen: Screen) -> None:
        super().__init__(window)
        self._window, self._application = window, application
        self._bridge, self._screen = bridge, screen
        self._starting = False
        self._paces: dict[ConsultationId, PaceChanged] = {}
        self._recent: deque[UtteranceSettled | GapRecorded] = deque(maxlen=RECENT)
        self._handlers: dict[type[Event], Callable[..., None]] = {
            StateChanged: self._on_state,
            LevelMeasured: self._on_level,
            UtteranceSettled: self._on_utterance,
            PreviewChanged: self._on_preview,
            GapRecorded: self._on_gap,
            TranscriptionProgressed: self._on_progress,
            PaceChanged: self._on_pace,
            TranscriptionFinished: self._on_transcribed,
            RecordingClosed: self._on_closed,
            CaptureWarned: self._on_warning,
            ConsultationFailed: self._on_failed,
            WorkerFailed: self._on_failed,
        }
        header, notes = window.header, window.notes
        bridge.happened.connect(self.on_event)
        screen.shown.connect(self._show_all)
        screen.changed.connect(self._show_header)
        header.start_wanted.connect(self.start)
        header.pause_wanted.connect(self.pause)
        header.resume_wanted.connect(self.resume)
        header.stop_wanted.connect(self.stop)
        notes.notes_changed.connect(self._notes_changed)
        notes.utterance_wanted.connect(self._show_utterance)
        window.transcript.list.follows.connect(self._offer_latest)
        window.transcript.latest.clicked.connect(self._go_to_latest)

    # --- wishes -------------------------------------------------------------------------------------

    @Slot()
    def start(self) -> None:
        """Begin the consultation on screen with the chosen microphone."""
        if self._screen.consultation is not None or not self._startable():
            return
        if self._window.identity.isVisible():
            self._screen.set_visit(*self._window.identity.entered())
            self._window.identity.hide()
        if self._screen.informed is Informed.OBJECTED:
            return
        template = self._window.notes.template.currentData() or self._screen.settings.template
        microphone = MicrophoneSource(self._screen.settings.microphone)
        visit, language = self._screen.visit, self._screen.settings.language
        known = (visit.patient, visit.informed, visit.prior, visit.speakers)
        self.start_with(NewConsultation(template, language, microphone, *known))

    def start_with(self, new: NewConsultation) -> None:
        """Begin a given consultation; the demonstration plays a file."""
        self._starting = True
        self._show_header()
        service = self._application.consultations
        self._bridge.run_at_once(lambda: service.start(new), self._started, self._not_started)

    @Slot()
    def pause_or_resume(self) -> None:
        """One key for both."""
        if self._screen.state is S.PAUSED:
            self.resume()
        elif self._screen.state is S.RECORDING:
            self.pause()

    @Slot()
    def pause(self) -> None:
        """Close the microphone for a while."""
        if self._screen.id is not None:
            self._bridge.run_at_once(partial(self._application.consultations.pause, self._screen.id))

    @Slot()
    def resume(self) -> None:
        """Go on."""
        if self._screen.id is not None:
            self._bridge.run_at_once(partial(self._application.consultations.resume, self._screen.id))

    @Slot()
    def stop(self) -> None:
        """End the recording; the letter follows."""
        if self._screen.id is not None and self._screen.state in LIVE:
            self._window.notes.flush()
            self._bridge.run_at_once(partial(self._application.consultations.stop, self._screen.id))

    # --- outcomes -----------------------------------------------------------------------------------

    def _started(self, consultation: Consultation) -> None:
        self._starting = False
        notes = self._window.notes.notes.toPlainText()
        self._screen.note_recording(consultation)
        self._screen.show_started(consultation)
        if notes:
            self._window.notes.notes.setPlainText(notes)
            self._window.notes.flush()

    def _not_started(self, error: ScribeError) -> None:
        self._starting = False
        self._show_header()
        self._window.banner.show_error(error)

    def _notes_changed(self, text: str) -> None:
        id = self._screen.id
        if id is not None:
            self._bridge.run(lambda: self._application.consultations.set_notes(id, text))

    def _show_utterance(self, id: int) -> None:
        self._window.transcript.list.show_utterances([id])

    @Slot()
    def _go_to_latest(self) -> None:
        self._window.transcript.list.follow()

    @Slot()
    def _offer_latest(self) -> None:
        transcript = self._window.transcript
        transcript.latest.setVisible(self._screen.state in LIVE and not transcript.list.following)

    # --- the screen ---------------------------------------------------------------------------------

    def _startable(self) -> bool:
        return not self._starting and self._screen.recording is None

    @Slot()
    def _show_all(self) -> None:
        """Another consultation is on screen."""
        screen, window = self._screen, self._window
        loaded = screen.loaded
        utterances = loaded.transcript.utterances if loaded else ()
        transcript = window.transcript.list
        transcript.transcript.reset(utterances, loaded.gaps if loaded else ())
        transcript.follow(screen.state in LIVE)
        if screen.state not in LIVE:
            transcript.scrollToTop()
        for event in tuple(self._recent):
            self._show_heard(event)
        window.notes.show_notes(screen.consultation.notes if screen.consultation else "")
        window.header.meter.clear()
        window.identity.hide()
        window.banner.drop_notes()
        controls.set_tone(window.transcript.lag, "", "ok")
        self._show_header()

    @Slot()
    def _show_header(self) -> None:
        screen, window = self._screen, self._window
        startable = self._startable() and screen.informed is not Informed.OBJECTED
        window.header.show_patient(screen.patient, screen.informed)
        window.header.show_state(screen.consultation, screen.seconds, startable, screen.importing)
        objected = screen.informed is Informed.OBJECTED and screen.consultation is None
        window.header.start.setToolTip(tr(OBJECTED if objected else START))
        window.header.typed.setVisible(objected)
        controls.set_text(window.header.start, tr("Starting…") if self._starting else tr("Start recording"))
        window.transcript.list.transcript.correctable = screen.state not in (LIVE | WORKING | {S.READY})
        window.transcript.swap.setVisible(screen.state in (S.IN_REVIEW, S.AMENDED))
        self._offer_latest()
        self._show_teaching()
        self._show_recording_sign()

    def _show_teaching(self) -> None:
        transcript = self._window.transcript
        empty = transcript.list.transcript.rowCount() == 0
        texts = {S.READY: READY_TEACHING, S.RECORDING: LISTENING_TEACHING, S.PAUSED: LISTENING_TEACHING}
        erased = self._screen.consultation.transcript_erased_at if self._screen.consultation else None
        usual = texts.get(self._screen.state, NOTHING_TEACHING)
        if self._screen.state is S.READY and self._screen.informed is Informed.OBJECTED:
            usual = OBJECTED_TEACHING
        day = "" if erased is None else moments.day(erased.astimezone())
        transcript.teaching.setText(tr(ERASED_TEACHING, day=day) if day else tr(usual))
        transcript.teaching.setVisible(empty and self._screen.state is not S.TRANSCRIBING)

    def _show_recording_sign(self) -> None:
        """In the window's title, and in the header when another consultation is on screen."""
        live = self._screen.recording
        if live is None:
            self._window.setWindowTitle(TITLE)
            self._window.header.show_elsewhere("")
            return
        word = tr("Paused") if live.state is S.PAUSED else tr("Recording")
        length = controls.clock(self._screen.recording_seconds)
        self._window.setWindowTitle(f"● {word} {length} – {TITLE}")
        elsewhere = live.id != self._screen.id and not self._starting
        name = live.patient.name or tr("unnamed")
        self._window.header.show_elsewhere(f"● {word} {length}: {name}" if elsewhere else "")

    # --- events -------------------------------------------------------------------------------------

    @Slot(object)
    def on_event(self, event: Event) -> None:
        """Anything that happened, on the window's thread."""
        handler = self._handlers.get(type(event))
        if handler is not None:
            handler(event)

    def _on_screen(self, event: Event) -> bool:
        return self._screen.id == event.consultation

    def _on_state(self, event: StateChanged) -> None:
        if event.value.transcript_erased_at is not None:
            kept = [recent for recent in self._recent if recent.consultation != event.consultation]
            self._recent = deque(kept, maxlen=RECENT)
        self._screen.note_recording(event.value)
        if event.state is S.FAILED:
            capture_warnings.take_back(self._window.banner, event.consultation)
        if self._on_screen(event):
            if event.state not in LIVE:
                self._window.transcript.list.transcript.set_preview("", 0.0)
                controls.set_tone(self._window.transcript.lag, "", "ok")
            self._screen.set_consultation(event.value)
        else:
            self._show_header()

    def _on_level(self, event: LevelMeasured) -> None:
        live = self._screen.recording
        if live is None or live.id != event.consultation:
            return
        self._screen.recording_seconds = event.samples / SAMPLE_RATE
        if self._on_screen(event):
            self._screen.seconds = self._screen.recording_seconds
            self._window.header.meter.add(event.rms)
            self._window.header.show_seconds(self._screen.seconds)
        self._show_recording_sign()

    def _on_utterance(self, event: UtteranceSettled) -> None:
        self._recent.append(event)
        self._show_heard(event)
        self._show_teaching()

    def _show_heard(self, event: UtteranceSettled | GapRecorded) -> None:
        if not self._on_screen(event):
            return
        transcript = self._window.transcript.list.transcript
        if isinstance(event, GapRecorded):
            transcript.add_gap(event.gap)
        else:
            transcript.append(event.utterance)

    def _on_preview(self, event: PreviewChanged) -> None:
        if self._on_screen(event) and self._screen.state in LIVE:
            self._window.transcript.list.transcript.set_preview(event.text, event.start)
            self._show_teaching()

    def _on_gap(self, event: GapRecorded) -> None:
        self._recent.append(event)
        self._show_heard(event)
        self._show_teaching()

    def _on_progress(self, event: TranscriptionProgressed) -> None:
        if not self._on_screen(event):
            return
        behind = max(0.0, (event.recorded_samples - event.done_samples) / SAMPLE_RATE)
        if self._screen.state in LIVE:
            self._show_pace(behind)
        elif self._screen.state is S.TRANSCRIBING and event.recorded_samples:
            self._window.header.show_progress(event.done_samples / event.recorded_samples)
            self._window.transcript.show_left(round(behind))

    def _on_pace(self, event: PaceChanged) -> None:
        """Something gave way because the computer is slow, or came back."""
        told = self._paces.get(event.consultation)
        self._paces[event.consultation] = event
        if event.pace is Pace.AFTER_STOP and (told is None or told.pace is not Pace.AFTER_STOP):
            self._window.banner.warn(full_words(event.pace, event.ready_after_stop), SLOW)
        elif event.pace is Pace.LIVE:
            self._window.banner.take_back(SLOW)
        if self._on_screen(event) and self._screen.state in LIVE:
            self._show_pace(event.behind)

    def _show_pace(self, behind: float) -> None:
        told = self._paces.get(self._screen.id) if self._screen.id else None
        pace, ready = (told.pace, told.ready_after_stop) if told else (Pace.LIVE, 0.0)
        words = short_words(pace, behind, ready), full_words(pace, ready)
        self._window.transcript.show_pace(*words, slow=pace is not Pace.LIVE)

    def _on_transcribed(self, event: TranscriptionFinished) -> None:
        self._paces.pop(event.consultation, None)
        self._window.banner.take_back(SLOW)
        if self._on_screen(event):
            controls.set_tone(self._window.transcript.lag, "", "ok")

    def _on_closed(self, event: RecordingClosed) -> None:
        capture_warnings.take_back(self._window.banner, event.consultation)
        if self._on_screen(event):
            self._screen.seconds = event.recording.seconds
            self._screen.changed.emit()

    def _on_warning(self, event: CaptureWarned) -> None:
        capture_warnings.tell(self._window.banner, event)

    def _on_failed(self, event: ConsultationFailed | WorkerFailed) -> None:
        self._window.banner.show_error(event.error)

"""Facts of the transcript on screen, read beside the window's thread, and what the clinician says of them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Slot

from scribe_app.domain.events import Event, FactsCorrected
from scribe_app.domain.fact_corrections import held_facts
from scribe_app.domain.facts import FactsSoFar
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.transcript import Transcript
from scribe_app.language import tr
from scribe_app.services.application import Application
from scribe_app.services.review import ReviewService
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.heard_list import KIND_WORDS, Heard
from scribe_app.ui.screen import Screen
from scribe_app.ui.window import MainWindow


class HeardPresenter(QObject):
    """Whatever changes in the transcript, also a correction, changes the facts that rest on it."""

    def __init__(self, window: MainWindow, application: Application, bridge: Bridge, screen: Screen) -> None:
        super().__init__(window)
        self._review = application.review
        self._bridge, self._screen, self._list = bridge, screen, window.notes.heard_list
        self._panel = window.notes
        self._transcript = window.transcript.list.transcript
        self._consultation: ConsultationId | None = None
        self._facts, self._known = FactsSoFar(screen.language), Transcript((), screen.language)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._read)
        for changed in (
            self._transcript.rowsInserted,
            self._transcript.dataChanged,
            self._transcript.modelReset,
        ):
            changed.connect(self._soon.start)
        window.notes.opened.connect(self._soon.start)
        self._list.delegate.corrected.connect(self._correct)
        self._list.rejected.connect(self._reject)
        self._list.restored.connect(self._restore)
        bridge.happened.connect(self.on_event)

    @Slot(object)
    def on_event(self, event: Event) -> None:
        """A fact was corrected, here or elsewhere."""
        if isinstance(event, FactsCorrected) and event.consultation == self._screen.id:
            self._known = Transcript((), self._screen.language)
            self._soon.start()

    @Slot(object, str)
    def _correct(self, heard: Heard, text: str) -> None:
        if (id := self._screen.id) is not None:
            self._bridge.run(partial(self._review.correct_fact, id, heard.fact, text))

    @Slot(object)
    def _reject(self, heard: Heard) -> None:
        if (id := self._screen.id) is not None:
            self._bridge.run(partial(self._review.reject_fact, id, heard.fact))

    @Slot(object)
    def _restore(self, heard: Heard) -> None:
        if (id := self._screen.id) is not None:
            self._bridge.run(partial(self._review.restore_fact, id, heard.fact))

    @Slot()
    def _read(self) -> None:
        if not self._panel.isVisible():
            return  # read when it is looked at
        transcript = Transcript(self._transcript.utterances, self._screen.language)
        if transcript == self._known and self._screen.id == self._consultation:
            return  # a line was lit, or the grey preview has grown
        if self._screen.id != self._consultation or not transcript.utterances:
            self._consultation, self._facts = self._screen.id, FactsSoFar(self._screen.language)
        facts, self._known = self._facts, transcript
        work = partial(_heard, facts, transcript, self._screen.id, self._review)
        self._bridge.run(work, partial(self._show, facts))

    def _show(self, facts: FactsSoFar, heard: tuple[Heard, ...]) -> None:
        if facts is self._facts:
            here = self._list.here
            self._list.heard.show_all(heard)
            if here is not None:
                self._list.go_to(here.fact)
            self._panel.fact_actions.show_for(self._list.here)


def _heard(
    facts: FactsSoFar, transcript: Transcript, id: ConsultationId | None, review: ReviewService
) -> tuple[Heard, ...]:
    """What is to be listed; what was taken back as it was said is not."""
    facts.settle(transcript)
    starts = {utterance.id: utterance.start for utterance in transcript}
    told = [fact for fact in facts.facts if not fact.retracted]
    held = review.held(id, told) if id is not None else held_facts(told, ())
    return tuple(
        Heard(place, tr(KIND_WORDS[one.fact.kind]), one.text, starts[place], one.fact, one.state)
        for one in held
        for place in one.fact.utterances[-1:]
    )

"""The list of consultations: finding, opening, keeping it true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Slot

from scribe_app.domain.consultation import ConsultationState
from scribe_app.domain.events import Event, LetterReady, StateChanged
from scribe_app.domain.ids import ConsultationId
from scribe_app.language import tr
from scribe_app.ports import AuditAction, ConsultationStore
from scribe_app.services.application import Application
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.screen import Loaded, Screen, load
from scribe_app.ui.sidebar import Summary
from scribe_app.ui.window import MainWindow

MOST_COUNTED = 30
"""Consultations whose open statements are counted for the list; older ones say "To review"."""


def open_one(application: Application, id: ConsultationId) -> Loaded:
    """Read one, and note that it was opened. Blocks: never on the window's thread."""
    held = load(application.store, id)
    application.trail.note(AuditAction.OPENED, id)
    return held


def search(application: Application, find: str) -> list[Summary]:
    """Consultations for the list; looking for somebody is noted. Blocks: never on the window's thread."""
    found = summaries(application.store, find)
    if find:
        application.trail.note(AuditAction.SEARCHED, detail=tr("{count} found", count=len(found)))
    return found


def summaries(store: ConsultationStore, find: str) -> list[Summary]:
    """Consultations for the list. Blocks: never on the window's thread."""
    listed = []
    counted = 0
    for consultation in store.consultations(find):
        unsettled = 0
        if consultation.state is ConsultationState.IN_REVIEW and counted < MOST_COUNTED:
            counted += 1
            unsettled = sum(letter.unsettled for letter in store.letters(consultation.id))
        listed.append(Summary(consultation, unsettled))
    return listed


class LibraryPresenter(QObject):
    """Keeps the left column."""

    def __init__(
        self,
        window: MainWindow,
        application: Application,
        bridge: Bridge,
        screen: Screen,
        today: Callable[[], date] = date.today,
    ) -> None:
        super().__init__(window)
        self._window, self._application = window, application
        self._bridge, self._screen, self._today = bridge, screen, today
        self._find = ""
        bridge.happened.connect(self.on_event)
        screen.shown.connect(self._mark)
        screen.letter_changed.connect(self._count)
        window.sidebar.new_wanted.connect(self.new)
        window.sidebar.find_wanted.connect(self._find_changed)
        window.sidebar.open_wanted.connect(self.open)
        window.header.go_to_recording.connect(self.open_recording)

    @Slot()
    def refresh(self) -> None:
        """Read the list again."""
        self._bridge.run(partial(summaries, self._application.store, self._find), self._listed)

    @Slot()
    def new(self) -> None:
        """A fresh consultation; the patient's name may be typed at once, or later, or never."""
        self._window.notes.flush()
        self._screen.show_new()
        self._window.identity.open_with(self._screen.patient, self._screen.informed)

    @Slot(str)
    def open(self, id: str) -> None:
        """Show a consultation of the list."""
        if id == self._screen.id:
            return
        self._window.notes.flush()
        wanted = ConsultationId(id)
        self._bridge.run(partial(open_one, self._application, wanted), self._opened)

    @Slot()
    def open_recording(self) -> None:
        """Go back to the one that is being recorded."""
        if self._screen.recording is not None:
            self.open(self._screen.recording.id)

    def _opened(self, loaded: Loaded) -> None:
        self._screen.show_loaded(loaded)

    def _listed(self, listed: list[Summary]) -> None:
        self._window.sidebar.show_all(listed, self._today(), self._screen.id)

    @Slot(str)
    def _find_changed(self, text: str) -> None:
        self._find = text
        self._bridge.run(partial(search, self._application, text), self._listed)

    @Slot()
    def _mark(self) -> None:
        self._window.sidebar.mark(self._screen.id)

    @Slot()
    def _count(self) -> None:
        if self._screen.consultation is not None:
            unsettled = sum(letter.unsettled for letter in self._screen.letters)
            self._window.sidebar.model.update_one(self._screen.consultation, unsettled)

    @Slot(object)
    def on_event(self, event: Event) -> None:
        """Other states and new letters change the list."""
        if isinstance(event, StateChanged):
            if not self._window.sidebar.model.update_one(event.value):
                self.refresh()
        elif isinstance(event, LetterReady) and event.consultation != self._screen.id:
            self.refresh()

"""Whom the consultation is with, how many people speak, and what the patient was told."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from scribe_app.domain.consultation import Informed, PatientIdentity
from scribe_app.services.application import Application
from scribe_app.services.consultations import NewConsultation
from scribe_app.services.erasing import REFUSED
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.screen import Screen
from scribe_app.ui.window import MainWindow


class IdentityPresenter(QObject):
    """The strip below the header, and the letter of a patient who may not be recorded."""

    refused = Signal(str, object)
    """Consultation id, Informed: the patient objects to what is recorded, or withdraws."""

    def __init__(self, window: MainWindow, application: Application, bridge: Bridge, screen: Screen) -> None:
        super().__init__(window)
        self._window, self._application = window, application
        self._bridge, self._screen = bridge, screen
        window.header.edit_identity.connect(self.edit)
        window.header.typed_wanted.connect(self.start_typed)
        window.identity.saved.connect(self.save)
        window.notes.speakers_chosen.connect(screen.set_speakers)
        screen.shown.connect(self._show_speakers)

    @Slot()
    def edit(self) -> None:
        """Open the strip, or close it again."""
        strip = self._window.identity
        if strip.isVisible():
            strip.hide()
        else:
            strip.open_with(self._screen.patient, self._screen.informed)

    def save(self, patient: PatientIdentity, informed: Informed) -> None:
        """Keep what was entered. An objection is first asked about, since it erases."""
        id = self._screen.id
        if id is None:
            self._screen.set_visit(patient, informed)
            return
        service = self._application.consultations
        if patient != self._screen.patient:
            self._bridge.run(lambda: service.set_patient(id, patient))
        if informed == self._screen.informed:
            return
        if informed in REFUSED:
            self.refused.emit(id, informed)
        else:
            self._bridge.run(lambda: service.set_informed(id, informed))

    @Slot()
    def _show_speakers(self) -> None:
        self._window.notes.choose_speakers(self._screen.visit.speakers)

    @Slot()
    def start_typed(self) -> None:
        """The patient objects: a letter from typed notes."""
        screen, notes = self._screen, self._window.notes.notes.toPlainText()
        template = self._window.notes.template.currentData() or screen.settings.template
        visit = screen.visit
        new = NewConsultation(
            template,
            screen.settings.language,
            patient=visit.patient,
            informed=visit.informed,
            prior=visit.prior,
        )
        service = self._application.consultations
        self._bridge.run(lambda: service.begin_typed(new, notes), self._screen.show_started)

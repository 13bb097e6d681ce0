"""Audio files that become consultations: chosen or dropped, on their way, cancelled."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from scribe_app.domain.consultation import Consultation, ConsultationState, Informed
from scribe_app.domain.events import Event, StateChanged
from scribe_app.domain.ids import ConsultationId
from scribe_app.errors import ScribeError
from scribe_app.language import later, tr
from scribe_app.ports import ImportSource
from scribe_app.services.application import Application
from scribe_app.services.consultations import NewConsultation
from scribe_app.ui import controls
from scribe_app.ui.banner import NOTE, Message
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.dropping import DropSign
from scribe_app.ui.screen import LIVE, Screen
from scribe_app.ui.window import MainWindow

KINDS = later("Audio (*.wav *.flac *.ogg *.oga *.opus *.mp3 *.m4a *.mp4 *.mov *.3gp *.aac);;All files (*)")
KEY = "import"
"""Of what the banner says about it."""


class ImportPresenter(QObject):
    """Carries files to ConsultationService. The file itself is only ever read."""

    came = Signal()
    """The list of consultations is another one."""
    show_wanted = Signal(str)
    """Consultation id: go to the import."""

    def __init__(self, window: MainWindow, application: Application, bridge: Bridge, screen: Screen) -> None:
        super().__init__(window)
        self._window, self._application = window, application
        self._bridge, self._screen = bridge, screen
        self._opening = False
        self.drop = DropSign(window)
        self.drop.dropped.connect(self.take)
        window.sidebar.import_audio.clicked.connect(self.choose)
        window.header.cancel_wanted.connect(self.cancel)
        bridge.happened.connect(self.on_event)

    @Slot()
    def choose(self) -> None:
        """Ask for a file."""
        if self._opening:
            return
        dialog = QFileDialog(self._window, tr("Import audio"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(KINDS)
        dialog.fileSelected.connect(lambda path: self.take([Path(path)]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(list)
    def take(self, files: list[Path]) -> None:
        """Import a file as the consultation on screen, or as a new one beside it."""
        if self._opening:
            return
        if len(files) != 1:
            text = tr("Nothing was imported. Drop the files one after the other.")
            self._window.banner.say(Message(tr("One file at a time, please."), text, key=KEY))
            return
        if self._fresh and self._screen.informed is Informed.OBJECTED:
            text = tr("Nothing was imported. Correct it under Edit if that is wrong.")
            self._window.banner.say(Message(tr("The patient objected to recording."), text, key=KEY))
            return
        self._start(files[0])

    @Slot()
    def cancel(self) -> None:
        """Leave nothing of the import on screen; the file stays where it is."""
        id = self._screen.id
        if id is None or not self._screen.importing:
            return
        self._screen.imports.discard(id)
        self._screen.changed.emit()
        self._bridge.run(partial(self._application.consultations.delete, id), partial(self._cancelled, id))

    @Slot(object)
    def on_event(self, event: Event) -> None:
        """An import is over when its transcript is."""
        if isinstance(event, StateChanged) and event.state is not ConsultationState.TRANSCRIBING:
            self._screen.imports.discard(event.consultation)

    @property
    def _fresh(self) -> bool:
        """Whether a consultation that has not started is on screen."""
        return self._screen.consultation is None

    def _start(self, file: Path) -> None:
        screen, settings = self._screen, self._screen.settings
        if self._fresh and self._window.identity.isVisible():
            screen.set_visit(*self._window.identity.entered())
            self._window.identity.hide()
        template = self._window.notes.template.currentData() if self._fresh else None
        new = NewConsultation(template or settings.template, settings.language, ImportSource(file))
        if self._fresh:
            visit = screen.visit
            new = replace(
                new,
                patient=visit.patient,
                informed=visit.informed,
                prior=visit.prior,
                speakers=visit.speakers,
            )
        self._show_opening(True)
        service = self._application.consultations
        self._bridge.run(
            lambda: service.start(new), partial(self._started, self._fresh, file.name), self._not_started
        )

    def _started(self, fresh: bool, name: str, consultation: Consultation) -> None:
        self._show_opening(False)
        self._screen.imports.add(consultation.id)
        self.came.emit()
        if fresh and self._fresh:
            notes = self._window.notes.notes.toPlainText()
            self._screen.show_started(consultation)
            if notes:
                self._window.notes.notes.setPlainText(notes)
                self._window.notes.flush()
        elif self._screen.state in LIVE:
            text = tr("The recording goes on. The import is in the list.")
            show = partial(self.show_wanted.emit, consultation.id)
            self._window.banner.say(
                Message(tr("{name} is being imported.", name=name), text, NOTE, KEY, tr("Show it"), show)
            )
        else:
            self.show_wanted.emit(consultation.id)

    def _not_started(self, error: ScribeError) -> None:
        self._show_opening(False)
        self._window.banner.show_error(error)

    def _cancelled(self, id: ConsultationId, _outcome: None) -> None:
        if self._screen.id == id:
            self._screen.show_new()
        self.came.emit()
        text = tr("Nothing of it was kept. The audio file is where it was.")
        self._window.banner.say(Message(tr("The import was cancelled."), text, NOTE, KEY))

    def _show_opening(self, opening: bool) -> None:
        self._opening = opening
        button = self._window.sidebar.import_audio
        button.setEnabled(not opening)
        controls.set_text(button, tr("Opening…") if opening else tr("Import audio…"))
